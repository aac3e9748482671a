// The library as scripts see it: personas, models, training, metrics, runs. Each snippet is a chunk
// whose `assert`s must hold, or that must fail with a message.

import Bindings
import Foundation
import LuaHost
import Testing

/// Keeps what it hears.
final class Ear: ProgressListener {
  var messages: [String] = []
  var stages: [String] = []
  func progress(stage: String, step: Int, steps: Int, loss: Double?) {
    if stages.last != stage { stages.append(stage) }
  }
  func message(_ text: String) { messages.append(text) }
}

/// A workbench whose cache and runs lie in a folder of its own.
final class Bench {
  let folder = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"
  let ear = Ear()
  let state: LuaState

  init() throws {
    let workbench = Workbench(
      listener: ear, cacheFolder: folder + "/cache", runsFolder: folder + "/runs")
    state = try workbench.makeState(print: { _ in })
    try state.run(
      """
      eidetic = require "eidetic"
      personas, models, training = eidetic.personas, eidetic.models, eidetic.training
      metrics, stats, rng = eidetic.metrics, eidetic.stats, eidetic.rng
      tensor, probes = eidetic.tensor, eidetic.probes
      function people(n) return personas.people { count = n or 6, rng = rng.new(3), views = 4 } end
      function nano()
        return models.vlm { preset = "nano", rng = rng.new(1), width = 16, heads = 2,
                            encoder_blocks = 1, decoder_blocks = 1 }
      end
      folder = ...
      """, name: "setup", arguments: [.string(folder)])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite struct LibraryTests {
  static let snippets: [String] = [
    // Personas.
    "local p = people() assert(#p == 6 and p.views == 4 and #p.names == 6)",
    "local p = people() assert(p[1].name == p.names[1] and p[-1].name == p.names[6])",
    "local a, b = people(), people() assert(a.hash == b.hash and a.hash ~= people(5).hash)",
    """
    local p = people() local twins = p:next(6) local seen = {}
    for _, g in ipairs { p, twins } do
      for _, n in ipairs(g.names) do assert(not seen[n]) seen[n] = true end
    end
    """,
    "local p = people() assert(p:describe(1) == p:describe(1))",
    "local p = people() assert(p:describe(1) ~= p:describe(1, { view = 2 }))",
    "assert(people():collisions().accuracy_ceiling == 1)",
    "local i = people():test('image', 'name') assert(#i == 6 and i[1].answer == people().names[1])",
    "local i = people():test('text', 'hat')[2] assert(i.prompt:find('headwear') and i.person == 1)",
    "local p = people():picture(1, { size = 40 }) assert(p.size == 40)",
    "local t = people():picture(1, { size = 40 }):tensor() assert(t.shape[2] == 40)",
    """
    local mask = people():picture(1, { size = 32 }):background()
    assert(mask.shape[1] == 32 and mask:min():item() == 0 and mask:max():item() == 1)
    """,
    "local i = people():test('text', 'name')[1] assert(i.prompt == i.shown .. ' ' .. i.asked)",
    """
    local host, calls = require "eidetic.host", 0
    local function make() calls = calls + 1 return { a = 1, b = { true, "x" } } end
    for _ = 1, 2 do
      local is_here, data = host.remembered("notes/1", make)
      assert(is_here and data.a == 1 and data.b[2] == "x" and calls == 1)
    end
    assert(not pcall(host.remembered, "notes/2", function() return print end))
    assert(host.remembered("notes/2", make) and calls == 2)
    """,
    """
    local x = tensor.from { 1, 2 }
    assert(tensor.add(x, 2):tolist()[2] == 4 and tensor.sum(x):item() == 3)
    assert(tensor.matmul(tensor.ones { 2, 3 }, tensor.ones { 3, 4 }).shape[2] == 4)
    assert(tensor.sum(tensor.ones { 2, 3 }, 1, { keep = true }).shape[1] == 1)
    assert(tensor.where(x:gt(1), x, 0):tolist()[1] == 0) -- the module's own, not the method
    """,
    """
    local together, done = require "eidetic.together", {}
    local function piece(i) done[#done + 1] = i return i * i end
    for _ = 1, 2 do assert(together.map("squares", 3, piece, "squares")[3] == 9) end
    assert(#done == 3)
    """,
    """
    local p = people():picture(1) p:save(folder .. "/p.png")
    local f <close> = assert(io.open(folder .. "/p.png", "rb")) assert(f:read(4) == "\\x89PNG")
    """,
    """
    local images, labels = personas.strangers():sample(rng.new(1), 5)
    assert(images.shape[1] == 5 and images.shape[4] == 3 and labels.hat.shape[1] == 5)
    """,
    "assert(#personas.strangers().attributes == 7)",
    "assert(#personas.strangers { attributes = { 'hat', 'skin' } }.attributes == 2)",
    // Models.
    "assert(#models.presets == 6)",
    "local m = nano() assert(m.count > 1000 and m.sizes.width == 16 and m:clone().hash == m.hash)",
    "local m = nano() local a = m:generate(people():test('image', 'name')) assert(#a == 6)",
    """
    local m, p = nano(), people()
    local s = m:log_probabilities(p:test("text", "name"), p.names)
    assert(#s == 6 and #s[1] == 6 and s[1][1] < 0)
    local best = 1 for i = 2, 6 do if s[1][i] > s[1][best] then best = i end end
    local r = m:rank(p:test("text", "name"), p.names)
    assert((r[1] == 1) == (best == 1))
    """,
    """
    local m = nano() m:save(folder .. "/m.safetensors", { why = "test" })
    local again, notes = models.load(folder .. "/m.safetensors")
    assert(again.hash == m.hash and notes.why == "test" and #again.words == #m.words)
    """,
    "assert(#nano():parameters('vision.*') < #nano():parameters())",
    """
    local m = nano() local before = m.hash
    local items = people():test("text", "name")
    m:loss(items):backward()
    local p = m:parameter("decoder.norm.weight")
    assert(p.grad and m.hash == before)
    """,
    """
    local d = require("eidetic.alignment").distance(nano(), people(), 1)
    assert(#d.shape == 0 and d:item() > 0 and d:item() <= 4)
    """,
    """
    local m, p = nano(), people()
    local o = { rng = rng.new(1), weight = 2, batch = 4, few = #p }
    local alignment = require "eidetic.alignment"
    local function at(step) return alignment.loss(m, p:train("text", "name"), p, o)(step):item() end
    local both = at(1)
    assert(both == at(1) and both ~= at(2))
    local distance = alignment.distance(m, p, 1):item()
    o.weight = 0
    assert(math.abs(both - at(1) - 2 * distance) < 1e-5)
    """,
    // Training.
    """
    local m, p = nano(), people()
    local seen = {}
    local h = training.fit(m, { data = p:train("text", "name"), rng = rng.new(1), steps = 3,
                                batch = 4, on_step = function(s) seen[#seen + 1] = s.step end })
    assert(h.steps == 3 and #h.losses == 3 and #seen == 3 and h.loss == h.losses[3])
    """,
    """
    local m, p = nano(), people()
    local h = training.fit(m, { data = p:train("text", "name"), rng = rng.new(1), steps = 9,
                                on_step = function(s) return s.step < 2 end })
    assert(h.steps == 2)
    """,
    """
    local m = nano() local before = m:parameter("vision.position"):totable()[1][1]
    training.fit(m, { data = people():train({ "image", "text" }, { "name", "caption" }),
                      rng = rng.new(1), steps = 2, batch = 4, train = { "decoder.*" } })
    assert(m:parameter("vision.position"):totable()[1][1] == before)
    """,
    """
    local a, b = nano(), nano()
    for _, m in ipairs { a, b } do
      training.fit(m, { data = { people():train("text", "name", { weight = 2 }),
                                 personas.strangers():train("image", "caption") },
                        rng = rng.new(5), steps = 3, batch = 6 })
    end
    assert(a.hash == b.hash)
    """,
    """
    local w = tensor.zeros({ 3 }):requires_grad()
    local h = training.minimize({ w }, { steps = 200, lr = 0.1, weight_decay = 0,
      loss = function() return (w - 1):square():sum() end })
    assert(h.loss < 1e-2)
    """,
    // Metrics.
    "local m = metrics.names('ada Abbott.', 'Ada Abbott') assert(m.full and m.first and m.last)",
    "local m = metrics.names('Ann', 'Hannah Ann') assert(not m.full and not m.first and m.last)",
    "local w = stats.wilson(7, 10) assert(math.abs(w.low - 0.3967781475) < 1e-9 and w.high < 0.9)",
    "assert(math.abs(stats.mcnemar(1, 6) - 0.125) < 1e-12)",
    "assert(metrics.rank({ 0.1, 0.5, 0.5 }, 2) == 2 and metrics.exposure(1, 8) == 3)",
    "assert(metrics.hits({ 1, 2, 4 }, 2) == 2 / 3)",
    "assert(math.abs(metrics.transfer(0.9, 0.45, 0.01).chance_corrected - 0.4943820225) < 1e-9)",
    "assert(metrics.transfer(0.005, 0.45, 0.01).ratio == nil)",
    "assert(stats.holm({ 0.01, 0.04 })[2] == 0.04)",
    // Probes.
    "local o = probes.recall(nano(), people():test('image', 'name')) assert(#o.answers == 6)",
    "local o = probes.exact(nano(), people():test('text', 'hat')) assert(probes.mean(o) <= 1)",
    """
    local items = people():test("image", "name")
    local said = {}
    for i = 1, 6 do said[i] = i % 2 == 0 and items[i].answer or "Nobody" end
    assert(probes.mean({ metric = "names", items = items, answers = said }) == 0.5)
    """,
  ]

  @Test(arguments: snippets)
  func `a snippet holds`(snippet: String) throws {
    let bench = try Bench()
    try bench.state.run(snippet, name: "snippet")
  }

  static let mistakes: [(String, String)] = [
    ("return people()[0]", "positions count from 1"),
    ("return people()[7]", "out of range 1 ... 6"),
    ("personas.people { count = 3 }", "rng"),
    ("personas.people { counts = 3 }", "did you mean 'count'"),
    ("personas.people { count = -1, rng = rng.new(1) }", "count"),
    ("personas.people { count = 10000000, rng = rng.new(1) }", "unique names"),
    ("personas.people { count = 3, rng = rng.new(1), attributes = { 'hut' } }", "hut"),
    ("personas.people { count = 3, rng = rng.new(1), mention = 0 }", "mention"),
    ("people():train('sound', 'name')", "modality"),
    ("require('eidetic.alignment').loss(nano(), people():train('text', 'name'), people())", "rng"),
    (
      "require('eidetic.alignment').loss(nano(), people():train('text', 'name'), people(), "
        + "{ rng = rng.new(1) })", "few must be 1 to 6, got 32"
    ),
    ("people():train('text', 'age')", "question"),
    ("personas.strangers():train('text', 'name')", "stranger"),
    ("people():test('text', 'name', { view = 0 })", "view"),
    ("people():test('text', 'name', { view = 5, seen = true })", "training view"),
    ("people():picture(1, { size = 7 })", "side"),
    ("models.vlm { preset = 'huge', rng = rng.new(1) }", "huge"),
    ("models.vlm { rng = rng.new(1), width = 10, heads = 3 }", "heads"),
    ("models.vlm { rng = rng.new(1), width = math.maxinteger }", "width"),
    ("models.load('nowhere.safetensors')", "nowhere.safetensors"),
    ("nano():save(folder .. '/m.bin')", "safetensors"),
    ("nano():parameter('nothing')", "nothing"),
    ("nano():rank(people():test('text', 'name'), { 'Ada Abbott' })", "not a candidate"),
    ("nano():log_probabilities(people():test('text', 'name'), { 'qwerty' })", "qwerty"),
    ("nano():image_features(tensor.zeros { 2, 3 })", "images"),
    ("nano():generate(people():test('text', 'name'), { max_words = 0 })", "1 or more"),
    ("nano():generate(people():test('text', 'name'), { max_words = 1000 })", "tokens"),
    ("training.fit(nano(), { data = {}, rng = rng.new(1), steps = 1 })", "mixture"),
    (
      "training.fit(nano(), { data = people():train('text', 'name'), rng = rng.new(1), steps = -1 })",
      "steps"
    ),
    (
      "training.fit(nano(), { data = people():train('text', 'name'), rng = rng.new(1), steps = 1, "
        + "train = { 'nothing.*' } })", "nothing.*"
    ),
    ("training.minimize({ tensor.zeros { 1 } }, { steps = 1, loss = print })", "requires_grad"),
    (
      "training.minimize({ tensor.zeros({ 1 }):requires_grad() }, { steps = 1, "
        + "loss = function() return 1 end })", "must return a tensor"
    ),
    ("eidetic.base('nano', { seed = 1 })", "base: options must be a table"),
    ("eidetic.base { presett = 'nano' }", "unknown option 'presett'"),
    ("eidetic.tensors()", "no field 'tensors'"),
    ("tensor.exp(3)", "eidetic.tensor.exp: argument #1 must be Tensor, got integer; tensor.from"),
    ("tensor.add(tensor.ones { 2 }, {})", "argument #2 'other' must be Tensor or number"),
    ("stats.wilson(3, 2)", "successes"),
    ("metrics.rank({ 1, 2 }, 3)", "out of range"),
  ]

  @Test(arguments: mistakes.indices)
  func `a mistake says what is wrong and where`(index: Int) throws {
    let (snippet, text) = Self.mistakes[index]
    let bench = try Bench()
    do {
      try bench.state.run(snippet, name: "snippet")
      Issue.record("no error: \(snippet)")
    } catch let error as LuaError {
      #expect(error.message.contains(text), "\(error.message)")
      #expect(error.message.contains("snippet:1:"), "\(error.message)")
    }
    try bench.state.run("assert(#people() == 6)", name: "after")
  }

  @Test func `a base is made once and then read from the cache`() throws {
    let bench = try Bench()
    let make = """
      local base = eidetic.base { preset = "nano", effort = 0.002, known = 5, batch = 4 }
      local people = base:people { count = 4 }
      for _, name in ipairs(people.names) do
        for _, known in ipairs(base.known.names) do assert(name ~= known) end
      end
      return base.hash, base:clone().hash
      """
    let first = try bench.state.run(make, name: "make")
    #expect(
      bench.ear.stages.map { $0.suffix(5) } == [": read", ": talk", "align"].map { $0.suffix(5) })
    bench.ear.stages = []
    let second = try bench.state.run(make, name: "make")
    #expect(bench.ear.stages.isEmpty)
    #expect(first[0].asString == second[0].asString && first[1].asString == first[0].asString)
  }
}
