// Event files, read back by a reader that shares nothing with the writer. What it reads was held
// against TensorBoard 2.21.0 itself by readers.py: scalars, histograms, images, text and HParams of
// the same files.

import Foundation
import Interchange
import Metrics
import Repro
import RunStore
import Testing

@Suite struct TensorBoardTests {
  @Test func `records are framed with masked checksums and hold what the run holds`() async throws {
    try await withExportedRun { run, folder in
      let files = try TensorBoardExport(run.exported()).write(to: folder + "/logs")
      #expect(
        files.map { String($0.dropFirst(folder.count)) } == [
          "/logs/run-A/events.out.tfevents.1769860800.lab.0.0",
          "/logs/run-A/seed-0/events.out.tfevents.1769860800.lab.0.0",
          "/logs/run-A/seed-1/events.out.tfevents.1769860800.lab.0.0",
        ])
      let whole = try Events(file: files[0]), seed = try Events(file: files[1])
      #expect(whole.version == "brain.Event:2" && seed.version == "brain.Event:2")
      #expect(Set(whole.times) == [1_769_860_800])

      let result = try run.run.result()
      let key = CellKey(metric: "full_name", keys: ["source": "image", "target": "text"])
      let cell = try #require(result.cell(key))
      let interval = try #require(cell.interval)
      #expect(whole.scalars["full_name/image to text"] == [0: Float(cell.mean)])
      #expect(whole.scalars["full_name/image to text (low)"] == [0: Float(interval.low)])
      #expect(whole.scalars["full_name/image to text (high)"] == [0: Float(interval.high)])
      #expect(
        seed.scalars["full_name/image to text"] == [0: Float(cell.seedMeans[0].mean)])
      let curve = try #require(seed.scalars["loss/inject"])
      #expect(curve == [1: 2, 2: 1.5, 3: 0.25])
      let histogram = try #require(seed.histograms["rank/image to text (per person)"])
      let ranks = result.outcomes.filter {
        $0.seed == 0 && $0.cell.metric == "rank" && $0.cell.group == .member
      }.map(\.value)
      #expect(
        histogram.numbers == [
          ranks.min() ?? 0, ranks.max() ?? 0, Double(ranks.count), ranks.reduce(0, +),
          ranks.reduce(0) { $0 + $1 * $1 },
        ])
      #expect(histogram.limits.count == 30 && histogram.limits.last == ranks.max())
      #expect(histogram.buckets.reduce(0, +) == Double(ranks.count))
      #expect(zip(histogram.limits, histogram.limits.dropFirst()).allSatisfy { $0 < $1 })
      let picture = try #require(seed.images["people/3"])
      #expect(picture.png == RunToExport.png && picture.size == [1, 1, 3])
      #expect(whole.texts["run/text_summary"]?.contains("eidetic run s.lua") == true)
      #expect(
        whole.plugins == [
          "_hparams_/experiment": "hparams", "_hparams_/session_start_info": "hparams",
          "_hparams_/session_end_info": "hparams", "run/text_summary": "text",
        ])
    }
  }

  @Test func `the same run gives the same bytes`() async throws {
    try await withExportedRun { run, folder in
      let one = try TensorBoardExport(run.exported()).write(to: folder + "/one")
      let two = try TensorBoardExport(run.exported()).write(to: folder + "/two")
      for (a, b) in zip(one, two) {
        #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
      }
    }
  }

  @Test func `the reader's checksum is that of the standard`() {
    // RFC 3720, B.4: 32 zeros, 32 ones, and the usual check.
    #expect(Events.checksum(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(Events.checksum(Array(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(Events.checksum(Array("123456789".utf8)) == 0xE306_9283)
  }
}

/// An event file taken apart.
private struct Events {
  struct Histogram {
    var numbers: [Double] = [], limits: [Double] = [], buckets: [Double] = []
  }

  struct Picture {
    var size: [UInt64] = [], png: [UInt8] = []
  }

  struct Mistake: Error {
    let text: String
  }

  var version = ""
  var times: [Double] = []
  var scalars: [String: [UInt64: Float]] = [:]
  var histograms: [String: Histogram] = [:]
  var images: [String: Picture] = [:]
  var texts: [String: String] = [:]
  var plugins: [String: String] = [:]

