// A folder with plug-ins, and a Lua state that finds them.

import Bindings
import Foundation
import LuaHost

/// A project of its own, with a user's data folder beside it.
final class PluginProject {
  let root = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"

  init(_ files: [String: String] = [:]) throws {
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: root + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  func state() throws -> LuaState {
    let folders = PluginFolders(
      probePath: [root + "/path"], project: root, user: root + "/user")
    let workbench = Workbench(
      listener: Ear(), cacheFolder: root + "/cache", runsFolder: root + "/runs", plugins: folders)
    let state = try workbench.makeState(print: { _ in })
    try state.run(
      """
      eidetic = require "eidetic"
      plugins = require "eidetic.plugins"
      function people(n)
        return eidetic.personas.people { count = n or 6, rng = eidetic.rng.new(3), views = 20 }
      end
      function nano()
        return eidetic.models.vlm { preset = "nano", rng = eidetic.rng.new(1), width = 16,
                                    heads = 2, encoder_blocks = 1, decoder_blocks = 1 }
      end
      -- A model that knows people by name from text.
      function taught(who)
        local model = eidetic.models.vlm { preset = "nano", rng = eidetic.rng.new(1) }
        eidetic.training.fit(model, { data = who:train("text", "name"), rng = eidetic.rng.new(3),
                                      steps = 150, batch = 10, lr = 4e-3 })
        return model
      end
      """, name: "setup")
    return state
  }

  @discardableResult
  func run(_ source: String) throws -> [LuaValue] { try state().run(source, name: "test") }

  func message(_ source: String) throws -> String {
    do {
      try run(source)
      return "no error"
    } catch let error as LuaError { return error.message }
  }
}
