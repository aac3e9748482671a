// Where the Lua library lies: beside the executable, or where the build put it.

import Foundation

/// The Lua library that ships with Eidetic.
public enum Stdlib {
  /// The folder that holds `eidetic.lua`.
  public static let folder: String = {
    let bundle = "Eidetic_Stdlib.resources"
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    let beside = executable.map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent(bundle).path
    }
    if let beside, FileManager.default.fileExists(atPath: beside + "/eidetic.lua") { return beside }
    return Bundle.module.bundlePath
  }()

  /// The folder of stubs for editors: what native modules and classes offer, as annotated Lua.
  public static let stubs = folder + "/_meta"

  /// A document in Markdown.
  public struct Document: Sendable {
    /// What commands call it.
    public let name: String
    /// What it is for.
    public let summary: String
    /// Where it is.
    public let path: String

    /// The whole text.
    ///
    /// - Throws: When the file is missing.
    public func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
  }

  /// The documents that ship, in the order in which one reads them.
  public static let documents = [
    Document(
      name: "tutorial", summary: "From 1 + 1 to a probe of your own, with a plot.",
      path: folder + "/docs/tutorial.md"),
    Document(
      name: "python", summary: "From Python and PyTorch to Eidetic, a table.",
      path: folder + "/docs/from_python.md"),
    Document(
      name: "reference", summary: "Every module, class, function and option.",
      path: folder + "/docs/reference.md"),
  ]
}
