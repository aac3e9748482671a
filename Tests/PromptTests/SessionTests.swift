// A session as a user meets it, without a terminal.

import Bindings
import Foundation
import LuaHost
import Prompt
import Terminal
import Testing

/// A session that keeps what it prints.
final class Desk {
  private final class Silence: ProgressListener {
    func progress(stage: String, step: Int, steps: Int, loss: Double?) {}
    func message(_ text: String) {}
  }
  private final class Paper { var lines: [String] = [] }

  private let paper = Paper()
  let session: Session

  init() throws {
    let state = try Workbench(listener: Silence()).makeState { [paper] in paper.lines.append($0) }
    session = try Session(
      state: state, abilities: TerminalAbilities(hasColor: false, pictures: .none))
  }

  /// What a line prints, or why it failed.
  func type(_ text: String) -> String {
    paper.lines = []
    switch session.evaluate(Array(text.utf8)) {
    case .done: return paper.lines.joined(separator: "\n")
    case .incomplete: return "…"
    case .failed(let report), .interrupted(let report): return report
    case .exit(let code): return "exit \(code)"
    }
  }

  /// The words that may follow, each with what comes behind it.
  func complete(_ text: String, after earlier: String = "") -> [String] {
    session.complete(Array(text.utf8), after: Array(earlier.utf8)).candidates.map {
      $0.word + $0.suffix
    }
  }
}

@Suite struct SessionTests {
  @Test func `locals live as long as the session and harm no library`() throws {
    let desk = try Desk()
    #expect(desk.type("local type, none = 5") == "")
    #expect(desk.type("type") == "5" && desk.type("none") == "nil")
    #expect(desk.type("_G.type(1)") == "\"number\"")
    #expect(desk.type("personas.people { count = 2, rng = rng.new(1) }") == "People[2] in 20 views")
    #expect(desk.type("local n = 0; local function up() n = n + 1 return n end") == "")
    #expect(desk.type("up() + up()") == "3" && desk.type("n") == "2")
    #expect(desk.type("n = 10") == "" && desk.type("up()") == "11")
    #expect(desk.type("rawget(_G, 'n')") == "nil")
    #expect(desk.type("plain = 1; return rawget(_G, 'plain')") == "")
    #expect(desk.type("local a = 1; error('late')").contains("late") && desk.type("a") == "1")
    #expect(desk.type("local c <const> = 1; c = 2").contains("const variable"))
  }

  @Test func `values are printed and the last is kept`() throws {
    let desk = try Desk()
    #expect(desk.type("1, nil, 'x'") == "1\nnil\n\"x\"")
    #expect(desk.type("_ + 1") == "2" && desk.type("_ + 1;") == "" && desk.type("_") == "2")
    #expect(desk.type("=3") == "3")
    #expect(desk.type("print") == "function print")
    #expect(desk.type("tensor").hasPrefix("module eidetic.tensor"))
    #expect(desk.type("tensor.zeros{2}") == "Tensor<float32>[2]\n  0 0")
    #expect(desk.type("f(") == "…" && desk.type("os.exit(3)") == "exit 3")
  }

  @Test func `errors point at the word`() throws {
    let desk = try Desk()
    #expect(
      desk.type("x = tensr.zeros{2}") == """
        error: undefined variable 'tensr' (did you mean 'tensor'?)
          x = tensr.zeros{2}
              ^^^^^
        """)
    #expect(desk.type("local mine = 1") == "")
    #expect(desk.type("mien").contains("did you mean 'mine'?"))
    #expect(desk.type("None").contains("Lua writes nil"))
    #expect(desk.type("function g()\n  error('bad')\nend") == "")
    let report = desk.type("local r = g()\nlocal s = r")
    #expect(report.hasPrefix("error: repl[5]:2: bad\n    error('bad')"), "\(report)")
    #expect(desk.type("tensor.zeros('a')").contains("       ^^^^^"))
    #expect(desk.type("if x != 2 then end").contains("Lua writes ~="))
    #expect(
      desk.type("local t = setmetatable({}, { __tostring = function() error 'x' end }); return t")
        == "")
    #expect(desk.type("t").contains("__tostring failed"))
  }

  /// splitmix64 (Steele et al. 2014), so that a failure can be had again from its seed.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// Words that no soup can make an endless loop of.
  private static let words = [
    "help(", "tensor.", "zeros", "probes.", "eidetic.", "rng.new(1)", "x", "_", "nil", "1", "0x",
    "local ", "function ", "end ", "if ", "then ", "else ", "for ", "in ", "do ", "return ", "and ",
    "{", "}", "(", ")", "[", "]", "[[", "]]", "\"", "'", "\\", "--", "--[[", "=", "==", "~=", ",",
    ";", ":", ".", "..", "...", "#", "-", "<close>", " ", "\n", "\u{0}", "…", "\u{1F600}",
    "\u{1B}[A",
  ]

  @Test(arguments: 1...4)
  func `any bytes and any words end in an outcome`(seed: UInt64) throws {
    let desk = try Desk()
    var dice = Dice(state: seed)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &dice) }
      let soup = (0..<length / 8).map { _ in Self.words.randomElement(using: &dice) ?? "" }
      for typed in [bytes, Array(soup.joined().utf8)] {
        _ = desk.session.evaluate(typed)
        _ = desk.session.complete(typed)
      }
    }
    #expect(desk.type("1 + 1") == "2")
  }

  @Test func `help teaches and explains`() throws {
    let desk = try Desk()
    #expect(desk.type("help()").contains("Ctrl-C") && desk.type("help(help)").contains("Locals"))
    #expect(desk.type("help(tensor.zeros)").contains("A tensor of zeros"))
    #expect(desk.type("help 'Tensor:sum'").hasPrefix("Tensor:sum("))
    #expect(desk.type("help 'tensor'").hasPrefix("module eidetic.tensor"))
    #expect(desk.type("help(tensor.zeros{2})").hasPrefix("class Tensor"))
    #expect(desk.type("help(probes.recall)").contains("recall(model: Model, items: Items)"))
    #expect(desk.type("help 'probes.recall'").contains("recall(model: Model, items: Items)"))
    #expect(desk.type("help(probes)").contains("rank(model: Model"))
    #expect(desk.type("help(eidetic)").contains("module eidetic.metrics"))
    #expect(desk.type("help(print)").contains("manual"))
    for call in ["help 'recall'", "help(eidetic.probe 'recall')"] {
      #expect(desk.type(call).contains("Is the full name recalled"))
      #expect(desk.type(call).contains("probe from"))
    }
    let experiment = desk.type("help(eidetic.experiment)")
    #expect(experiment.hasPrefix("define(spec: eidetic.ExperimentSpec) -> eidetic.Experiment"))
    #expect(experiment.contains("options\n") && experiment.contains("quick    table?  Values of"))
    #expect(desk.type("help(eidetic.model)").contains("(fun(people: People): Model)?\n"))
    #expect(desk.type("help(5)").contains("5 is a number"))
    #expect(desk.type("help 'tensro'").contains("did you mean"))
    #expect(desk.type("-- Doubles.\nfunction twice(n) return 2 * n end") == "")
    #expect(desk.type("help(twice)").hasPrefix("twice(n)\n  Doubles.\ndefined in repl["))
    #expect(
      desk.type("help { name = 'first', summary = 'Is it?', params = { k = 2 } }")
        == "first\n  Is it?\nparams\n  k = 2")
  }
}

