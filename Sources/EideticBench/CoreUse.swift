// Who used the cores during a measurement. A time that was taken while others computed says little;
// then the benchmark warns, in its text and in its file.

import Foundation
import Repro

/// Seconds of processor time since the machine started, by who had them.
package struct CoreUse: Equatable {
  /// Of all processes, interrupts included.
  package var all: Double
  /// Taken by other guests of the same machine.
  package var stolen: Double
  /// Of this process and of all that it started.
  package var own: Double
  /// On the clock.
  package var clock: Double
  /// Processors that the system counts.
  package var processors: Int

  package init(all: Double, stolen: Double, own: Double, clock: Double, processors: Int) {
    (self.all, self.stolen, self.own) = (all, stolen, own)
    (self.clock, self.processors) = (clock, processors)
  }

  /// Processors' worth of work that others did since an earlier moment, stolen time included; more
  /// than the processors that the measurement leaves free disturbs it.
  package func foreign(since start: CoreUse) -> Double {
    let others = (all - start.all) - (own - start.own)
    return max(0, others + stolen - start.stolen) / max(clock - start.clock, 1e-9)
  }

  /// How much of others' work was on the processors that a measurement with so many threads needs.
  package func disturbance(since start: CoreUse, threads: Int) -> Double {
    max(0, foreign(since: start) - Double(max(0, processors - threads)))
  }
}

extension CoreUse {
  /// This moment.
  package static var now: CoreUse {
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    let text = content("/proc/stat")
    let (all, stolen, processors) = machine(text)
    return CoreUse(
      all: Double(all) / ticks, stolen: Double(stolen) / ticks, own: ownSeconds(ticks),
      clock: Double(DispatchTime.now().uptimeNanoseconds) / 1e9, processors: processors)
  }

  /// Ticks of work and of stolen time, and the number of processors, from the text of `/proc/stat`.
  package static func machine(_ text: String) -> (all: Int, stolen: Int, processors: Int) {
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("cpu") }
    // user nice system idle iowait irq softirq steal; guests' time is in user and nice already.
    let fields = lines.first?.split(separator: " ").dropFirst().map { Int($0) ?? 0 } ?? []
    guard fields.count >= 8 else { return (0, 0, max(1, lines.count - 1)) }
    return (
      fields[0] + fields[1] + fields[2] + fields[5] + fields[6], fields[7], max(1, lines.count - 1)
    )
  }

  /// Processor time of this process, of children that ended, and of living descendants.
  private static func ownSeconds(_ ticks: Double) -> Double {
    func seconds(_ who: __rusage_who_t) -> Double {
      var usage = rusage()
      getrusage(who, &usage)
      return [usage.ru_utime, usage.ru_stime]
        .map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
    }
    var children: [Int: [Process]] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard Int(name) != nil, let process = Process(stat: content("/proc/\(name)/stat")) else {
        continue
      }
      children[process.parent, default: []].append(process)
    }
    var living = 0, waiting = [Int(getpid())]
    while let parent = waiting.popLast() {
      for child in children[parent] ?? [] {
        living += child.ticks
        waiting.append(child.id)
      }
    }
    return seconds(RUSAGE_SELF.rawValue) + seconds(RUSAGE_CHILDREN.rawValue) + Double(living)
      / ticks
  }

  /// What `/proc/PID/stat` says of a process.
  package struct Process: Equatable {
    package let id: Int
    package let parent: Int
    /// Its processor time and that of its children that ended.
    package let ticks: Int

    package init?(stat text: String) {
      // The name stands in parentheses and may hold anything, also parentheses.
      guard let name = text.lastIndex(of: ")"), let id = Int(text.prefix { $0 != " " }) else {
        return nil
      }
      let fields = text[text.index(after: name)...].split(separator: " ")
      guard fields.count > 14, let parent = Int(fields[1]) else { return nil }
      self.id = id
      self.parent = parent
      ticks = fields[11...14].map { Int($0) ?? 0 }.reduce(0, +)
    }
  }

  private static func content(_ path: String) -> String {
    // Files of /proc have no size in advance.
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
  }
}

/// What others did during each benchmark.
package struct Disturbances {
  /// Processors' worth of work from which on a measurement counts as disturbed.
  static let limit = 0.1
  private(set) var found: [(name: String, processors: Double)] = []

  package init() {}

  /// Runs a benchmark and warns when it was disturbed.
  mutating func watch<T>(_ name: String, threads: Int, _ body: () throws -> T) rethrows -> T {
    let start = CoreUse.now
    defer { note(name, CoreUse.now.disturbance(since: start, threads: threads)) }
    return try body()
  }

  package mutating func note(_ name: String, _ processors: Double) {
    found.append((name, processors))
    if let warning = Self.warning(name, processors) { tell(warning) }
  }

  /// What to say of a benchmark, or `nil` when it ran alone.
  package static func warning(_ name: String, _ processors: Double) -> String? {
    guard processors > limit else { return nil }
    return
      "WARNING  \(name): other processes used \(processors.text(2)) processors meanwhile; "
      + "its numbers are not to be trusted, measure again on a quiet machine"
  }

  /// A last warning that names all disturbed benchmarks, or `nil`.
  package var summary: String? {
    let names = found.filter { $0.processors > Self.limit }.map(\.name)
    guard !names.isEmpty else { return nil }
    return
      "WARNING  measured beside other work, not to be trusted: \(names.joined(separator: ", "))"
  }

  /// By benchmark: processors' worth of other work, and whether that is too much.
  package var json: JSON {
    .object(
      Dictionary(
        found.map { name, processors in
          (
            name,
            ["processors": .number(processors), "too_much": .bool(processors > Self.limit)] as JSON
          )
        }
      ) { $1 })
  }
}
