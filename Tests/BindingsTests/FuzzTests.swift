// A short run of what scripts/fuzz does at length.

import Foundation
import Fuzzing
import Testing

@Suite struct FuzzTests {
  // In a process of its own: a trap there is a failed test here, and the memory limit is its own.
  @Test(arguments: 1...4) func `random calls end in a result or an error`(seed: Int) async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { [seed] in
      nonisolated(unsafe) var last = ""
      do {
        let fuzzer = try LuaFuzzer(seed: seed, note: { last = $0 }, onHang: { exit(3) })
        try fuzzer.run(calls: 5000)
        let tally = fuzzer.tally
        print("fuzz seed \(seed): \(tally.errors) of \(tally.calls) calls were errors")
        #expect(tally.errors > tally.calls / 10 && tally.errors < tally.calls / 10 * 9)
      } catch { Issue.record("\(error), last call \(last)") }
    }
    print(String(decoding: result.standardOutputContent, as: UTF8.self), terminator: "")
  }

  @Test func `damaged files are refused`() async {
    await #expect(processExitsWith: .success) {
      let fuzzer = try FileFuzzer(seed: 1, note: { _ in })
      try fuzzer.run(files: 1000)
      #expect(fuzzer.tally.errors > 500)
    }
  }

  @Test func `a long session of tensors stays within its memory`() async {
    await #expect(processExitsWith: .success) {
      let growth = try TensorLoop.growth(rounds: 30_000)
      #expect(growth < TensorLoop.mostGrowth)
    }
  }
}
