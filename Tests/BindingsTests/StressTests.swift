// What disturbs a model after unlearning: how much, and when it ends.

import Testing

@Suite struct StressTests {
  private func run(_ body: String) throws {
    try Bench().state.run(
      """
      local stress = require "eidetic.stress"
      local who = people(5)
      local function fails(text, f, ...)
        local ok, message = pcall(f, ...)
        assert(not ok and tostring(message):find(text, 1, true), tostring(message))
      end

      """ + body, name: "stress")
  }

  @Test func `stress disturbs as much as it says, and relearning is watched on the others`() throws
  {
    try run(
      """
      local model = nano()
      local function matrix(m) return m:parameter("decoder.block.1.mlp.up.weight"):detach() end
      local before = matrix(model):clone()
      local rough, fine, noisy = model:clone(), model:clone(), model:clone()
      stress.quantize(rough, { bits = 2 })
      stress.quantize(fine, { bits = 16 })
      assert(matrix(fine):equal(before, 1e-4) and not matrix(rough):equal(before, 1e-2))
      local levels = {}
      for _, x in ipairs(matrix(rough):totable()[1]) do levels[("%.5f"):format(math.abs(x))] = true end
      local count = 0
      for _ in pairs(levels) do count = count + 1 end
      assert(count <= 2, count)
      stress.noise(noisy, { rng = rng.new(1), share = 0.1 })
      local moved = (matrix(noisy) - before):flatten():var():sqrt():item()
      local spread = before:flatten():var():sqrt():item()
      assert(math.abs(moved / spread - 0.1) < 0.02, moved / spread)
      local curve = stress.relearn(model, who, { rng = rng.new(2), few = 2, steps = 4, every = 2 })
      assert(#curve.steps == 3 and curve.steps[3] == 4 and curve.recall[1] == 0 and curve.area == 0)
      local shares = stress.paraphrases(model, who, "text")
      assert(shares["wording 3"] == 0 and shares.terse == 0)
      fails("bits must be an integer in 2 ... 16, got 1", stress.quantize, model, { bits = 1 })
      fails("few must be in 1 ... 4", stress.relearn, model, who, { rng = rng.new(1), few = 5 })
      fails("give rng", stress.noise, model)
      fails("wording", who.test, who, "text", "name", { wording = 0 })
      assert(who:test("text", "name", { wording = 2 })[1].prompt:find("what is the name ?", 1, true))
      """)
  }

  @Test func `relearning until known ends as soon as those who are taught are recalled`() throws {
    try run(
      """
      local function relearn(every, until_known)
        local model = nano()
        return stress.relearn(model, who, {
          rng = rng.new(2), few = 1, steps = 200, every = every, lr = 4e-3,
          until_known = until_known,
        }), model
      end
      local curve, model = relearn(5, true)
      local last = curve.steps[#curve.steps]
      assert(last < 200 and last % 5 == 0, last)
      local taught = who:part(1, 1):test("text", "name")
      assert(model:generate(taught)[1] == taught[1].answer)
      assert(#relearn(last - 5, true).steps > 2, "known at an earlier look")
      assert(relearn(100).steps[3] == 200)
      """)
  }
}
