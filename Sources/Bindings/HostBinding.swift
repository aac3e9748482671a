// Lua module `eidetic.host`: what the Lua library needs from the program around it.

import Foundation
import LuaHost
import Repro
import Training

enum HostBinding {
  static func module(_ workbench: Workbench) -> NativeModule {
    NativeModule(
      "eidetic.host", "What the library needs from the program around it.",
      functions: [
        progress(workbench), message(workbench), hash, sourceHash(workbench), cached(workbench),
        remembered(workbench),
      ],
      constants: [
        .init("version", .string(eideticVersion), "The version of Eidetic."),
        .init("api_version", .string(eideticAPIVersion), "The version of what scripts may use."),
        .init("out_folder", .string(workbench.outFolder ?? ""), "What --out named, or nothing."),
        .init("script", .string(workbench.script ?? ""), "The script that runs, or nothing."),
      ])
  }

  private static func progress(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "progress", "Tells how far long work has come.",
      parameters: [
        .init("stage", .string, "What is going on."), .init("step", .integer, "Steps done."),
        .init("steps", .integer, "Steps in all."),
        .init("loss", .number, "The last loss.", optional: true),
      ],
      example: "host.progress(\"names\", 10, 300, 1.25)"
    ) { a in
      let step = try a.integer("step"), steps = try a.integer("steps")
      guard step >= 0, steps >= step else {
        throw LuaError(
          "progress: expected 0 <= step <= steps, got step \(step) of \(steps)", kind: .argument)
      }
      workbench.listener.progress(
        stage: try a.string("stage"), step: step, steps: steps, loss: try a.number(ifGiven: "loss"))
      return []
    }
  }

  private static func message(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "message", "Tells the user something once.", parameters: [.init("text", .string)],
      example: "host.message(\"the base is being made\")"
    ) { a in
      workbench.listener.message(try a.string("text"))
      return []
    }
  }

  private static let hash = NativeFunction(
    "hash", "SHA-256 of the canonical JSON of plain data.",
    parameters: [.init("value", .any, "Tables of positions or of names, texts, numbers.")],
    results: [.init(.string)],
    example: "host.hash { steps = 300, lr = 3e-4 }"
  ) { a in
    [.string(try a["value"].json("hash").hash)]
  }

  private static func sourceHash(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "source_hash", "SHA-256 of the source of a module of the Lua library.",
      parameters: [.init("module", .string)], results: [.init(.string)],
      example: "host.source_hash(\"eidetic.base\")"
    ) { a in
      let name = try a.string("module")
      let path = workbench.libraryFolder + "/" + name.replacing(".", with: "/") + ".lua"
      guard let source = FileManager.default.contents(atPath: path) else {
        throw LuaError("source_hash: there is no module '\(name)'", kind: .argument)
      }
      return [.string(SHA256.hex(String(decoding: source, as: UTF8.self)))]
    }
  }

  /// A model from the cache, or made now. Of several processes that want the same model one makes
  /// it and the others wait.
  private static func cached(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "cached", "A model from the cache, or else made now and saved there.",
      parameters: [
        .init("name", .string, "Place in the cache."),
        .init(
          "make", .function,
          "Gets the path to save to and a `Checkpoint` for its trainings; returns the model."),
      ], results: [.init(.object(LuaModel.self))],
      example: "host.cached(\"mine\", function(path) return make(path) end)"
    ) { a in
      let name = try a.string("name") + ".safetensors"
      if workbench.confinement != nil, let found = try load(shared(name, workbench), workbench) {
        return [.object(found)]
      }
      let path = try workbench.confinement?.ownCachePath(name) ?? shared(name, workbench)
      let kept = LuaCheckpoint(path + ".checkpoint")
      // A process that was killed after it had saved the model left what it kept.
      func finished() -> LuaModel? {
        guard let found = load(path, workbench) else { return nil }
        kept.remove()
        return found
      }
      if let found = finished() { return [.object(found)] }
      var isTold = false
      let lock = try FileLock.wait(path + ".lock") {
        try a.checkInterrupt()
        if !isTold { workbench.listener.message("waiting: another process makes this base") }
        isTold = true
      }
      return try withExtendedLifetime(lock) {
        if let found = finished() { return [.object(found)] }
        AtomicFile.removeDrafts(of: path)
        kept.removeDrafts()
        let made = try workbench.granting(path) {
          try a.function("make").call([.string(path), .object(kept)])
        }
        kept.remove()
        return made
      }
    }
  }

  /// Where all scripts find it; the sandbox only reads there.
  private static func shared(_ name: String, _ workbench: Workbench) throws -> String {
    try workbench.confinement?.contained(name, in: workbench.cacheFolder)
      ?? workbench.cacheFolder + "/" + name
  }

  private static func load(_ path: String, _ workbench: Workbench) -> LuaModel? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      let (checkpoint, _) = try Checkpoint.load(path)
      return LuaModel(checkpoint.model, checkpoint.encoder)
    } catch {
      workbench.listener.message("\(error); it is made again")
      return nil
    }
  }
}
