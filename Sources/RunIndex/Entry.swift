// One run in the index: its summary as bytes, and beside it what a person with `sqlite3` asks for.

import Foundation
import GRDB
import RunStore

/// A row of the table `run`.
struct Entry: Sendable {
  let name: String
  /// Of the files that the summary was read from; empty when they may still have been written to.
  let fingerprint: Data
  let summary: Data
  private let columns: Columns?

  /// What only people read.
  private struct Columns: Sendable {
    let state: String
    let experiment: String?
    let time: Int?
    let recall: Double?, low: Double?, high: Double?
    let size: Int
    let seconds: Double?
    let commit: String?
  }

  init(_ run: RunSummary, _ fingerprint: Fingerprint) {
    name = run.name
    // The end of a process shows in no file.
    self.fingerprint = fingerprint.isSettled && run.state != .running ? fingerprint.bytes : Data()
    let packed = run.packed
    summary = Data([UInt8(RunSummary.packing)] + Checksum.bytes(of: packed) + packed)
    columns = Columns(
      state: run.state.rawValue, experiment: run.manifest?.experiment,
      time: run.manifest.map { Int($0.time.timeIntervalSince1970) },
      recall: run.headline?.mean, low: run.headline?.interval?.low,
      high: run.headline?.interval?.high, size: run.size,
      seconds: run.manifest?.ending?.seconds, commit: run.manifest?.git?.commit)
  }

  /// `nil` for a row that damage has left without its kinds of values.
  private init?(_ row: Row) {
    guard case .string(let name) = (row[0] as DatabaseValue).storage,
      case .blob(let fingerprint) = (row[1] as DatabaseValue).storage,
      case .blob(let summary) = (row[2] as DatabaseValue).storage
    else { return nil }
    (self.name, self.fingerprint, self.summary) = (name, fingerprint, summary)
    columns = nil
  }

  func differs(from other: Entry?) -> Bool {
    other?.fingerprint != fingerprint || other?.summary != summary
  }

  /// All entries by name.
  static func all(_ db: Database) throws -> [String: Entry] {
    let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM run") ?? 0
    var entries = [String: Entry](minimumCapacity: count)
    let rows = try Row.fetchCursor(db, sql: "SELECT name, fingerprint, summary FROM run")
    while let row = try rows.next() {
      if let entry = Entry(row) { entries[entry.name] = entry }
    }
    return entries
  }

  /// Puts the entry in the place of an earlier one.
  func store(in db: Database) throws {
    guard let columns else { return }
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO run
        (name, fingerprint, summary, state, experiment, time, recall, low, high, size, seconds,
          git_commit)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        name, fingerprint, summary, columns.state, columns.experiment, columns.time,
        columns.recall, columns.low, columns.high, columns.size, columns.seconds, columns.commit,
      ])
  }
}

extension RunSummary {
  /// `nil` for the bytes of another version and for damaged ones.
  init?(packed: Data, of run: Run, _ parts: CommonParts) {
    guard packed.count > 9, packed.first == UInt8(Self.packing) else { return nil }
    let bytes = packed.dropFirst(9)
    guard packed.dropFirst().prefix(8).elementsEqual(Checksum.bytes(of: bytes)) else { return nil }
    self.init(packed: bytes, of: run, in: parts)
  }
}

/// Against damage, not against malice: a changed bit in a number would pass for another number.
private enum Checksum {
  static func bytes(of data: some ContiguousBytes) -> [UInt8] {
    let sum = data.withUnsafeBytes { bytes in
      var sum = UInt64(bytes.count)
      func mix(_ word: UInt64) {
        sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
        sum ^= sum >> 32
      }
      let whole = bytes.count / 8 * 8
      for place in stride(from: 0, to: whole, by: 8) {
        mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
      }
      for byte in bytes[whole...] { mix(UInt64(byte)) }
      return sum
    }
    return withUnsafeBytes(of: sum.littleEndian) { Array($0) }
  }
}
