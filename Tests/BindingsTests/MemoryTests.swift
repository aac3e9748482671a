// Tensor memory in loops that never call the collector, and what a small operation costs. Each runs
// in a process of its own, where nothing else allocates.

import Bindings
import Foundation
import Glibc
import LuaHost
import TensorCore
import Testing

/// Bytes of the process in memory.
private func residentBytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
}

/// By how much the process grows while a script runs.
private func growth(_ source: String) throws -> Int {
  let state = try makeState()
  // Warm: code, classes and the first buffers.
  try state.run("local tensor = require \"eidetic.tensor\"; local x = tensor.zeros{ 512, 512 } + 1")
  let before = residentBytes()
  try state.run("local tensor = require \"eidetic.tensor\"; " + source)
  return residentBytes() - before
}

/// Processor time of one of 100,000 rounds.
private func microseconds(_ body: String) throws -> Double {
  let state = try makeState()
  let start = clock()
  try state.run(
    "local tensor = require \"eidetic.tensor\"; local x = tensor.ones{ 4 }; "
      + "for _ = 1, 100000 do \(body) end")
  return Double(clock() - start) / Double(CLOCKS_PER_SEC) / 100_000 * 1e6
}

@Suite struct MemoryTests {
  @Test(arguments: [
    "for _ = 1, 5000 do tensor.zeros{ 512, 512 } end",
    "for _ = 1, 5000 do local x <close> = tensor.zeros{ 512, 512 } end",
    "for _ = 1, 1700 do local x = tensor.zeros{ 512, 512 }; x = x + 1; pcall(x.sum, x, 9) end",
    "coroutine.wrap(function() for _ = 1, 5000 do tensor.zeros{ 512, 512 } end end)()",
    "local w = tensor.ones{ 512, 512 }:requires_grad(); "
      + "for _ = 1, 300 do (w * w):relu():sum():backward(); w:zero_grad() end",
    "local x = tensor.zeros{ 4096, 1024 }; for i = 1, #x do assert(x[i].size == 1024) end",
  ]) func `a loop of tensors stays below 64 MiB`(loop: String) async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { [loop] in
      let bytes = try growth(loop)
      print("resident growth: \(bytes >> 20) MiB, \(loop)")
      #expect(bytes < 64 << 20)
    }
    print(String(decoding: result.standardOutputContent, as: UTF8.self), terminator: "")
  }

  @Test func `the memory limit is a Lua error and can be moved`() async {
    await #expect(processExitsWith: .success) {
      let limits = try evaluate(
        "local n = t.memory().limit; return t.memory_limit(1 << 20) == n, t.memory_limit(n)")
      #expect(limits == "true; 1048576")
      let message = try failure("local _ = t.memory_limit(1 << 20); return t.zeros{ 1024, 1024 }")
      #expect(message == "out of memory: 4 MiB more would pass the limit of 1 MiB")
    }
  }

  @Test func `a small operation costs microseconds`() async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      for body in ["x = x * 1", "x = x:add(x)", "local y = x.size", "x:sum(1)", "local y = x[1]"] {
        print("\(body): \(String(format: "%.2f", try microseconds(body))) µs of processor time")
      }
    }
    print(String(decoding: result.standardOutputContent, as: UTF8.self), terminator: "")
  }
}
