// Models as files: a safetensors file that PyTorch opens too, with the sizes in its metadata.

import Foundation
import Repro
import TensorCore

/// A checkpoint that cannot be used, with its path and the reason.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: String

  /// A checkpoint at a path, and what is wrong with it.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// One line: path and reason.
  public var description: String { "checkpoint \(path): \(reason)" }
}

extension VisionLanguageModel {
  /// Writes the parameters and sizes to a safetensors file, whole or not at all.
  ///
  /// - Throws: ``FileWriteError``; an earlier file then stays.
  public func save(to path: String) throws {
    let tensors = Safetensors(
      parameters.all.map { ($0.name, $0.variable.value) },
      metadata: ["format": "pt", "eidetic.model": configuration.json.canonical])
    try AtomicFile.write(to: path) { file in try tensors.write { try file.write(raw: $0) } }
  }

  /// Reads a model that `save(to:)` wrote.
  ///
  /// - Throws: ``CheckpointError`` for a file that is missing, cut short, or no such model.
  public static func load(from path: String) throws -> VisionLanguageModel {
    let file = try SafetensorsFile(path)
    guard case .string(let text)? = file.metadata["eidetic.model"],
      case .object(let sizes)? = try? JSON.parse(text)
    else { throw file.error("it does not hold the sizes of a model (metadata eidetic.model)") }
    let model: VisionLanguageModel
    do {
      let configuration = try ModelConfiguration(sizes: sizes)
      try configuration.validate()
      // Damaged sizes must not ask for more memory than the file could fill.
      guard configuration.leastParameters <= file.byteCount / 4 else {
        throw file.error("it is too small for the sizes it states")
      }
      model = try VisionLanguageModel(configuration, stream: RandomStream(key: 0))
    } catch let error as CheckpointError {
      throw error
    } catch { throw file.error("\(error)") }
    for parameter in model.parameters.all {
      try parameter.variable.value.copy(
        from: file.tensor(parameter.name, shape: parameter.variable.shape))
    }
    return model
  }
}

extension ModelConfiguration {
  /// A lower bound of the parameter count: blocks, embedding and positions without the small parts.
  var leastParameters: Int {
    width
      * (12 * width * (encoderBlocks + decoderBlocks) + vocabulary + maxTokens + imageTokens
        + patches + 3 * patchSize * patchSize)
  }

  /// Reads the sizes as `json` writes them.
  init(sizes: [String: JSON]) throws {
    func size(_ name: String) throws -> Int {
      guard case .integer(let value)? = sizes[name] else {
        throw ModelError.configuration(field: name, expected: "an integer", got: -1)
      }
      return value
    }
    self.init(vocabulary: try size("vocabulary"))
    (width, heads) = (try size("width"), try size("heads"))
    (encoderBlocks, decoderBlocks) = (try size("encoder_blocks"), try size("decoder_blocks"))
    (imageSize, patchSize) = (try size("image_size"), try size("patch_size"))
    (imageTokens, maxTokens) = (try size("image_tokens"), try size("max_tokens"))
  }
}
