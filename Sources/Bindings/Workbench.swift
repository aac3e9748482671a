// What scripts share with the program that runs them: where things go, who hears of progress.

import Foundation
import LuaHost
import Repro
import Stdlib
import TensorCore

/// The version of Eidetic.
public let eideticVersion = "0.2.0"

/// The version of what scripts and plug-ins may use, by the rules of semantic versioning: a plug-in
/// that needs 1.0 works with every 1.x.
public let eideticAPIVersion = "1.0.0"

/// Hears how far long work has come.
public protocol ProgressListener: AnyObject {
  /// A step of some stage is done.
  ///
  /// - Parameters:
  ///   - stage: What is going on, such as `seed 0: names from image`.
  ///   - step: Steps done, 1 ... `steps`.
  ///   - loss: The last loss in nats, if there is one.
  func progress(stage: String, step: Int, steps: Int, loss: Double?)
  /// Something to tell the user once.
  func message(_ text: String)
}

/// The circumstances under which scripts run.
public final class Workbench {
  /// Hears of progress.
  public let listener: any ProgressListener
  /// Folder of what can be made again, such as pretrained bases.
  public let cacheFolder: String
  /// Folder of runs.
  public let runsFolder: String
  /// Folder of this run, when the user named one.
  public let outFolder: String?
  /// The script, when one runs.
  public let script: String?
  /// The command line that makes the run again.
  public let command: [String]
  /// The folder of the Lua library.
  public let libraryFolder: String
  /// What holds the script back, when it runs in the sandbox.
  private(set) var confinement: Confinement?
  /// Where plug-ins are looked for.
  public let plugins: PluginFolders
  /// Whether the listener hears of trainings that no function of the script follows: at a prompt
  /// nobody else would tell how far they are.
  public var followsTrainings = false
  /// The run under way.
  var recorder: RunRecorder?
  /// The plug-in under way, for whoever stops it.
  public internal(set) var runningPlugin: String?

  /// Gathers the circumstances.
  public init(
    listener: any ProgressListener, cacheFolder: String = Workbench.defaultCacheFolder,
    runsFolder: String = "runs", outFolder: String? = nil, script: String? = nil,
    command: [String] = [], libraryFolder: String = Stdlib.folder,
    plugins: PluginFolders = PluginFolders()
  ) {
    self.listener = listener
    self.cacheFolder = cacheFolder
    self.runsFolder = runsFolder
    self.outFolder = outFolder
    self.script = script
    self.command = command
    self.libraryFolder = libraryFolder
    self.plugins = plugins
  }

  /// `$EIDETIC_CACHE`, else `$XDG_CACHE_HOME/eidetic`, else `~/.cache/eidetic`.
  public static var defaultCacheFolder: String {
    let environment = ProcessInfo.processInfo.environment
    if let own = environment["EIDETIC_CACHE"], !own.isEmpty { return own }
    if let base = environment["XDG_CACHE_HOME"], !base.isEmpty { return base + "/eidetic" }
    return FileManager.default.homeDirectoryForCurrentUser.path + "/.cache/eidetic"
  }

  /// Makes a Lua state with everything that Eidetic offers.
  ///
  /// - Throws: ``LuaError``.
  public func makeState(
    profile: LuaState.Profile = .open, limits: ScriptLimits = ScriptLimits(),
    print: @escaping (String) -> Void = { Swift.print($0) }
  ) throws -> LuaState {
    let state = try LuaState(
      profile: profile, memoryLimit: limits.memory, timeLimit: limits.seconds,
      grace: limits.grace, onStuck: limits.onStuck, print: print,
      warn: { [listener] in listener.message("warning: \($0)") })
    if let memory = limits.memory {
      StoragePool.limitBytes = min(memory, StoragePool.limitBytes)
    }
    if profile == .sandbox { state.files = .confined(confine()) }
    state.moduleRoots = [libraryFolder]
    state.libraryRoots = [libraryFolder]
    try registerTensors(state)
    for module in [
      HostBinding.module(self), PersonasBinding.module, ModelsBinding.module,
      TrainingBinding.module(self), MetricsBinding.module, StatsBinding.module,
      PlotBinding.module, RunsBinding.module(self), PluginsBinding.module(self, in: state),
    ] {
      try state.register(module)
    }
    for type in Self.classes { try state.register(type) }
    try state.seedRandom(0)
    return state
  }

  /// Writes what a run that failed has recorded.
  ///
  /// - Parameters:
  ///   - failure: What went wrong, for the event log; `nil` when the user stopped it.
  ///   - exitCode: With which the program is going to end, for the manifest.
  /// - Returns: Where, or `nil` when there is nothing.
  /// - Throws: `FileWriteError` when it cannot be written; what the last seed wrote stays.
  public func saveUnfinishedRun(failure: String? = nil, exitCode: Int32 = 1) throws -> String? {
    try recorder?.saveUnfinished(failure: failure, exitCode: exitCode)
  }

  /// The versions that a run's manifest states.
  public static var versions: [String: String] {
    ["eidetic": eideticVersion, "lua": LuaState.luaRelease]
  }

  /// What computes matrix products, as a run's manifest states it.
  public static var products: String { Machine.products }

  /// The folder of the run under way or done; `nil` when the script made none.
  public var runFolder: String? { recorder?.path }

  /// Where the user's own code stands: beside the script, else where the program was called.
  var projectFolder: String {
    script.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
      ?? FileManager.default.currentDirectoryPath
  }

  /// The script writes below its run's folder and reads there and beside itself.
  private func confine() -> Confinement {
    let source = script.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? ""
    let made = Confinement(
      runFolder: { [weak self] in self?.recorder?.path ?? self?.outFolder },
      scriptFolder: script.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path },
      cacheFolder: cacheFolder + "/sandbox/" + SHA256.hex(source))
    confinement = made
    return made
  }

  /// Lets the script write this very file for as long as `body` takes.
  func granting<Value>(_ path: String, _ body: () throws -> Value) rethrows -> Value {
    guard let confinement else { return try body() }
    return try confinement.granting(path, body)
  }

  private static var classes: [any LuaObject.Type] {
    [
      LuaPeople.self, LuaStrangers.self, LuaTask.self, LuaItems.self, LuaPicture.self,
      LuaModel.self, LuaRun.self, LuaChart.self, LuaStep.self, LuaCheckpoint.self,
    ]
  }
}
