// Unlearning methods as users run them: each keeps to what it says it changes, the shared pieces
// are exact, and a report is gated on what was memorized.

import Bindings
import LuaHost
import Testing

private let prelude = """
  local unlearning, forgetting = require "eidetic.unlearning", require "eidetic.forgetting"
  local who = people(5)
  local forget, retain = who:part(1, 2), who:part(3)
  local function run(name, model, params, o)
    o = o or {}
    o.model, o.forget, o.retain, o.params = model, forget, retain, params
    return eidetic.method(name):run(o)
  end
  local function fails(text, f, ...)
    local ok, message = pcall(f, ...)
    assert(not ok and tostring(message):find(text, 1, true), tostring(message))
  end

  """

@Suite struct UnlearningTests {
  private func run(_ body: String) throws {
    try Bench().state.run(prelude + body, name: "unlearning")
  }

  /// Every shipped method that takes steps, and parameters that make it quick.
  static let methods: [(String, String)] = [
    ("ce-u", ""), ("dpo", ""), ("grad-diff", ""), ("gradient-ascent", ""), ("idk", ""), ("kl", ""),
    ("l1-lora", "rank = 2,"), ("mmunlearner", "batches = 1,"), ("npo", ""), ("rmu", ""),
    ("sat-imp", ""), ("scrub", ""), ("sim-npo", ""), ("task-vector", ""), ("undial", ""),
    ("wga", ""), ("manu", ""),
  ]

  @Test(arguments: methods.indices)
  func `a method changes what it trains and nothing else, the same way each time`(index: Int) throws
  {
    let (name, params) = Self.methods[index]
    try run(
      """
      local function once()
        local model = nano()
        local before = model:clone()
        run("\(name)", model, { \(params) steps = 3, modality = "text" })
        local changed = false
        for _, p in ipairs(model:parameters()) do
          local same = p.tensor:detach():equal(before:parameter(p.name):detach())
          changed = changed or not same
          assert(same or p.name:find "^decoder", p.name)
          assert(p.tensor:detach():isfinite(), p.name)
          assert(p.tensor.grad == nil, p.name)
        end
        assert(changed)
        return model.hash
      end
      assert(once() == once())
      """)
  }

  @Test func `every shipped method is tested`() throws {
    let names = Set(Self.methods.map(\.0)).union(["retrain"])
    let found = try Bench().state.run("return eidetic.plugins 'method'").first?.asTable?.strings
    #expect(names == Set(found ?? []))
  }

  @Test func `peer defect: SatImp's weights are not swapped between code and documentation`() throws
  {
    try run(
      """
      local params = eidetic.method("sat-imp").params
      assert(params.beta1.default == 5 and params.beta2.default == 1)
      """)
  }

  @Test func `peer defect: losses run over all words of the answer and none of the prompt`() throws
  {
    try run(
      """
      local model, items = nano(), who:test("image", "name")
      local own = unlearning.answers(model, items)
      local words = model:token_log_probabilities(items)
      for i, word in ipairs(words) do
        assert(#word == own.counts[i])
        assert(math.abs(own.nll[i]:item() + word:sum():item()) < 1e-4)
        assert(math.abs(own.mean_nll[i]:item() + word:mean():item()) < 1e-5)
      end
      assert(own.logits.shape[1] == #own.labels and own.logits.shape[2] == #model.words)
      assert(math.abs(model:loss(items):item() + own.log_probabilities:mean():item()) < 1e-5)
      local silent = unlearning.answers(model, items:with_answers "")
      assert(#silent.labels == 5 and silent.labels:totable()[1] == 1)
      assert(items:with_answers(who.names)[2].answer == who.names[2])
      fails("expected 5 answers, one per question, got 1", items.with_answers, items, { "" })
      fails("unheard", function() return model:loss(items:with_answers "unheard") end)
      """)
  }

  @Test func `a slope has value 0 and the derivative it was given`() throws {
    try run(
      """
      local x, g = tensor.from { 1, 2 }:requires_grad(), tensor.from { 3, -4 }
      local s = unlearning.slope({ x }, { g })
      s:backward()
      assert(s:item() == 0 and x.grad:equal(g))
      """)
  }

