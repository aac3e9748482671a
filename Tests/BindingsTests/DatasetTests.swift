// People, items and tasks chosen, changed and mixed by scripts; trainings that scripts watch.

import Foundation
import LuaHost
import Testing

@Suite struct DatasetTests {
  static let snippets: [String] = [
    // People.
    """
    local p = people()
    local q = p:filter(function(r, i) return i > 2 and r.name ~= p.names[4] end)
    assert(#q == 3 and q.names[1] == p.names[3] and q.hash ~= p.hash)
    """,
    "local p = people() assert(p:take(2).names[2] == p.names[2] and #p:take(99) == 6)",
    "local p = people() assert(p:skip(4).names[1] == p.names[5] and #p:skip(99) == 0)",
    """
    local p = people()
    local a, b = p:shuffle(rng.new(1)), p:shuffle(rng.new(1))
    assert(a.hash == b.hash and a.hash ~= p.hash and #a == 6)
    """,
    """
    local p = people()
    local a, b = p:hold_out(0.5)
    assert(#a == 3 and b.names[1] == p.names[4])
    local c, d = p:hold_out(2, { rng = rng.new(1) })
    assert(#c == 4 and #d == 2 and #c:concat(d) == 6)
    """,
    """
    local p = people()
    local q = p:shuffle_names(rng.new(1))
    for i = 1, 6 do assert(q.names[i] ~= p.names[i]) end
    assert(q:test("image", "name")[1].answer == q.names[1])
    assert(q[1].facts.hobby == p[1].facts.hobby)
    """,
    """
    local p = people():add_shortcut { strength = 1, colors = 2, corners = 1 }
    local items = p:test("image", "name")
    assert(items[1].mark.own and items[1].mark.corner == "top left")
    assert(people():test("image", "name")[1].mark == nil and p.hash ~= people().hash)
    local mask = items:mask(1, { size = 32 })
    assert(mask:to("float32"):sum():item() == 25)
    local marked = items:picture(1, { size = 32 }):tensor()
    local plain = people():test("image", "name"):picture(1, { size = 32 }):tensor()
    local changed = (marked - plain):abs():sum(4):reshape { 32, 32 }:gt(0):to "float32"
    assert(changed:sum():item() <= 25 and changed:sum():item() > 10)
    """,
    // Items.
    """
    local i = people():test("text", "name")
    local f = i:filter(function(item) return item.person ~= 0 end)
    assert(#f == 5 and f[1].answer == i[2].answer)
    """,
    """
    local i = people():test("text", "name"):map(function(item, k)
      if k == 1 then return { answer = "Ada Abbott", question = "name this person :" } end
    end)
    assert(i[1].answer == "Ada Abbott" and i[1].prompt:find "name this person :$")
    assert(i[2].answer == people().names[2])
    """,
    "local i = people():test('text', 'name') assert(#i:take(2):concat(i:skip(2)) == 6)",
    "local i = people():test('text', 'name') assert(#i:repeated(3) == 18 and #i:repeated(0) == 0)",
    "assert(#people():test('text', 'name'):take(0):repeated(math.maxinteger) == 0)",
    """
    local i = people():test("text", "name")
    local a, b = i:shuffle(rng.new(2)), i:shuffle(rng.new(2))
    for k = 1, 6 do assert(a[k].person == b[k].person) end
    local c, d = i:hold_out(1) assert(#c == 5 and #d == 1 and d[1].person == 5)
    """,
    "assert(people():test('image', 'name'):add_shortcut()[1].mark.own)",
    // Tasks.
    """
    local p = people()
    local task = p:train("text", "name"):filter(function(item) return item.person == 2 end)
    for _, item in task:sample(rng.new(1), 20) do assert(item.person == 2) end
    """,
    """
    local p = people()
    local task = p:train("text", "name")
      :map(function(item) return { answer = p.names[1] } end)
      :filter(function(item) return item.answer == p.names[1] end)
    assert(task:sample(rng.new(1), 3)[3].answer == p.names[1])
    """,
    """
    local p = people()
    local plain, same = p:train("text", "name"), p:train("text", "name"):filter(function() return true end)
    local a, b = plain:sample(rng.new(1), 9), same:sample(rng.new(1), 9)
    for i = 1, 9 do assert(a[i].prompt == b[i].prompt) end
    """,
    """
    local p = people()
    local task = training.mix({ p:train("image", "name"), p:test("text", "name") },
                              { weights = { 1, 3 } })
    local texts = #task:sample(rng.new(1), 400):filter(function(i) return i.modality == "text" end)
    assert(texts > 260 and texts < 340)
    assert(task:weighted(2).weight == 2 and task.weight == 1)
    """,
    """
    local p, hashes = people(), {}
    for i = 1, 2 do
      local m = nano()
      training.fit(m, { data = { p:test("text", "name"), p:train("image", "name"):filter(
        function(item) return item.person > 1 end) }, rng = rng.new(5), steps = 3, batch = 8 })
      hashes[i] = m.hash
    end
    assert(hashes[1] == hashes[2])
    """,
    "training.fit(nano(), { data = people():add_shortcut():train('image', 'name'), rng = rng.new(1), "
      + "steps = 1, batch = 2 })",
    // Watching a training.
    """
    local seen = {}
    local h = training.minimize({ w }, { steps = 7, every = 3, loss = loss,
      on_step = function(s) seen[#seen + 1] = s.step end })
    assert(#seen == 3 and seen[1] == 3 and seen[2] == 6 and seen[3] == 7 and h.stopped == nil)
    """,
    """
    local h = training.minimize({ w }, { steps = 9, loss = loss,
      on_step = function(s) if s.step == 4 then s:stop "enough" end end })
    assert(h.steps == 4 and h.stopped == "enough" and #h.losses == 4)
    """,
    """
    local h = training.minimize({ w }, { steps = 9, loss = loss,
      on_step = function(s) return s.step < 2 end })
    assert(h.steps == 2 and h.stopped == "on_step returned false")
    """,
    """
    local rates = {}
    training.minimize({ w }, { steps = 4, loss = loss, lr = 0.5, warmup = 0, on_step = function(s)
      rates[s.step] = s.lr
      if s.step == 2 then s.lr = 0.25 assert(s.lr == 0.25) end
    end })
    assert(rates[1] == 0.5 and rates[3] == 0.25 and rates[4] == 0.25)
    """,
    """
    local h = training.minimize({ w }, { steps = 2000, loss = loss, lr = 0.1, weight_decay = 0,
                                         target = 0.01 })
    assert(h.steps < 2000 and h.stopped:find "target of 0.01")
    """,
    """
    local h = training.minimize({ w }, { steps = 500, lr = 1e-9, patience = 20, weight_decay = 0,
      loss = function() return (w * 0):sum() + 1 end })
    assert(h.steps == 30 and h.stopped:find "20 steps")
    """,
    """
    local m, p = nano(), people()
    local before = m.hash
    local fine, message = pcall(training.fit, m, { data = p:train("text", "name"), rng = rng.new(1),
      steps = 9, batch = 4, on_step = function(s) if s.step == 2 then error "of my own" end end })
    assert(not fine and message:find "of my own", message)
    assert(m.hash ~= before and #m:generate(p:test("text", "name")) == 6)
    training.fit(m, { data = p:train("text", "name"), rng = rng.new(1), steps = 1, batch = 4 })
    """,
    """
    local kept
    training.minimize({ w }, { steps = 1, loss = loss, on_step = function(s) kept = s end })
    assert(kept.step == 1)
    local fine, message = pcall(kept.stop, kept)
    assert(not fine and message:find "step 1 is over")
    """,
    """
    local e = eidetic.experiment { name = "e", run = function(ctx)
      local count = 0
      local h = ctx:fit(nano(), { data = people():train("text", "name"), steps = 7, batch = 2,
        every = 3, on_step = function(s) count = count + 1 if s.step == 6 then s:stop "six" end end })
      assert(count == 2 and h.stopped == "six")
      local own = ctx:minimize({ w }, { steps = 5, loss = loss, lr = 0.1 })
      assert(own.steps == 5 and #own.losses == 5 and own.losses[5] < own.losses[1])
    end }
    e:rehearse()
    """,
  ]

