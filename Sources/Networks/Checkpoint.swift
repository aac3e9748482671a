// Models as files: a safetensors file that PyTorch opens too, with the sizes in its metadata.
//
//   u64 n │ n bytes of JSON: name → {dtype, shape, data_offsets} │ data, no gaps

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
    // Sorted by name: the same model gives the same bytes.
    let sorted = parameters.all.sorted { $0.name < $1.name }
    var header: [String: JSON] = [
      "__metadata__": ["format": "pt", "eidetic.model": .string(configuration.json.canonical)]
    ]
    var end = 0
    for parameter in sorted {
      let start = end
      end += parameter.variable.value.count * 4
      header[parameter.name] = [
        "dtype": "F32", "shape": .array(parameter.variable.shape.map { .integer($0) }),
        "data_offsets": [.integer(start), .integer(end)],
      ]
    }
    var text = Array(JSON.object(header).canonical.utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    try AtomicFile.write(to: path) { file in
      try file.write(contentsOf: withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) })
      try file.write(contentsOf: Data(text))
      for parameter in sorted {
        let numbers = try parameter.variable.value.array()
        try file.write(contentsOf: numbers.withUnsafeBytes { Data($0) })
      }
    }
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

/// A safetensors file that has been checked: every entry lies within the data.
struct SafetensorsFile {
  let path: String
  private let data: Data
  private let header: [String: JSON]
  private let start: Int

  init(_ path: String) throws {
    self.path = path
    func fail(_ reason: String) -> CheckpointError { CheckpointError(path: path, reason: reason) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw fail("the file cannot be read")
    }
    guard data.count >= 8 else { throw fail("the file is cut short") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) }
    guard length <= 100 << 20, length <= data.count - 8 else {
      throw fail("the file is cut short or no safetensors file")
    }
    start = 8 + Int(length)
    do {
      guard case .object(let members) = try JSON.parse(data[8..<start]) else {
        throw fail("its header is no JSON object")
      }
      header = members
    } catch let error as JSONError { throw fail("its header is damaged: \(error)") }
    self.data = data
  }

  var byteCount: Int { data.count }

  var metadata: [String: JSON] {
    if case .object(let members)? = header["__metadata__"] { members } else { [:] }
  }

  func error(_ reason: String) -> CheckpointError { CheckpointError(path: path, reason: reason) }

  /// One float32 tensor of the expected shape.
  func tensor(_ name: String, shape: [Int]) throws -> Tensor {
    guard let entry = header[name] else { throw error("it lacks the parameter \(name)") }
    guard entry["dtype"] == "F32", entry["shape"] == .array(shape.map { .integer($0) }) else {
      throw error("\(name): expected float32 \(Tensor.text(shape))")
    }
    guard case .array(let offsets)? = entry["data_offsets"], offsets.count == 2,
      case .integer(let from) = offsets[0], case .integer(let to) = offsets[1], from >= 0,
      from <= to,
      to - from == shape.reduce(1, *) * 4
    else { throw error("\(name): its place in the file makes no sense") }
    guard to <= data.count - start else { throw error("the file is cut short at \(name)") }
    var numbers = [Float](repeating: 0, count: (to - from) / 4)
    _ = numbers.withUnsafeMutableBytes { data.copyBytes(to: $0, from: start + from..<start + to) }
    return try Tensor(numbers, shape: shape)
  }
}
