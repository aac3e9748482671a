// `eidetic sweep`: one experiment under many conditions, and what its commands share.

import ArgumentParser
import Bindings
import Foundation
import LuaHost
import Repro
import Sweeps

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Run an experiment under many conditions, here or under Slurm.",
    discussion: """
      A sweep is a Lua script that returns eidetic.sweep { experiment = "near.lua",
      parameters = { steps = { values = { 60, 120 } } }, seeds = 3 }. It becomes a
      folder with a plan: a line per condition and seed. What is done stays done,
      when it is called again and when it grows.

      Examples:
        eidetic sweep steps.lua
        eidetic sweep run steps.lua --jobs 2 --retry
        eidetic sweep run steps.lua --executor slurm --throttle 8
        eidetic sweep status sweeps/steps
        eidetic runs list --root sweeps/steps/runs --group
      """,
    subcommands: [
      SweepRun.self, SweepPlan.self, SweepTask.self, SweepStatus.self, SweepCancel.self,
    ], defaultSubcommand: SweepRun.self)
}

/// A sweep as the user names it: a script to expand, or a folder that holds a plan.
struct SweepSource: ParsableArguments {
  @Argument(
    help: "The Lua file that returns a sweep, or the folder of a sweep.",
    completion: .file(extensions: ["lua"]))
  var sweep: String

  @Option(help: "How many seeds (0, 1, …), or a list such as 3,7; by default as the sweep says.")
  var seeds: SeedList?

  @Flag(help: "Take the experiment's own parameters for a quick look.")
  var quick = false

  @Option(help: "The sweep's folder; by default sweeps/NAME.", completion: .directory)
  var out: String?

  /// The folder and its plan, expanded anew when a script is named.
  ///
  /// - Throws: ``Failure``.
  func plan() throws -> (folder: SweepFolder, plan: Plan) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: sweep, isDirectory: &isFolder) else {
      throw Failure(code: 2, "error: cannot read \(sweep)")
    }
    if isFolder.boolValue {
      guard seeds == nil, !quick, out == nil else {
        throw Failure(
          code: 2, "error: --seeds, --quick and --out are for a script; \(sweep) is planned")
      }
      let folder = SweepFolder(path: sweep)
      return (folder, try failing { try folder.plan() })
    }
    let plan = try expanded()
    let folder = SweepFolder(path: out ?? "sweeps/\(plan.name)")
    try failing { try folder.write(plan) }
    if plan.repeats > 0 { printError("note: \(plan.repeats) tasks are the same as others") }
    return (folder, plan)
  }

  private func expanded() throws -> Plan {
    let listener = makeListener()
    defer { listener.finish() }
    let workbench = Workbench(listener: listener, script: sweep)
    return try failing {
      let state = try workbench.makeState()
      state.installInterruptHandler()
      let chunk = try state.load(file: sweep)
      let main = try state.run("return require('eidetic.sweep').main", name: "sweep")
      let found = try main[0].asFunction?.call([
        .function(chunk),
        .fields([
          "seeds": seeds.map { .integers($0.values) } ?? .nil, "quick": .boolean(quick),
        ]),
      ])
      return try Plan(found?.first ?? .nil, isQuick: quick)
    }
  }
}

extension Plan {
  /// What `eidetic.sweep` expands to.
  ///
  /// - Throws: ``Failure``, also for parameters that are not plain data and for bad names.
  fileprivate init(_ value: LuaValue, isQuick: Bool) throws {
    let table = value.asTable ?? LuaTable()
    func text(_ name: String) -> String { table[name].asString ?? "" }
    let name = text("name")
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
      throw Failure(code: 1, "error: '\(name)' is no name for a sweep: it names a folder")
    }
    let memory = table["memory"].asString
    let limit = memory.map { MemoryLimit(argument: $0)?.bytes }
    if let memory, limit == nil || limit == .some(nil) {
      throw Failure(
        code: 1, "error: sweep: memory '\(memory)' is no size such as 500M or 2G, at least 8M")
    }
    let script = URL(fileURLWithPath: text("script")).standardizedFileURL.path
    let source = try String(contentsOfFile: script, encoding: .utf8)
    let (hash, experiment) = (SHA256.hex(source), text("experiment"))
    let seeds = table["seeds"].asTable?.integers ?? []
    let tasks = try (table["conditions"].asTable?.items ?? []).flatMap { condition in
      let parameters = condition.asTable?["params"].asTable?.fields ?? [:]
      let resolved = try parameters.mapValues { try $0.json("sweep: params") }
      let settings = condition.asTable?["settings"].asTable?.fields ?? [:]
      return seeds.map { seed in
        PlannedTask(
          experiment: experiment, script: script, scriptHash: hash, seed: seed,
          parameters: resolved, settings: settings.compactMapValues(\.asString), isQuick: isQuick,
          versions: Workbench.versions)
      }
    }
    self.init(
      name: name, summary: text("summary"),
      directory: FileManager.default.currentDirectoryPath, memory: limit ?? nil, tasks: tasks)
  }
}

/// How often the user has asked to stop.
enum StopRequests {
  /// Behind a pointer: one signal may interrupt the handler of another, which Swift would take for
  /// two changes of a variable at once.
  nonisolated(unsafe) private static let count: UnsafeMutablePointer<sig_atomic_t> = {
    let count = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)
    count.initialize(to: 0)
    return count
  }()

  /// From now on Ctrl-C and its like are counted and do nothing else.
  static func listen() {
    count.pointee = 0
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in StopRequests.count.pointee += 1 }
    }
  }

  static var number: Int { Int(count.pointee) }
}
