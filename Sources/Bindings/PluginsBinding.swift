// Lua module `eidetic.plugin_files`: which files may hold plug-ins, and their chunks. What a plug-in
// must look like stands in Lua (`eidetic/contract.lua`).

import Foundation
import LuaHost

enum PluginsBinding {
  static func module(_ workbench: Workbench, in state: LuaState) -> NativeModule {
    let folders = workbench.plugins
    return NativeModule(
      "eidetic.plugin_files", "Files that may hold plug-ins.",
      functions: [list(folders), places(folders), load(folders, state), running(workbench)])
  }

  /// After a request to stop no Lua code can tell who was running.
  private static func running(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "running", "Notes which plug-in is under way, for the message when the user stops it.",
      parameters: [.init("label", .string, "Missing when none is.", optional: true)],
      example: "plugin_files.running(\"probe 'mine'\")"
    ) { a in
      workbench.runningPlugin = try a.string(ifGiven: "label")
      return []
    }
  }

  private static let kind = NativeFunction.Parameter(
    "kind", .oneOf(PluginKind.allCases.map(\.rawValue)))

  private static func kind(_ a: Arguments) throws -> PluginKind {
    PluginKind(rawValue: try a.string("kind")) ?? .probe
  }

  private static func list(_ folders: PluginFolders) -> NativeFunction {
    NativeFunction(
      "list", "Every file of a kind; the first of a name shadows the others.", parameters: [kind],
      results: [.init(.list(.table), "name, path, origin (path, project, user, shipped)")],
      example:
        "for _, file in ipairs(plugin_files.list \"probe\") do print(file.name, file.origin) end"
    ) { a in
      [
        .list(
          folders.files(try kind(a)).map {
            .fields([
              "name": .string($0.name), "path": .string($0.path),
              "origin": .string($0.origin.rawValue),
            ])
          })
      ]
    }
  }

  private static func places(_ folders: PluginFolders) -> NativeFunction {
    NativeFunction(
      "folders", "Where plug-ins of a kind are looked for, in order.", parameters: [kind],
      results: [.init(.list(.string))],
      example: "plugin_files.folders(\"probe\")"
    ) { a in
      [.list(folders.folders(try kind(a)).map { .string($0.path) })]
    }
  }

  /// Only files that `list` names: a script must not read others this way.
  private static func load(_ folders: PluginFolders, _ state: LuaState) -> NativeFunction {
    NativeFunction(
      "load", "Compiles a listed file with globals of its own: no more than the sandbox allows.",
      parameters: [kind, .init("path", .string, "As `list` names it.")],
      results: [.init(.function, "The chunk.")],
      example: "local chunk = plugin_files.load(\"probe\", plugin_files.list(\"probe\")[1].path)"
    ) { [weak state] a in
      let kind = try kind(a), path = try a.string("path")
      guard let state, folders.files(kind).contains(where: { $0.path == path }) else {
        throw LuaError("load: \(path) is no \(kind.rawValue) that `list` names", kind: .argument)
      }
      return [.function(try state.load(file: path, isolated: true))]
    }
  }
}
