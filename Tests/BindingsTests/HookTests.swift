// Activations from Lua: read, replaced, blocked. Each snippet is a chunk whose `assert`s must hold,
// or that must fail with a message.

import LuaHost
import Testing

@Suite struct LuaHookTests {
  /// One person's views have prompts of equal length, so that one run fits into another.
  private static let prelude = """
    local m, p = nano(), people()
    local items = p:test("image", "name")
    local function logits(of) return m:activations(of or items, { names = "logits" }).logits end

    """

  static let snippets: [String] = [
    """
    local names = m:hook_points()
    assert(#names == 18, #names)
    assert(table.concat(m:hook_points "decoder.block.1*", " ") == "decoder.block.1.attention.qkv "
      .. "decoder.block.1.attention.heads decoder.block.1.attention.output "
      .. "decoder.block.1.mlp.hidden decoder.block.1.mlp decoder.block.1")
    """,
    // Reading: the head, computed by hand, and the rows.
    """
    local x, rows = m:activations(items, { names = { "decoder.block.1", "logits", "projector" } })
    local r = rows["decoder.block.1"]
    assert(#r.lengths == 6 and #r.answers == 6 and r.items[6] == 6 and r.starts[1] == 1)
    assert(rows.projector.answers == nil and x.projector.shape[1] == 6 * m.sizes.image_tokens)
    local states = x["decoder.block.1"]:rows(r.answers)
      :layer_norm(m:parameter "decoder.norm.weight", m:parameter "decoder.norm.bias")
      :linear(m:parameter "decoder.embedding")
    assert(states:equal(x.logits:rows(rows.logits.answers)))
    local at = m:activations(items, { names = "logits", at = "answer" }).logits
    assert(at:equal(states))
    """,
    // Replacing with itself changes nothing, blocking does.
    """
    local before = logits()
    local seen = {}
    local same = m:with_hooks({ ["*"] = function(x, info)
      seen[info.name] = true
      if info.name:find "mlp" then return x end
    end }, logits)
    assert(same:equal(before))
    for _, name in ipairs(m:hook_points()) do assert(seen[name], name) end
    for _, hook in ipairs { "zero", "mean", tensor.ones { 16 } } do
      assert(not m:with_hooks({ ["decoder.block.1.mlp"] = hook }, logits):equal(before))
    end
    local zeros = m:with_hooks({ projector = function(x) return x * 0 end }, logits)
    assert(zeros:equal(m:with_hooks({ projector = "zero" }, logits)))
    assert(logits():equal(before))
    """,
    // Patching: the last block's output of one run decides the logits of another.
    """
    local others = p:test("image", "name", { view = 2 })
    local name = "decoder.block.1"
    local clean = m:activations(items, { names = name })[name]
    assert(not logits(others):equal(logits()))
    local patched = m:with_hooks({ [name] = clean }, function() return logits(others) end)
    assert(patched:equal(logits()))
    """,
    // Cached answers see hooks too, by item, also across batches.
    """
    local items_seen, steps = {}, 0
    local favourite = tensor.zeros { #m.words }
    favourite:narrow(1, 6, 1):fill_(9)
    local answers = m:with_hooks({ logits = function(x, info)
      assert(x.shape[1] == #info.items)
      if info.answers then
        for _, i in ipairs(info.items) do items_seen[#items_seen + 1] = i end
      else steps = steps + 1 end
      return x * 0 + favourite
    end }, function() return m:generate(items, { batch = 4, max_words = 3 }) end)
    assert(table.concat(items_seen, " ") == "1 2 3 4 5 6" and steps == 4)
    local word = m.words[6]
    assert(answers[1] == word .. " " .. word .. " " .. word and answers[6] == answers[1])
    local free = m:rank(items, p.names)
    local muted = m:with_hooks({ ["decoder.norm"] = "zero" }, function()
      return m:rank(items, p.names)
    end)
    local short = p.names[1]
    for i, r in ipairs(muted) do assert(r >= 1 and r <= 6 and free[i] >= 1) end
    """,
    // Derivatives flow through a replacement; training moves a steering vector.
    """
    local steer = tensor.zeros({ 16 }):requires_grad()
    local before = m.hash
    local h = training.minimize({ steer }, { steps = 20, lr = 0.1, warmup = 0, loss = function()
      return m:with_hooks({ ["decoder.block.1"] = function(x) return x + steer end },
                          function() return m:loss(items) end)
    end })
    assert(h.losses[20] < h.losses[1] and m.hash == before)
    """,
    """
    local calls = 0
    m:with_hooks({ ["decoder.block.1.mlp"] = function(x) calls = calls + 1 return x * 0 end },
                 function()
      training.fit(m, { data = p:train("text", "name"), rng = rng.new(1), steps = 3, batch = 4,
                        train = { "decoder.block.*" }, weight_decay = 0 })
    end)
    assert(calls == 3)
    local start = nano()
    assert(m:parameter("decoder.block.1.mlp.up.weight")
      :equal(start:parameter "decoder.block.1.mlp.up.weight"))
    assert(not m:parameter("decoder.block.1.attention.qkv.weight")
      :equal(start:parameter "decoder.block.1.attention.qkv.weight"))
    """,
    // The gradient at an activation: let a leaf stand in its place.
    """
    local leaf
    local loss = m:with_hooks({ ["decoder.block.1"] = function(x)
      leaf = x:detach():requires_grad()
      return leaf
    end }, function() return m:loss(items) end)
    loss:backward()
    assert(leaf.grad.shape[2] == 16 and leaf.grad:abs():sum():item() > 0)
    """,
    // Nested hooks run outer first; within a hook the model is bare; hooks go after an error.
    """
    local before, order = logits(), {}
    m:with_hooks({ projector = function() order[#order + 1] = "outer" end }, function()
      m:with_hooks({ projector = function() order[#order + 1] = "inner" end }, logits)
    end)
    assert(table.concat(order, " ") == "outer inner")
    local bare
    m:with_hooks({ projector = function() bare = m:loss(items):item() return nil end }, logits)
    assert(bare == m:loss(items):item())
    assert(not pcall(m.with_hooks, m, { projector = "zero" }, function() error "x" end))
    assert(not pcall(m.with_hooks, m, { projector = error }, logits))
    assert(logits():equal(before))
    local a, b = m:with_hooks({}, function() return 1, "two" end)
    assert(a == 1 and b == "two")
    """,
    // Losses per example and per word.
    """
    local losses, words = m:losses(items), m:token_log_probabilities(items)
    assert(losses.shape[1] == 6 and #words == 6)
    local sum, count = 0, 0
    for i, item in items do
      assert(#words[i] == #m:encode(item.answer) + 1)
      assert(math.abs(losses:detach()[i] + words[i]:mean():item()) < 1e-5)
      sum, count = sum - words[i]:sum():item(), count + #words[i]
    end
    assert(math.abs(sum / count - m:loss(items):item()) < 1e-5)
    local score = m:log_probabilities(items, p.names)
    for i = 1, 6 do assert(math.abs(words[i]:sum():item() - score[i][i]) < 1e-4) end
    assert(#m:losses(p:part(1, 1):test("text", "name")) == 1)
    m:losses(items):max():backward()
    assert(m:parameter("decoder.norm.weight").grad)
    assert(m:decode(m:encode(p.names[1])) == p.names[1] and m:decode { -1, 1 << 40 } == "<?> <?>")
    """,
  ]

