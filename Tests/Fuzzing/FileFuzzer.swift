// Readers of files meet damaged ones: bytes changed, cut, doubled and moved. Each ends in a value or
// in an error; what traps is a bug.

import Foundation
import Networks
import Pictures
import Repro
import TensorCore
import Training

/// A sequence of damaged files that its seed decides.
package final class FileFuzzer {
  package struct Tally: Sendable {
    package var files = 0, errors = 0
  }

  private let folder: String
  private var stream: RandomStream
  private let note: (String) -> Void
  private let parameters: [UInt8], manifest: [UInt8], picture: [UInt8], json: [UInt8]
  private let training: [UInt8]
  private static let shapes = ["w": [3, 2], "b": [2]]
  package private(set) var tally = Tally()

  /// Makes whole files to damage.
  package init(seed: Int, note: @escaping (String) -> Void) throws {
    folder = NSTemporaryDirectory() + "eidetic-fuzz-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    stream = RandomStream(seed: UInt64(seed)).fork("files")
    self.note = note
    let words = WordTokenizer(words: ["ann", "is", "red", "the", "hat"])
    var sizes = try ModelConfiguration.preset("nano", vocabulary: words.count)
    (sizes.width, sizes.heads, sizes.encoderBlocks, sizes.decoderBlocks) = (8, 2, 1, 1)
    let model = try VisionLanguageModel(sizes, stream: stream.fork("model"))
    let path = folder + "/whole.safetensors"
    try Checkpoint(model: model, encoder: ItemEncoder(words, side: sizes.imageSize)).save(to: path)
    parameters = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
    manifest = [UInt8](
      FileManager.default.contents(atPath: Checkpoint.manifestPath(path)) ?? Data())
    var progress = TrainingProgress()
    (progress.identity, progress.notes) = (["lr": 3, "model": "a hash"], ["stopped": .null])
    progress.losses = [2.5, 1.5]
    for (name, shape) in Self.shapes {
      progress.values[name] = try .zeros(shape)
      progress.moments[name] = (try .zeros(shape), try .zeros(shape))
    }
    try progress.write(to: folder + "/whole.checkpoint")
    training = [UInt8](FileManager.default.contents(atPath: folder + "/whole.checkpoint") ?? Data())
    picture = try Picture(width: 7, height: 5, gray: 99).png()
    json = Array(#"{"a": [1, -2.5e3, true, null, "é\u00e9\n"], "b": {"c": {}}, "d": 1e400}"#.utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Reads damaged files.
  package func run(files: Int) throws {
    for _ in 0..<files {
      tally.files += 1
      let reader = roll(0, 6)
      do {
        switch reader {
        case 0:
          try load(damaged(parameters, head: 600), manifest, "safetensors")
        case 1: try load(parameters, damaged(manifest, head: 400), "manifest")
        case 2:
          let bytes = damaged(picture, head: 60)
          note("png \(hex(bytes))")
          _ = try Picture(png: bytes)
        case 3, 4: try resume()
        default:
          let bytes = damaged(json, head: json.count)
          note("json \(hex(bytes))")
          let value = try JSON.parse(bytes)
          _ = (value.canonical, value.pretty)
        }
      } catch { tally.errors += 1 }
    }
  }

  private func load(_ parameters: [UInt8], _ manifest: [UInt8], _ what: String) throws {
    note("\(what) \(hex(what == "manifest" ? manifest : parameters))")
    let path = folder + "/damaged.safetensors"
    try Data(parameters).write(to: URL(fileURLWithPath: path))
    try Data(manifest).write(to: URL(fileURLWithPath: Checkpoint.manifestPath(path)))
    _ = try Checkpoint.load(path)
  }

  /// Half of the files carry the hash of their damaged bytes, so that the damage is met.
  private func resume() throws {
    let path = folder + "/damaged.checkpoint"
    var bytes = damaged(training, head: 1200)
    if roll(0, 1) == 0, let end = training.firstIndex(of: 0x0A) {
      let body = damaged(Array(training[(end + 1)...]), head: 1100)
      bytes = Array("eidetic-training-1 \(SHA256.hex(body))\n".utf8) + body
    }
    note("training \(hex(bytes))")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    _ = try TrainingProgress(reading: path, shapes: Self.shapes)
  }

  private func roll(_ low: Int, _ high: Int) -> Int { low + stream.int(below: high - low + 1) }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.prefix(200).map { String(format: "%02x", $0) }.joined()
  }

  /// - Parameter head: Most of the damage falls on so many first bytes, where the structure is.
  private func damaged(_ whole: [UInt8], head: Int) -> [UInt8] {
    var bytes = whole
    for _ in 0..<roll(1, 4) where !bytes.isEmpty {
      let most = roll(0, 9) == 0 ? bytes.count : min(head, bytes.count)
      let at = roll(0, most - 1)
      switch roll(0, 7) {
      case 0: bytes[at] = UInt8(roll(0, 255))
      case 1: bytes[at] ^= 1 << UInt8(roll(0, 7))
      case 2: bytes.removeLast(bytes.count - at)
      case 3: bytes.remove(at: at)
      case 4:
        let end = min(bytes.count, at + roll(1, 40))
        bytes.insert(contentsOf: bytes[at..<end], at: roll(0, bytes.count))
      case 5:
        let tokens = ["\"", "[[[[", "{", "}", "99999999999999999999", "-1", "null", "\\u", ","]
        bytes.insert(contentsOf: tokens[roll(0, tokens.count - 1)].utf8, at: at)
      case 6:
        for offset in at..<min(at + 8, bytes.count) {
          bytes[offset] = [0, 0xFF, 0x7F, 0x80][roll(0, 3)]
        }
      default:
        if bytes[at] >= 0x30, bytes[at] <= 0x39 {
          bytes[at] = 0x30 + UInt8(roll(0, 9))
        } else {
          bytes.swapAt(at, roll(0, bytes.count - 1))
        }
      }
    }
    return bytes
  }
}
