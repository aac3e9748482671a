// Studies through the program: every experiment of the paper at a tiny size, and going on.

import Foundation
import Repro
import Testing

private let experiments = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("scripts/experiments").path

@Suite(.serialized) struct StudyTests {
  @Test func `the paper runs whole and leaves claims with verdicts`() throws {
    let scratch = try Scratch()
    let done = try scratch.start(
      ["run", experiments + "/paper.lua", "--quick", "--out", "a", "--set", "effort=0.01"]
        + ["--set", "personas=4", "--set", "steps=2", "--set", "view_counts=1 2"]
        + ["--set", "step_counts=1", "--set", "sizes=nano", "--set", "efforts=1.0"]
        + ["--set", "methods=manu", "--set", "compared=manu"]
    ).wait()
    #expect(done.status == 0, "\(done.errors)")
    let result = try JSON.parse(scratch.read("a/result.json"))
    #expect(result["study"] == "paper" && result["complete"] == true)
    guard case .array(let claims)? = result["claims"],
      case .array(let parts)? = result["experiments"]
    else {
      Issue.record("no claims")
      return
    }
    #expect(claims.count > 20)
    for claim in claims {
      for field in ["claim", "experiment", "effect", "low", "high", "p", "verdict"] {
        #expect(claim[field] != nil, "\(field)")
      }
    }
    for part in parts {
      guard case .string(let folder)? = part["folder"] else { continue }
      #expect(try !scratch.read("a/\(folder)/report.html").isEmpty)
      #expect(done.output.contains(folder) || done.errors.contains(folder))
    }
    #expect(try scratch.read("a/claims.md").hasPrefix("| claim | experiment |"))
    #expect(try scratch.read("a/report.html").contains("What this does not say"))
  }

  /// Two small experiments and a study of them.
  private func write(_ scratch: Scratch, second rest: String = "") throws -> [String] {
    for (name, rest) in [("one", ""), ("two", rest)] {
      _ = try scratch.write(
        "\(name).lua",
        """
        local e = require "eidetic"
        return e.experiment { name = "\(name)", params = { right = 1 }, quick = { right = 0 },
          claims = { { claim = "\(name) is right", metric = "x", higher = { how = "a" } } },
          run = function(ctx)
            local people = e.personas.people { count = 6, rng = ctx.rng }
            local values = {}
            for i = 1, #people do values[i] = ctx.params.right end
            \(rest)
            ctx:record({ how = "a" },
              { metric = "x", items = people:test("text", "name"), values = values })
          end }
        """)
    }
    let study = try scratch.write(
      "study.lua",
      """
      return require("eidetic").study { name = "s", experiments = { "one.lua", "two.lua" } }
      """)
    return ["run", study, "--seeds", "2"]
  }

  private func verdicts(_ scratch: Scratch, _ folder: String) throws -> [JSON?] {
    guard case .array(let claims)? = try JSON.parse(scratch.read(folder + "/result.json"))["claims"]
    else { return [] }
    return claims.map { $0["verdict"] }
  }

  @Test func `a study goes on where it stopped`() throws {
    let scratch = try Scratch()
    let broken = try scratch.start(write(scratch, second: "error 'too bad'")).wait()
    #expect(broken.status == 1 && broken.errors.contains("too bad"), "\(broken.errors)")
    #expect(try verdicts(scratch, "runs/s") == ["shown"])
    try FileManager.default.removeItem(atPath: scratch.path + "/runs/s/two")
    let again = try scratch.start(write(scratch)).wait()
    #expect(again.status == 0 && again.errors.contains("done before: seed 0, 1"), "\(again.errors)")
    #expect(try verdicts(scratch, "runs/s") == ["shown", "shown"])
  }

  @Test func `quick parameters and settings reach the experiments`() throws {
    let scratch = try Scratch()
    let arguments = try write(scratch)
    let quick = try scratch.start(arguments + ["--quick", "--out", "q"]).wait()
    #expect(quick.status == 0, "\(quick.errors)")
    #expect(try verdicts(scratch, "q") == ["not shown", "not shown"])
    let set = try scratch.start(arguments + ["--quick", "--set", "right=1", "--out", "r"]).wait()
    #expect(set.status == 0, "\(set.errors)")
    #expect(try verdicts(scratch, "r") == ["shown", "shown"])
    let unknown = try scratch.start(arguments + ["--set", "wrong=1", "--out", "u"]).wait()
    #expect(
      unknown.status == 1 && unknown.errors.contains("no experiment of s has such a parameter"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/u"))
  }

  @Test func `mistakes in a study and in claims are told`() throws {
    let scratch = try Scratch()
    for (text, expected) in [
      ("return require('eidetic').study { name = 's' }", "needs name and experiments"),
      ("return require('eidetic').study { name = 's', experiments = { 'no.lua' } }", "no.lua"),
      ("return require('eidetic').study { nam = 's' }", "field 'nam' must be one of"),
      (
        "return require('eidetic').experiment { name = 'e', run = print, claims = { { claim = 'c' } } }",
        "claim 1: needs claim, and higher, lower or terms"
      ),
      (
        "return require('eidetic').experiment { name = 'e', run = print, claims = { { clam = 'c' } } }",
        "field 'clam' must be one of"
      ),
      ("print 'plain'", "--quick needs a script that returns an experiment"),
    ] {
      let script = try scratch.write("wrong.lua", text)
      let done = try scratch.run("run", script, "--quick")
      #expect(done.status != 0 && done.errors.contains(expected), "\(done.errors)")
    }
  }
}
