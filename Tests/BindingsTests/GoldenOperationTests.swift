// Operations through Lua against PyTorch on the same numbers; the generator stands beside them in
// Tests/Golden.

import Autograd
import Bindings
import Foundation
import LuaHost
import TensorCore
import Testing

private struct Golden: Decodable {
  struct Input: Decodable {
    let shape: [Int]
    let data: [Float]
  }
  struct Row: Decodable {
    let lua: String
    let inputs: [String]
    let shape: [Int]
    let value: [Double]
    let gradients: [[Double]]
  }
  let tolerance: Double
  let inputs: [String: Input]
  let rows: [Row]

  static func load() throws -> Golden {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = here.appendingPathComponent("../Golden/tensor_ops.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

@Suite struct GoldenOperationTests {
  @Test func `values and derivatives through Lua are PyTorch's`() throws {
    let golden = try Golden.load()
    #expect(golden.rows.count == 51)
    var worst = 0.0
    for row in golden.rows {
      let state = try makeState()
      try state.run("tensor = require \"eidetic.tensor\"")
      let leaves = try row.inputs.map { name in
        let input = try #require(golden.inputs[name])
        let leaf = LuaTensor(
          Variable(try Tensor(input.data, shape: input.shape), requiresGradient: true))
        try state.setGlobal(name, .object(leaf))
        return leaf
      }
      let result = try state.run(
        """
        local y = \(row.lua)
        local w = tensor.arange(0, y.size):cos():reshape(y.shape);
        (y * w):sum():backward()
        return y
        """)
      let value = try #require(result.first?.asObject(LuaTensor.self)).variable
      #expect(value.shape == row.shape, "\(row.lua)")
      worst = max(worst, compare(value.value.floatArray, row.value, golden.tolerance, row.lua))
      for (leaf, want) in zip(leaves, row.gradients) {
        let got = leaf.variable.gradient?.floatArray ?? []
        worst = max(worst, compare(got, want, golden.tolerance, "gradient of \(row.lua)"))
      }
    }
    print("largest difference from PyTorch: \(worst)")
  }

  /// The largest difference relative to max(1, |want|).
  private func compare(
    _ got: [Float], _ want: [Double], _ tolerance: Double, _ what: String
  ) -> Double {
    #expect(got.count == want.count, "\(what)")
    let worst = zip(got, want).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? 0
    #expect(worst <= tolerance, "\(what)")
    return worst
  }
}
