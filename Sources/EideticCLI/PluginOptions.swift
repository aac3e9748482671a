// What the commands about plug-ins share: where to look, parameters, and the way into the library.

import ArgumentParser
import Bindings
import Foundation
import LuaHost

/// Where plug-ins are looked for.
struct PluginOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder of probes, looked into first; may be given again.", valueName: "dir"),
    completion: .directory)
  var probePath: [String] = []

  /// The folders, checked.
  ///
  /// - Throws: ``Failure`` when a named folder is none.
  func folders() throws -> PluginFolders {
    for path in probePath {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
      else { throw Failure(code: 2, "error: --probe-path \(path): there is no such folder") }
    }
    return PluginFolders(probePath: probePath)
  }
}

/// Functions of `eidetic.commands`, called as the work of a command.
struct LibraryCall {
  let folders: PluginFolders
  var outFolder: String?
  /// Of each call.
  var limits = ScriptLimits()

  /// Calls one, in a state of its own.
  ///
  /// - Returns: Its first result.
  /// - Throws: ``Failure`` with the message and the exit code.
  func callAsFunction(_ function: String, _ arguments: LuaValue...) throws -> LuaValue {
    try session { try $0(function, arguments).first ?? .nil }
  }

  /// Makes several calls in one state; each has the whole time.
  ///
  /// - Throws: ``Failure``, which names the plug-in that was stopped.
  func session<Value>(
    _ body: (_ call: (String, [LuaValue]) throws -> [LuaValue]) throws -> Value
  ) throws -> Value {
    let listener = makeListener()
    defer { listener.finish() }
    let workbench = Workbench(
      listener: listener, outFolder: outFolder,
      command: ["eidetic"] + CommandLine.arguments.dropFirst(), plugins: folders)
    do {
      let state = try workbench.makeState(limits: limits)
      state.installInterruptHandler()
      return try body { function, arguments in
        do {
          let library = try state.run(
            "return require('eidetic.commands')[...]", name: "eidetic",
            arguments: [.string(function)])
          return try library.first?.asFunction?.call(arguments) ?? []
        } catch {
          let failure = Failure(error)
          guard let plugin = workbench.runningPlugin else { throw failure }
          if failure.code == 130 { throw Failure(code: 130, "interrupted in \(plugin)") }
          guard failure.code == 124 else { throw failure }
          let seconds = String(format: "%.6g", limits.seconds ?? 0)
          throw Failure(
            code: 124, "error: \(plugin) was stopped: time limit of \(seconds) s reached")
        }
      }
    } catch let failure as Failure {
      throw failure
    } catch { throw Failure(error) }
  }
}

/// Prints one value as JSON.
func printJSON(_ value: LuaValue) throws {
  do { print(try value.json("result").canonical) } catch { throw Failure(error) }
}

extension Array where Element == Setting {
  /// Names and texts; of a name given twice the last counts.
  var table: LuaValue {
    .fields(
      Dictionary(map { ($0.name, LuaValue.string($0.value)) }, uniquingKeysWith: { $1 }))
  }
}

/// The help of a command that takes a plug-in, followed by the plug-in's own.
func showHelp(
  _ command: any ParsableCommand.Type, of kind: PluginKind, _ name: String?,
  in folders: PluginFolders
) throws {
  let general = Eidetic.helpMessage(for: command)
  guard let name else {
    print(general)
    return
  }
  let own = try LibraryCall(folders: folders, limits: .loading)(
    "show", .string(kind.rawValue), .string(name))
  print("\(own.asString ?? "")\n\n\(general)")
}
