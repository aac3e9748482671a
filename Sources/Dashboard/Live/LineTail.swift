// A file of lines that another process appends to.

import Foundation
import Repro

/// Reads what is new in a file of JSON lines.
package struct LineTail: Sendable {
  private var offset = 0
  private var identity: UInt64?
  private var stump: [UInt8] = []

  package init() {}

  /// Of a longer file the beginning is left out.
  private static let most = 8 << 20
  /// No event is longer.
  private static let longestLine = 1 << 20

  /// What came since the last call.
  package struct News {
    /// The whole lines that hold JSON.
    package var events: [JSON] = []
    /// Whether the file is another one than before, and everything read earlier void.
    package var isFresh = false
  }

  /// A line without its end is taken when the end is there.
  package mutating func read(_ file: OpenFile?) -> News {
    var news = News()
    guard let file else {
      news.isFresh = identity != nil
      self = LineTail()
      return news
    }
    if file.identity != identity || file.size < offset {
      news.isFresh = identity != nil
      (offset, stump, identity) = (max(0, file.size - Self.most), [], file.identity)
      // The first line of a part is no whole line.
      if offset > 0 { stump = [UInt8(ascii: "#")] }
    }
    while true {
      let bytes = file.bytes(at: offset, count: 1 << 16)
      guard !bytes.isEmpty else { break }
      offset += bytes.count
      take(bytes, into: &news)
    }
    return news
  }

  private mutating func take(_ bytes: [UInt8], into news: inout News) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      stump += rest[..<end]
      if let event = try? JSON.parse(Data(stump)) { news.events.append(event) }
      stump.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    stump += rest
    if stump.count > Self.longestLine { stump = [UInt8(ascii: "#")] }
  }
}
