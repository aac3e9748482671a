// What both sides get: a plan, weights and examples, through files in a folder of its own.

import Foundation
import Networks
import Repro
import TensorCore
import Training

/// A folder with the files of one comparison; gone when nothing holds it any more.
final class HandedOver {
  private let folder: String
  /// The Python that has PyTorch.
  private let python: String
  private var arguments: [String] = []

  init(python: String) {
    self.python = python
    folder = FileManager.default.temporaryDirectory.path + "/eidetic-bench-\(UUID().uuidString)"
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes sizes, threads and settings, which every script reads first.
  func plan(_ model: VisionLanguageModel? = nil, _ settings: [String: JSON] = [:]) throws {
    var plan = settings
    plan["model"] = model?.configuration.json
    plan["threads"] = .integer(Machine.threadCount)
    let path = file("plan.json")
    try AtomicFile.write(JSON.object(plan).canonical, to: path)
    arguments.append(path)
  }

  /// Writes the parameters.
  func weights(_ model: VisionLanguageModel) throws {
    let path = file("weights.safetensors")
    try model.save(to: path)
    arguments.append(path)
  }

  /// Writes examples as ids with the image tokens in their places.
  ///
  /// - Parameter learning: Whether the answers stand behind the prompts and carry labels.
  func examples(
    _ examples: [Example], _ configuration: ModelConfiguration, learning: Bool
  ) throws {
    let path = file("examples-\(arguments.count).safetensors")
    try TensorFile(examples, configuration, learning: learning).write(to: path)
    arguments.append(path)
  }

  private func file(_ name: String) -> String { folder + "/" + name }

  /// Starts a script of `scripts/peers` on the files written so far.
  func start(_ script: String, threads: Int = Machine.threadCount) throws -> Peer {
    try Peer(
      python: python, script: "scripts/peers/\(script)", arguments: arguments, threads: threads,
      files: self)
  }
}

/// A safetensors file of integers and bytes.
struct TensorFile {
  private var entries: [(name: String, kind: String, shape: [Int], data: Data)] = []

  /// Token ids, labels (−100 where nothing is learned) and lengths one after the other, the images'
  /// bytes, and which image an example has (−1 for none).
  init(_ examples: [Example], _ configuration: ModelConfiguration, learning: Bool) throws {
    let batch =
      learning
      ? try PackedBatch.learning(examples, configuration)
      : try PackedBatch.asking(examples, configuration)
    var labels = [Int32](repeating: -100, count: batch.tokens.count)
    for (place, label) in zip(batch.labelPlaces, batch.labels) { labels[Int(place)] = label }
    var images: Int32 = 0
    let imageOf = examples.map { example -> Int32 in
      defer { if example.pixels != nil { images += 1 } }
      return example.pixels == nil ? -1 : images
    }
    add("tokens", batch.tokens)
    add("labels", labels)
    add("lengths", batch.lengths.map { Int32($0) })
    add("image_of", imageOf)
    let side = configuration.imageSize
    entries.append(
      ("images", "U8", [Int(images), side, side, 3], Data(examples.compactMap(\.pixels).joined())))
  }

  private mutating func add(_ name: String, _ numbers: [Int32]) {
    entries.append((name, "I32", [numbers.count], numbers.withUnsafeBytes { Data($0) }))
  }

  func write(to path: String) throws {
    var header: [String: JSON] = [:]
    var end = 0
    for entry in entries {
      header[entry.name] = [
        "dtype": .string(entry.kind), "shape": .array(entry.shape.map { .integer($0) }),
        "data_offsets": [.integer(end), .integer(end + entry.data.count)],
      ]
      end += entry.data.count
    }
    var text = Data(JSON.object(header).canonical.utf8)
    text += Data(repeating: 0x20, count: (8 - text.count % 8) % 8)
    try AtomicFile.write(to: path) { file in
      try file.write(contentsOf: withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) })
      try file.write(contentsOf: text)
      for entry in entries { try file.write(contentsOf: entry.data) }
    }
  }
}