@Suite struct CompletionTests {
  @Test func `names, fields and methods are completed`() throws {
    let desk = try Desk()
    #expect(desk.complete("eide") == ["eidetic"])
    #expect(desk.complete("x = tensor.zer") == ["zeros("])
    #expect(desk.complete("personas.peo") == ["people{ "])
    #expect(desk.complete("probes.run('reca") == ["recall'"])
    #expect(desk.complete("eidetic.probe \"first") == ["first-name\""])
    #expect(desk.complete("eidetic.method('grad-d") == ["grad-diff'"])
    #expect(desk.complete("eidetic.dataset('kno") == ["known'"])
    #expect(desk.complete("eidetic.model('ti") == ["tiny'"])
    #expect(desk.complete("eidetic.plugins('mod") == ["model'"])
    #expect(desk.complete("probes.run('recall', { mo") == ["model = "])
    #expect(desk.complete("tensor.zeros{2}:cross") == ["cross_entropy("])
    #expect(desk.complete("tensor.zeros({2}):sum():cross") == ["cross_entropy("])
    #expect(desk.complete("('x'):up") == ["upper("] && desk.complete("string.up") == ["upper("])
    #expect(
      desk.type("t = tensor.zeros{2}; local s = 'x'; local mine = { alpha = t, beta = print }")
        == "")
    #expect(desk.complete("t:cross") == ["cross_entropy("] && desk.complete("t.sh") == ["shape"])
    #expect(desk.complete("mine.") == ["alpha", "beta("] && desk.complete("mine:") == ["beta("])
    #expect(desk.complete("mine.alpha:cross") == ["cross_entropy("])
    #expect(desk.complete("s:up") == ["upper("])
    #expect(desk.complete("f(1, min") == ["mine"] && desk.complete("retur") == ["return "])
    #expect(desk.complete("min", after: "f(\n") == ["mine"])
    #expect(desk.complete("-- tens") == [] && desk.complete("1.") == [])
    #expect(desk.complete("local min") == [])
  }

  @Test func `looking runs no code`() throws {
    let desk = try Desk()
    #expect(
      desk.type(
        "local trap = setmetatable({}, { __index = function() hit = true end, __pairs = error })")
        == "")
    #expect(desk.complete("trap.") == [] && desk.complete("trap.x.") == [])
    #expect(desk.complete("error('no'):") == [])
    #expect(desk.type("rawget(_G, 'hit')") == "nil")
  }

  @Test func `options and words come from descriptors`() throws {
    let desk = try Desk()
    #expect(desk.complete("personas.people { cou") == ["count = "])
    #expect(desk.complete("personas.people({ count = 5, vie") == ["views = "])
    #expect(!desk.complete("personas.people { count = 5, ").contains("count = "))
    #expect(desk.type("people = personas.people { count = 2, rng = rng.new(1) }") == "")
    #expect(desk.complete("people:test('te") == ["text'"])
    #expect(desk.complete("people:test(\"text\", \"name\", { reg") == ["register = "])
    #expect(desk.complete("personas.people { register = \"").allSatisfy { $0.hasSuffix("\"") })
    let note = desk.session.complete(Array("tensor.zeros(".utf8)).note
    #expect(note?.hasPrefix("zeros(shape: list of integer") == true)
  }

  @Test func `file names are completed in strings`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder + "/inner", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "".write(toFile: folder + "/data.txt", atomically: true, encoding: .utf8)
    let desk = try Desk()
    #expect(desk.complete("io.open('\(folder)/d") == ["\(folder)/data.txt'"])
    #expect(desk.complete("io.open(\"\(folder)/") == ["\(folder)/data.txt\"", "\(folder)/inner/"])
    #expect(desk.complete("io.open('/nowhere/") == [])
  }
}
