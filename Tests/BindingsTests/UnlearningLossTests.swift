// The losses of unlearning methods: the survey's vectors V7, V8, V20, the peers' defects, and
// values and derivatives against PyTorch (Tests/Golden/unlearning_losses.py).

import Bindings
import Foundation
import LuaHost
import Repro
import Testing

private let prelude = """
  local losses = require("eidetic.unlearning").losses
  local f = tensor.from
  local function near(a, b, e)
    return math.abs(a:item() - b) <= (e or 1e-6) * math.max(1, math.abs(b))
  end

  """

extension LuaValue {
  /// Plain data for a script.
  fileprivate init(golden json: JSON) {
    switch json {
    case .array(let items): self = .list(items.map { LuaValue(golden: $0) })
    case .object(let members): self = .fields(members.mapValues { LuaValue(golden: $0) })
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .bool(let value): self = .boolean(value)
    case .null: self = .nil
    }
  }
}

@Suite struct UnlearningLossTests {
  static let vectors: [(String, String)] = [
    ("V7: NPO, sums over words", "near(losses.npo(f { 6 }, f { 4 }, 0.1), 11.9627773876)"),
    ("V7: NPO at the start is 20 log 2", "near(losses.npo(f { 4 }, f { 4 }, 0.1), 13.8629436112)"),
    // log(1 + e^-9) keeps three digits in float32; the derivative below keeps all.
    ("V8: SimNPO", "near(losses.sim_npo(f { 6 / 3 }, 4.5, 0), 5.4845417655e-5, 6e-8)"),
    ("V20: CE-U", "near(losses.ce_u(z, y), 1.6765473858)"),
    ("V20: UNDIAL", "near(losses.undial(z, z, y, 10), 1.6764329125)"),
    ("V20: WGA", "near(losses.wga(z:log_softmax(2):select(2, 1), 1), -0.2711561814)"),
    ("V20: SatImp", "near(losses.sat_imp(z:log_softmax(2):select(2, 1), 5, 1), -0.0177773795)"),
    ("V20: PDU", "near(losses.flatness(z), 1)"),
    (
      "V25: KL runs from the reference",
      "near(losses.kl(f { { .7, .2, .1 } }:log(), f { { .4, .4, .2 } }:log()), 0.1837868974)"
    ),
  ]

  static let defects: [(String, String)] = [
    (
      "peer defect: NPO looks at the answer, not at the whole vocabulary, and moves at the start",
      """
      local nll = f { 4 }:requires_grad()
      losses.npo(nll, f { 4 }, 0.1):backward()
      return near(nll.grad, -1)
      """
    ),
    (
      "peer defect: DPO is no training on the refusal alone",
      """
      local w, u = { nll = f { 3 }, reference_nll = f { 3 } }, { nll = f { 3 }, reference_nll = f { 3 } }
      local even = losses.dpo(w, u, 0.1):item()
      u.nll = f { 9 }
      return losses.dpo(w, u, 0.1):item() < even
      """
    ),
    (
      "peer defect: flat logits are what the flattening loss wants, so entropy rises",
      """
      local x = f { { 2, 1, 0 } }:requires_grad()
      local function entropy(t) local p = t:detach():softmax(2) return -(p * p:log()):sum():item() end
      local before = entropy(x)
      losses.flatness(x):backward()
      x:add_(x.grad, -0.1)
      return entropy(x) > before
      """
    ),
    (
      "peer defect: RMU compares each row with the direction, not rows with one another",
      """
      local rows = f { { 1, 0 }, { 0, 3 } }
      return near(losses.distance(rows, f { 1, 0 }), 10 / 4)
        and near(losses.distance(rows, rows), 0)
      """
    ),
    (
      "peer defect: KL of both directions differ, and it is 0 for equal models",
      """
      local p, q = f { { 2, 1, 0 } }, f { { 0, 1, 0 } }
      return not near(losses.kl(p, q), losses.kl(q, p):item(), 1e-3) and near(losses.kl(p, p), 0)
      """
    ),
    (
      "peer defect: UNDIAL lowers the true word alone, the last id of the vocabulary too",
      """
      local z = f { { 0, 0, 0 }, { 0, 0, 0 } }
      local x = z:clone():requires_grad()
      losses.undial(x, z, f({ 0, 2 }, { dtype = "int32" }), 10):backward()
      local g = x.grad:totable()
      return g[1][1] > 0 and g[2][3] > 0 and g[1][3] < 0 and g[2][1] < 0
      """
    ),
  ]

