// `eidetic serve` as a process: it says where, answers, follows a run, and ends at Ctrl-C.

import Foundation
import FoundationNetworking
import Repro
import Synchronization
import Testing

@Suite struct ServeProgramTests {
  private func get(_ address: String) throws -> String {
    let answer = Mutex("")
    let end = DispatchSemaphore(value: 0)
    let url = try #require(URL(string: address))
    let task = URLSession(configuration: .ephemeral).dataTask(with: url) { data, _, error in
      answer.withLock { $0 = data.map { String(decoding: $0, as: UTF8.self) } ?? "\(error as Any)" }
      end.signal()
    }
    task.resume()
    end.wait()
    return answer.withLock { $0 }
  }

  private func address(_ running: Running) throws -> String {
    let text = try #require(try running.output(with: "Ctrl-C"))
    return try String(#require(text.firstMatch(of: /http:\S+/)).0)
  }

  @Test func `a run made meanwhile appears, with the steps of its training, and Ctrl-C ends it`()
    throws
  {
    let scratch = try Scratch()
    let running = try scratch.start(["serve", "--port", "0"])
    defer { running.process.terminate() }
    let address = try address(running)
    #expect(try get(address).contains("There are no runs yet"))
    let script = try scratch.write(
      "study.lua",
      """
      local eidetic, host = require "eidetic", require "eidetic.host"
      return eidetic.experiment {
        name = "tiny study",
        run = function(ctx)
          for step = 1, 40 do host.progress("seed 0: names", step, 40, 1 / step) end
        end,
      }
      """)
    let done = try scratch.run("run", script)
    #expect(done.status == 0, "\(done.errors)")
    let runs = try JSON.parse(try get(address + "api/runs"))
    guard case .array(let list)? = runs["runs"], case .string(let id)? = list.first?["id"] else {
      Issue.record("no run in \(runs.canonical)")
      return
    }
    let log = try get(address + "api/runs/\(id)/log")
    #expect(log.contains("\"stage\":\"names\"") && log.contains("\"step\":40"))
    #expect(try get(address + "api/runs?where=state%20==").contains("error"))
    #expect(try get(address + "api/runs?where=experiment==%22tiny%20study%22").contains(id))
    kill(running.process.processIdentifier, SIGINT)
    #expect(try running.wait().status == 130)
  }

  @Test func `mistakes in its arguments say what to do`() throws {
    let scratch = try Scratch()
    let missing = try scratch.run("serve", "--root", "nowhere")
    #expect(missing.status == 2 && missing.errors.contains("there is no folder nowhere"))
    let port = try scratch.run("serve", "--port", "70000")
    #expect(port.status == 2 && port.errors.contains("expected 0 ... 65535"))
    let host = try scratch.run("serve", "--host", "no such host")
    #expect(host.status == 1 && host.errors.contains("--host no such host"))
  }
}