  @Test func `the first loss of a method is its formula, in numbers`() throws {
    try run(
      """
      local model = nano()
      local function asked(whom) return whom:test("text", "name", { view = 1, seen = true }) end
      local lose, keep = model:loss(asked(forget)):item(), model:loss(asked(retain)):item()
      local words, means = {}, {}
      for i, answer in ipairs(model:token_log_probabilities(asked(forget))) do
        for _, x in ipairs(answer:totable()) do words[#words + 1] = x end
        means[i] = -answer:mean():item()
      end
      local function mean(list, f)
        local sum = 0
        for i, x in ipairs(list) do sum = sum + f(x, i) end
        return sum / #list
      end
      local logits, labels = model:answer_logits(asked(forget))
      local ids = labels:totable()
      -- Cross-entropy of each row with the softmax of its targets.
      local function toward(targets)
        return mean(logits:totable(), function(z, i)
          local all, goals, total, sum = 0, 0, 0, targets(z, ids[i] + 1)
          for k in ipairs(z) do all, goals = all + math.exp(z[k]), goals + math.exp(sum[k]) end
          for k in ipairs(z) do total = total - math.exp(sum[k]) / goals * (z[k] - math.log(all)) end
          return total
        end)
      end
      local function changed(by)
        return function(z, label)
          local goal = table.move(z, 1, #z, 1, {})
          goal[label] = by(goal[label])
          return goal
        end
      end
      -- The same stream as the method's; the direction is not a thing that can be asked for.
      local u = tensor.rand(rng.new(0):fork("rmu"):fork("direction"), { model.sizes.width })
      local h = model:activations(asked(forget), { names = "decoder.block.1" })["decoder.block.1"]
      local even = 2 / 0.1 * math.log(2)
      local expected = {
        ["gradient-ascent"] = -lose, ["grad-diff"] = 2 * keep - lose, kl = -lose,
        idk = model:loss(asked(forget):with_answers ""):item() + 2 * keep,
        npo = even + 2 * keep, dpo = even + 2 * keep, ["l1-lora"] = even + 2 * keep,
        ["sim-npo"] = 2 * keep + 0.125 * mean(means, function(x)
          return 2 / 4.5 * math.log(1 + math.exp(-4.5 * x)) end),
        wga = 2 * keep + mean(words, function(x) return math.exp(x) * x end),
        ["sat-imp"] = 2 * keep + mean(words, function(x)
          return math.exp(5 * x) * (1 - math.exp(x)) * x end),
        undial = 2 * keep + toward(changed(function(z) return z - 10 end)),
        ["ce-u"] = 2 * keep + toward(changed(function() return -1e9 end)),
        mmunlearner = 2 * keep - lose, scrub = 0,
        rmu = (h - u * (5 / u:norm():item())):square():mean():item(),
      }
      for _, name in ipairs(eidetic.plugins "method") do
        local want = expected[name]
        local method = eidetic.method(name)
        local params = { steps = 1, modality = "text", stop = false }
        if method.params.retain_weight then params.retain_weight = 2 end
        if name == "ce-u" then params.skip = 0 end
        if name == "rmu" then params.length = 5 end
        if want then
          local got = run(name, nano(), params).losses[1]
          assert(math.abs(got - want) < 1e-4 * math.max(1, math.abs(want)), ("%s: %g, not %g")
            :format(name, got, want))
        else
          assert(name == "retrain" or name == "manu" or name == "task-vector", name)
        end
      end
      """)
  }

  @Test func `a method stops once names are no likelier than others'`() throws {
    try run(
      """
      local who = personas.people { count = 6, rng = rng.new(3), views = 20 }
      local model = models.vlm { preset = "nano", rng = rng.new(1) }
      training.fit(model, { data = who:train("text", "name"), rng = rng.new(3), steps = 150, batch = 12,
                            lr = 4e-3 })
      local function steps(stop)
        local copy = model:clone()
        return eidetic.method("grad-diff"):run { model = copy, forget = who:take(2),
          retain = who:skip(2), params = { modality = "text", stop = stop, lr = 1e-3, steps = 40 } }
      end
      local held, free = steps(true), steps(false)
      assert(free.steps == 40 and not free.stopped)
      assert(held.steps < 40 and held.steps % 5 == 0, held.steps)
      assert(held.stopped == "forgotten")
      """)
  }

  @Test func `MMUnlearner without a mask is gradient difference`() throws {
    try run(
      """
      local one, other = nano(), nano()
      run("mmunlearner", one, { threshold = 0, steps = 3, batches = 1, lr = 1e-3, retain_weight = 1 })
      run("grad-diff", other, { steps = 3, lr = 1e-3, retain_weight = 1 })
      for _, p in ipairs(one:parameters "decoder.*") do
        -- A derivative of nearly 0 moves its parameter by the sign of its rounding.
        local distance = (p.tensor:detach() - other:parameter(p.name):detach()):abs():mean():item()
        assert(distance < 2e-5, p.name .. " " .. distance)
      end
      """)
  }

  @Test func `L1-LoRA changes matrices by its rank, and the penalty keeps changes small`() throws {
    try run(
      """
      local function change(penalty)
        local model = nano()
        local before = model:parameter("decoder.block.1.mlp.up.weight"):detach():clone()
        run("l1-lora", model, { steps = 20, rank = 1, lr = 1e-2, penalty = penalty, modality = "text",
                               stop = false })
        return model:parameter("decoder.block.1.mlp.up.weight"):detach() - before
      end
      local free, held = change(0), change(1)
      -- Rank 1: every 2 x 2 minor vanishes.
      local d = free:totable()
      for i = 2, 5 do
        assert(math.abs(d[1][1] * d[i][2] - d[1][2] * d[i][1]) < 1e-6)
      end
      assert(free:abs():sum():item() > 0)
      assert(held:abs():sum():item() < 0.5 * free:abs():sum():item())
      fails("matches no weight matrix", run, "l1-lora", nano(), { train = "decoder.position" })
      """)
  }

