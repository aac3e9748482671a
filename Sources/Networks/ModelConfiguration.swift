// The sizes of a vision-language model, and the presets.

import Repro

/// A mistake in building, loading or calling a model.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A size that makes no model.
  case configuration(field: String, expected: String, got: Int)
  /// A preset that does not exist.
  case unknownPreset(name: String)
  /// A pattern that names no parameter.
  case noParameter(pattern: String)
  /// A pattern that names no hook point.
  case noHookPoint(pattern: String)
  /// A hook that gave what cannot stand in the activation's place.
  case hook(name: String, expected: String, got: String)
  /// Hooks set from within a hook.
  case inHook
  /// A batch that does not fit the model.
  case batch(expected: String, got: String)

  /// One line: what was expected, what was given.
  public var description: String {
    switch self {
    case .configuration(let field, let expected, let got):
      "model: \(field): expected \(expected), got \(got)"
    case .unknownPreset(let name):
      "model: unknown preset '\(name)'; known are "
        + ModelConfiguration.presetNames.joined(separator: ", ")
    case .noParameter(let pattern): "model: no parameter's name matches '\(pattern)'"
    case .noHookPoint(let pattern):
      "model: no hook point's name matches '\(pattern)'; hook_points() lists them"
    case .hook(let name, let expected, let got):
      "hook '\(name)': expected \(expected), got \(got)"
    case .inHook: "model: hooks cannot be set within a hook; set them outside, all at once"
    case .batch(let expected, let got): "model: batch: expected \(expected), got \(got)"
    }
  }
}

/// The sizes of a vision-language model.
public struct ModelConfiguration: Sendable, Equatable {
  /// Width of all token states, D.
  public var width = 128
  /// Attention heads, H; divides the width.
  public var heads = 4
  /// Blocks of the image encoder.
  public var encoderBlocks = 3
  /// Blocks of the causal decoder.
  public var decoderBlocks = 4
  /// Side of the square images in pixels.
  public var imageSize = 32
  /// Side of a patch in pixels; divides the image size.
  public var patchSize = 8
  /// How many tokens the encoder hands to the decoder for one image.
  public var imageTokens = 7
  /// Number of words, V.
  public var vocabulary: Int
  /// The longest sequence, image tokens included.
  public var maxTokens = 160

  /// The default sizes for a vocabulary: about 1.5 M parameters.
  public init(vocabulary: Int) { self.vocabulary = vocabulary }

  /// The names of the presets, smallest first.
  public static let presetNames = ["micro", "nano", "tiny", "mini", "small", "base"]

  /// A preset: `micro` has about 0.2 M parameters, `nano` 0.3 M, `tiny` 1.5 M, `mini` 4 M, `small`
  /// 8 M, `base` 25 M.
  ///
  /// - Throws: ``ModelError/unknownPreset(name:)``.
  public static func preset(_ name: String, vocabulary: Int) throws -> ModelConfiguration {
    var result = ModelConfiguration(vocabulary: vocabulary)
    switch name {
    case "micro": result.set(width: 48, heads: 4, encoderBlocks: 2, decoderBlocks: 2)
    case "nano": result.set(width: 64, heads: 4, encoderBlocks: 2, decoderBlocks: 3)
    case "tiny": break
    case "mini": result.set(width: 192, heads: 4, encoderBlocks: 4, decoderBlocks: 5)
    case "small": result.set(width: 256, heads: 4, encoderBlocks: 4, decoderBlocks: 6)
    case "base": result.set(width: 384, heads: 6, encoderBlocks: 6, decoderBlocks: 8)
    default: throw ModelError.unknownPreset(name: name)
    }
    return result
  }

  private mutating func set(width: Int, heads: Int, encoderBlocks: Int, decoderBlocks: Int) {
    (self.width, self.heads) = (width, heads)
    (self.encoderBlocks, self.decoderBlocks) = (encoderBlocks, decoderBlocks)
  }

  /// Patches per image, P.
  public var patches: Int { (imageSize / patchSize) * (imageSize / patchSize) }

  /// Refuses sizes that make no model.
  public func validate() throws {
    try require("width", width, width > 0 && width <= 16384, "1 ... 16384")
    try require("heads", heads, heads > 0 && width % heads == 0, "a divisor of width \(width)")
    try require("encoder_blocks", encoderBlocks, (0...256).contains(encoderBlocks), "0 ... 256")
    try require("decoder_blocks", decoderBlocks, (1...256).contains(decoderBlocks), "1 ... 256")
    try require("image_size", imageSize, (1...4096).contains(imageSize), "1 ... 4096")
    try require(
      "patch_size", patchSize, patchSize > 0 && imageSize % patchSize == 0,
      "a divisor of image_size \(imageSize)")
    try require("image_tokens", imageTokens, (1...4096).contains(imageTokens), "1 ... 4096")
    try require("vocabulary", vocabulary, (1...1 << 24).contains(vocabulary), "1 ... 16777216")
    try require(
      "max_tokens", maxTokens, maxTokens > imageTokens && maxTokens <= 1 << 20,
      "more than image_tokens \(imageTokens)")
  }

  private func require(_ field: String, _ value: Int, _ holds: Bool, _ expected: String) throws {
    guard holds else {
      throw ModelError.configuration(field: field, expected: expected, got: value)
    }
  }

  /// The sizes by their names in manifests and Lua.
  public var fields: [(name: String, value: Int)] {
    [
      ("width", width), ("heads", heads), ("encoder_blocks", encoderBlocks),
      ("decoder_blocks", decoderBlocks), ("image_size", imageSize), ("patch_size", patchSize),
      ("image_tokens", imageTokens), ("vocabulary", vocabulary), ("max_tokens", maxTokens),
    ]
  }

  /// The sizes as canonical JSON.
  public var json: JSON {
    .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, .integer($0.value)) }))
  }
}
