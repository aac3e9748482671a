// What this machine can do at best, measured before anything is compared.

import CKernels
import CLimits
import Foundation
import Repro
import Synchronization
import TensorCore

/// The machine and its measured limits.
struct Limits {
  /// GFLOP/s of fused multiply-adds in registers: one thread, and all threads at once.
  let arithmetic: (one: Double, all: Double)
  /// GB/s of the triad: one thread, and all threads at once.
  let bandwidth: (one: Double, all: Double)
  let threads = Machine.threadCount

  init() {
    // All threads at once: where two processors share a core, they are slower together.
    arithmetic = (Self.arithmetic(threads: 1), Self.arithmetic(threads: threads))
    bandwidth = (Self.bandwidth(threads: 1), Self.bandwidth(threads: threads))
  }

  private static func arithmetic(threads: Int) -> Double {
    // A tenth of a second: shorter, two new threads were seen to share one processor throughout.
    let rounds = 40_000_000
    var operations = 0.0
    let best = (0..<5).map { _ in
      seconds {
        operations = onThreads(threads) { _ in
          el_multiply_add(Machine.instructionSet, rounds)
        }
      }
    }.min()!
    return operations / best / 1e9
  }

  private static func bandwidth(threads: Int) -> Double {
    // Far beyond any cache, three arrays of 64 MiB.
    let count = 1 << 24
    let arrays = (0..<3).map { _ in UnsafeMutablePointer<Float>.allocate(capacity: count) }
    defer { for array in arrays { array.deallocate() } }
    for array in arrays { array.initialize(repeating: 1, count: count) }
    nonisolated(unsafe) let (a, b, c) = (arrays[0], arrays[1], arrays[2])
    let part = count / threads
    let best = (0..<5).map { _ in
      seconds {
        _ = onThreads(threads) { thread in
          let start = thread * part
          el_triad(part, a + start, b + start, 0.5, c + start)
          return 0
        }
      }
    }.min()!
    return Double(12 * part * threads) / best / 1e9
  }

  /// Runs the same work once per thread and adds what they return.
  static func onThreads(
    _ threads: Int, _ body: @escaping @Sendable (Int) -> Double
  ) -> Double {
    // Plain threads: the engine's workers hand out indices and could give two to one thread.
    let total = Mutex(0.0)
    let group = DispatchGroup()
    for thread in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        let value = body(thread)
        total.withLock { $0 += value }
        group.leave()
      }
    }
    group.wait()
    return total.withLock { $0 }
  }

  /// The processor's name as the system knows it.
  static var processor: String {
    let file = FileHandle(forReadingAtPath: "/proc/cpuinfo")
    let text = (try? file?.readToEnd()).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
    let line = text?.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
      ?? "unknown"
  }

  /// The processor type whose kernels OpenBLAS chose.
  private static var blasCore: String { String(cString: el_blas_core()) }

  /// Two lines for people.
  var text: String {
    """
    machine  \(Self.processor), \(threads) threads, \(Machine.instructionSet), \
    OpenBLAS for \(Self.blasCore)
    limits   multiply-add \(arithmetic.one.text(1)) GFLOP/s on one thread, \
    \(arithmetic.all.text(1)) on all; triad \(bandwidth.one.text(1)) GB/s on one, \
    \(bandwidth.all.text(1)) on all
    """
  }

  /// The `machine` member of the result.
  var json: [String: JSON] {
    [
      "processor": .string(Self.processor), "threads": .integer(threads),
      "instruction_set": .string(Machine.instructionSet), "blas_core": .string(Self.blasCore),
      "blas": .string(String(cString: el_blas_config())),
      "multiply_add_gflops": ["one": .number(arithmetic.one), "all": .number(arithmetic.all)],
      "triad_gb_per_s": ["one": .number(bandwidth.one), "all": .number(bandwidth.all)],
    ]
  }
}
