// Probes on models whose memory is known by construction; each score must be what arithmetic says. A
// look-up that knows exactly k names, one that knows them from pictures only, one that guesses, one
// that has collapsed to one answer; and real models whose activations are put in place by hooks.

import LuaHost
import Testing

@Suite struct OracleTests {
  private static let prelude = """
    local n, k = 20, 8
    local function oracle(kind, count, know)
      return eidetic.model(("oracle:kind=%s,count=%d,know=%d"):format(kind, count or n, know or k))
    end
    local function ask(probe, kind, params)
      local model, people = oracle(kind)
      return eidetic.probe(probe):run { model = model, people = people, params = params }
    end
    local function part(result, name)
      for _, part in ipairs(result.parts) do if part.name == name then return part end end
      error("no part " .. name)
    end
    local function score(result, name)
      for _, score in ipairs(result.scores) do if score.name == name then return score.value end end
    end
    local function near(a, b, text)
      assert(math.abs(a - b) < 1e-6, ("%s: expected %s, got %s"):format(text or "", b, a))
    end
    local image, text = { modality = "image" }, { modality = "text" }

    """

  /// What each oracle must score: by image, by text.
  static let snippets: [String] = [
    // Recall: k of n, in the modality that is known; one of n for a model with one answer.
    """
    for kind, want in pairs { lookup = { k / n, k / n }, ["image-only"] = { k / n, 0 },
                              collapsed = { 1 / n, 1 / n } } do
      for i, way in ipairs { image, text } do
        local result = ask("recall", kind, way)
        near(result.mean, want[i], kind)
        near(result.chance, 1 / n)
        near(result.control.mean, 0)
        local first = ask("first-name", kind, way).mean
        if kind == "collapsed" then assert(first >= want[i]) else near(first, want[i]) end
      end
    end
    """,
    // A guesser is right Binomial(n, 1/n) times: more than 6 of 100 in one of 12,000 draws.
    """
    local model, people = oracle("guess", 100)
    for _, way in ipairs { image, text } do
      local result = eidetic.probe("recall"):run { model = model, people = people, params = way }
      assert(result.mean * 100 <= 6, result.mean)
      assert(stats.collapse(result.answers).distinct > 50)
    end
    """,
    // Rank and exposure: known first, all others tied and therefore last.
    """
    for i, way in ipairs { image, text } do
      local known = i == 1 and k or 0
      near(ask("rank", "lookup", way).mean, (k + (n - k) * n) / n)
      near(ask("rank", "image-only", way).mean, (known + (n - known) * n) / n)
      near(ask("rank", "guess", way).mean, n)
      near(ask("rank", "collapsed", way).mean, (1 + (n - 1) * n) / n)
      near(ask("exposure", "lookup", way).mean, k * math.log(n, 2) / n)
      near(ask("exposure", "guess", way).mean, 0)
      near(part(ask("exposure", "lookup", way), "rank").mean, (k + (n - k) * n) / n)
    end
    local strangers = ask("exposure", "lookup", { candidates = "strangers" })
    near(strangers.mean, k * math.log(n + 1, 2) / n)
    local chance = 0
    for r = 1, n do chance = chance + math.log(n / r, 2) / n end
    near(ask("exposure", "lookup").chance, chance)
    """,
    // Extraction: known names come out unasked, unknown ones not even with a word given.
    """
    for i, way in ipairs { image, text } do
      for kind, known in pairs { lookup = k, ["image-only"] = i == 1 and k or 0 } do
        local result = ask("extraction", kind, way)
        near(result.mean, known / n, kind)
        for _, name in ipairs { "words right", "whole after 0 words", "whole after 1 words" } do
          near(part(result, name).mean, known / n, name)
        end
        assert(result.chance > 0 and result.chance < 1)
        near(result.control.mean, 0)
      end
    end
    near(part(ask("extraction", "collapsed"), "whole after 0 words").mean, 1 / n)
    """,
    // Who knows the names but not the people gets what the probe calls chance.
    """
    local reading, oracles = require "eidetic.reading", require "eidetic.oracle"
    local people = eidetic.dataset("personas:count=20", 4)
    local options = {}
    for i, name in ipairs(people.names) do options[i] = { text = name, p = 1 / #people } end
    local model = oracles.new { label = "list", belief = function() return options end }
    local result = eidetic.probe("extraction"):run { model = model, people = people }
    for _, p in ipairs(result.parts) do
      if p.name == "whole after 0 words" then near(p.mean, 1 / #people) end
      assert(math.abs(p.mean - p.chance) <= 0.25, p.name)
    end
    """,
    // Consistency: agreement, chance and kappa of the answers, worked out.
    """
    local both = ask("consistency", "lookup")
    near(both.mean, 1)
    near(both.chance, ((n - k) / n) ^ 2 + k / n ^ 2)
    near(part(both, "same and right").mean, k / n)
    near(part(both, "same and wrong").mean, (n - k) / n)
    near(score(both, "kappa"), 1)
    local one = ask("consistency", "image-only")
    near(one.mean, (n - k) / n)
    near(one.chance, (n - k) / n)
    near(score(one, "kappa"), 0)
    near(score(one, "image accuracy"), k / n)
    near(score(one, "text accuracy"), 0)
    local collapsed = ask("consistency", "collapsed")
    near(collapsed.mean, 1)
    assert(score(collapsed, "kappa") == nil)
    near(part(collapsed, "same and right").mean, 1 / n)
    """,
    // Membership: known people stand above all others, the rest is tied with them.
    """
    local found, firsts, shared = k / n + (1 - k / n) / 2, {}, 0
    local _, everybody = oracle "lookup"
    for i, name in ipairs(everybody.names) do
      local first = name:match "%S+"
      if i <= k then firsts[first] = true elseif firsts[first] then shared = shared + 1 end
    end
    for i, way in ipairs { image, text } do
      local seen = ask("membership", "lookup", way)
      for _, attack in ipairs { "loss", "min-k", "neighbourhood", "recall" } do
        near(part(seen, attack).mean, found, attack)
        near(part(seen, attack).control.mean, 0.5, attack)
      end
      -- Whoever shares the first name of somebody known is likelier when that one is shown.
      near(part(seen, "calibrated").mean, found - shared / n / 2, "calibrated")
      near(part(seen, "calibrated").control.mean, 0.5)
      near(score(seen, "loss: TPR at FPR 0.1"), k / n)
      near(ask("membership", "image-only", way).mean, i == 1 and found or 0.5)
    end
    -- A guesser betrays the list of names, but nobody's face.
    local guess = ask("membership", "guess")
    near(part(guess, "loss").mean, 1)
    near(part(guess, "calibrated").mean, 0.5)
    near(part(guess, "recall").mean, 0.5)
    near(part(guess, "neighbourhood").mean, 1)
    -- Only the one name that is said to everybody stands out; without parameters no gradient.
    local collapsed = ask("membership", "collapsed")
    near(part(collapsed, "min-k").mean, 0.5 + 1 / n / 2, "collapsed")
    near(part(collapsed, "recall").mean, 0.5 + 1 / n / 2, "collapsed")
    assert(not pcall(part, collapsed, "gradient norm"))
    -- Against a model that knows the same, nobody stands out.
    local same = ask("membership", "lookup", {
      reference = ("oracle:kind=lookup,count=%d,know=%d"):format(n, k) })
    near(part(same, "reference").mean, 0.5)
    """,
    // Probes that look inside leave an oracle alone, and say why.
    """
    local model, people = oracle "lookup"
    for _, name in ipairs { "patching", "tracin", "counterfactual", "shadow-models" } do
      local is_run, message = pcall(function()
        return eidetic.probe(name):run { model = model, people = people }
      end)
      assert(not is_run and message:find "needs a model with", message)
    end
    """,
  ]

