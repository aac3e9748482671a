// `eidetic run`: a script, once per seed when it returns an experiment.

import ArgumentParser
import Bindings
import Foundation
import LuaHost
import RunStore

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a Lua script; an experiment runs once per seed.",
    discussion: """
      An experiment leaves a run folder with result.json, report.html and a copy of
      the script. Pretrained bases are made on first use and cached in
      ~/.cache/eidetic. A run that was stopped goes on with the same command and
      --out, or with eidetic runs resume.

      Examples:
        eidetic run scripts/experiments/cross_modal.lua
        eidetic run scripts/experiments/cross_modal.lua --seeds 5 --out results
        eidetic run FILE.lua --seeds 3,7 --set personas=50 --set steps=300
        eidetic run scripts/experiments/paper.lua --quick
        eidetic run my_script.lua -- --its own arguments
        eidetic run downloaded.lua --sandbox --time-limit 600 --memory-limit 512M
        eidetic run my_script.lua --time-limit 60
      """)

  @Argument(help: "The Lua file.", completion: .file(extensions: ["lua"]))
  var file: String

  @Option(help: "How many seeds (0, 1, …), or a list such as 3,7; 3, is a list of one.")
  var seeds: SeedList = SeedList(values: [0])

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Replaces a parameter of the experiment.", valueName: "name=value"))
  var settings: [Setting] = []

  @Flag(help: "Take the experiment's own parameters for a quick look.")
  var quick = false

  @Option(help: "The run folder; by default a new one in runs/.", completion: .directory)
  var out: String?

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup var plugins: PluginOptions

  @Argument(help: ArgumentHelp("Arguments of the script, after --.", valueName: "argument"))
  var arguments: [String] = []

  func run() throws { _ = try run(as: ["eidetic"] + CommandLine.arguments.dropFirst()) }

  /// - Parameters:
  ///   - command: What makes the run again.
  ///   - runsFolder: Where a run without `--out` is made.
  /// - Returns: The run's folder; `nil` when the script made none.
  @discardableResult
  func run(as command: [String], runsFolder: String = "runs") throws -> String? {
    Stopping.listen()
    guard FileManager.default.isReadableFile(atPath: file) else {
      throw Failure(code: 2, "error: cannot read \(file)")
    }
    let listener = StepLog(makeListener())
    let workbench = Workbench(
      listener: listener, runsFolder: runsFolder, outFolder: out, script: file,
      command: command, plugins: try plugins.folders())
    listener.folder = { [unowned workbench] in workbench.runFolder }
    defer {
      if let folder = workbench.runFolder {
        RootOption.note(Run(path: folder), isInStore: out == nil)
      }
    }
    do {
      try execute(workbench)
      listener.finish()
      return workbench.runFolder
    } catch {
      listener.finish()
      let failure = error as? Failure ?? limits.explained(Failure(error), error)
      let message = failure.code == 130 ? nil : failure.message
      defer { tellHowToGoOn(workbench, failure.code) }
      if let saved = try? workbench.saveUnfinishedRun(
        failure: message, exitCode: failure.code)
      {
        failure.report()
        throw Failure(code: failure.code, "what was recorded until then is in \(saved)")
      }
      throw failure
    }
  }

  /// After a mistake the script changes first.
  private func tellHowToGoOn(_ workbench: Workbench, _ code: Int32) {
    guard let folder = workbench.runFolder, [124, 130].contains(code) else { return }
    printError("to go on: \(Manifest.line(of: ["eidetic", "runs", "resume", folder]))")
  }

  private func execute(_ workbench: Workbench) throws {
    let state = try workbench.makeState(profile: limits.profile, limits: limits.limits)
    state.installInterruptHandler()
    let chunk = try state.load(file: file)
    try state.setGlobal("arg", .list(arguments.map { .string($0) }))
    let main = try state.run("return require('eidetic.experiment').main", name: "run")
    let settings = Dictionary(
      settings.map { ($0.name, LuaValue.string($0.value)) }, uniquingKeysWith: { $1 })
    let isExperiment = try main[0].asFunction?.call([
      .function(chunk), .list(arguments.map { .string($0) }),
      .fields([
        "seeds": .integers(seeds.values), "settings": .fields(settings), "quick": .boolean(quick),
      ]),
    ])
    if isExperiment?.first?.asBoolean != true, quick || !settings.isEmpty {
      throw Failure(
        code: 2,
        "error: \(quick ? "--quick" : "--set") needs a script that returns an experiment")
    }
  }
}

/// `5` for the seeds 0 … 4, `3,7` for these, `3,` for this one.
struct SeedList: ExpressibleByArgument {
  let values: [Int]

  init(values: [Int]) { self.values = values }

  init?(argument: String) {
    let isList = argument.contains(",")
    let words = argument.hasSuffix(",") ? argument.dropLast() : argument[...]
    let parts = words.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = parts.compactMap { $0 }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    if !isList {
      guard numbers[0] >= 1, numbers[0] <= 10_000 else { return nil }
      values = Array(0..<numbers[0])
    } else {
      guard Set(numbers).count == numbers.count else { return nil }
      values = numbers
    }
  }

  var defaultValueDescription: String { "1" }
}

/// `name=value`.
struct Setting: ExpressibleByArgument {
  let name: String, value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      return nil
    }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}
