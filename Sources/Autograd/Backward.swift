// The way back: nodes in the reverse of the order in which they were made.

import TensorCore

/// A mistake in asking for derivatives.
public enum GradientError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `backward` on something that is not one number.
  case notScalar(shape: [Int])
  /// `backward` on something that no parameter made.
  case noHistory
  /// A second `backward` through history that the first let go.
  case historyUsed(op: String)
  /// `backward` through an operation whose input or output was changed in place since.
  case changedInPlace(op: String)

  /// One line with what to do.
  public var description: String {
    switch self {
    case .notScalar(let shape):
      "backward: expected a single number, got \(Tensor.text(shape)); reduce it with sum or mean"
    case .noHistory:
      "backward: this value does not depend on anything that requires a gradient"
    case .historyUsed(let op):
      "backward: the history of \(op) was already used; keep it with backward(retaining: true)"
    case .changedInPlace(let op):
      "backward: a tensor that \(op) needs was changed in place after \(op) ran; "
        + "go back before the change, or change a clone"
    }
  }
}

extension Variable {
  /// Adds ∂self/∂v to the gradient of every `requiresGradient` leaf v that self depends on.
  ///
  /// - Parameter retaining: Keeps the history for a second call; else its memory is let go at once.
  /// - Throws: ``GradientError`` unless this is one number with a history.
  public func backward(retaining: Bool = false) throws {
    guard value.count == 1 else { throw GradientError.notScalar(shape: shape) }
    guard requiresGradient else { throw GradientError.noHistory }
    var pass = BackwardPass()
    try pass.add(Tensor.ones(shape), to: self)
    for node in reachableNodes() { try pass.visit(node, retaining: retaining) }
    try pass.deliver()
  }

  /// All nodes behind this variable, youngest first, each with the variable it made.
  private func reachableNodes() -> [(made: Variable, node: Node)] {
    guard let node else { return [] }
    var found: [(made: Variable, node: Node)] = [(self, node)]
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(node)]
    var next = 0
    while next < found.count {
      for input in found[next].node.inputs {
        if let node = input.node, seen.insert(ObjectIdentifier(node)).inserted {
          found.append((input, node))
        }
      }
      next += 1
    }
    return found.sorted { $0.node.number > $1.node.number }
  }
}

/// The derivatives on their way.
private struct BackwardPass {
  /// `owned` says that no one else sees the tensor, so that more can be added in place.
  private struct Arrived {
    let variable: Variable
    var gradient: Tensor
    var owned: Bool
  }
  private var arrived: [ObjectIdentifier: Arrived] = [:]

  mutating func add(_ gradient: Tensor, to variable: Variable) throws {
    let key = ObjectIdentifier(variable)
    guard var earlier = arrived[key] else {
      arrived[key] = Arrived(variable: variable, gradient: gradient, owned: false)
      return
    }
    if earlier.owned {
      earlier.gradient.accumulate(gradient)
    } else {
      earlier.gradient = try earlier.gradient + gradient
      earlier.owned = true
    }
    arrived[key] = earlier
  }

  mutating func visit(_ entry: (made: Variable, node: Node), retaining: Bool) throws {
    let node = entry.node
    guard let gradient = arrived.removeValue(forKey: ObjectIdentifier(entry.made))?.gradient else {
      return
    }
    guard let saved = node.saved else {
      throw GradientError.historyUsed(op: node.operation.name)
    }
    guard node.isUnchanged else {
      throw GradientError.changedInPlace(op: node.operation.name)
    }
    let inputs = node.inputs
    let context = RuleContext(
      x: inputs.map { $0.value }, y: node.output, g: gradient, saved: saved,
      needs: inputs.map { $0.requiresGradient })
    for (input, part) in zip(inputs, try node.operation.gradients(context)) {
      if let part, input.requiresGradient { try add(part, to: input) }
    }
    if !retaining { node.saved = nil }
  }

  /// What is left belongs to leaves.
  func deliver() throws {
    for entry in arrived.values {
      let total = try entry.variable.gradient.map { try $0 + entry.gradient } ?? entry.gradient
      entry.variable.gradient = total
    }
  }
}