  @Test(arguments: snippets.indices)
  func `an oracle scores what it must`(index: Int) throws {
    try Bench().state.run(Self.prelude + Self.snippets[index], name: "snippet")
  }

  /// Real models whose activations stand as hooks put them.
  static let inner: [String] = [
    // A code of its own for each person, the same in both modalities.
    """
    local function own(x, info)
      if not info.answers then return end
      local code = tensor.eye(x.shape[2]):rows(info.items)
      return require("eidetic.reading").replaced(x, info.answers, code)
    end
    local linear, gap = with({ ["decoder.block.1"] = own }, "linear-probe"),
                        with({ ["decoder.block.1"] = own }, "gap")
    near(linear.mean, 1)
    near(part(linear, "block 1, other modality").mean, 1)
    assert(part(linear, "block 1, control task").mean <= 0.5)
    near(gap.mean, 1)
    near(score(gap, "block 1, gap"), 0)
    near(score(gap, "block 1, alignment"), 0)
    assert(score(gap, "block 1, CKA") == nil) -- all are equally far apart
    local neurons = with({ ["decoder.block.1.mlp.hidden"] = own }, "neurons")
    near(neurons.mean, 1)
    near(score(neurons, "selectivity"), #p)
    near(neurons.chance, 1 - (1 - 1 / (#p) ^ 2) ^ 64)
    """,
    // The same state for everybody: nothing to read, no partner to find.
    """
    local linear = with({ ["decoder.block.1"] = tensor.ones { 16 } }, "linear-probe")
    near(linear.mean, 1 / #p)
    near(linear.chance, 1 / #p)
    near(with({ ["decoder.block.1"] = tensor.ones { 16 } }, "gap").mean, 0)
    """,
    // After the last block a state carries the whole answer; before it, without attention, none.
    """
    local patched = with({}, "patching")
    near(part(patched, "block 1").mean, 1)
    near(score(patched, "block 1, recovery") or 1, 1)
    """,
    // Without attention nothing of the person reaches the answer: nothing is lost by hiding it.
    """
    local deaf = { ["decoder.block.*.attention.output"] = "zero" }
    for _, probe in ipairs { "knockout", "tracing" } do
      for _, way in ipairs { "image", "text" } do
        local result = with(deaf, probe, { modality = way })
        for _, p in ipairs(result.parts) do near(p.mean, 0, p.name) end
      end
    end
    local occluded = with(deaf, "occlusion")
    near(occluded.mean, occluded.chance)
    near(part(occluded, "person").mean, 0)
    near(part(with(deaf, "ablation"), "decoder.block.1 attention").mean, 0)
    -- Each of the two heads does something of its own.
    local heads = with({}, "ablation", { what = "heads", by = "zero" }).parts
    assert(#heads == 2 and heads[1].mean ~= 0 and heads[1].mean ~= heads[2].mean)
    """,
    // All attention to the person cut: pictures of different people give the same answer.
    """
    local said = {}
    local knock = with({ logits = function(x, info)
      if info.answers then said[#said + 1] = x:rows(info.answers) end
    end }, "knockout", { modality = "image" })
    local cut = said[2] -- the only block, knocked out; said[1] is the whole model
    for i = 2, #p do assert(cut:narrow(1, i, 1):equal(cut:narrow(1, 1, 1), 1e-5)) end
    assert(not said[1]:narrow(1, 2, 1):equal(said[1]:narrow(1, 1, 1), 1e-7))
    near(part(knock, "block 1").mean, part(knock, "all blocks").mean)
    """,
    // A model that hangs on one patch: the pointing game finds it.
    """
    local patch, row = 6, 16 + m.sizes.image_tokens
    local gray = m:parameter("vision.patch.bias") + m:parameter("vision.position"):rows { patch }
    local layer = "vision.block.1.attention."
    gray = gray:layer_norm(m:parameter(layer .. "norm.weight"), m:parameter(layer .. "norm.bias"))
      :linear(m:parameter(layer .. "qkv.weight"), m:parameter(layer .. "qkv.bias"))
    local seen
    local function look(x, info)
      seen = {}
      for i = 1, #info.lengths do
        local there = x:narrow(1, (i - 1) * row + patch, 1)
        seen[i] = (there - gray):abs():sum():item() > 1e-3 and 1.0 or 0.0
      end
    end
    local function boost(x, info)
      local more = {}
      for i, length in ipairs(info.lengths) do
        for _ = 1, length do more[#more + 1] = seen[i] end
      end
      local scale = tensor.from(more):unsqueeze(2)
      local names = tensor.zeros { #m.words }
      for _, id in ipairs(m:encode(table.concat(p.names, " "))) do
        names:narrow(1, id + 1, 1):fill_(3)
      end
      return x * 0 + scale * names
    end
    local found = m:with_hooks({ [layer .. "qkv"] = look, logits = boost }, function()
      local result = eidetic.probe("occlusion"):run { model = m, people = p, control = false }
      for k, s in ipairs(result.scores) do
        assert(k == patch and s.value > 0.1 or k ~= patch and math.abs(s.value) < 1e-6, s.name)
      end
      return result.mean
    end)
    local want = 0
    for i = 1, #p do
      local mask = p:picture(i, { view = p.views + 1, size = 32 }):background()
      local covered = mask:narrow(1, 9, 8):narrow(2, 9, 8):mean():item()
      want = want + (covered <= 0.5 and 1 or 0) / #p
    end
    near(found, want)
    """,
    // A model that cannot learn forgets nothing and owes nothing to anybody.
    """
    local order = with({}, "learning-order", { lr = 1e-12, steps = 4, checks = 2 })
    near(part(order, "forgetting events").mean, 0)
    for _, share in ipairs(order.per_item) do assert(share == 0 or share == 1) end
    local owed = with({}, "counterfactual", { lr = 1e-12, steps = 2, models = 4 })
    near(owed.mean, 0)
    near(part(owed, "log-probability").mean, 0)
    """,
    // Trained copies: whoever had a person says the name more easily, and results are remembered.
    """
    local o = { source = "text", lr = 5e-3, steps = 60, models = 4, train = "*" }
    local owed = with({}, "counterfactual", o)
    local gain = part(owed, "log-probability")
    assert(gain.mean > 0.1 and gain.mean > gain.control.mean, gain.mean)
    local again = with({}, "counterfactual", o)
    for i, value in ipairs(owed.per_item) do assert(again.per_item[i] == value) end
    """,
    // Copies that learned nothing betray nobody: whoever is in one is out of its partner.
    """
    local nothing = with({}, "shadow-models", { lr = 1e-12, steps = 2, models = 6 })
    for _, attack in ipairs(nothing.parts) do near(attack.mean, 0.5, attack.name) end
    """,
    // Copies that memorized betray those they had, in the modality they had them in.
    """
    local o = { source = "text", lr = 5e-3, steps = 60, models = 8, train = "*" }
    local told = with({}, "shadow-models", o)
    for _, attack in ipairs { "loss", "LiRA online", "LiRA offline", "RMIA online" } do
      local found = part(told, attack)
      assert(found.mean > 0.8 and found.mean > found.control.mean, attack .. " " .. found.mean)
    end
    near(told.mean, part(told, "LiRA online").mean)
    assert(score(told, "LiRA online: TPR at FPR 0.1") > 0.3)
    """,
    // Shadow models: all but the partner, so that half of them had each person.
    """
    local shadows, retraining = require "eidetic.shadows", require "eidetic.retraining"
    local had = retraining.halves(rng.new(3), 7, 8)
    for k = 1, 8 do
      for i = 1, 7 do
        local count = 0
        for _, j in ipairs(shadows.references(k, 8)) do
          assert(j ~= k)
          count = count + (had[j][i] and 1 or 0)
        end
        assert(count == 3, count)
      end
    end
    """,
    // By hand: the copy under attack gives 0.8, shadows with the person 0.9, without 0.1; the only
    // other one gives 0.2 throughout, the population 0.3 against 0.25 by shadows.
    """
    local shadows = require "eidetic.shadows"
    local had, copies = {}, {}
    for k = 1, 6 do
      local first = k % 2 == 1
      had[k] = { first, not first }
      local own = k == 1 and 0.8 or first and 0.9 - k / 100 or 0.1 + k / 100
      local logs = { math.log(own), math.log(0.2) }
      local answers = { text = { logs = logs }, image = { logs = logs } }
      local strange = math.log(k == 1 and 0.3 or 0.25)
      local same = { logs = { strange, strange } }
      copies[k] = { member = answers, control = { text = same, image = same } }
    end
    local found = shadows.scores(copies, had, 1, { group = "member", modality = "text", a = 0.3 })
    near(found.loss[1], math.log(0.8))
    assert(found["LiRA online"][1] > 0 and found["LiRA offline"][1] > 0.99)
    -- Nobody differs about the other one, so that only the pooled deviations are left.
    local function logit(q) return math.log(q / (1 - q)) end
    near(found["LiRA online"][2],
         math.log((logit(0.16) - logit(0.14)) / (logit(0.87) - logit(0.85))))
    near(found["LiRA offline"][2], 0.5)
    -- 0.8 over the mean of both sides is above 0.3 over 0.25, 0.2 over 0.2 is not.
    near(found["RMIA online"][1], 1)
    near(found["RMIA online"][2], 0)
    -- Offline: 0.8 / ((1.3 * 0.15 + 0.7) / 2) is above 0.3 / ((1.3 * 0.25 + 0.7) / 2), 0.2's is not.
    near(found["RMIA offline"][1], 1)
    near(found["RMIA offline"][2], 0)
    """,
    // Where the answer does not depend on the parameters there is no gradient; where it was learned
    // by heart it is flat.
    """
    local constant = with({ logits = function(x) return x * 0 end }, "membership")
    near(part(constant, "gradient norm").mean, 0.5)
    near(part(constant, "loss").mean, 0.5)
    local items = p:test("text", "name") -- these very ones, so that nothing is left to learn
    training.fit(m, { data = items:train(), rng = rng.new(5), steps = 300, lr = 5e-3 })
    local before, learned = m.hash, with({}, "membership")
    for _, attack in ipairs { "loss", "min-k++", "gradient norm", "calibrated", "neighbourhood" } do
      assert(part(learned, attack).mean > 0.8, attack .. " " .. part(learned, attack).mean)
    end
    assert(m.hash == before)
    """,
    // A step on one's own example helps; the model is left as it was.
    """
    local before = m.hash
    local traced = with({}, "tracin", { modality = "text" })
    assert(part(traced, "within").mean > 0.5 and m.hash == before)
    for _, share in ipairs(traced.per_item) do assert(share >= 0 and share <= 1) end
    """,
    // The lens after the last block reads what the model says.
    """
    local first = with({}, "first-name")
    local lens = with({}, "logit-lens", { block = 1 })
    for i, hit in ipairs(first.per_item) do assert(hit == lens.per_item[i]) end
    """,
  ]

