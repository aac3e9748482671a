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

  init(of run: Run) {
    var numbers: [Int] = []
    numbers.reserveCapacity(10)
    var newest = 0
    var isCoarse = true
    for path in [run.path, run.manifestPath, run.resultPath, run.eventsPath, run.tagsPath] {
      var facts = stat()
      guard stat(path, &facts) == 0 else {
        numbers += [0, 0]
        continue
      }
      let time = facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
      newest = max(newest, time)
      if facts.st_mtim.tv_nsec != 0 { isCoarse = false }
      numbers.append(time)
      numbers.append(Int(facts.st_size))
    }
    bytes = numbers.withUnsafeBytes { Data($0) }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    // File systems without fractions of seconds may keep even ones only.
    let needed = isCoarse ? 2_000_000_000 : Int(Self.tick - 1000) * 1000
    isSettled = now.tv_sec * 1_000_000_000 + now.tv_nsec - newest > needed
  }
}
