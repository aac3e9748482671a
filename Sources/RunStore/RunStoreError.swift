// What can go wrong with files of runs. Each names the file and what to do.

/// A failure to make, read or write a run's files.
public enum RunStoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file or folder cannot be read.
  case unreadable(path: String, reason: String)
  /// The file can be read and does not hold what it should.
  case damaged(path: String, reason: String)
  /// The file was written by a later version.
  case unknownFormat(path: String, got: Int, newest: Int)
  /// The folder cannot be made.
  case cannotCreate(path: String, reason: String)
  /// The event cannot be appended.
  case cannotAppend(path: String, reason: String)

  /// No run has this name, or several have; `candidates` are those that come near.
  case notOneRun(name: String, root: String, fits: Int, candidates: [String])
  /// The folder is not to be removed.
  case cannotRemove(path: String, reason: String)

  /// One line: file, cause, next step.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .damaged(let path, let reason):
      "\(path) is damaged: \(reason); run the experiment again or restore the file"
    case .unknownFormat(let path, let got, let newest):
      "\(path) has format \(got), this version reads up to \(newest); update eidetic"
    case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
    case .cannotAppend(let path, let reason):
      "cannot append to \(path): \(reason); earlier events are kept"
    case .notOneRun(let name, let root, let fits, let candidates):
      (fits == 0 ? "no run in \(root) is called '\(name)'" : "'\(name)' fits \(fits) runs")
        + (candidates.isEmpty ? "" : ": \(candidates.joined(separator: ", "))")
        + (fits == 0 ? "; see eidetic runs list" : "; give more of the name")
    case .cannotRemove(let path, let reason): "\(path) is not removed: \(reason)"
    }
  }
}