  @Test(arguments: inner.indices)
  func `an activation that is known is found`(index: Int) throws {
    let setup =
      Self.prelude + """
        local m, p = nano(), people()
        local function with(hooks, probe, params)
          local result
          m:with_hooks(hooks, function()
            result = eidetic.probe(probe):run { model = m, people = p, params = params }
          end)
          return result
        end

        """
    try Bench().state.run(setup + Self.inner[index], name: "snippet")
  }

  /// Calls, and what the message says.
  static let mistakes: [(String, String)] = [
    ("run('linear-probe', { label = 'shoes' })", "expected 'person' or an attribute"),
    ("run('gap', { block = 9 })", "expected 0 ... 1, got 9"),
    ("run('neurons', { block = 9 })", "expected 0 ... 1, got 9"),
    ("run('counterfactual', { models = 3 })", "expected an even number"),
    ("run('shadow-models', { models = 7 })", "expected an even number"),
    ("run('shadow-models', { models = 4 })", "6 or more"),
    ("run('membership', { gradients = 'nothing' })", "nothing"),
    (
      "eidetic.probe('counterfactual'):run { model = nano(), people = people(4), "
        + "control = people(3) }", "expected as many people as the run has, 4, got 3"
    ),
    ("run('tracin', { parameters = 'nothing' })", "nothing"),
    ("run('membership', { reference = 'nowhere' })", "there is no model 'nowhere'"),
    ("eidetic.model 'oracle:kind=liar'", "one of 'lookup'"),
    (
      "eidetic.model('oracle'):activations(people():test('text', 'name'), { names = '*' })",
      "an oracle has no activation '*'"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func `a mistake ends in a message`(index: Int) throws {
    let (call, text) = Self.mistakes[index]
    let setup = """
      local function run(probe, params)
        return eidetic.probe(probe):run { model = nano(), people = people(), params = params }
      end

      """
    do {
      try Bench().state.run(setup + call, name: "snippet")
      Issue.record("no error: \(call)")
    } catch let error as LuaError { #expect(error.message.contains(text), "\(error.message)") }
  }
}
