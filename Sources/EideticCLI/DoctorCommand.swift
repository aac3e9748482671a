// `eidetic doctor`: whether the installation is whole and what it found on this machine.

import ArgumentParser
import Bindings
import Foundation
import LuaHost
import Stdlib

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check the installation.",
    discussion: """
      Libraries, processor, threads, the Lua library and its stubs, the folders that
      are written, and every plug-in. The exit code is 1 when something has to be
      repaired.

      Examples:
        eidetic doctor
      """)

  @OptionGroup var plugins: PluginOptions

  func run() throws {
    let folders = try plugins.folders()
    let checks = [
      Check.libraries(), Check.machine(), Check.decompositions(), Check.library(), Check.stubs(),
      Check.folder("cache", Workbench.defaultCacheFolder, set: "EIDETIC_CACHE"),
      Check.folder("plug-ins", folders.user, set: "XDG_DATA_HOME"), Check.folder("runs", "runs"),
    ]
    let plugins = Check.plugins(in: folders)
    for check in checks + plugins { print(check.text) }
    let broken = (checks + plugins).count { !$0.isWhole }
    print(broken == 0 ? "\nall is well" : "\n\(broken) to repair")
    if broken > 0 { throw Failure(code: 1, "") }
  }
}

/// One line of the doctor's findings.
private struct Check {
  let name: String
  let isWhole: Bool
  let finding: String

  var text: String {
    "\(isWhole ? "ok    " : "BROKEN")  "
      + name.padding(toLength: 10, withPad: " ", startingAt: 0) + "  \(finding)"
  }

  static func libraries() -> Check {
    Check(
      name: "versions", isWhole: true,
      finding: "eidetic \(eideticVersion), API \(eideticAPIVersion), \(LuaState.luaRelease)")
  }

  /// What the engine chose, proved by a product that needs BLAS and kernels.
  static func machine() -> Check {
    let source = """
      local tensor = require "eidetic.tensor"
      local m = tensor.machine()
      local x = tensor.ones { 64, 64 }
      assert((x:matmul(x)):sum():item() == 64 * 64 * 64, "a matrix product came out wrong")
      return ("%s, kernels %s, %s, %d %s"):format(m.blas, m.instruction_set, m.allocator, m.threads,
                                                  m.threads == 1 and "thread" or "threads")
      """
    return run("machine", source)
  }

  /// OpenBLAS is loaded when a metric asks for it; here one does, and knows the answer.
  static func decompositions() -> Check {
    let source = """
      local x = require "eidetic.tensor".from { { 1, 2 }, { 3, 5 }, { 5, 7 }, { 1, 1 } }
      local same = require "eidetic.metrics".svcca(x, x).value
      assert(math.abs(same - 1) < 1e-9, "singular values came out wrong")
      return "singular values by OpenBLAS"
      """
    return run("algebra", source)
  }

  static func library() -> Check {
    run("library", "require 'eidetic' return (...)", .string(Stdlib.folder))
  }

  static func stubs() -> Check {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Stdlib.stubs)) ?? []
    return Check(
      name: "stubs", isWhole: !names.isEmpty,
      finding: names.isEmpty
        ? "missing: \(Stdlib.stubs); editors know nothing of native modules; build again"
        : "\(Stdlib.stubs) (\(names.count) files)")
  }

  /// Whether files can be made in a folder, or in the nearest one above that exists.
  static func folder(_ name: String, _ path: String, set variable: String? = nil) -> Check {
    var place = URL(fileURLWithPath: path).standardizedFileURL
    while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
      place.deleteLastPathComponent()
    }
    let isThere = FileManager.default.fileExists(atPath: path)
    do {
      let trial = place.appendingPathComponent(".eidetic-\(UUID().uuidString)")
      try Data().write(to: trial, options: .withoutOverwriting)
      try FileManager.default.removeItem(at: trial)
      return Check(
        name: name, isWhole: true, finding: path + (isThere ? "" : " (made on first use)"))
    } catch {
      let step = variable.map { "; set \($0) to a folder of yours" } ?? ""
      return Check(
        name: name, isWhole: false, finding: "\(path): cannot write in \(place.path)\(step)")
    }
  }

  /// A line per broken plug-in, or one for all.
  static func plugins(in folders: PluginFolders) -> [Check] {
    let rows: [LuaTable]
    do {
      rows = try pluginEntries(PluginKind.allCases, in: folders).compactMap(\.asTable)
    } catch {
      let message = (error as? Failure)?.message ?? "\(error)"
      return [Check(name: "plug-ins", isWhole: false, finding: message)]
    }
    let broken = rows.compactMap { row in
      row["violations"].asTable?.strings.map {
        Check(
          name: row["kind"].asString ?? "", isWhole: false,
          finding: "\(row["name"].asString ?? ""): " + $0.joined(separator: indent))
      }
    }
    let own = rows.count { $0["origin"].asString != "shipped" }
    return broken.isEmpty
      ? [
        Check(
          name: "plug-ins", isWhole: true,
          finding: "\(rows.count - own) shipped, \(own) of your own, none broken")
      ] : broken
  }

  /// Further lines of a finding stand below its first.
  private static let indent = "\n" + String(repeating: " ", count: 20)

  private static func run(_ name: String, _ source: String, _ arguments: LuaValue...) -> Check {
    do {
      let state = try Workbench(listener: makeListener()).makeState()
      let finding = try state.run(source, name: "doctor", arguments: arguments).first?.asString
      return Check(name: name, isWhole: true, finding: finding ?? "")
    } catch {
      return Check(name: name, isWhole: false, finding: "\(error)")
    }
  }
}
