// A run in a line: what a list of runs shows and filters by, read from the folder. Nothing in here
// refers to the folder's files, so that an index can keep summaries and give them back.

import Foundation
import Metrics
import Repro

/// One folder below the root of a store, whatever it holds.
public struct RunSummary: Equatable, Sendable {
  /// How a run stands.
  public enum State: String, Sendable, CaseIterable {
    /// All that was planned is in.
    case complete
    /// A process works on it.
    case running
    /// It ended before all was in: stopped, killed, or never begun; ``RunSummary/reason`` says how.
    case unfinished
    /// Its script or the program failed; ``RunSummary/reason`` says how.
    case failed
    /// A file cannot be read; ``RunSummary/reason`` says which and why.
    case broken
    /// No run at all.
    case foreign
  }

  /// One cell in short.
  public struct Cell: Equatable, Sendable {
    /// Metric, conditions and group.
    public var key: CellKey
    /// The mean over seeds and personas.
    public var mean: Double
    /// Its interval, when there is one.
    public var interval: Interval?
    /// The mean of each seed.
    public var seedMeans: [SeedMean] = []
    /// Whether the mean is a proportion.
    public var isBinary = false
  }

  /// The folder's name.
  public let name: String
  /// The folder.
  public let path: String
  /// How the run stands.
  public internal(set) var state: State
  /// Why it is unfinished, failed, broken or foreign.
  public internal(set) var reason: String?
  /// What it takes to make the run again; `nil` when it cannot be read.
  public internal(set) var manifest: Manifest?
  /// The seeds with outcomes.
  public internal(set) var seeds: [Int] = []
  /// The metric that the finding is about.
  public internal(set) var primaryMetric = ""
  /// The cells, in the order of the result.
  public internal(set) var cells: [Cell] = []
  /// The user's words, sorted.
  public internal(set) var tags: [String] = []
  /// All files together, in bytes.
  public internal(set) var size = 0

  /// The cell that stands for the run: the members' first of the primary metric.
  public var headline: Cell? {
    cells.first { $0.key.metric == primaryMetric && $0.key.group == .member }
  }

  init(name: String, path: String, state: State, reason: String? = nil) {
    (self.name, self.path, self.state, self.reason) = (name, path, state, reason)
  }
}

extension RunSummary {
  /// Reads a folder; a failure is a state of the summary, never an error.
  public init(reading run: Run) {
    self.init(name: run.name, path: run.path, state: .unfinished)
    let files = FolderContents(run.path)
    size = files.size
    guard files.names.contains("manifest.json") else {
      (state, reason) = (.foreign, "it holds no manifest.json")
      return
    }
    do {
      tags = try run.tags()
      // A result holds the manifest too, with the seeds and data hash of its last process.
      if files.names.contains("result.json") {
        take(try ExperimentResult.readHead(run.resultPath))
        // How it ended is known only after the result is written.
        manifest?.ending = (try? run.manifest())?.ending
      } else {
        manifest = try run.manifest()
      }
    } catch {
      (state, reason) = (.broken, Self.short("\(error)", in: run))
      return
    }
    if files.names.contains(".lock"), FileLock.isHeld(run.lockPath) {
      state = .running
    } else if state != .complete, let failure = run.lastFailure() {
      (state, reason) = (.failed, failure)
    } else if state == .unfinished {
      reason = manifest?.ending?.state.rawValue ?? "killed, or the machine went down"
    }
  }

  private mutating func take(_ result: ExperimentResult) {
    manifest = result.manifest
    seeds = result.seeds
    primaryMetric = result.primaryMetric
    cells = result.cells.map {
      Cell(
        key: $0.key, mean: $0.mean, interval: $0.interval, seedMeans: $0.seedMeans,
        isBinary: $0.scale == .binary)
    }
    if result.isComplete { state = .complete }
  }

  /// The folder stands beside the reason anyway.
  private static func short(_ text: String, in run: Run) -> String {
    text.replacing(run.path + "/", with: "")
  }
}

extension Run {
  /// How the last process that worked on the run failed; `nil` when it did not say so.
  ///
  /// Only the end of the log is looked at, for logs may be long.
  func lastFailure() -> String? {
    guard let file = FileHandle(forReadingAtPath: eventsPath) else { return nil }
    defer { try? file.close() }
    let end = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: end > 8192 ? end - 8192 : 0)
    let bytes = (try? file.readToEnd()) ?? Data()
    let events = bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON.parse($0) }
    guard let last = events.last, last["event"] == "failed",
      case .string(let message)? = last["message"]
    else { return nil }
    return message
  }
}

/// Names and size of what lies in a folder; links are not followed.
struct FolderContents {
  private(set) var names: Set<String> = []
  private(set) var size = 0

  init(_ path: String) {
    guard let folder = opendir(path) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      names.insert(name)
      var info = stat()
      guard lstat(path + "/" + name, &info) == 0 else { continue }
      if info.st_mode & S_IFMT == S_IFDIR {
        size += FolderContents(path + "/" + name).size
      } else {
        size += Int(info.st_size)
      }
    }
  }
}
