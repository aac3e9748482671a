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
}
