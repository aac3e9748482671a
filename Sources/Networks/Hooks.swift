// Named places in the forward pass at which activations are read, replaced and blocked. A place is
// one call in the pass, `try point(x, rows)`; while no hook is set it gives `x` back at once.

import Autograd
import TensorCore

/// What the rows of an activation stand for: sequences one after the other.
public struct ActivationRows: Equatable, Sendable {
  /// How many rows each sequence has here.
  public var lengths: [Int]
  /// Which sequence of the batch each is, from 0.
  public var sequences: [Int]
  /// How many places of the sequence lie before its first row: above 0 where a cache holds them, and
  /// where only labelled places are computed.
  public var starts: [Int]
  /// The row of each sequence after which the first word of the answer follows; `nil` for image
  /// tokens and where the rows continue an answer.
  public var answers: [Int]?

  init(lengths: [Int], sequences: [Int], starts: [Int], answers: [Int]? = nil) {
    (self.lengths, self.sequences) = (lengths, sequences)
    (self.starts, self.answers) = (starts, answers)
  }

  /// Sequences with as many rows each, such as the tokens of images.
  init(of sequences: [Int], each length: Int) {
    self.init(
      lengths: sequences.map { _ in length }, sequences: sequences, starts: sequences.map { _ in 0 }
    )
  }

  /// The same sequences with as many rows each.
  func each(_ length: Int) -> ActivationRows { ActivationRows(of: sequences, each: length) }

  /// All rows of a batch; an answer begins after its sequence's first label place.
  init(_ batch: PackedBatch) {
    let segments = batch.labelsBySequence
    self.init(
      lengths: batch.lengths, sequences: Array(batch.lengths.indices),
      starts: batch.lengths.map { _ in 0 },
      answers: segments.allSatisfy { !$0.isEmpty } ? segments.map { Int($0[0]) } : nil)
  }

  /// All rows of prompts; an answer begins after the last.
  init(prompts batch: PackedBatch) {
    self.init(
      lengths: batch.lengths, sequences: Array(batch.lengths.indices),
      starts: batch.lengths.map { _ in 0 },
      answers: zip(batch.firstRows, batch.lengths).map { $0 + $1 - 1 })
  }

  /// The labelled rows of a batch, whose label places ascend.
  init(labelsOf batch: PackedBatch) {
    let labels = batch.labelsBySequence.enumerated().filter { !$1.isEmpty }
    var begins: [Int] = [], row = 0
    for (_, places) in labels {
      begins.append(row)
      row += places.count
    }
    let firstRows = batch.firstRows
    self.init(
      lengths: labels.map(\.element.count), sequences: labels.map(\.offset),
      starts: labels.map { Int($1[0]) - firstRows[$0] }, answers: begins)
  }

  /// The rows before the answers alone, one of each sequence; `nil` where there are none.
  public var atAnswers: ActivationRows? {
    guard let answers else { return nil }
    var first = 0, places: [Int] = []
    for (i, length) in lengths.enumerated() {
      places.append(starts[i] + answers[i] - first)
      first += length
    }
    return ActivationRows(
      lengths: lengths.map { _ in 1 }, sequences: sequences, starts: places,
      answers: Array(lengths.indices))
  }

  /// The last rows alone, one of each sequence.
  var lasts: ActivationRows {
    ActivationRows(
      lengths: lengths.map { _ in 1 }, sequences: sequences,
      starts: zip(starts, lengths).map { $0 + $1 - 1 }, answers: Array(lengths.indices))
  }
}

extension PackedBatch {
  /// Where each sequence begins.
  var firstRows: [Int] {
    var row = 0
    return lengths.map { length in
      defer { row += length }
      return row
    }
  }

  /// The label places of each sequence.
  var labelsBySequence: [[Int32]] {
    zip(firstRows, lengths).map { first, length in
      labelPlaces.filter { Int($0) >= first && Int($0) < first + length }
    }
  }

  /// The sequence that each image belongs to; an image has `tokens` places.
  func imageSequences(tokens: Int) -> [Int] {
    let firsts = firstRows
    return stride(from: 0, to: imagePlaces.count, by: tokens).map { i in
      firsts.lastIndex { $0 <= Int(imagePlaces[i]) } ?? 0
    }
  }
}

/// What a hook gets.
public struct Activation {
  /// The hook point's name, such as `decoder.block.1.mlp`.
  public let name: String
  /// The activation: `[rows, width]`, with its history.
  public let value: Variable
  /// What its rows stand for.
  public let rows: ActivationRows
}

/// The hook points of one model and the hooks set at them.
public final class ActivationHooks {
  /// Gets an activation and gives what goes on in its place, of the same shape; derivatives flow
  /// through what it gives.
  public typealias Hook = (Activation) throws -> Variable

  /// The names of all points, in the order in which they are computed.
  public private(set) var names: [String] = []
  private var active: [String: [Hook]] = [:]
  private var isInHook = false

  init() {}

  /// Whether hooks would be called now. Within a hook none is: the model runs as it is.
  var isListening: Bool { !active.isEmpty && !isInHook }

  func point(_ name: String) -> HookPoint {
    names.append(name)
    return HookPoint(name: name, hooks: self)
  }

  /// What rows stand for, made only where somebody listens.
  func rows(_ make: () -> ActivationRows) -> ActivationRows? { isListening ? make() : nil }

  /// The points whose name matches one of the patterns, in order.
  ///
  /// - Parameter patterns: Names in which `*` stands for any characters.
  /// - Throws: ``ModelError/noHookPoint(pattern:)`` for a pattern that matches nothing.
  public func matching(_ patterns: [String]) throws -> [String] {
    for pattern in patterns where !names.contains(where: { ParameterList.matches($0, pattern) }) {
      throw ModelError.noHookPoint(pattern: pattern)
    }
    return names.filter { name in patterns.contains { ParameterList.matches(name, $0) } }
  }

  /// Runs `body` with hooks at all points that match their patterns; they are gone afterwards,
  /// whatever happens.
  ///
  /// Where several stand at one point, those of an outer call come first, then the order given.
  ///
  /// - Throws: ``ModelError/noHookPoint(pattern:)``, ``ModelError/inHook``, and what `body` and the
  ///   hooks throw.
  public func with<T>(_ hooks: [(pattern: String, hook: Hook)], _ body: () throws -> T) throws -> T
  {
    guard !isInHook else { throw ModelError.inHook }
    let before = active
    var after = active
    for (pattern, hook) in hooks {
      for name in try matching([pattern]) { after[name, default: []].append(hook) }
    }
    active = after
    defer { active = before }
    return try body()
  }

  fileprivate func run(_ name: String, _ value: Variable, _ rows: ActivationRows) throws -> Variable
  {
    guard isListening, let hooks = active[name] else { return value }
    isInHook = true
    defer { isInHook = false }
    var result = value
    for hook in hooks {
      let given = try hook(Activation(name: name, value: result, rows: rows))
      guard given.shape == value.shape, given.value.dtype == .float32 else {
        throw ModelError.hook(
          name: name, expected: "float32 \(Tensor.text(value.shape))",
          got: "\(given.value.dtype.rawValue) \(Tensor.text(given.shape))")
      }
      result = given
    }
    return result
  }
}

/// A named place in the forward pass.
struct HookPoint {
  let name: String
  let hooks: ActivationHooks

  /// The activation that goes on: `x`, or what hooks made of it. `rows` is nil while none listens.
  func callAsFunction(_ x: Variable, _ rows: ActivationRows?) throws -> Variable {
    guard let rows else { return x }
    return try hooks.run(name, x, rows)
  }
}
