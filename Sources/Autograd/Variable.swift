// A tensor that remembers how it was made. Operations run at once (eagerly); each that depends on a
// parameter leaves a node, and the nodes, numbered in the order of their making, are the tape.

import Synchronization
import TensorCore

/// A tensor in a differentiable computation.
///
/// ```swift
/// let w = Variable(try Tensor([2, 3]), requiresGradient: true)
/// let loss = try (w * w).sum()
/// try loss.backward()
/// w.gradient        // [4, 6]
/// ```
public final class Variable {
  /// The numbers.
  public let value: Tensor
  /// Whether derivatives flow to this variable.
  public let requiresGradient: Bool
  /// The derivative collected by `backward` in variables made with `requiresGradient`; the shape is
  /// the value's.
  public internal(set) var gradient: Tensor?
  var node: Node?
  /// What the pass under way has brought here so far.
  var arrived: Arrived?

  /// Wraps a tensor that no operation made: data, or a parameter to learn.
  public init(_ value: Tensor, requiresGradient: Bool = false) {
    self.value = value
    self.requiresGradient = requiresGradient && value.dtype == .float32
  }

  /// What an operation that leaves a node on the tape has made.
  init(_ value: Tensor, node: Node) {
    self.value = value
    self.node = node
    requiresGradient = true
  }

  /// The size of each axis.
  public var shape: [Int] { value.shape }
  /// The same numbers without their history.
  public var detached: Variable { Variable(value) }
  /// Whether this variable was made by an operation on the tape.
  public var hasHistory: Bool { node != nil }
  /// Forgets the collected derivative.
  public func clearGradient() { gradient = nil }
}

/// One operation on the tape.
final class Node {
  let operation: Operation
  let number: UInt64
  var inputs: [Variable]
  /// What the derivative needs besides the inputs; `nil` once it has been used.
  var saved: [Tensor]?
  /// The last pass that found this node.
  var pass: UInt64 = 0
  let output: Tensor
  private let version: Int

  init(_ operation: Operation, _ inputs: [Variable], _ evaluation: Evaluation) {
    self.operation = operation
    self.inputs = inputs
    saved = evaluation.saved
    output = evaluation.output
    number = Tape.nextNumber()
    version = Self.version(inputs, output)
  }

  /// Whether inputs and output still hold what they held when the operation ran.
  var isUnchanged: Bool { Self.version(inputs, output) == version }

  /// Versions only grow, so their sum tells whether any of them has changed.
  private static func version(_ inputs: [Variable], _ output: Tensor) -> Int {
    inputs.reduce(output.storage.version) { $0 &+ $1.value.storage.version }
  }

  /// Lets go of what only the way back needed.
  func forget() {
    saved = nil
    inputs = []
  }

  /// Lets go of the history in a loop: a chain of a million operations, dropped recursively, would
  /// overflow the stack.
  deinit {
    guard inputs.contains(where: { $0.node != nil }) else { return }
    var orphans = inputs
    inputs = []
    while var variable = orphans.popLast() {
      guard isKnownUniquelyReferenced(&variable), variable.node != nil,
        isKnownUniquelyReferenced(&variable.node), let node = variable.node
      else { continue }
      orphans.append(contentsOf: node.inputs)
      node.inputs = []
    }
  }
}

/// Whether and in which order operations are remembered.
public enum Tape {
  private static let counter = Atomic<UInt64>(0)
  private static let pauses = Atomic<Int>(0)
  // Bound to the running task or thread: a pause in one never blinds another.
  @TaskLocal private static var isPaused = false

  /// Whether operations on parameters leave nodes.
  public static var isRecording: Bool { pauses.load(ordering: .relaxed) == 0 || !isPaused }

  /// Runs `body` without remembering anything.
  public static func paused<T>(_ body: () throws -> T) rethrows -> T {
    pauses.add(1, ordering: .relaxed)
    defer { pauses.subtract(1, ordering: .relaxed) }
    return try $isPaused.withValue(true, operation: body)
  }

  static func nextNumber() -> UInt64 { counter.add(1, ordering: .relaxed).newValue }
}
