// Memory of tensors. Buffers come from a pool of size classes, so a training step that repeats
// itself, or has batches of about one size, allocates nothing after its first rounds.

import Glibc
import Synchronization

/// One buffer, returned to the pool when the last tensor that uses it is gone.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  /// Bytes of the buffer.
  private let capacity: Int
  /// How often the content was changed in place after it was made.
  package private(set) var version = 0

  /// Notes a change in place; a tape that needs the earlier content then refuses to go back.
  package func markChanged() { version += 1 }

  /// Takes a buffer of at least `byteCount` bytes; its content is undefined.
  package init(byteCount: Int) throws {
    (pointer, capacity) = try StoragePool.take(byteCount)
    self.byteCount = byteCount
  }

  deinit { StoragePool.give(pointer, capacity) }
}

/// The buffers that are in use and those kept for reuse.
public enum StoragePool {
  /// Memory that no tensor uses; whoever takes it out of the pool owns it.
  private struct Buffer: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let size: Int
    /// When it came back.
    let tick: Int
  }

  private struct State {
    /// By size class.
    var free = [[Buffer]](repeating: [], count: 4 * Int.bitWidth)
    var usedBytes = 0
    var mostUsedBytes = 0
    var keptBytes = 0
    var tick = 0
    var allocations = 0
    var limit = StoragePool.defaultLimit
  }

  private static let state = Mutex(State())
  /// Bytes kept for reuse beyond what is in use; more goes back to the system.
  private static let mostKeptBytes = 512 << 20
  /// Used and kept buffers together may be this many times what was used at most so far. Work whose
  /// sizes change, such as batches of packed sentences, would otherwise keep a set of buffers for
  /// every size that it ever had; less room would take buffers from steps that repeat themselves.
  private static let slack = 1.5
  /// Below this no buffer goes: many small ones cost more to look through than they hold.
  private static let leastRoomBytes = 32 << 20

  /// How many classes up a kept buffer may be, at most half as large again: batches of packed sentences
  /// are never of one size, and what the larger ones left serves the smaller ones.
  private static let classesUp = 2

  /// More than any machine has, and few enough to be rounded up.
  private static let mostBytes = 1 << 48

  /// Bytes of all live tensors.
  public static var usedBytes: Int { state.withLock { $0.usedBytes } }
  /// Bytes of all buffers, in use or kept, and the most that they may have when another is added.
  package static var holding: (bytes: Int, room: Int) {
    state.withLock { ($0.usedBytes + $0.keptBytes, room($0)) }
  }
  /// How many buffers were asked of the system so far; constant while a step repeats itself.
  public static var allocationCount: Int { state.withLock { $0.allocations } }
  /// The most bytes that live tensors may have; by default 80 % of the machine's memory.
  public static var limitBytes: Int {
    get { state.withLock { $0.limit } }
    set { state.withLock { $0.limit = newValue } }
  }

  private static var defaultLimit: Int {
    sysconf(Int32(_SC_PHYS_PAGES)) / 5 * 4 * sysconf(Int32(_SC_PAGESIZE))
  }

  /// Rounds up to a power of two or one of three steps between, at least 64 bytes.
  private static func classSize(_ bytes: Int) -> Int {
    guard bytes > 64 else { return 64 }
    let step = max((1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount)) / 4, 64)
    return (bytes + step - 1) & -step
  }

  /// A number of its own for every class size: the power of two below, and which quarter above it.
  private static func classNumber(_ size: Int) -> Int {
    let power = Int.bitWidth - 1 - (size - 1).leadingZeroBitCount
    return 4 * power + ((size - 1) >> (power - 2)) & 3
  }

  /// A buffer of at least so many bytes, and how many it has.
  static func take(_ bytes: Int) throws -> (UnsafeMutableRawPointer, capacity: Int) {
    guard bytes <= mostBytes else {
      throw TensorError.outOfMemory(bytes: bytes, limit: limitBytes)
    }
    let size = classSize(bytes)
    var surplus: [Buffer] = []  // kept buffers count where memory is limited
    let kept: Buffer? = try state.withLock { state in
      guard bytes <= state.limit - state.usedBytes else {
        throw TensorError.outOfMemory(bytes: bytes, limit: state.limit)
      }
      let buffer = takeKept(&state, classNumber(size))
      state.usedBytes += buffer?.size ?? size
      state.mostUsedBytes = max(state.mostUsedBytes, state.usedBytes)
      if buffer == nil {
        state.allocations += 1
        surplus = oldest(&state, downTo: room(state) - state.usedBytes)
      }
      return buffer
    }
    if let kept { return (kept.pointer, kept.size) }
    for buffer in surplus { Glibc.free(buffer.pointer) }
    guard let fresh = aligned_alloc(64, size) else {
      state.withLock { $0.usedBytes -= size }
      throw TensorError.outOfMemory(bytes: bytes, limit: limitBytes)
    }
    return (fresh, size)
  }

  /// The kept buffer that came back last, of this class or, within the limit, one a little larger.
  private static func takeKept(_ state: inout State, _ own: Int) -> Buffer? {
    for number in own...min(own + classesUp, state.free.count - 1) {
      guard let buffer = state.free[number].last,
        number == own || buffer.size <= state.limit - state.usedBytes
      else { continue }
      state.free[number].removeLast()
      state.keptBytes -= buffer.size
      return buffer
    }
    return nil
  }

  /// Takes a buffer of so many bytes back.
  static func give(_ pointer: UnsafeMutableRawPointer, _ size: Int) {
    let keep = state.withLock { state in
      state.usedBytes -= size
      state.tick += 1
      guard state.keptBytes + size <= mostKeptBytes else { return false }
      state.keptBytes += size
      state.free[classNumber(size)].append(
        Buffer(pointer: pointer, size: size, tick: state.tick))
      return true
    }
    if !keep { free(pointer) }
  }

  /// Returns the kept buffers to the system.
  public static func trim() {
    for buffer in state.withLock({ empty(&$0) }) { Glibc.free(buffer.pointer) }
  }

  /// The most bytes that used and kept buffers may have together.
  private static func room(_ state: State) -> Int {
    min(state.limit, max(Int(Double(state.mostUsedBytes) * slack), leastRoomBytes))
  }

  /// Takes kept buffers out until at most so many bytes are left, those first that lay longest.
  private static func oldest(_ state: inout State, downTo bytes: Int) -> [Buffer] {
    guard state.keptBytes > max(bytes, 0) else { return [] }
    // Within a class the first has lain longest: buffers come and go at the end. The taken ones are
    // cut off at once, for there may be a million.
    let waiting = state.free.indices.filter { !state.free[$0].isEmpty }
    var heads = [Int](repeating: 0, count: state.free.count)
    var taken: [Buffer] = []
    func tick(_ number: Int) -> Int {
      heads[number] < state.free[number].count ? state.free[number][heads[number]].tick : .max
    }
    while state.keptBytes > max(bytes, 0) {
      guard let number = waiting.min(by: { tick($0) < tick($1) }), tick(number) < .max else { break }
      taken.append(state.free[number][heads[number]])
      heads[number] += 1
      state.keptBytes -= taken[taken.count - 1].size
    }
    for number in waiting { state.free[number].removeFirst(heads[number]) }
    return taken
  }

  private static func empty(_ state: inout State) -> [Buffer] {
    defer { (state.free, state.keptBytes) = (State().free, 0) }
    return state.free.flatMap { $0 }
  }
}