  init(file: String) throws {
    var rest = Array(try #require(FileManager.default.contents(atPath: file)))[...]
    while !rest.isEmpty {
      let head = Array(rest.prefix(8))
      let length = Int(Self.number(head))
      guard rest.count >= length + 16 else { throw Mistake(text: "cut record") }
      rest = rest.dropFirst(8)
      guard Self.number(rest.prefix(4)) == UInt64(Self.masked(head)) else {
        throw Mistake(text: "checksum of the length")
      }
      let event = Array(rest.dropFirst(4).prefix(length))
      guard Self.number(rest.dropFirst(4 + length).prefix(4)) == UInt64(Self.masked(event)) else {
        throw Mistake(text: "checksum of the data")
      }
      rest = rest.dropFirst(8 + length)
      try take(Message(event))
    }
  }

  private mutating func take(_ event: Message) throws {
    times.append(Double(bitPattern: event.numbers[1]?.first ?? 0))
    if let text = event.texts(3).first { version = text }
    let step = event.numbers[2]?.first ?? 0
    for summary in try event.messages(5) {
      for value in try summary.messages(1) {
        let tag = value.texts(1)[0]
        if let bits = value.numbers[2]?.first {
          scalars[tag, default: [:]][step] = Float(bitPattern: UInt32(bits))
        }
        for image in try value.messages(4) {
          images[tag] = Picture(
            size: [1, 2, 3].map { image.numbers[$0]?.first ?? 0 }, png: image.bytes[4]?[0] ?? [])
        }
        for histogram in try value.messages(5) {
          histograms[tag] = Histogram(
            numbers: (1...5).map { Double(bitPattern: histogram.numbers[$0]?.first ?? 0) },
            limits: Self.doubles(histogram.bytes[6]?[0] ?? []),
            buckets: Self.doubles(histogram.bytes[7]?[0] ?? []))
        }
        for tensor in try value.messages(8) { texts[tag] = tensor.texts(8).first }
        for metadata in try value.messages(9) {
          plugins[tag] = try metadata.messages(1).first?.texts(1).first
        }
      }
    }
  }

  private static func doubles(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count, by: 8).map {
      Double(bitPattern: number(bytes[$0..<$0 + 8]))
    }
  }

  fileprivate static func number(_ bytes: some Collection<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Division of polynomials, bit by bit.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var rest = UInt32.max
    for byte in bytes {
      for bit in 0..<8 {
        let isOdd = (rest ^ UInt32(byte >> bit)) & 1 == 1
        rest = rest >> 1 ^ (isOdd ? 0x82F6_3B78 : 0)
      }
    }
    return rest ^ UInt32.max
  }

  private static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return UInt32(truncatingIfNeeded: UInt64(sum >> 15 | sum << 17) + 0xA282_EAD8)
  }
}

/// The fields of a protobuf message by number.
private struct Message {
  var numbers: [Int: [UInt64]] = [:]
  var bytes: [Int: [[UInt8]]] = [:]

  init(_ all: [UInt8]) throws {
    var rest = all[...]
    func varint() throws -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: 0, to: 64, by: 7) {
        guard let byte = rest.popFirst() else { break }
        value |= UInt64(byte & 0x7F) << UInt64(shift)
        if byte < 0x80 { return value }
      }
      throw Events.Mistake(text: "cut number")
    }
    func take(_ count: Int) throws -> [UInt8] {
      guard rest.count >= count else { throw Events.Mistake(text: "cut field") }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    while !rest.isEmpty {
      let tag = try varint()
      let field = Int(tag >> 3)
      switch tag & 7 {
      case 0: numbers[field, default: []].append(try varint())
      case 1: numbers[field, default: []].append(Events.number(try take(8)))
      case 2: bytes[field, default: []].append(try take(Int(try varint())))
      case 5: numbers[field, default: []].append(Events.number(try take(4)))
      default: throw Events.Mistake(text: "wire type \(tag & 7)")
      }
    }
  }

  func texts(_ field: Int) -> [String] {
    (bytes[field] ?? []).map { String(decoding: $0, as: UTF8.self) }
  }

  func messages(_ field: Int) throws -> [Message] { try (bytes[field] ?? []).map(Message.init) }
}
