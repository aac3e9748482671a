// By which a changed folder is noticed without reading it.

import Foundation
import RunStore

/// Size and time of change of a run's folder and of the files that its summary is read from.
///
/// Files that are replaced, added or removed change the folder's time; those that grow or are
/// edited in place are looked at themselves.
struct Fingerprint {
  /// 16 bytes each for folder, manifest, result, events and tags; zeros for a missing one.
  let bytes: Data
  /// Whether all changes lie far enough back: times are coarse, and a file that changes twice
  /// within one tick of the clock and keeps its size looks unchanged.
  let isSettled: Bool

  /// What times need to tell two changes apart, in microseconds; a kernel's slowest clock has 100
  /// ticks per second.
  static let tick: UInt32 = 25_000

  /// Looks at a folder.
  ///
  /// - Parameter before: The bytes of an earlier look: files that were missing then are missing now
  ///   if the folder is as it was.
  init(of run: Run, before: Data? = nil) {
    let earlier = before?.count == 80 ? before : nil
    var newest = 0
    var isCoarse = true
    func look(at path: String) -> (time: Int, size: Int) {
      var facts = stat()
      guard stat(path, &facts) == 0 else { return (0, 0) }
      let time = facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
      newest = max(newest, time)
      if facts.st_mtim.tv_nsec != 0 { isCoarse = false }
      return (time, Int(facts.st_size))
    }
    let folder = look(at: run.path)
    var numbers = [folder.time, folder.size]
    numbers.reserveCapacity(10)
    let isSame = earlier.map { Self.number(0, in: $0) == folder.time } ?? false
    for path in [run.manifestPath, run.resultPath, run.eventsPath, run.tagsPath] {
      let wasMissing = isSame && earlier.map { Self.number(numbers.count, in: $0) == 0 } ?? false
      let file = wasMissing ? (0, 0) : look(at: path)
      numbers += [file.0, file.1]
    }
    bytes = numbers.withUnsafeBytes { Data($0) }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    // File systems without fractions of seconds may keep even ones only.
    let needed = isCoarse ? 2_000_000_000 : Int(Self.tick - 1000) * 1000
    isSettled = now.tv_sec * 1_000_000_000 + now.tv_nsec - newest > needed
  }

  private static func number(_ index: Int, in bytes: Data) -> Int {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8 * index, as: Int.self) }
  }
}
