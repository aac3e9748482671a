// How far a training has come, as a file: a line with the format and the hash of all that follows,
// then a safetensors file. A file is used as a whole or not at all.

import Foundation
import Networks
import Repro
import TensorCore

/// Everything that the next step of a training depends on. The data's place is the step itself, for
/// the examples of a step are a function of it; so are the random streams.
public struct TrainingProgress {
  /// What the training is, by topic: it goes on only as the same.
  public var identity: [String: JSON] = [:]
  /// Whether no step is left; the moments are then gone.
  public var isOver = false
  /// The mean loss of each step, in nats per word.
  public var losses: [Float] = []
  /// Of the last step: the learning rate and the gradient's global norm before clipping.
  public var rate: Float = 0, gradientNorm = 0.0
  /// Seconds since the training began, in all processes.
  public var seconds = 0.0
  /// What belongs to whoever watches the training.
  public var notes: JSON = .null
  /// The values of the parameters that have moved, by name.
  public var values: [String: Tensor] = [:]
  /// Their averages of gradient and squared gradient.
  public var moments: [String: (first: Tensor, second: Tensor)] = [:]

  /// The number of steps done.
  public var step: Int { losses.count }

  /// A training that has not begun.
  public init() {}

  private static let mark = "eidetic-training-"
  private static let format = "1"

  /// Replaces the file as a whole.
  ///
  /// - Throws: `FileWriteError` when it cannot be written; the earlier one stays.
  public func write(to path: String) throws {
    let file = try safetensors
    var hash = SHA256()
    try file.write { hash.update($0) }
    let line = Self.mark + Self.format + " " + hash.hexDigest() + "\n"
    try AtomicFile.write(to: path) { handle in
      try handle.write(contentsOf: Data(line.utf8))
      try file.write { try handle.write(raw: $0) }
    }
  }

  /// About how many bytes the file has.
  public var byteCount: Int {
    values.values.reduce(0) { $0 + $1.count * 4 } * (moments.isEmpty ? 1 : 3) + losses.count * 4
  }

  private var safetensors: Safetensors {
    get throws {
      let state: JSON = [
        "identity": .object(identity), "over": .bool(isOver), "step": .integer(step),
        "rate": .number(Double(rate)), "gradient_norm": .number(gradientNorm),
        "seconds": .number(seconds), "notes": notes,
      ]
      var tensors = values.map { (name: "value/" + $0, value: $1) }
      for (name, pair) in moments {
        tensors += [("first/" + name, pair.first), ("second/" + name, pair.second)]
      }
      tensors.append(("losses", try Tensor(losses, shape: [losses.count])))
      return Safetensors(tensors, metadata: ["eidetic.training": state.canonical])
    }
  }
}

extension TrainingProgress {
  /// Reads a file.
  ///
  /// - Parameter shapes: Of the parameters that the training may move, by name.
  /// - Throws: `CheckpointError` for a file that is damaged, of another version or of another model.
  public init(reading path: String, shapes: [String: [Int]]) throws {
    func fail(_ reason: String) -> CheckpointError { CheckpointError(path: path, reason: reason) }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw fail("the file cannot be read")
    }
    let mark = Data(Self.mark.utf8)
    guard bytes.starts(with: mark), let end = bytes.prefix(200).firstIndex(of: 0x0A) else {
      throw fail("it is damaged or holds no training")
    }
    let words = String(decoding: bytes[mark.count..<end], as: UTF8.self).split(separator: " ")
    guard words.first == Self.format[...] else {
      throw fail("it has format \(words.first ?? "?"), this version reads \(Self.format)")
    }
    let body = Data(bytes[(end + 1)...])
    guard words.count == 2, body.withUnsafeBytes({ SHA256.hex($0) }) == words[1] else {
      throw fail("it is damaged: its bytes are not those that were written")
    }
    try self.init(SafetensorsFile(body, path: path), shapes: shapes)
  }

  private init(_ file: SafetensorsFile, shapes: [String: [Int]]) throws {
    guard case .string(let text)? = file.metadata["eidetic.training"],
      let state = try? JSON.parse(text), case .object(let identity)? = state["identity"],
      case .bool(let isOver)? = state["over"], case .integer(let step)? = state["step"],
      (0...1 << 40).contains(step), let rate = state["rate"]?.double,
      let norm = state["gradient_norm"]?.double, let seconds = state["seconds"]?.double,
      let notes = state["notes"]
    else { throw file.error("it does not say how far the training has come") }
    (self.identity, self.isOver, self.notes) = (identity, isOver, notes)
    (self.rate, gradientNorm, self.seconds) = (Float(rate), norm, seconds)
    losses = try file.tensor("losses", shape: [step]).array()
    for (name, shape) in shapes where file.has("value/" + name) {
      values[name] = try file.tensor("value/" + name, shape: shape)
      guard !isOver else { continue }
      moments[name] = (
        try file.tensor("first/" + name, shape: shape),
        try file.tensor("second/" + name, shape: shape)
      )
    }
  }
}
