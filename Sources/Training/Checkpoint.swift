// A model with its language as two files: parameters (safetensors) and a JSON manifest beside them.
// The manifest is written last and names the hash of the parameters, so a pair is whole or refused.

import Foundation
import Networks
import Repro

/// A model and the words it speaks.
public struct Checkpoint {
  /// The model.
  public let model: VisionLanguageModel
  /// Its words and image size.
  public let encoder: ItemEncoder

  /// Pairs a model with its language.
  public init(model: VisionLanguageModel, encoder: ItemEncoder) {
    self.model = model
    self.encoder = encoder
  }

  /// Where the manifest of a safetensors file stands: `a.safetensors` has `a.json`.
  public static func manifestPath(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().path + ".json"
  }

  /// Writes both files.
  ///
  /// - Parameters:
  ///   - path: The safetensors file.
  ///   - notes: Anything worth knowing about how the model was made.
  /// - Throws: ``FileWriteError``, and ``CheckpointError`` when the path does not end in
  ///   `.safetensors`.
  public func save(to path: String, notes: JSON = .object([:])) throws {
    guard path.hasSuffix(".safetensors") else {
      throw CheckpointError(path: path, reason: "the name must end in .safetensors")
    }
    try model.save(to: path)
    let manifest: JSON = [
      "format": "eidetic-checkpoint-1", "parameters": .string(try model.parameters.fingerprint()),
      "model": model.configuration.json,
      "words": .array(encoder.tokenizer.words.map { .string($0) }), "notes": notes,
    ]
    try AtomicFile.write(manifest.pretty, to: Self.manifestPath(path))
  }

  /// Reads both files.
  ///
  /// - Returns: The checkpoint and the notes saved with it.
  /// - Throws: ``CheckpointError`` when a file is missing, damaged, or does not belong to the other.
  public static func load(_ path: String) throws -> (checkpoint: Checkpoint, notes: JSON) {
    let model = try VisionLanguageModel.load(from: path)
    let manifestPath = manifestPath(path)
    func fail(_ reason: String) -> CheckpointError {
      CheckpointError(path: manifestPath, reason: reason)
    }
    guard let data = FileManager.default.contents(atPath: manifestPath) else {
      throw fail("the manifest cannot be read; it belongs beside \(path)")
    }
    let manifest: JSON
    do { manifest = try JSON.parse(data) } catch { throw fail("damaged: \(error)") }
    guard manifest["parameters"] == .string(try model.parameters.fingerprint()) else {
      throw fail("it belongs to other parameters than those in \(path)")
    }
    guard case .array(let list)? = manifest["words"] else { throw fail("it lacks the words") }
    let words = list.compactMap { if case .string(let word) = $0 { word } else { nil } }
    let tokenizer = WordTokenizer(words: words)
    guard tokenizer.words == words, words.count == model.configuration.vocabulary else {
      throw fail("its words are not those of the model")
    }
    let encoder = ItemEncoder(tokenizer, side: model.configuration.imageSize)
    return (Checkpoint(model: model, encoder: encoder), manifest["notes"] ?? .null)
  }
}
