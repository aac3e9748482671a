// A long session: tensors made and dropped, as at a prompt, without a call of the collector.

import Bindings
import Foundation
import LuaHost

package enum TensorLoop {
  /// What fragments and pools may come to, in bytes; a leak of 64 bytes per round passes it.
  package static let mostGrowth = 16 << 20

  private static let body = """
    local tensor = require "eidetic.tensor"
    local w = tensor.ones{ 4, 4 }:requires_grad()
    local kept
    for i = 1, ... do
      local x = tensor.zeros{ 4, 4 } + i
      local y = (x * w):sum()
      if i % 10 == 0 then y:backward() w:zero_grad() end
      if i % 100 == 0 then pcall(x.sum, x, 9) kept = x[1] end
      if i % 1000 == 0 then load("return ...")(tostring(x)) end
    end
    """

  /// By how many bytes the process grows in so many rounds, after a tenth of them (10,000 at least)
  /// has warmed it.
  package static func growth(rounds: Int) throws -> Int {
    let state = try LuaState()
    try registerTensors(state)
    try state.run(body, arguments: [.integer(max(10_000, rounds / 10))])
    let before = residentBytes()
    try state.run(body, arguments: [.integer(rounds)])
    return residentBytes() - before
  }

  private static func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