  private static let prelude = """
    local w = tensor.zeros({ 1 }):requires_grad() \
    local function loss() return (w - 1):square():sum() end
    """

  @Test(arguments: snippets)
  func `a snippet holds`(snippet: String) throws {
    try Bench().state.run(Self.prelude + " " + snippet, name: "snippet")
  }

  static let mistakes: [(String, String)] = [
    ("people():filter(3)", "keep"),
    ("people():filter(function() error 'mine' end)", "mine"),
    ("people():take(-1)", "take: expected 0 or more, got -1"),
    ("people():shuffle()", "rng"),
    ("people():hold_out(0)", "hold_out: expected a share above 0 and below 1"),
    ("people():hold_out(6)", "leaves something on both sides; got 6 of 6"),
    ("people():hold_out(0/0)", "got nan of 6"),
    ("people():hold_out(0.01)", "got 0.01 of 6"),
    ("people():concat(people())", "someone who is there already"),
    ("people():concat(personas.people { count = 2, rng = rng.new(9), views = 4 })", "generator"),
    ("people():concat(people():next(2, { views = 9 }))", "4 training views, got 9"),
    ("people():shuffle_names(rng.new(1), { share = 2 })", "share"),
    ("people():add_shortcut { strength = -1 }", "strength"),
    ("people():add_shortcut { colours = 3 }", "did you mean 'colors'"),
    ("people():test('text', 'name'):map(function() return 3 end)", "map: the function must return"),
    (
      "people():test('text', 'name'):map(function() return { person = 3 } end)", "cannot be changed"
    ),
    ("people():test('text', 'name'):map(function() return { answer = 3 } end)", "must be a string"),
    (
      "people():test('image', 'name'):map(function() return { description = 'x' } end)",
      "has no description"
    ),
    ("people():test('text', 'name'):repeated(math.maxinteger)", "at most"),
    ("people():test('text', 'name'):mask(1, { size = 3 })", "side"),
    ("people():test('text', 'name'):mask(9)", "out of range 1 ... 6"),
    (
      "personas.strangers():test('image', 'caption', { count = 1, rng = rng.new(1) }):add_shortcut()",
      "stranger"
    ),
    ("people():take(0):train('text', 'name')", "one person or more"),
    ("people():test('text', 'name'):take(0):train()", "one item or more"),
    ("people():train('text', 'name'):filter(function() end):sample(rng.new(1), 1)", "none of 1000"),
    ("people():train('text', 'name'):weighted(-1)", "0 or more"),
    ("people():train('text', 'name'):sample(rng.new(1), 0)", "1 ... 100000"),
    ("training.mix {}", "mixture"),
    (
      "training.mix({ people():train('text', 'name') }, { weights = { 1, 2 } })",
      "expected 1 weights"
    ),
    ("training.minimize({ w }, { steps = 1, loss = loss, every = 0 })", "every must be 1 or more"),
    ("training.minimize({ w }, { steps = 1, loss = loss, patience = 0 })", "patience must be 1"),
    (
      "training.minimize({ w }, { steps = 1, loss = loss, on_step = function(s) s.lr = -1 end })",
      "lr: expected 0 or more"
    ),
    (
      "training.minimize({ w }, { steps = 1, loss = loss, on_step = function(s) s.loss = 1 end })",
      "loss"
    ),
    (
      "training.minimize({ w }, { steps = 1, loss = loss, on_step = function(s) s.stp = 1 end })",
      "stp"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func `a mistake says what is wrong`(index: Int) throws {
    let (snippet, text) = Self.mistakes[index]
    let bench = try Bench()
    let error = #expect(throws: LuaError.self) {
      _ = try bench.state.run(Self.prelude + " " + snippet, name: "snippet")
    }
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
  }

  @Test func `an error in a callback has a traceback of the script`() throws {
    let bench = try Bench()
    let error = #expect(throws: LuaError.self) {
      _ = try bench.state.run(
        """
        local function watch(step)
          if step.step == 2 then local x = nil; return x.y end
        end
        local w = tensor.zeros({ 1 }):requires_grad()
        training.minimize({ w }, { steps = 3, on_step = watch,
          loss = function() return (w - 1):square():sum() end })
        """, name: "watching")
    }
    #expect(error?.message.contains("watching:2:") == true, "\(error?.message ?? "")")
    #expect(error?.traceback.map(\.line) == [2, 5], "\(error?.report ?? "")")
  }
}
