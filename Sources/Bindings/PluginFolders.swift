// Where plug-ins lie, in the order in which they are looked for.

import Foundation
import Stdlib

/// What a plug-in adds; each kind has a folder of its own.
public enum PluginKind: String, CaseIterable, Sendable {
  /// One outcome per person from a model.
  case probe
  /// A way to make a model forget.
  case method
  /// People to learn about.
  case dataset
  /// A model to start from.
  case model

  /// The name of its folders.
  public var folder: String { rawValue + "s" }
}

/// Who put a plug-in where it is; the earlier shadows the later.
public enum PluginOrigin: String, CaseIterable, Sendable {
  /// Named on the command line.
  case path
  /// In the project, that is below the current folder.
  case project
  /// In the user's data folder.
  case user
  /// Part of Eidetic.
  case shipped
}

/// A file that may hold a plug-in; nothing of it has been read.
public struct PluginFile: Equatable, Sendable {
  /// What its folder says it is.
  public let kind: PluginKind
  /// The name of the file without `.lua`, `_` read as `-`.
  public let name: String
  /// Where it is.
  public let path: String
  /// Who put it there.
  public let origin: PluginOrigin
}

/// The folders in which plug-ins are looked for.
public struct PluginFolders: Sendable {
  /// Folders of probes from the command line.
  public var probePath: [String]
  /// The project: it may hold `probes/`, `methods/`, `datasets/` and `models/`.
  public var project: String
  /// The user's data folder, which may hold the same.
  public var user: String
  /// The folder of what ships, which does.
  public var shipped: String

  /// Gathers the folders.
  public init(
    probePath: [String] = [], project: String = ".",
    user: String = PluginFolders.defaultUserFolder, shipped: String = Stdlib.folder
  ) {
    self.probePath = probePath
    self.project = project
    self.user = user
    self.shipped = shipped
  }

  /// `$XDG_DATA_HOME/eidetic`, else `~/.local/share/eidetic`. The standard tells to ignore a
  /// relative path.
  public static var defaultUserFolder: String {
    let base = ProcessInfo.processInfo.environment["XDG_DATA_HOME"] ?? ""
    return base.hasPrefix("/")
      ? base + "/eidetic"
      : FileManager.default.homeDirectoryForCurrentUser.path + "/.local/share/eidetic"
  }

  /// The folders of a kind, the first shadowing the others.
  public func folders(_ kind: PluginKind) -> [(origin: PluginOrigin, path: String)] {
    let named = kind == .probe ? probePath.map { (PluginOrigin.path, $0) } : []
    let own = project == "." ? kind.folder : "\(project)/\(kind.folder)"
    return named + [
      (.project, own), (.user, "\(user)/\(kind.folder)"), (.shipped, "\(shipped)/\(kind.folder)"),
    ]
  }

  /// Every file of a kind, in order of precedence and then of name. Specs and hidden files are left
  /// out, and so are folders that are missing or cannot be read.
  public func files(_ kind: PluginKind) -> [PluginFile] {
    folders(kind).flatMap { origin, folder in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.sorted().compactMap { name -> PluginFile? in
        guard name.hasSuffix(".lua"), !name.hasSuffix("_spec.lua"), !name.hasPrefix(".") else {
          return nil
        }
        return PluginFile(
          kind: kind, name: String(name.dropLast(4)).replacing("_", with: "-"),
          path: "\(folder)/\(name)", origin: origin)
      }
    }
  }
}
