// How tasks stand, told from files and locks alone; and what fits on a machine.

import Foundation
import Repro
import Sweeps
import Testing

@Suite struct StatusTests {
  private func begun(_ folder: SweepFolder, _ id: String) throws -> TaskAttempt? {
    if case .begun(let attempt) = try folder.begin(id) { attempt } else { nil }
  }

  @Test func `a task runs as long as its lock is held`() throws {
    let place = Place(), folder = place.folder
    #expect(folder.status("a").state == .waiting)
    var attempt = try begun(folder, "a")
    #expect(attempt != nil && folder.status("a").state == .running)
    #expect(try begun(folder, "a") == nil, "of two one works")
    withExtendedLifetime(attempt) {}
    // Gone without a word, as after kill -9.
    attempt = nil
    #expect(folder.status("a").state == .interrupted)
    attempt = try begun(folder, "a")
    #expect(attempt?.status.attempts == 2, "the dead's lock is free")
    try attempt?.end(.exit(1), message: "too bad")
    attempt = nil
    let status = folder.status("a")
    #expect(status.state == .failed && status.message == "too bad" && status.exitCode == 1)
    #expect((status.peakMemory ?? 0) > 1 << 20 && status.seconds != nil)
  }

  @Test func `a done task stays done until its run is removed`() throws {
    let place = Place(), folder = place.folder
    try AtomicFile.write("{}", to: folder.run("a").resultPath)
    var attempt = try begun(folder, "a")
    try attempt?.end(.exit(0))
    attempt = nil
    #expect(folder.status("a").state == .done)
    guard case .done = try folder.begin("a") else {
      Issue.record("a done task was begun")
      return
    }
    try FileManager.default.removeItem(atPath: folder.run("a").path)
    #expect(folder.status("a").state == .waiting)
    #expect(try begun(folder, "a") != nil)
  }

  @Test(arguments: [
    (ChildEnd.exit(0), TaskStatus.State.done, ""), (.exit(130), .interrupted, "interrupted"),
    (.exit(7), .failed, "exit code 7"), (.signal(SIGKILL), .failed, "killed by SIGKILL"),
    (.signal(SIGTERM), .interrupted, "killed by SIGTERM"),
    (.signal(SIGSEGV), .failed, "killed by SIGSEGV"),
  ])
  func `an end decides the state`(end: ChildEnd, state: TaskStatus.State, words: String) {
    var status = TaskStatus()
    status.begin()
    status.end(end)
    #expect(status.state == state)
    #expect(words.isEmpty ? status.message == nil : status.message?.contains(words) == true)
  }

  @Test func `a damaged status file counts as none`() throws {
    let place = Place()
    try AtomicFile.write("{\"state\": \"do", to: place.path + "/tasks/a/status.json")
    #expect(place.folder.status("a").state == .waiting)
  }

  @Test func `processes and threads never exceed the processors`() {
    for processors in 1...9 {
      for jobs in [nil, 1, 2, 5] as [Int?] {
        for threads in [nil, 1, 3] as [Int?] {
          guard let shares = Shares(processors: processors, jobs: jobs, threads: threads) else {
            #expect((jobs ?? 1) * (threads ?? 1) > processors)
            continue
          }
          #expect(shares.jobs * shares.threads <= processors)
          #expect(jobs == nil || shares.jobs == jobs)
          #expect(threads == nil || shares.threads == threads)
        }
      }
    }
    #expect(Shares(processors: 8, jobs: 3)?.threads == 2)
    #expect(Shares(processors: 8, threads: 3)?.jobs == 2)
  }

  @Test func `what does not fit is not started`() {
    let free = Memory(total: 10_000, available: 6_000)
    let declared = MemoryNeed(declared: 3_200)
    #expect(declared.fits(free, running: []))
    // One that has taken 500 of its 3,200 will take 2,700 more.
    #expect(
      !declared.fits(free, running: [(500, 500, 1)])
        && declared.fits(free, running: [(3_200, 3_200, 1)]))
    #expect(!MemoryNeed(declared: 5_900).fits(free, running: []), "some stays free")
    #expect(MemoryNeed(declared: 5_000).fits(free, running: []))
    var measured = MemoryNeed(declared: nil)
    #expect(measured.fits(free, running: []), "the first goes alone")
    #expect(!measured.fits(free, running: [(100, 100, 5)]), "and is watched for a while")
    #expect(measured.fits(free, running: [(100, 100, 25)]))
    #expect(!measured.fits(free, running: [(4_000, 4_000, 25)]), "half as much again counts")
    var large = measured
    large.note(peak: 9_800)
    #expect(large.fits(free, running: []), "it ran before")
    #expect(!large.fits(free, running: [(1, 1, 25)]))
    measured.note(peak: 1_000)
    #expect(measured.fits(free, running: [(900, 900, 1)]))
    #expect(!measured.fits(free, running: [(0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1)]))
  }

  @Test func `a child process tells how it ended`() throws {
    // The program is the test runner itself, which does not know this argument.
    let child = try ChildProcess(["--no-such-argument-of-a-test-runner"])
    #expect(child.id > 0)
    child.send(SIGKILL)
    var end: ChildEnd?
    for _ in 0..<1000 where end == nil {
      end = child.poll()
      usleep(10_000)
    }
    #expect(end == .signal(SIGKILL) && child.poll() == end && child.memory == (0, 0))
  }
}
