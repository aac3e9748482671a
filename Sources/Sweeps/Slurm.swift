// Slurm through its own commands: submit, look, cancel. No database is needed (sacct would need
// slurmdbd), and no library is linked.

import Foundation

/// The Slurm that `sbatch` on the path speaks to.
public struct Slurm: Sendable {
  /// An element of an array.
  struct Element: Hashable {
    let job: Int, index: Int
  }

  /// Uses the commands on the path.
  public init() {}

  /// The largest index of an array and one more; 1001 unless the administrator chose otherwise.
  ///
  /// - Throws: ``SweepError``.
  func maxArraySize() throws -> Int {
    let text = try Self.call("scontrol", ["show", "config"])
    let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MaxArraySize") })
    let size = Int(line?.filter(\.isNumber) ?? "") ?? 0
    guard size > 1 else {
      throw SweepError.slurm("this Slurm allows no job arrays (MaxArraySize)")
    }
    return size
  }

  /// Submits elements 1 … count of an array.
  ///
  /// - Returns: The job's number.
  /// - Throws: ``SweepError`` with the words of `sbatch`.
  func submit(
    _ script: String, arguments: [String], count: Int, throttle: Int?, after: Int?
  ) throws -> Int {
    let array = "--array=1-\(count)" + (throttle.map { "%\($0)" } ?? "")
    let text = try Self.call(
      "sbatch",
      ["--parsable", array] + (after.map { ["--dependency=afterany:\($0)"] } ?? []) + [script]
        + arguments)
    // `JOB` or `JOB;CLUSTER`.
    guard let job = Int(text.prefix { $0.isNumber }) else {
      throw SweepError.slurm("sbatch answers '\(text)' instead of a job's number")
    }
    return job
  }

  /// All elements of this user's arrays that wait or run, with Slurm's word for their state.
  ///
  /// - Throws: ``SweepError``.
  func queue() throws -> [Element: String] {
    let text = try Self.call("squeue", ["--me", "--noheader", "--array", "--format=%F %K %T"])
    var found: [Element: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, let job = Int(words[0]), let index = Int(words[1]) else { continue }
      found[Element(job: job, index: index)] = String(words[2])
    }
    return found
  }

  /// Cancels jobs; those that are over are no mistake.
  ///
  /// - Throws: ``SweepError``.
  func cancel(_ jobs: [Int]) throws {
    if !jobs.isEmpty { _ = try Self.call("scancel", ["--quiet"] + jobs.map { "\($0)" }) }
  }

  /// - Returns: What the command writes.
  private static func call(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process(), output = Pipe(), errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (output, errors)
    do { try process.run() } catch {
      throw SweepError.slurm("cannot start \(program): \(error.localizedDescription)")
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 127 {
      throw SweepError.slurm("\(program) is not on the path: is this a machine of the cluster?")
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let reason = said.trimmingCharacters(in: .whitespacesAndNewlines)
      throw SweepError.slurm("\(program) failed: \(reason)")
    }
    return text
  }
}
