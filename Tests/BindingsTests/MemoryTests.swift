// Tensor memory in loops that never call the collector, and what a small operation costs.

import Bindings
import Foundation
import LuaHost
import TensorCore
import Testing

@Suite(.serialized) struct MemoryTests {
  /// Bytes of the process in memory.
  private func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }

  private func growth(_ source: String) throws -> Int {
    let state = try makeState()
    StoragePool.trim()
    let before = residentBytes()
    try state.run(source)
    return residentBytes() - before
  }

  @Test(arguments: [
    "for _ = 1, 5000 do tensor.zeros{ 512, 512 } end",
    "for _ = 1, 5000 do local x <close> = tensor.zeros{ 512, 512 } end",
    "for _ = 1, 1700 do local x = tensor.zeros{ 512, 512 }; x = x + 1; pcall(x.sum, x, 9) end",
    "coroutine.wrap(function() for _ = 1, 5000 do tensor.zeros{ 512, 512 } end end)()",
  ]) func `a loop of megabyte tensors stays small`(loop: String) throws {
    let bytes = try growth("local tensor = require \"eidetic.tensor\"; " + loop)
    print("resident growth: \(bytes >> 20) MiB, \(loop)")
    #expect(bytes < 64 << 20)
  }

  @Test func `rows of a large tensor do not count as the whole`() throws {
    let bytes = try growth(
      """
      local tensor = require "eidetic.tensor"
      local x = tensor.zeros{ 4096, 1024 }
      for i = 1, #x do assert(x[i].size == 1024) end
      """)
    #expect(bytes < 64 << 20)
  }

  @Test func `small operations in a loop`() throws {
    let state = try makeState()
    let start = Date()
    try state.run(
      """
      local tensor = require "eidetic.tensor"
      local x = tensor.ones{ 4 }
      for _ = 1, 100000 do x = x * 1 end
      """)
    let seconds = Date().timeIntervalSince(start)
    print("100000 operations on 4 numbers: \(Int(seconds * 1e4)) ns each")
  }
}
