// Derivatives through Lua: against the Swift engine, bit for bit, and against central differences.

import Autograd
import Bindings
import LuaHost
import Repro
import TensorCore
import Testing

/// Losses of one or two inputs `x` [3, 4] and `y` [4, 3], as scripts write them.
private let compositions: [String] = [
  "function(x) return (x * x + 2 * x - 1):sum() end",
  "function(x, y) return x:matmul(y):tanh():mean() end",
  "function(x) return -x:softmax(2):log():mean() end",
  "function(x) return x:layer_norm():mul(x):sum() end",
  "function(x, y) return x:linear(y:t(), nil):gelu():sum() end",
  "function(x) return x:cross_entropy({ 0, 3, -1 }, { reduction = 'mean' }) end",
  "function(x) return x:t():reshape{ 2, 6 }:attention({ 2 }, 1):square():sum() end",
  "function(x) return (x:exp() / (1 + x:square())):logsumexp() end",
  "function(x) return x:slice{ { 2, -1 }, { 1, 4, 2 } }:sigmoid():var() end",
  "function(x) return tensor.cat({ x, x:square() }, 1):norm(2):sum() end",
  "function(x, y) return (x:t() - y):pow(3):sum(1):silu():mean() end",
  "function(x) return x:rows{ 1, 3, 3 }:embedding{ 0, 2 }:cos():sum() end",
  "function(x) local s = x:sort(2) return (s * tensor.arange(1, 5)):sum() end",
  "function(x) return tensor.where(x:gt(0), x:square(), x:mul(3)):mean() end",
  "function(x) return x:rms_norm():gather({ { 1 }, { 4 }, { 2 } }):sum() end",
]

@Suite struct GradientTests {
  private func state() throws -> LuaState {
    let state = try makeState()
    var stream = RandomStream(seed: 11)
    try state.run("tensor = require \"eidetic.tensor\"")
    for (name, shape) in [("x", [3, 4]), ("y", [4, 3])] {
      let value = try Tensor.uniform(shape, low: -1, high: 1, from: &stream)
      try state.setGlobal(name, .object(LuaTensor(Variable(value, requiresGradient: true))))
    }
    return state
  }

  @Test(arguments: compositions)
  func `central differences agree`(loss: String) throws {
    let report = try state().run(
      """
      local r = tensor.gradient_check(\(loss), { x:detach(), y:detach() }, { step = 3e-3 })
      return r.passed, r.error, r.input, r.element
      """)
    #expect(report[0].asBoolean == true, "\(report.map(render))")
    #expect((1...2).contains(report[2].asInteger ?? 0))
    #expect((1...12).contains(report[3].asInteger ?? 0))
  }

  @Test func `a wrong derivative is found at its place`() throws {
    let report = try state().run(
      """
      local k = tensor.from{ 0, 0, 1, 0 }
      local r = tensor.gradient_check(function(x)
        return (x * x * (1 - k) + x * x:detach() * k):sum()
      end, { tensor.from{ 1, 2, 3, 4 } })
      return r.passed, r.element, r.analytic
      """)
    #expect(report[0].asBoolean == false)
    #expect(report[1].asInteger == 3)
    #expect(report[2].asNumber == 3)
  }

  @Test func `Lua and Swift give the same bits`() throws {
    let state = try state()
    try state.run("x:matmul(y):gelu():add(x:sum(2, { keep = true })):square():mean():backward()")
    let leaves = try ["x", "y"].map { name in
      try #require(state.global(name).asObject(LuaTensor.self)).variable
    }
    let (x, y) = (
      Variable(leaves[0].value, requiresGradient: true),
      Variable(leaves[1].value, requiresGradient: true)
    )
    try ((x.matmul(y).map(.gelu)) + x.sum(axis: 1, keepingAxis: true)).map(.square).mean()
      .backward()
    #expect(leaves[0].gradient?.floatArray == x.gradient?.floatArray)
    #expect(leaves[1].gradient?.floatArray == y.gradient?.floatArray)
  }

  @Test func `gradient descent in Lua finds a line`() throws {
    let result = try state().run(
      """
      local rng = require("eidetic.rng").new(3)
      local inputs = tensor.rand(rng, { 64, 1 }, { low = -1 })
      local targets = inputs * 3 - 0.5
      local w, b = tensor.zeros{ 1, 1 }:requires_grad(), tensor.zeros{ 1 }:requires_grad()
      for _ = 1, 200 do
        (inputs:linear(w, b) - targets):square():mean():backward()
        for _, p in ipairs{ w, b } do p:add_(p.grad, -0.3); p:zero_grad() end
      end
      return w:item(), b:item()
      """)
    #expect(abs((result[0].asNumber ?? 0) - 3) < 1e-3)
    #expect(abs((result[1].asNumber ?? 0) + 0.5) < 1e-3)
  }

  @Test func `an error in a callback leaves the tape recording`() throws {
    let result = try state().run(
      """
      local ok = pcall(tensor.no_grad, function() error("no") end)
      return ok, tensor.grad_enabled()
      """)
    #expect(result.compactMap(\.asBoolean) == [false, true])
  }
}
