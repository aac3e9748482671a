// Several probes on one model: each in a Lua state of its own, within its limits, so that one that
// fails or never ends takes nothing from the others.

import Bindings
import Foundation
import LuaHost

/// What `eidetic probe run` does.
struct ProbeRun {
  let folders: PluginFolders
  let options: PluginLimitOptions
  let out: String?
  let asJSON: Bool
  /// As `eidetic.commands` takes it.
  let request: [String: LuaValue]

  /// Runs the probes, prints what came of each, and fails with the first failure's code at the end.
  ///
  /// - Throws: ``Failure``.
  func callAsFunction(_ names: [String]) throws {
    let fields = LuaValue.fields(request)
    // A mistake in the only probe shows before the model is made; of several, in its turn.
    if let name = names.first, names.count == 1 {
      _ = try call(name)("check_probe", .string(name), fields)
    }
    let subjects = try subjects(fields)
    var results: [LuaValue] = [], failures: [Failure] = [], shown = 0
    for name in names {
      do {
        let result = try call(name, of: names.count).session { call in
          _ = try call("check_probe", [.string(name), fields])
          return try call("run_probe", [.string(name), fields] + subjects).first ?? .nil
        }
        results.append(result.asTable?["record"] ?? .nil)
        if !asJSON { show(result, isFirst: shown == 0) }
        shown += 1
      } catch let failure as Failure {
        guard names.count > 1, failure.code != 130 else { throw failure }
        results.append(.fields(["probe": .string(name), "error": .string(failure.message)]))
        failures.append(failure)
        failure.report()
      }
    }
    if asJSON { try printJSON(names.count == 1 ? results[0] : .list(results)) }
    if let first = failures.first {
      throw Failure(code: first.code, "error: \(failures.count) of \(names.count) probes failed")
    }
  }

  /// Runs every probe that fits the model, within the limits together.
  ///
  /// - Throws: ``Failure``.
  func all() throws {
    try printResult(
      call("all")("run_all", .string("all"), .fields(request)), asJSON: asJSON)
  }

  /// The model and its people. Shipped plug-ins take the time that they need: a base is pretrained
  /// for minutes, once. Nothing for a model in Lua, which cannot leave its state.
  private func subjects(_ fields: LuaValue) throws -> [LuaValue] {
    var call = LibraryCall(folders: folders)
    if try call("are_shipped", fields).asBoolean != true {  // which loads none of them
      call.limits = options.limits(of: "the model or the dataset")
    }
    return try call.session { try $0("subjects", [fields]) }
  }

  private func call(_ name: String, of count: Int = 1) -> LibraryCall {
    LibraryCall(
      folders: folders, outFolder: out.map { count > 1 ? $0 + "/" + name : $0 },
      limits: options.limits(of: "probe '\(name)'"))
  }

  private func show(_ result: LuaValue, isFirst: Bool) {
    print((isFirst ? "" : "\n") + (result.asTable?["text"].asString ?? ""))
    fflush(nil)
  }
}