  private func holds(_ body: String) throws -> Bool {
    let constants = "local z, y = f { { 2, 1, 0 } }, f({ 0 }, { dtype = \"int32\" })\n"
    return try Bench().state.run(prelude + constants + body, name: "loss").first?.asBoolean == true
  }

  @Test(arguments: vectors.indices)
  func `a vector of the survey`(index: Int) throws {
    let (name, condition) = Self.vectors[index]
    #expect(try holds("return " + condition), "\(name)")
  }

  @Test(arguments: defects.indices)
  func `a peer's defect`(index: Int) throws {
    let (name, body) = Self.defects[index]
    #expect(try holds(body), "\(name)")
  }

  @Test func `values and derivatives are PyTorch's`() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = here.appendingPathComponent("../Golden/unlearning_losses.json")
    let golden = LuaValue(golden: try JSON.parse(try Data(contentsOf: file)))
    let bench = try Bench()
    try bench.state.setGlobal("golden", golden)
    let report = try bench.state.run(
      prelude + """
        local function ids(list) return f(list, { dtype = "int32" }) end
        local call = {
          npo = function(l, c, s) return losses.npo(l[1], c[1], s[1]) end,
          sim_npo = function(l, _, s) return losses.sim_npo(l[1], s[1], s[2]) end,
          dpo = function(l, c, s)
            return losses.dpo({ nll = l[1], reference_nll = c[1] },
                              { nll = l[2], reference_nll = c[2] }, s[1])
          end,
          kl = function(l, c, s) return losses.kl(c[1], l[1], s[1]) end,
          undial = function(l, c, s) return losses.undial(l[1], c[1], ids(s[1]), s[2]) end,
          ce_u = function(l, _, s) return losses.ce_u(l[1], ids(s[1])) end,
          wga = function(l, _, s) return losses.wga(l[1], s[1]) end,
          sat_imp = function(l, _, s) return losses.sat_imp(l[1], s[1], s[2]) end,
          flatness = function(l) return losses.flatness(l[1]) end,
          distance = function(l, c) return losses.distance(l[1], c[1]) end,
        }
        local seen, worst, where = {}, 0, ""
        local function compare(got, want, scale, what)
          local error = math.abs(got - want) / math.max(1e-3, scale)
          if not (error <= worst) then worst, where = error, what end
        end
        for i, row in ipairs(golden.rows) do
          local what = row.loss .. " of row " .. i
          local learning, constant = {}, {}
          for k, x in ipairs(row.learning) do learning[k] = f(x):requires_grad() end
          for k, x in ipairs(row.constant) do constant[k] = f(x):requires_grad() end
          local value = call[row.loss](learning, constant, row.settings)
          compare(value:item(), row.value, math.max(0.1, math.abs(row.value)), "value, " .. what)
          value:backward()
          for k, x in ipairs(row.gradients) do
            local want = f(x)
            local scale = want:abs():max():item()
            compare((learning[k].grad - want):abs():max():item(), 0, scale, "derivative, " .. what)
          end
          seen[row.loss] = (seen[row.loss] or 0) + 1
        end
        for name in pairs(losses) do
          if seen[name] ~= 20 then error(name .. " has " .. tostring(seen[name]) .. " cases") end
        end
        return worst, where
        """, name: "golden")
    #expect((report[0].asNumber ?? 1) < 2e-5, "\(report)")
  }
}
