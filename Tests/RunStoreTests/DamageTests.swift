// Files that were cut, edited or made by another version: one error with the file's name, no crash.

import Foundation
import Repro
import RunStore
import Testing

@Suite struct DamageTests {
  /// A result of a few kilobytes, so that it can be cut everywhere.
  private func smallText() throws -> String {
    try Study(seeds: 2, planned: 2, personas: 3, controls: 1).result(resamples: 100).text
  }

  @Test func `a result cut anywhere is an error that names the file`() async throws {
    let bytes = Array(try smallText().utf8)
    try await withFolder { folder in
      let path = folder + "/result.json"
      for length in Set(stride(from: 0, to: bytes.count - 2, by: 37)).union([bytes.count - 2]) {
        try Data(bytes[..<length]).write(to: URL(fileURLWithPath: path))
        let text = message { _ = try ExperimentResult.read(path) }
        #expect(text.hasPrefix("\(path) is damaged: "), "cut at \(length): \(text)")
      }
    }
  }

  @Test func `bytes changed at random end in an error or a result, never a crash`() async throws {
    let bytes = Array(try smallText().utf8)
    var draws = RandomStream(seed: 3)
    try await withFolder { folder in
      let path = folder + "/result.json"
      var refused = 0
      for _ in 0..<300 {
        var copy = bytes
        for _ in 0...draws.int(below: 3) {
          copy[draws.int(below: copy.count)] = UInt8(draws.int(below: 256))
        }
        try Data(copy).write(to: URL(fileURLWithPath: path))
        let text = message {
          let result = try ExperimentResult.read(path)
          _ = (result.table(), result.finding)
        }
        refused += text == "no error" ? 0 : 1
      }
      #expect(refused > 100)
    }
  }

  @Test func `missing, mistyped, unknown and later`() async throws {
    try await withFolder { folder in
      let path = folder + "/result.json"
      let text = try smallText()
      func refusal(_ old: String, _ new: String) throws -> String {
        let changed = text.replacingOccurrences(of: old, with: new)
        #expect(changed != text, "\(old) does not occur")
        try AtomicFile.write(changed, to: path)
        return message { _ = try ExperimentResult.read(path) }
      }
      #expect(
        message { _ = try ExperimentResult.read(path) } == "cannot read \(path): no such file")
      #expect(
        try refusal(#""level": 0.95,"#, "")
          == "\(path) is damaged: result.level: expected a value, got nothing; "
          + "run the experiment again or restore the file")
      #expect(
        try refusal(#""level": 0.95"#, #""level": "high""#)
          .contains("result.level: expected a number, got a string"))
      #expect(
        try refusal(#""level": 0.95"#, #""level": 0.95, "extra": 1"#)
          .contains("result: expected no other members, got 'extra'"))
      #expect(
        try refusal(#""personas": "per_seed""#, #""personas": "mine""#)
          .contains("result.personas: expected one of per_seed, shared, got mine"))
      #expect(try refusal(#""both":"#, #""both":-"#).contains(".both: expected a count, got -"))
      #expect(
        try refusal(#""format": 1"#, #""format": 2"#)
          == "\(path) has format 2, this version reads up to 1; update eidetic")
    }
  }

  @Test func `a damaged manifest names the file`() async throws {
    try await withFolder { folder in
      let path = folder + "/manifest.json"
      let text = Study().manifest.json.pretty
      try AtomicFile.write(text, to: path)
      #expect(try Manifest.read(path) == Study().manifest)
      try AtomicFile.write(
        text.replacingOccurrences(of: "2026-", with: "long ago "), to: path)
      #expect(
        message { _ = try Manifest.read(path) }.contains("manifest.time: expected a time such as"))
    }
  }
}
