// Sweeps under a real Slurm of two virtual nodes, which scripts/slurm starts and stops.

import Foundation
import Repro
import Testing

/// The cluster of these tests, started with the first of them and stopped at the end.
private final class Cluster: Sendable {
  /// An array has at most four elements, so that plans of more are cut.
  static let maxArray = 5

  let configuration: String
  /// Why there is no cluster.
  let reason: String?

  static let shared = Cluster()

  private init() {
    let folder = FileManager.default.temporaryDirectory.path + "/eidetic-slurm-\(getpid())"
    configuration = folder + "/slurm.conf"
    setenv("SLURM_FOLDER", folder, 1)
    setenv("MAX_ARRAY", "\(Self.maxArray)", 1)
    let started = Self.call("start")
    guard started.status == 0 else {
      reason = "Slurm cannot be started here: \(started.text)"
      return
    }
    reason = nil
    setenv("SLURM_CONF", configuration, 1)
    atexit { _ = Cluster.call("stop") }
  }

  static func call(_ verb: String) -> (status: Int32, text: String) {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../scripts/slurm").standardized.path
    return run("/bin/sh", [script, verb])
  }

  @discardableResult
  static func run(_ program: String, _ arguments: [String]) -> (status: Int32, text: String) {
    let process = Process(), output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (output, output)
    do { try process.run() } catch { return (127, "\(error)") }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// A command of Slurm.
  @discardableResult
  static func slurm(_ words: String...) -> String { run("/usr/bin/env", words).text }
}

@Suite(
  .serialized,
  .enabled("Slurm runs here (else: \(Cluster.shared.reason ?? ""))") {
    Cluster.shared.reason == nil
  })
struct SlurmTests {
  private let slurm = ["--executor", "slurm"]

  private func run(_ sweep: SweepScratch, _ further: String...) throws -> Finished {
    try sweep.scratch.start(["sweep", "run", "sweep.lua"] + slurm + further, threads: 1).wait()
  }

  /// Numbers of the jobs of the newest submission.
  private func jobs(_ sweep: SweepScratch, submission: Int = 1) throws -> [Int] {
    let text = try sweep.scratch.read("sweeps/s/slurm/\(submission)/jobs.json")
    guard case .array(let arrays) = try JSON.parse(text) else { return [] }
    return arrays.compactMap { if case .integer(let job)? = $0["job"] { job } else { nil } }
  }

  private func until(_ isReached: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<600 {
      if try isReached() { return true }
      usleep(100_000)
    }
    return false
  }

  @Test func `a plan longer than an array runs in several, and failures come back`() throws {
    let sweep = try SweepScratch(
      "parameters = { steps = { values = { 1, 2, 3, 4, 5, 6, 7, 8, 9 } } }",
      body: """
        if p.steps == 3 and not exists 'fixed' then error 'too bad' end
        if p.steps == 7 and not exists 'fixed' then os.execute 'kill -KILL $PPID' end
        note("threads " .. os.getenv "EIDETIC_THREADS" .. " node " .. os.getenv "SLURMD_NODENAME")
        """)
    let done = try run(sweep, "--throttle", "2")
    #expect(done.status == 1 && done.errors.contains("2 of 9 tasks failed"), "\(done.errors)")
    #expect(try jobs(sweep).count == 3, "arrays of 4, 4 and 1")
    #expect(done.output.contains("too bad") && done.output.contains("killed by SIGKILL"))
    let notes = sweep.notes
    #expect(notes.contains { $0.hasPrefix("threads 1 node n") }, "\(notes)")
    #expect(notes.count { $0.hasPrefix("begin") } == 9 && notes.count { $0.hasPrefix("end") } == 7)
    #expect(try sweep.scratch.read("sweeps/s/report.html").contains("steps=9"))
    #expect(try run(sweep).errors.contains("submitted 0"), "failures wait until they are asked for")
    _ = try sweep.scratch.write("fixed", "")
    let again = try run(sweep, "--retry")
    #expect(again.status == 0 && again.errors.contains("submitted 2"), "\(again.errors)")
    #expect(try sweep.states() == Array(repeating: "done", count: 9))
  }

  @Test func `near its limit a task keeps what it has, and its element is queued again`() throws {
    let sweep = try SweepScratch(
      "parameters = { steps = { values = { 1, 2 } } }",
      body: "if p.steps == 1 then while not exists 'go' do end end")
    let sent = try run(sweep, "--detach")
    #expect(sent.status == 0 && sent.errors.contains("submitted 2"), "\(sent.errors)")
    #expect(try until { try sweep.states() == ["running", "done"] })
    let job = try jobs(sweep)[0]
    // What Slurm sends before a time limit. scancel tries again for minutes while the element is
    // queued anew, so it is not waited for.
    Cluster.run("/usr/bin/timeout", ["2", "scancel", "--signal=USR1", "--batch", "\(job)_1"])
    #expect(try until { try sweep.states() == ["queued", "done"] })
    #expect(
      try sweep.scratch.read("sweeps/s/tasks/\(sweep.ids()[0])/log.txt").contains("interrupted"))
    let sentAgain = try run(sweep, "--detach")
    #expect(sentAgain.errors.contains("submitted 0"), "it stands in the queue: \(sentAgain.errors)")
    _ = try sweep.scratch.write("go", "")
    // A requeued job waits two minutes by itself.
    #expect(
      until {
        Cluster.slurm("scontrol", "update", "JobId=\(job)_1", "StartTime=now")
        return sweep.notes.contains("end 1 0")
      })
    #expect(try until { try sweep.states() == ["done", "done"] })
    #expect(sweep.notes.count { $0 == "begin 2 0" } == 1, "the other element was left alone")
    #expect(try sweep.tasks("status", "sweeps/s")[0]["status"]?["attempts"] == 2)
  }

  @Test func `what is cancelled can go on`() throws {
    let sweep = try SweepScratch("parameters = {}, seeds = 2", body: "while not exists 'go' do end")
    #expect(try run(sweep, "--detach", "--throttle", "1").status == 0)
    #expect(try until { try sweep.states() == ["running", "queued"] })
    let cancelled = try sweep.run("cancel", "sweeps/s")
    #expect(cancelled.status == 0 && cancelled.output.contains("2 tasks"), "\(cancelled.errors)")
    #expect(
      try until { try sweep.states() == ["interrupted", "waiting"] })
    _ = try sweep.scratch.write("go", "")
    // Any executor goes on with it.
    #expect(try sweep.run("run", "sweep.lua").status == 0)
    #expect(try sweep.states() == ["done", "done"])
  }

  @Test func `what Slurm refuses is told in its words`() throws {
    let sweep = try SweepScratch("parameters = {}")
    let done = try run(sweep, "--sbatch=--partition=nowhere")
    #expect(done.status == 1 && done.errors.contains("nvalid partition"), "\(done.errors)")
    #expect(try sweep.states() == ["waiting"])
  }
}
