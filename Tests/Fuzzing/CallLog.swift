// The last calls before a crash, in a file that both processes map: what was written survives the
// process that wrote it.

import Foundation

/// A ring of texts.
package final class CallLog: @unchecked Sendable {
  private static let slots = 16, width = 512
  private let memory: UnsafeMutableRawPointer

  /// Maps a log.
  ///
  /// - Throws: When the file cannot be made.
  package init(path: String) throws {
    let size = 8 + Self.slots * Self.width
    let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, off_t(size)) == 0,
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      memory != MAP_FAILED
    else { throw CocoaError(.fileWriteUnknown) }
    close(descriptor)
    self.memory = memory
  }

  /// Calls noted so far.
  package var count: Int { memory.load(as: Int.self) }

  package func note(_ text: String) {
    let slot = memory + 8 + count % Self.slots * Self.width
    let bytes = Array(text.utf8.prefix(Self.width - 1))
    slot.copyMemory(from: bytes + [0], byteCount: bytes.count + 1)
    memory.storeBytes(of: count + 1, as: Int.self)
  }

  /// The last calls, oldest first.
  package var last: [String] {
    (max(0, count - Self.slots)..<count).map { index in
      let slot = memory + 8 + index % Self.slots * Self.width
      return String(cString: slot.assumingMemoryBound(to: CChar.self))
    }
  }
}
