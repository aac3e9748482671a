// The benchmark program at its smallest: that it runs and what it writes, never how fast.

import Foundation
import Repro
import Testing

@Suite struct BenchTests {
  @Test func `a step is measured without a peer`() throws {
    let (status, result, _) = try bench("step-nano", "--rounds", "1")
    #expect(status == 0)
    let machine = try #require(result?["machine"])
    for member in ["processor", "threads", "instruction_set", "multiply_add_gflops"] {
      #expect(machine[member] != nil, "\(member)")
    }
    guard case .array(let rows)? = result?["rows"] else {
      Issue.record("no rows in \(String(describing: result))")
      return
    }
    #expect(
      rows.map { $0["name"] } == [
        "step-nano", "step-nano speed", "step-nano against products alone",
        "step-nano against them without loss",
      ])
    for case .object(let row) in rows {
      #expect(Set(row.keys) == ["name", "ours", "peer", "ratio", "unit"])
      #expect(row["peer"] == .null && row["ratio"] == .null)
      guard case .number(let ours)? = row["ours"] else {
        Issue.record("no number in \(row)")
        continue
      }
      #expect(ours > 0)
    }
  }

  @Test func `every benchmark runs at its smallest without a peer`() throws {
    let (status, result, _) = try bench(
      "recall-nano", "rank-nano", "mix-nano", "lua-op-nano", "personas-nano", "scaling-nano",
      "store-nano", "--rounds", "1")
    #expect(status == 0)
    guard case .array(let rows)? = result?["rows"] else {
      Issue.record("no rows in \(String(describing: result))")
      return
    }
    let names = rows.compactMap { if case .string(let name)? = $0["name"] { name } else { nil } }
    #expect(names.count == rows.count && Set(names).count == names.count)
    for part in [
      "recall by image", "recall by text", "rank", "mix-nano", "scaling with length",
      "store-nano group",
    ] {
      #expect(names.contains { $0.hasPrefix(part) }, "\(part)")
    }
    // What is counted twice by one machine has a number on both sides without PyTorch.
    let call = try #require(rows.first { $0["name"] == "lua-op call of a function" })
    #expect(call["peer"] != .null && call["ratio"] != .null)
    let others = try #require(result?["machine"]?["other_work"])
    for name in ["limits", "recall", "rank", "mix-nano", "lua-op", "personas", "scaling"] {
      #expect(others[name]?["too_much"] != nil, "\(name)")
    }
  }

  @Test(arguments: [
    ["step-huge"], ["--rounds", "0"], ["--rounds", "many"], ["--compile-limit", "0"],
    ["start", "--jsno", "file"],
  ])
  func `a mistake is told and nothing is measured`(arguments: [String]) throws {
    let (status, result, _) = try bench(arguments)
    #expect(status == EX_USAGE && result == nil)
  }

  /// A program that ends at once, and none.
  @Test(arguments: [("/bin/false", "--install-peers"), ("/nowhere/python", "cannot be started")])
  func `a peer that does not work is told in words`(python: String, words: String) throws {
    let (status, _, said) = try bench("step-nano", "--rounds", "1", "--python", python)
    #expect(status == 1 && said.contains(words) && !said.contains("Domain"), "\(said)")
  }

  private typealias Outcome = (status: Int32, result: JSON?, said: String)

  /// Runs the program, which stands beside the tests, and reads what it wrote.
  private func bench(_ arguments: String...) throws -> Outcome {
    try bench(arguments)
  }

  private func bench(_ arguments: [String]) throws -> Outcome {
    let file = FileManager.default.temporaryDirectory.path + "/bench-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let here = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folders =
      [URL(fileURLWithPath: here), Bundle(for: Marker.self).bundleURL]
      .map { $0.deletingLastPathComponent() } + [Bundle(for: Marker.self).bundleURL]
    let program = try #require(
      folders.map { $0.appendingPathComponent("EideticBench") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) })
    let process = Process()
    process.executableURL = program
    process.arguments = arguments + ["--json", file]
    // lua-op reads its script from the top of the project.
    process.currentDirectoryURL = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let content = FileManager.default.contents(atPath: file)
    return (process.terminationStatus, try content.map { try JSON.parse($0) }, said)
  }
}

private final class Marker {}
