// Trainings that may carry names into the other modality, and the asking beside them.

import Testing

@Suite struct RemedyTests {
  private func run(_ body: String) throws {
    try Bench().state.run(
      """
      local remedies = require "eidetic.remedies"
      local who, drawn = people(6), {}
      -- Notes what is drawn from: whose, how shown, what is asked, at what weight.
      local function watched(name, source)
        return setmetatable({ train = function(_, modality, question, o)
          local shown = type(modality) == "table" and table.concat(modality, "+") or modality
          local asked = type(question) == "table" and table.concat(question, "+") or question
          drawn[#drawn + 1] = ("%s %s %s %g"):format(name, shown, asked, o and o.weight or 1)
          return source:train(modality, question, o)
        end }, { __index = function(_, key)
          local value = source[key]
          return type(value) == "function"
            and function(_, ...) return value(source, ...) end or value
        end, __len = function() return #source end })
      end
      local base = {
        known = watched("known", people(40)),
        strangers = watched("strangers", personas.strangers()),
        people = function(_, o) return watched("many", personas.people {
          count = o.count, views = o.views, rng = rng.new(3) }) end,
      }
      local function teach(remedy, o)
        drawn = {}
        local spec, history = {
          base = base, people = watched("own", who), source = "text", steps = 4, lr = 1e-3,
        }, nil
        for name, value in pairs(o or {}) do spec[name] = value end
        eidetic.experiment { name = "try", run = function(ctx)
          history = remedies.teach(ctx, nano(), remedy, spec)
        end }:rehearse()
        return history.steps
      end

      """ + body, name: "remedies")
  }

  static let mixtures: [(remedy: String, steps: Int, drawn: String)] = [
    ("plain", 4, "own text name 1"),
    ("pairs 20", 5, "known image+text name 0.2, own text name 0.8"),
    ("pairs 75", 16, "known image+text name 0.75, own text name 0.25"),
    ("replay", 8, "own text name 0.5, strangers image+text caption+attributes 0.5"),
    (
      "both", 12,
      "known image+text name 0.5, own text name 0.5, strangers image+text caption+attributes 0.5"
    ),
    ("views", 4, "many text name 1"),
    ("leak 50", 6, "own image name 0.25, own text name 0.5"),
    ("align", 4, "own text name 1"),
  ]

  @Test(arguments: mixtures.indices)
  func `a remedy draws from what it says and keeps the dose of names`(index: Int) throws {
    let (remedy, steps, drawn) = Self.mixtures[index]
    try run(
      """
      assert(teach("\(remedy)") == \(steps))
      table.sort(drawn)
      assert(table.concat(drawn, ", ") == "\(drawn)", table.concat(drawn, ", "))
      """)
  }

  @Test(arguments: [
    "pairs", "pairs 0", "pairs 100", "pairs 5.5", "plain 3", "describe", "", "leak x",
  ])
  func `a remedy that does not exist is refused with those that do`(remedy: String) throws {
    try run(
      """
      local ok, message = pcall(teach, "\(remedy)")
      assert(not ok and tostring(message):find("there are align, both, leak N", 1, true), message)
      """)
  }

  @Test func `what is missing or misspelled is said`() throws {
    try run(
      """
      local function fails(text, o)
        local ok, message = pcall(remedies.teach, {}, nano(), "plain", o)
        assert(not ok and tostring(message):find(text, 1, true), message)
      end
      fails("'base' is missing", {})
      fails("'lr' is missing", { base = base, people = who, source = "text", steps = 4 })
      fails("unknown option 'step'", { step = 4 })
      local ok, message = pcall(remedies.teach, {}, nano(), nil, {
        base = base, people = who, source = "text", steps = 4, lr = 1e-3 })
      assert(not ok and tostring(message):find("no remedy 'nil'", 1, true), message)
      """)
  }

  @Test func `names are asked both ways, and by the model's own words`() throws {
    try run(
      """
      local heard = {}
      local model = { generate = function(_, items)
        local said = {}
        for i = 1, #items do
          said[i] = items[i].asked:find "who" and items[i].answer or "red hat " .. i
          heard[#heard + 1] = items[i].modality .. ": " .. items[i].prompt
        end
        return said
      end }
      local records = eidetic.experiment { name = "try", run = function(ctx)
        local found = ctx:recall(model, who, { source = "text" })
        assert(#heard == 12 and probes.mean(found.image) == 1)
        assert(found.text.items[1].modality == "text")
        heard = {}
        ctx:recall(model, who, { source = "text" }, { ask = probes.described, group = "control" })
        assert(heard[1]:find "^image" and heard[7]:find("red hat 1", 1, true), heard[7])
      end }:rehearse()
      local seen = {}
      for i, record in ipairs(records) do
        seen[i] = ("%s %s %s"):format(record.keys.source, record.keys.target, record.group)
      end
      assert(table.concat(seen, ", ") == "text image member, text text member, text image control, "
        .. "text text control", table.concat(seen, ", "))
      """)
  }
}