  @Test(arguments: snippets.indices)
  func `a snippet holds`(index: Int) throws {
    try Bench().state.run(Self.prelude + Self.snippets[index], name: "snippet")
  }

  static let mistakes: [(String, String)] = [
    ("m:with_hooks({ decodr = 'zero' }, logits)", "no hook point's name matches 'decodr'"),
    ("m:with_hooks({ 'zero' }, logits)", "expected hooks by pattern"),
    ("m:with_hooks({ logits = 'zer' }, logits)", "hook 'logits' must be a function, 'zero'"),
    ("m:with_hooks({ logits = 3 }, logits)", "or a Tensor, got integer"),
    (
      "m:with_hooks({ ['decoder.*'] = function() error 'boom' end }, logits)",
      "hook 'decoder.embedding': snippet:4: boom"
    ),
    (
      "m:with_hooks({ projector = function() return 3 end }, logits)",
      "hook 'projector': expected a tensor or nothing, got integer"
    ),
    (
      "m:with_hooks({ projector = function() return tensor.zeros { 2, 3 } end }, logits)",
      "hook 'projector': expected float32 [42, 16], got float32 [2, 3]"
    ),
    (
      "m:with_hooks({ projector = function(x) return x:gt(0) end }, logits)", "got bool [42, 16]"
    ),
    (
      "m:with_hooks({ projector = tensor.zeros { 3 } }, logits)",
      "hook 'projector': expected a tensor that broadcasts to [42, 16], got [3]"
    ),
    (
      "m:with_hooks({ projector = function() m:with_hooks({}, logits) end }, logits)",
      "cannot be set within a hook"
    ),
    ("m:activations(items, { names = 'nothing' })", "no hook point's name matches 'nothing'"),
    ("m:activations(items, { names = 'vision.*', at = 'answer' })", "no row of the answer"),
    ("m:activations(items, { at = 'end' })", "at"),
    ("m:encode 'qwerty'", "qwerty"),
  ]

  @Test(arguments: mistakes.indices)
  func `a mistake says what is wrong and where`(index: Int) throws {
    let (snippet, text) = Self.mistakes[index]
    let bench = try Bench()
    do {
      try bench.state.run(Self.prelude + snippet, name: "snippet")
      Issue.record("no error: \(snippet)")
    } catch let error as LuaError {
      #expect(error.message.contains(text), "\(error.message)")
      #expect(error.message.contains("snippet:"), "\(error.message)")
    }
  }

  @Test func `an interrupt passes through a hook`() throws {
    let bench = try Bench(), state = bench.state
    try state.register(
      NativeModule(
        "stopper", "Stops.",
        functions: [
          NativeFunction("stop", "Stops.") { [weak state] _ in
            state?.interrupt()
            return []
          }
        ]))
    do {
      try state.run(
        Self.prelude + """
          local stop = require("stopper").stop
          m:with_hooks({ projector = function() stop() while true do end end }, logits)
          """, name: "snippet")
      Issue.record("no interrupt")
    } catch let error as LuaError { #expect(error.kind == .interrupted) }
  }
}
