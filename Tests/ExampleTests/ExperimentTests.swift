// Experiments through the program: what they leave behind, and that they leave it twice the same.

import Foundation
import Repro
import RunStore
import Testing

/// The main experiment at a size that takes seconds.
private let small = [
  "--set", "base=nano", "--set", "effort=0.01", "--set", "personas=6", "--set", "steps=4",
]
private let crossModal = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("scripts/experiments/cross_modal.lua").path

@Suite(.serialized) struct ExperimentTests {
  private func outcomes(_ scratch: Scratch, _ folder: String) throws -> JSON? {
    let result = try JSON.parse(scratch.read(folder + "/result.json"))
    return .object(["cells": result["cells"] ?? .null, "outcomes": result["outcomes"] ?? .null])
  }

  @Test func `the main experiment leaves a result and a report`() throws {
    let scratch = try Scratch()
    let done = try scratch.start(["run", crossModal, "--seeds", "2", "--out", "a"] + small).wait()
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output.contains("chance") && done.output.contains("report.html"))
    let result = try JSON.parse(scratch.read("a/result.json"))
    #expect(result["experiment"] == "cross-modal" && result["seeds"] == [0, 1])
    #expect(result["complete"] == true)
    guard case .array(let cells)? = result["cells"] else {
      Issue.record("no cells")
      return
    }
    for (source, target) in [("image", "text"), ("text", "image"), ("image", "image")] {
      for metric in ["full_name", "first_name", "last_name", "rank"] {
        let found = cells.first {
          $0["source"] == .string(source) && $0["target"] == .string(target)
            && $0["metric"] == .string(metric)
        }
        #expect(found != nil && found?["n"] == 12, "\(source) \(target) \(metric)")
        for field in ["mean", "low", "high", "chance"] { #expect(found?[field] != nil) }
      }
    }
    let manifest = result["manifest"]
    for field in ["seeds", "data_hash", "versions", "blas", "threads", "command"] {
      #expect(manifest?[field] != nil, "\(field)")
    }
    #expect(try scratch.read("a/report.html").contains("data:image/png;base64,"))
    #expect(try scratch.read("a/script.lua") == String(contentsOfFile: crossModal, encoding: .utf8))
  }

  @Test func `the same seeds give the same outcomes at any thread count`() throws {
    let scratch = try Scratch(), other = try Scratch()
    let a = try scratch.start(["run", crossModal, "--out", "a"] + small, threads: 1).wait()
    let b = try other.start(["run", crossModal, "--out", "a"] + small, threads: 3).wait()
    #expect(a.status == 0 && b.status == 0, "\(a.errors)\(b.errors)")
    #expect(try outcomes(scratch, "a") == outcomes(other, "a"))
  }

