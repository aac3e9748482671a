// What other tools say about the Lua that ships; each runs where it is installed.

import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// The path of a program, or `nil` when it is not installed.
private func installed(_ name: String) -> String? {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

@Suite struct LuaLintTests {
  private func run(_ program: String, _ arguments: [String]) throws -> Finished {
    let scratch = try Scratch()
    let process = Process(), output = try scratch.write("out", "")
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: root)
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    return Finished(status: process.terminationStatus, output: try scratch.read("out"), errors: "")
  }

  @Test(.enabled(if: installed("luacheck") != nil))
  func `luacheck has nothing to say`() throws {
    let done = try run(installed("luacheck") ?? "", ["--no-color", "-q", "stdlib", "scripts"])
    #expect(done.status == 0, "\(done.output)")
  }

  @Test(.enabled(if: installed("lua-language-server") != nil))
  func `the language server has nothing to say`() throws {
    let scratch = try Scratch()
    let done = try run(
      installed("lua-language-server") ?? "",
      ["--check", root, "--logpath", scratch.path + "/log"])
    #expect(done.status == 0 && done.output.contains("no problems found"), "\(done.output)")
  }
}
