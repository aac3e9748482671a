// What follows from the descriptors and stands in the repository: stubs for editors, the reference,
// and the list of the whole surface. `scripts/docs` writes them again; a change of the list is a
// change of the API.

import Foundation
import LuaHost
import Testing

@Suite struct SurfaceTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let stubs = "stdlib/_meta", list = "Tests/Golden/api.txt"
  private static let reference = "stdlib/docs/reference.md"

  /// Path and text of every generated file.
  private func generated() throws -> [String: String] {
    let state = try Bench().state
    var files = [
      Self.list: state.apiDump,
      Self.reference: ReferencePage.text(modules: state.modules, classes: state.classes),
    ]
    for module in state.modules {
      files["\(Self.stubs)/\(module.name).lua"] = LuaStubs.text(of: module)
    }
    for type in state.classes { files["\(Self.stubs)/\(type.name).lua"] = LuaStubs.text(of: type) }
    return files
  }

  @Test func `stubs, reference and list are those of the descriptors`() throws {
    let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil
    for (path, text) in try generated().sorted(by: { $0.key < $1.key }) {
      let file = Self.root.appendingPathComponent(path)
      if isRecording {
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      let standing = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      #expect(standing == text, "\(path) is stale: run scripts/docs")
    }
    #expect(!isRecording, "recorded; run again without RECORD_GOLDEN")
  }

  @Test func `no stub stands for what is gone`() throws {
    let folder = Self.root.appendingPathComponent(Self.stubs).path
    let standing = try FileManager.default.contentsOfDirectory(atPath: folder)
    let wanted = try generated().keys.filter { $0.hasPrefix(Self.stubs) }
    #expect(Set(standing.map { "\(Self.stubs)/\($0)" }) == Set(wanted))
  }

  @Test func `every stub is Lua`() throws {
    let state = try makeState()
    for (path, text) in try generated() where path.hasSuffix(".lua") {
      #expect(throws: Never.self, "\(path)") { try state.load(text, name: path) }
    }
  }
}
