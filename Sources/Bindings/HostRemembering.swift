// `host.remembered`: results of long work as files, so that several processes share it and a later
// call goes on where an earlier one was stopped.

import Foundation
import LuaHost
import Repro

extension HostBinding {
  /// Plain data from the cache, or made now and saved there.
  static func remembered(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "remembered", "Plain data from the cache, or else made now and saved there.",
      parameters: [
        .init("name", .string, "Place in the cache; it names all that decides the data."),
        .init("make", .function, "Returns the data: tables, texts, numbers, true or false."),
      ],
      options: [
        .init(
          "wait", .boolean, "Whether to wait while another process makes the same.", default: true)
      ],
      results: [
        .init(.boolean, "Whether the data is here; false while another process makes it."),
        .init(.any, "The data.", optional: true),
      ], since: "1.0",
      example: "local found, value = host.remembered(\"sum\", function() return { total = 3 } end)"
    ) { a in
      let name = try a.string("name") + ".json"
      let path =
        try workbench.confinement?.ownCachePath(name) ?? workbench.cacheFolder + "/" + name
      if let found = read(path) { return [.boolean(true), LuaValue(found)] }
      let held: FileLock? =
        try a.boolean("wait")
        ? FileLock.wait(path + ".lock") { try a.checkInterrupt() }
        : FileLock.take(path + ".lock")
      guard let lock = held else { return [.boolean(false)] }
      return try withExtendedLifetime(lock) {
        if let found = read(path) { return [.boolean(true), LuaValue(found)] }
        let made = try a.function("make").call([]).first ?? .nil
        let data = try made.json("remembered")
        try workbench.granting(path) { try AtomicFile.write(data.canonical, to: path) }
        return [.boolean(true), LuaValue(data)]
      }
    }
  }

  /// What a whole file holds; a damaged one counts as missing and is made again.
  private static func read(_ path: String) -> JSON? {
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSON.parse(String(decoding: bytes, as: UTF8.self))
  }
}
