// Time and memory that plug-ins of each kind may take at the command line.

import Foundation
import Repro
import Testing

@Suite struct PluginLimitTests {
  @Test func `a probe that never ends or takes all memory is named, and the others run`() throws {
    let scratch = try Scratch()
    try scratch.place(
      "probes/stuck.lua",
      probe("stuck", "while true do pcall(function() while true do end end) end"))
    try scratch.place(
      "probes/greedy.lua", probe("greedy", "local t = {} while true do t[#t + 1] = {} end"))
    try scratch.place("probes/first.lua", probe("first", first))
    let names = ["stuck", "greedy", "nothing", "first"]
    let limits = ["--time-limit", "2", "--memory-limit", "64M"]
    let done = try scratch.own(["probe", "run"] + names + quick + limits)
    #expect(done.status == 124 && done.output.contains("first: A probe."), "\(done.output)")
    for text in [
      "probe 'stuck' (probes/stuck.lua) was stopped: time limit of 2 s reached",
      "probe 'greedy' (probes/greedy.lua) failed: not enough memory", "there is no probe 'nothing'",
      "3 of 4 probes failed",
    ] {
      #expect(done.errors.contains(text), "\(done.errors)")
    }
    let listed = try scratch.own(["probe", "run", "nothing", "first", "--json"] + quick)
    guard case .array(let records) = try JSON.parse(listed.output) else {
      Issue.record("no list")
      return
    }
    #expect(records.map { $0["probe"] } == ["nothing", "first"] && listed.status == 1)
  }

  @Test func `a file that never ends is listed as broken`() throws {
    let scratch = try Scratch()
    try scratch.place("probes/stuck.lua", "while true do end")
    let done = try scratch.own("probe", "list")
    #expect(done.status == 0 && done.output.contains("probes/stuck.lua: it was still loading"))
    #expect(done.output.contains("recall"), "\(done.output)\(done.errors)")
  }

  @Test func `nothing but blank lines stands between the texts of probes`() throws {
    let scratch = try Scratch()
    try scratch.place("probes/first.lua", probe("first", first))
    let done = try scratch.own(["probe", "run", "nothing", "first", "first"] + quick)
    #expect(done.output.hasPrefix("first: A probe.") && done.status == 1, "\(done.output)")
    #expect(done.output.contains("\n\nfirst: A probe."), "\(done.output)")
  }

  /// What never ends and what takes all memory, as the body of an entry point.
  private static let endless = "while true do pcall(function() while true do end end) end"
  private static let greedy = "local t = {} while true do t[#t + 1] = {} end"

  static let others: [(kind: String, entry: String, arguments: [String])] = [
    ("method", "loss", ["method", "run", "bad"] + quick + ["--forget", "0.4"]),
    ("method", "run", ["method", "run", "bad"] + quick + ["--forget", "0.4"]),
    ("dataset", "make", ["probe", "run", "recall", quick[0], quick[1], "--data", "bad"]),
    ("dataset", "make", ["method", "run", "npo", quick[0], quick[1], "--data", "bad"]),
    ("model", "build", ["probe", "run", "recall", "--model", "bad", quick[2], quick[3]]),
    ("model", "build", ["method", "run", "npo", "--model", "bad", quick[2], quick[3]]),
  ]

  @Test(arguments: others.indices)
  func `limits hold for plug-ins of every kind`(index: Int) throws {
    let (kind, entry, arguments) = Self.others[index]
    let scratch = try Scratch(), file = "\(kind)s/bad.lua"
    func write(_ body: String) throws {
      try scratch.place(
        file, "return { name = 'bad', summary = 'Bad.', \(entry) = function(ctx) \(body) end }")
    }
    try write(Self.endless)
    var done = try scratch.own(arguments + ["--time-limit", "1.5"])
    #expect(done.status == 124, "\(done.output)\(done.errors)")
    #expect(
      done.errors.contains("\(kind) 'bad' (\(file)) was stopped: time limit of 1.5 s reached"),
      "\(done.errors)")
    try write(Self.greedy)
    done = try scratch.own(arguments + ["--memory-limit", "64M"])
    #expect(done.status == 1 && done.errors.contains("not enough memory"), "\(done.errors)")
    #expect(done.errors.contains("\(kind) 'bad' (\(file))"), "\(done.errors)")
  }

  @Test(arguments: ["probe", "method", "dataset", "model"])
  func `showing a file that never ends is stopped`(kind: String) throws {
    let scratch = try Scratch()
    try scratch.place("\(kind)s/bad.lua", "while true do end")
    let done = try scratch.own("plugin", "show", kind, "bad")
    #expect(done.status == 124 && done.errors.contains("\(kind) 'bad'"), "\(done.errors)")
  }
}
