// How the engine uses this machine.

import CKernels
import CMimalloc

/// The worker threads and instruction set of the engine. Results never depend on the thread count.
public enum Machine {
  /// How many threads work, 1 ... 256; by default one per processor or `EIDETIC_THREADS`.
  public static var threadCount: Int {
    get { Int(ek_threads()) }
    set { ek_set_threads(Int32(clamping: newValue)) }
  }

  /// `avx512`, `avx2` or `portable`.
  public static var instructionSet: String { String(cString: ek_instruction_set()) }

  /// What multiplies matrices; other instruction sets give other last bits.
  public static var products: String { "Eidetic's own, \(instructionSet)" }

  /// What hands out memory. To name it is also what links it, and with it its `malloc`.
  public static var allocator: String {
    let version = mi_version()
    return "mimalloc \(version / 100).\(version / 10 % 10).\(version % 10)"
  }

  /// Forces an instruction set, for tests; returns whether this processor has it.
  package static func force(instructionSet: String) -> Bool {
    ek_force_instruction_set(instructionSet) != 0
  }
}