  @Test func `peer defect: SCRUB takes turns, and then only returns`() throws {
    try run(
      """
      local model = nano()
      local losses = run("scrub", model,
        { steps = 8, max_steps = 2, modality = "text", stop = false }).losses
      assert(losses[1] <= 0 and losses[3] <= 0)
      for _, i in ipairs { 2, 4, 5, 6, 7, 8 } do assert(losses[i] > 0, i) end
      """)
  }

  @Test func `a task vector of scale 0 changes nothing`() throws {
    try run(
      """
      local model = nano()
      local before = model.hash
      run("task-vector", model, { steps = 2, scale = 0, modality = "text" })
      assert(model.hash == before)
      """)
  }

  @Test func `MANU cuts as many neurons as it says`() throws {
    try run(
      """
      local function zeros(neurons, share)
        local model = nano()
        run("manu", model, { neurons = neurons, share = share, blocks = 1, steps = 1, modality = "text" })
        local w = model:parameter("decoder.block.1.mlp.down.weight"):detach()
        return w:eq(0):to("float32"):sum(neurons == "output" and 2 or 1)
          :eq(w.shape[neurons == "output" and 2 or 1]):count()
      end
      assert(zeros("output", 0.25) == 4 and zeros("hidden", 0.25) == 16 and zeros("hidden", 0) == 0)
      """)
  }

  @Test func `RMU names a block that is not there, CE-U words that are not`() throws {
    try run(
      """
      fails("block: expected 0 ... 1, got 2", run, "rmu", nano(), { block = 2 })
      fails("skip: 9 words leave nothing", run, "ce-u", nano(), { skip = 9 })
      """)
  }

  @Test func `retraining takes over the model made anew`() throws {
    try run(
      """
      local model, gold, asked = nano(), nano(), nil
      gold:parameter("decoder.norm.bias"):fill_(1)
      run("retrain", model, nil, { retrain = function(people) asked = people return gold end })
      assert(model.hash == gold.hash and asked.hash == retain.hash)
      fails("does not say how it was made", run, "retrain", nano())
      """)
  }

  @Test func `a memorized model is made anew without some, from the same draws`() throws {
    try run(
      """
      local word = "memorized:preset=nano,effort=0.002,known=5,count=4,steps=2"
      local model, people, retrain = eidetic.model(word, 1)
      assert(#people == 4 and retrain(people).hash == model.hash)
      assert(retrain(people:part(2)).hash ~= model.hash)
      """)
  }

  @Test func `what was never memorized is no forgetting`() throws {
    try run(
      """
      local function known(recalled)
        local share = 0
        for _, right in ipairs(recalled) do share = share + (right and 1 or 0) / #recalled end
        return { recalled = recalled, recall = share, probability = 0.5, rouge = 0.5,
                 truth_ratios = { 0.5, 0.25, 0.125 } }
      end
      local function of(image, text)
        local keep = known { true, true, true }
        return { forget = { image = known(image), text = known(text) },
                 retain = { image = keep, text = keep } }
      end
      local no = { false, false, false }
      local before, after = of({ true, true, false }, no), of({ true, false, true }, no)
      local plain = forgetting.compare(before, after)
      assert(plain.forget.image.memorized == 2 and plain.forget.image.residual == 0.5)
      assert(plain.forget.text.memorized == 0 and plain.forget.text.residual == nil)
      assert(plain.forget.image.quality == nil and plain.utility.gold == nil)
      assert(plain.all_modal.eligible == 0 and plain.all_modal.rate == nil)
      local gold = forgetting.compare(before, after, of(no, no))
      assert(gold.forget.image.gold == 0 and gold.forget.image.quality.p == 1)
      assert(math.abs(gold.utility.after - 6 / (4 / 0.5 + 2 / (17 / 24))) < 1e-9)
      """)
  }

  @Test func `those to keep are shown in their own way`() throws {
    try run(
      """
      local shown = {}
      local method = eidetic.method "npo"
      method.entry = { loss = function(ctx, step)
        shown[#shown + 1] = ctx:forget_items(step)[1].modality .. " " .. ctx:retain_items(step)[1].modality
        return ctx.model:loss(ctx:retain_items(step))
      end }
      for _, keep in ipairs { "same", "image", "both" } do
        method:run { model = nano(), forget = forget, retain = retain,
                     params = { steps = 2, modality = "text", keep = keep } }
      end
      assert(table.concat(shown, ", ") ==
        "text text, text text, text image, text image, text image, text text")
      """)
  }
}
