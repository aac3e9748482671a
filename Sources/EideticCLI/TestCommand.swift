// `eidetic test`: specs of a user's own probes, methods and experiments, each file in a state of its
// own.

import ArgumentParser
import Bindings
import Foundation
import LuaHost

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run specs of probes, methods and experiments.",
    discussion: """
      A spec is a Lua file with `describe`, `it` and `expect`; `eidetic new probe
      NAME` writes one. A spec in probes/ (methods/, …) finds the plug-ins of that
      project by name.

        describe("sums", function()
          it("adds", function() expect(1 + 1):equals(2) end)
        end)

      `expect(x)` has equals, near, between, contains, fails. Without FILE every
      *_spec.lua in probes/, methods/, datasets/, models/, experiments/ and spec/
      runs. The exit code is 1 when a test failed or none ran.

      Examples:
        eidetic test
        eidetic test probes/last-name_spec.lua --filter "every person"
      """)

  @Argument(help: "The specs.", completion: .file(extensions: ["lua"]))
  var files: [String] = []

  @Option(help: "Run only tests whose group and name contain this text.")
  var filter: String?

  @OptionGroup var plugins: PluginOptions

  func run() throws {
    let files = self.files.isEmpty ? Self.found() : self.files
    guard !files.isEmpty else {
      throw Failure(code: 2, "error: there is no *_spec.lua here; name a file")
    }
    for file in files where !FileManager.default.isReadableFile(atPath: file) {
      throw Failure(code: 2, "error: cannot read \(file)")
    }
    let folders = try plugins.folders(), start = Date()
    var passed = 0, failed = 0
    for file in files {
      let result = try check(file, folders)
      passed += result["passed"].asInteger ?? 0
      failed += result["failed"].asInteger ?? 0
    }
    let seconds = String(format: "%.1f", Date().timeIntervalSince(start))
    print("\n\(passed) passed, \(failed) failed (\(seconds) s)")
    if failed > 0 { throw Failure(code: 1, "") }
    if passed == 0 {
      throw Failure(code: 1, "error: no test has '\(filter ?? "")' in its name")
    }
  }

  private func check(_ file: String, _ folders: PluginFolders) throws -> LuaTable {
    var folders = folders
    let folder = (file as NSString).deletingLastPathComponent
    if PluginKind.allCases.map(\.folder).contains((folder as NSString).lastPathComponent) {
      let project = (folder as NSString).deletingLastPathComponent
      folders.project = project.isEmpty ? "." : project
    }
    let scratch = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let listener = makeListener()
    defer { listener.finish() }
    do {
      // What experiments leave is no result, so it goes with the test.
      let workbench = Workbench(listener: listener, runsFolder: scratch, plugins: folders)
      let state = try workbench.makeState()
      state.installInterruptHandler()
      let main = try state.run("return require('eidetic.spec').main", name: "test")
      let chunk: LuaValue
      do { chunk = .function(try state.load(file: file)) } catch let error as LuaError {
        print("\(file)\n  FAIL  the file cannot be run\n        \(error.message)")
        return LuaTable(fields: ["failed": 1])
      }
      let options = LuaValue.fields(filter.map { ["filter": .string($0)] } ?? [:])
      return try main[0].asFunction?.call([chunk, .string(file), options])
        .first?.asTable ?? LuaTable()
    } catch { throw Failure(error) }
  }

  /// The specs of the project.
  private static func found() -> [String] {
    (PluginKind.allCases.map(\.folder) + ["experiments", "spec"]).flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        .filter { $0.hasSuffix("_spec.lua") && !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }
    }
  }
}
