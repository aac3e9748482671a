// How much memory there is, and whether one more task fits.

import Foundation

/// Sizes in files of `/proc`.
enum Bytes {
  /// A line such as `VmHWM:  1234 kB` of a file in `/proc`; 0 when it is missing.
  static func field(_ name: String, in text: String) -> Int {
    for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
      let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber }
      return (Int(digits) ?? 0) * 1024
    }
    return 0
  }
}

/// The machine's memory as this process may use it.
public struct Memory: Sendable {
  /// All there is, in bytes.
  public var total: Int
  /// What can be had without pushing others out, in bytes.
  public var available: Int

  /// Numbers from elsewhere.
  public init(total: Int, available: Int) { (self.total, self.available) = (total, available) }

  /// What the kernel says now, and less where a control group allows less.
  public static func now() -> Memory {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    var memory = Memory(
      total: Bytes.field("MemTotal", in: text), available: Bytes.field("MemAvailable", in: text))
    if let folder = controlGroup, let limit = number(folder + "/memory.max") {
      memory.total = min(memory.total, limit)
      let used = number(folder + "/memory.current") ?? 0
      memory.available = min(memory.available, max(0, limit - used))
    }
    return memory
  }

  /// Of version 2; `0::/path` names it.
  private static let controlGroup: String? = {
    guard let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })
    else { return nil }
    return "/sys/fs/cgroup" + line.dropFirst(3)
  }()

  private static func number(_ path: String) -> Int? {
    (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }
}

/// What the tasks of a sweep need, as declared or as seen so far.
public struct MemoryNeed: Sendable {
  /// What the sweep says a task needs, in bytes.
  public let declared: Int?
  /// The most that a finished task held.
  private var measured: Int?

  /// Nothing is known but what is declared.
  public init(declared: Int?) { self.declared = declared }

  /// A finished task held this much at most.
  public mutating func note(peak: Int) { measured = max(measured ?? 0, peak) }

  /// What stays free for everything else on a machine: a twentieth.
  static func reserve(of total: Int) -> Int { total / 20 }
  /// While no task has finished, the first runs alone for so long; then half as much again as it
  /// has held counts.
  static let trial = 20.0

  /// What one more task is taken to need.
  ///
  /// - Parameter running: Most memory and age in seconds of each running task.
  /// - Returns: `nil` while it cannot be told.
  package func estimate(running: [(peak: Int, age: Double)]) -> Int? {
    if let declared { return declared }
    let old = running.filter { $0.age >= Self.trial }.map { $0.peak + $0.peak / 2 }.max()
    let young = running.map(\.peak).max() ?? 0
    guard let known = [measured, old].compactMap(\.self).max() else { return nil }
    return max(known, young)
  }

  /// Whether one more task fits beside those that run. What they have not taken yet is theirs.
  package func fits(_ memory: Memory, running: [(now: Int, peak: Int, age: Double)]) -> Bool {
    guard let need = estimate(running: running.map { ($0.peak, $0.age) }) else {
      return running.isEmpty
    }
    let reserve = Self.reserve(of: memory.total)
    // Nothing would make room for it, and it ran before.
    if declared == nil, running.isEmpty, need + reserve > memory.total { return true }
    let promised = running.reduce(0) { $0 + max(0, need - $1.now) }
    return need + promised + reserve <= memory.available
  }
}
