// A training that is kept in a file goes on to the same bits, wherever it was stopped; a file that
// does not fit is never used.

import Foundation
import Networks
import Repro
import TensorCore
import Testing
import Training

@Suite struct ResumeTests {
  private struct Stopped: Error {}

  private struct Outcome: Equatable {
    var fingerprint = ""
    var losses: [Float] = []
    var steps: [Int] = []
    var told: [String] = []
    /// How often the loss was asked for.
    var batches = 0
  }

  private static let options = TrainingOptions(steps: 8, rate: 3e-3, warmup: 3)

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder + "/fit.checkpoint")
  }

  /// Trains a new model.
  ///
  /// - Parameters:
  ///   - stop: The step after which the process is about to end.
  ///   - end: The step after which the script has had enough.
  private func train(
    _ path: String?, stop: Int? = nil, end: Int? = nil, seed: Int = 0,
    identity: [String: JSON] = ["lr": 3], pace: CheckpointPace = .every(seconds: 3600)
  ) throws -> Outcome {
    let model = try goldenModel()
    var outcome = Outcome()
    let keeper = path.map { path in
      TrainingKeeper(
        path: path, identity: identity, pace: pace, tell: { outcome.told.append($0) },
        isStopping: { stop != nil && outcome.batches >= stop! })
    }
    keeper?.watch(notes: { "notes" }) { kept in
      #expect(kept.notes == "notes")
      outcome.losses = kept.isOver ? kept.losses : kept.losses.dropLast()
    }
    do {
      try Training.train(
        model, Self.options, keeper: keeper,
        nextBatch: { step in
          outcome.batches += 1
          return try .learning(
            (0..<4).map { goldenExample(step % 3 + seed, $0) }, model.configuration)
        },
        report: { report in
          outcome.losses.append(report.loss)
          outcome.steps.append(report.step)
          if report.step == stop { throw Stopped() }
          return report.step != end
        })
    } catch is Stopped {}
    outcome.fingerprint = try model.parameters.fingerprint()
    return outcome
  }

  @Test func `stopped after any step it goes on to the same bits`() throws {
    let whole = try train(nil)
    for stop in 1...8 {
      try inFolder { path in
        #expect(try train(path, stop: stop).steps == Array(1...stop))
        let rest = try train(path)
        #expect(rest.fingerprint == whole.fingerprint && rest.losses == whole.losses, "\(stop)")
        #expect(rest.steps == Array(stop...8), "the last step is told again")
        #expect(rest.batches == 9 - stop, "the first loss and what is left")
        #expect(rest.told == ["going on after step \(stop), kept in \(path)"])
      }
    }
  }

  @Test func `stopped after every step it ends in the same bits`() throws {
    try inFolder { path in
      for _ in 1...20 { _ = try train(path, stop: 2) }
      let last = try train(path)
      #expect(try last.fingerprint == train(nil).fingerprint)
    }
  }

  @Test func `what is over is not done again`() throws {
    for end in [nil, 5] {
      try inFolder { path in
        let whole = try train(path, end: end, pace: .every(seconds: 0))
        let again = try train(path, end: end, pace: .every(seconds: 0))
        #expect(again.fingerprint == whole.fingerprint && again.losses == whole.losses)
        #expect(again.steps == [] && again.batches == 1)
      }
    }
  }

  @Test func `another training in its place starts anew and says why`() throws {
    let fresh = try train(nil, seed: 1)
    for (seed, identity, reason) in [
      (0, ["lr": 4], "differs by lr"), (0, ["lr": 3, "batch": 1], "differs by batch"),
      (1, ["lr": 3], "differs by the loss of the first step"),
    ] as [(Int, [String: JSON], String)] {
      try inFolder { path in
        _ = try train(path, stop: 4)
        let other = try train(path, seed: seed, identity: identity)
        #expect(other.told.count == 1 && other.told[0].contains(reason), "\(other.told)")
        #expect(other.steps == Array(1...8))
        if seed == 1 { #expect(other.fingerprint == fresh.fingerprint) }
      }
    }
  }

  @Test func `a damaged file is refused with a reason and nothing is lost`() throws {
    let whole = try train(nil)
    try inFolder { path in
      _ = try train(path, stop: 4)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      var stream = RandomStream(seed: 3)
      for round in 0..<120 {
        var damaged = bytes
        let place = round % 3 == 0 ? stream.int(below: 100) : stream.int(below: bytes.count)
        switch round % 4 {
        case 0: damaged = bytes.prefix(place)
        case 1: damaged[place] ^= 1 << UInt8(stream.int(below: 8))
        case 2: damaged.append(7)
        default: damaged.replaceSubrange(place..<min(place + 9, bytes.count), with: [])
        }
        try damaged.write(to: URL(fileURLWithPath: path))
        let anew = try train(path)
        #expect(anew.fingerprint == whole.fingerprint && anew.steps.count == 8)
        #expect(anew.told.count == 1 && anew.told[0].hasSuffix("this training starts anew"))
      }
      let line = "eidetic-training-1"
      try (Data("eidetic-training-9".utf8) + bytes.dropFirst(line.utf8.count))
        .write(to: URL(fileURLWithPath: path))
      #expect(try train(path).told[0].contains("it has format 9, this version reads 1"))
    }
  }

  @Test func `what cannot be written is told once and stops nothing`() throws {
    let outcome = try train("/dev/null/fit.checkpoint", pace: .every(seconds: 0))
    #expect(outcome.told.count == 1 && outcome.told[0].hasPrefix("warning: cannot write"))
    #expect(try outcome.fingerprint == train(nil).fingerprint)
  }

  @Test func `short trainings are not kept by themselves`() throws {
    for pace in [CheckpointPace.automatic, .never] {
      try inFolder { path in
        let begin = Date()
        _ = try train(path, pace: pace)
        let isShort = pace == .never || Date().timeIntervalSince(begin) < 3
        #expect(FileManager.default.fileExists(atPath: path) == false || !isShort)
      }
    }
  }

  @Test func `the pace is read from a text`() throws {
    #expect(try CheckpointPace(nil, name: "x") == .automatic)
    #expect(try CheckpointPace("", name: "x") == .automatic)
    #expect(try CheckpointPace("never", name: "x") == .never)
    #expect(try CheckpointPace("2.5", name: "x") == .every(seconds: 2.5))
    for text in ["-1", "nan", "inf", "soon"] {
      #expect(throws: TrainingError.self) { try CheckpointPace(text, name: "x") }
    }
  }
}
