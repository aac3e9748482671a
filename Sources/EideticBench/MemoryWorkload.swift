// memory: the largest resident size of a training step and of a whole experiment.

import Foundation
import Networks
import Personas
import Repro
import Training

/// Compares the memory of programs that do one thing and end.
struct MemoryWorkload: Workload {
  let name = "memory"
  var preset = "base"
  private let steps = 4
  /// People of the experiment, and their never-trained twins.
  private let people = 100

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    tell("\(name)  largest resident size of processes of their own; above 1 we are smaller")
    return WorkloadResult(rows: [try step(options), try experiment(options)])
  }

  // MARK: - A step

  private func step(_ options: BenchOptions) throws -> Row {
    let (ours, text) = try Program.peak(
      options.programs + "/EideticBench", ["--alone", preset, "--rounds", "\(steps)"])
    let losses = try JSON.parse(Data(text.utf8))["losses"]?.doubles ?? []
    guard losses.count == steps else { throw BenchError("our steps ended with '\(text)'") }
    let theirs = try options.python.map { try stepPeer($0, losses, options) }
    return row("\(name) of step-\(preset)", ours, theirs)
  }

  private func stepPeer(
    _ python: String, _ losses: [Double], _ options: BenchOptions
  ) throws -> Int {
    let sizes = try StepSizes(preset: preset)
    let peers = try StepPeers(
      python: python, sizes: sizes, model: StepTraining(sizes).model,
      compileLimit: options.compileLimit, modes: ["eager"])
    defer { peers.stop() }
    try peers.check(losses, name)
    guard let peer = peers.running.first?.peer else { throw BenchError("PyTorch could not run") }
    return try peer.peakBytes()
  }

  /// What `--alone` does: some steps of a preset, and their losses as JSON.
  static func alone(preset: String, steps: Int) throws -> JSON {
    let training = try StepTraining(StepSizes(preset: preset))
    return ["losses": .array(try (0..<steps).map { _ in .number(try training.step()) })]
  }

  // MARK: - An experiment

  private func experiment(_ options: BenchOptions) throws -> Row {
    let folder = FileManager.default.temporaryDirectory.path + "/eidetic-bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // A hundredth of the base's steps: memory does not grow with their number.
    let (ours, _) = try Program.peak(
      options.programs + "/eidetic",
      [
        "run", "scripts/experiments/cross_modal.lua", "--seeds", "1", "--set",
        "personas=\(people)", "--set", "steps=\(steps)", "--set", "effort=0.01", "--out",
        folder + "/run",
      ], environment: ["EIDETIC_CACHE": folder + "/cache"])
    let theirs = try options.python.map { try experimentPeer($0) }
    return row("\(name) of an experiment", ours, theirs)
  }

  private func experimentPeer(_ python: String) throws -> Int {
    let subjects = try Subjects(preset: "tiny", people: 2 * people)
    let files = HandedOver(python: python)
    let names = try subjects.people.map {
      try subjects.encoder.tokenizer.encode($0.name) + [WordTokenizer.end]
    }
    try files.plan(
      subjects.model,
      [
        "batch": 64, "rate": .number(3e-4), "limit": 12,
        "candidates": .array(names.map { .array($0.map { .integer(Int($0)) }) }),
      ])
    try files.weights(subjects.model)
    let sizes = subjects.model.configuration
    try files.examples(subjects.practice(1024), sizes, learning: true)
    try files.examples(
      [Modality.image, .text].flatMap { try subjects.questions($0) }, sizes, learning: false)
    let peer = try files.start("experiment.py")
    defer { peer.stop() }
    let answer = try peer.get("run \(steps)")
    guard answer["answers"]?.double == Double(4 * people), answer["scores"]?.double == 200 else {
      throw BenchError("PyTorch's experiment asked something else: \(answer.canonical)")
    }
    return try peer.peakBytes()
  }

  private func row(_ name: String, _ ours: Int, _ theirs: Int?) -> Row {
    let (mine, other) = (Double(ours) / 1e6, theirs.map { Double($0) / 1e6 })
    let share = other.map { ", PyTorch \($0.text(0)) MB: \((mine / $0).text(2)) of it" } ?? ""
    tell("  \(name.dropFirst(10)): ours \(mine.text(0)) MB\(share)")
    return Row(name: name, ours: mine, peer: other, ratio: other.map { $0 / mine }, unit: "MB")
  }
}

/// Programs that run to their end.
enum Program {
  /// Runs a program that must succeed.
  ///
  /// - Returns: Its largest resident size in bytes and what it printed.
  static func peak(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (bytes: Int, output: String) {
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw BenchError("\(path) is missing: build it with swift build -c release")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The size only grows, and what getrusage says of a child counts our own memory in: a child
    // begins as a copy of us. So it is read until the child ends.
    var most = 0
    while process.isRunning {
      if let bytes = peakBytes(of: process.processIdentifier) { most = max(most, bytes) }
      usleep(2000)
    }
    let text = String(
      decoding: (try output.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw BenchError("\(path) \(arguments.joined(separator: " ")) failed")
    }
    return (most, text)
  }

  /// The largest resident size of a living process so far.
  static func peakBytes(of process: Int32) -> Int? {
    bytes("VmHWM:", of: process)
  }

  /// The resident size of a living process now.
  static func residentBytes(of process: Int32 = getpid()) -> Int? { bytes("VmRSS:", of: process) }

  private static func bytes(_ key: String, of process: Int32) -> Int? {
    guard let file = FileHandle(forReadingAtPath: "/proc/\(process)/status"),
      let data = try? file.readToEnd()
    else { return nil }
    let line = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix(key) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
      .map { $0 * 1024 }
  }
}

extension Peer {
  /// The largest resident size of the script so far.
  ///
  /// - Throws: ``BenchError`` when the script has ended.
  func peakBytes() throws -> Int {
    guard let bytes = Program.peakBytes(of: processIdentifier) else {
      throw BenchError("the peer's memory could not be read")
    }
    return bytes
  }
}
