// The reference: everything native has an example, and every example runs.

import Foundation
import Testing

@Suite struct ReferenceTests {
  private struct Entry {
    let name: String
    var example: String?
  }

  /// What stands under each heading of a function or method.
  private func entries() throws -> [Entry] {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("stdlib/docs/reference.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    return text.components(separatedBy: "\n### ").dropFirst().map { part in
      let name = String(part.prefix { $0 != "\n" })
      let example = part.components(separatedBy: "```lua\n").dropFirst().first?
        .components(separatedBy: "\n```").first
      return Entry(name: name, example: example)
    }
  }

  @Test func `everything has an example`() throws {
    let all = try entries()
    #expect(all.count > 300)
    let without = all.filter { $0.example == nil }.map(\.name)
    #expect(without.isEmpty, "\(without)")
  }

  /// Variables that examples speak of, made afresh for each example that does.
  private static let makers = """
    local eidetic = require "eidetic"
    local tensor, rng, plot = eidetic.tensor, eidetic.rng, eidetic.plot
    local runs = require "eidetic.runs"
    local made = 0
    local function new_people()
      return eidetic.personas.people { count = 12, rng = rng.new(3), views = 4 }
    end
    local function new_model() return eidetic.models.vlm { preset = "nano", rng = rng.new(1) } end
    local function new_run(folder)
      made = made + 1
      return runs.open { name = "mine", seeds = { 0 }, folder = folder or "run-" .. made }
    end
    local function ask() return new_people():test("text", "name") end
    local function lesson() return new_people():train("text", "name") end
    local function normal(...)
      local shape = { ... }
      return function() return tensor.randn(rng.new(1), shape) end
    end
    local makers = {
      people = new_people, model = new_model, items = ask, rare = ask, common = ask,
      item = function() return ask()[1] end, names = function() return new_people().names end,
      task = lesson, replay = lesson, base = function() return { known = new_people() } end,
      make = function() return new_model end, history = function() return { losses = { 2, 1 } } end,
      evaluate = function() return function() return 0 end end,
      chart = function() return plot.line { { name = "loss", y = { 2, 1 } } } end,
      run = function(name)
        local run = new_run()
        if name ~= "Run:begin" then run:begin(0) end
        return run
      end,
      w = function()
        local w = tensor.randn(rng.new(1), { 4, 4 }):requires_grad()
        local loss = (w * w):sum()
        loss:backward()
        return w
      end,
      m = normal(4, 4), v = function() return tensor.ones { 4, 4 } end,
      rate = function() return 0.1 end, x = normal(2, 192), weight = normal(4, 192), bias = normal(4),
      images = normal(1, 16, 16, 3), logits = normal(3, 8), qkv = normal(8, 48),
      ids = function() return { 0, 1, 2 } end, weights = normal(18, 4), a = normal(3, 4),
      b = normal(3, 4), row = normal(3), data = normal(10, 3), loss = normal(),
      image_features = normal(12, 4), text_features = normal(12, 4),
      text_scores = function() return { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 0, 0 } } end,
      pictures_included = function()
        return { { true, false }, { false, true }, { true, false }, { false, true } }
      end,
      values = function() return { 1, 0, 1, 1 } end, others = function() return { 0, 0, 1, 0 } end,
      persons = function() return { 1, 2, 1, 2 } end, seeds = function() return { 0, 0, 1, 1 } end,
      host = function() return require "eidetic.host" end,
      plugin_files = function() return require "eidetic.plugin_files" end,
      runs = function() return runs end, stats = function() return eidetic.stats end,
    }
    -- What `t` may be: examples are about one, two or three dimensions.
    local shapes = { { 2, 3 }, { 4, 3 }, { 4, 3, 4 } }
    local function environment(name, shape)
      return setmetatable({ t = tensor.randn(rng.new(1), shape) }, { __index = function(self, key)
        local value = makers[key] and makers[key](name)
        if value == nil and key ~= "print" then
          local is_module, module = pcall(function() return eidetic[key] end)
          value = is_module and module or _G[key]
        end
        if key == "print" then value = function() end end
        self[key] = value
        return value
      end })
    end
    local function try(name, source)
      local why
      for _, shape in ipairs(shapes) do
        local env = environment(name, shape)
        local chunk, wrong = load("return " .. source, "example", "t", env)
        if not chunk then chunk, wrong = load(source, "example", "t", env) end
        if not chunk then return wrong end
        local is_well, message = pcall(chunk)
        if is_well then return nil end
        why = why or tostring(message)
      end
      return why
    end
    -- Some examples read what others leave.
    new_model():save("mine.safetensors")
    local part = new_run "study/out"
    part:begin(0)
    part:complete()
    part:finish()
    """

  @Test func `every example runs`() throws {
    let scratch = try Scratch()
    let examples = try entries().compactMap { entry in
      entry.example.map { "say(\(quoted(entry.name)), try(\(quoted(entry.name)), \(quoted($0))))" }
    }
    let script = try scratch.write(
      "examples.lua",
      Self.makers + """


        local count = 0
        local function say(name, why)
          count = count + 1
          if why then print(name .. ": " .. why) end
        end
        """ + "\n" + examples.joined(separator: "\n") + "\nprint(count .. ' examples')\n")
    let done = try scratch.run("run", script)
    #expect(done.output == "\(examples.count) examples\n", "\(done.output)\(done.errors)")
  }

  private func quoted(_ text: String) -> String { "[==[\(text)]==]" }
}