  @Test func `a killed experiment goes on where its last seed ended`() throws {
    let scratch = try Scratch()
    let arguments = ["run", crossModal, "--seeds", "2", "--out", "a"] + small
    let running = try scratch.start(arguments)
    #expect(try running.untilErrors(contain: "seed 1: names from image"))
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.wait().status == SIGKILL)
    let again = try scratch.start(arguments).wait()
    #expect(again.status == 0 && again.errors.contains("done before: seed 0"), "\(again.errors)")
    #expect(!again.errors.contains("base 0: read"), "the base came from the cache")
    let whole = try scratch.start(["run", crossModal, "--seeds", "2", "--out", "b"] + small).wait()
    #expect(whole.status == 0)
    #expect(try outcomes(scratch, "a") == outcomes(scratch, "b"))
    let third = try scratch.start(arguments).wait()
    #expect(third.status == 0 && !third.errors.contains("names from"), "nothing is done twice")
  }

  @Test func `a folder with another run is left alone`() throws {
    let scratch = try Scratch()
    #expect(try scratch.start(["run", crossModal, "--out", "a"] + small).wait().status == 0)
    let before = try scratch.read("a/result.json")
    let other = try scratch.start(
      ["run", crossModal, "--out", "a"] + small + ["--set", "personas=5"]
    ).wait()
    #expect(other.status == 1 && other.errors.contains("another --out"), "\(other.errors)")
    #expect(try scratch.read("a/result.json") == before)
  }

  /// An experiment that records one cell and then does something else.
  private func recording(_ rest: String) -> String {
    """
    local e = require "eidetic"
    return e.experiment { name = "part", run = function(ctx)
      local people = e.personas.people { count = 3, rng = ctx.rng }
      ctx:record({ source = "a", target = "b" },
                 { metric = "x", items = people:test("text", "name"), values = { 0, 1, 1 } })
      require("eidetic.host").message("recorded")
      \(rest)
    end }
    """
  }

  private func expectPart(_ scratch: Scratch) throws {
    let result = try JSON.parse(scratch.read("a/result.json"))
    #expect(result["complete"] == false)
    guard case .array(let outcomes)? = result["outcomes"] else {
      Issue.record("no outcomes")
      return
    }
    #expect(outcomes.count == 3)
  }

  @Test func `what was recorded before a mistake is in the result`() throws {
    let scratch = try Scratch()
    let script = try scratch.write("script.lua", recording("error('too bad')"))
    let done = try scratch.run("run", script, "--out", "a")
    #expect(done.status == 1 && done.errors.contains("script.lua:7: too bad"), "\(done.errors)")
    #expect(done.errors.contains("a/result.json"))
    try expectPart(scratch)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `what was recorded before Ctrl-C and its like is in the result`(signal: Int32) throws {
    let scratch = try Scratch()
    let script = try scratch.write("script.lua", recording("while true do pcall(error) end"))
    let running = try scratch.start(["run", script, "--out", "a"])
    #expect(try running.untilErrors(contain: "recorded"))
    kill(running.process.processIdentifier, signal)
    let done = try running.wait()
    #expect(done.status == 130 && done.errors.contains("interrupted"), "\(done.errors)")
    try expectPart(scratch)
  }

  /// A session that ends sends SIGHUP, which nohup is there to keep away.
  @Test func `a signal that is ignored from the start stays ignored`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "script.lua", recording("local t = os.time() while os.time() < t + 3 do end"))
    let running = try scratch.start(["run", script, "--out", "a"], shell: "trap '' HUP")
    #expect(try running.untilErrors(contain: "recorded"))
    kill(running.process.processIdentifier, SIGHUP)
    let done = try running.wait()
    #expect(done.status == 0, "\(done.errors)")
  }

  @Test func `of two processes one works on a run`() throws {
    let scratch = try Scratch()
    let arguments = ["run", crossModal, "--out", "a"] + small
    let first = try scratch.start(arguments.map { $0 == "steps=4" ? "steps=100000" : $0 })
    #expect(try first.untilErrors(contain: "run a"))
    let second = try scratch.start(
      arguments.map { $0 == "steps=4" ? "steps=100000" : $0 }
    ).wait()
    #expect(second.status == 1 && second.errors.contains("another process"), "\(second.errors)")
    kill(first.process.processIdentifier, SIGKILL)
    _ = try first.wait()
  }

  @Test func `Ctrl-C in the middle of a training keeps what is recorded`() throws {
    let scratch = try Scratch()
    let arguments = ["run", crossModal, "--seeds", "2", "--out", "a"] + small
    let running = try scratch.start(
      arguments.map { $0 == "steps=4" ? "steps=100000" : $0 })
    // The first training never ends by itself; a plain listener tells of it after ten seconds.
    #expect(try running.untilErrors(contain: "seed 0: names from image"))
    kill(running.process.processIdentifier, SIGINT)
    let done = try running.wait()
    #expect(done.status == 130, "\(done.errors)")
    #expect(done.errors.contains("interrupted"))
    #expect(try JSON.parse(scratch.read("a/manifest.json"))["experiment"] == "cross-modal")
  }
}
