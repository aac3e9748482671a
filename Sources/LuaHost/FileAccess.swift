// Which files native functions open for a script that names them.

import Foundation

/// The rule by which names of files become paths.
public enum FileAccess {
  /// What a file is opened for.
  public enum Purpose: Sendable {
    /// To be read.
    case reading
    /// To be written, or replaced.
    case writing
  }

  /// Every name stands for itself: the user's own script.
  case unrestricted
  /// Only what a confinement allows: the sandbox.
  case confined(Confinement)

  func resolve(_ name: String, for purpose: Purpose) throws -> String {
    switch self {
    case .unrestricted:
      // A system call would end the name there, or the library write another one.
      if name.utf8.contains(0) {
        throw LuaError("the name of a file holds a zero byte", kind: .argument)
      }
      return name
    case .confined(let confinement): return try confinement.resolve(name, for: purpose)
    }
  }

  /// Whether a relative name below `root` leaves it: by `..`, by being absolute, or over a symbolic
  /// link. A name in the sandbox follows no link at all, wherever it leads.
  static func leadsOut(of root: String, _ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    var path = root
    for part in parts {
      if part.isEmpty || part == "." || part == ".." || part.utf8.contains(0) { return true }
      path += "/" + part
      var status = stat()
      if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { return true }
    }
    return false
  }
}

/// What a script in the sandbox may open: relative names of plain files, written below `files/` in
/// the folder of its run and read there or beside the script. `..`, absolute names and symbolic
/// links are refused, so nothing outside is reached; `files/` keeps it from the run's own records.
public final class Confinement {
  private let runFolder: () -> String?
  private let scriptFolder: String?
  private let cacheFolder: String
  /// Paths that a native function chose and a script may write while that function runs.
  private var granted: Set<String> = []

  /// Draws the border.
  ///
  /// - Parameters:
  ///   - runFolder: Where the script's files go, `nil` as long as there is no run.
  ///   - scriptFolder: The folder of the script.
  ///   - cacheFolder: What it keeps from run to run; shared with no other script.
  public init(runFolder: @escaping () -> String?, scriptFolder: String?, cacheFolder: String) {
    (self.runFolder, self.scriptFolder, self.cacheFolder) = (runFolder, scriptFolder, cacheFolder)
  }

  /// The path of `name` in the script's own cache.
  ///
  /// - Throws: ``LuaError`` of kind `argument`.
  public func ownCachePath(_ name: String) throws -> String {
    try contained(name, in: cacheFolder)
  }

  /// The path of `name` below a folder.
  ///
  /// - Throws: ``LuaError`` of kind `argument` when it leads out.
  public func contained(_ name: String, in folder: String) throws -> String {
    try contained(name, as: name, in: folder)
  }

  private func contained(_ name: String, as relative: String, in folder: String) throws -> String {
    guard !FileAccess.leadsOut(of: folder, relative) else {
      throw LuaError(
        "'\(name)' is out of reach; in the sandbox names of files are relative, "
          + "without '..' and without links", kind: .argument)
    }
    return folder + "/" + relative
  }

  /// Lets a script name this very path for as long as `body` takes.
  public func granting<Value>(_ path: String, _ body: () throws -> Value) rethrows -> Value {
    let isNew = granted.insert(path).inserted
    defer { if isNew { granted.remove(path) } }
    return try body()
  }

  func resolve(_ name: String, for purpose: FileAccess.Purpose) throws -> String {
    if granted.contains(name) { return name }
    _ = try contained(name, in: "/dev/null")  // the form of the name, before all else
    let own = try runFolder().map { folder in
      try contained(name, as: "files/" + name, in: folder)
    }
    if purpose == .writing {
      guard let own else {
        throw LuaError(
          "there is no folder to write '\(name)' to; in the sandbox files go to the run's folder, "
            + "so give --out DIR", kind: .argument)
      }
      return own
    }
    if let own, isPlainFile(own) { return own }
    if let scriptFolder {
      let beside = try contained(name, in: scriptFolder)
      if isPlainFile(beside) { return beside }
    }
    throw LuaError("there is no file '\(name)' in the run's folder or beside the script")
  }

  /// A pipe or a device would hold its reader.
  private func isPlainFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
