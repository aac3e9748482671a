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
    var pass = BackwardPass(from: self)
    defer { pass.end() }
    try pass.add(Tensor.ones(shape), to: self)
    while let made = pass.next() { try pass.visit(made, retaining: retaining) }
    try pass.deliver()
  }
}

/// A derivative on its way. `owned` says that no one else sees the tensor, so that more can be added
/// in place.
struct Arrived {
  var gradient: Tensor
  var owned = false
}

/// One way back. What arrives is kept in the variables, and a node says which pass has found it: both
/// are cheaper than tables of them.
private struct BackwardPass {
  /// The variables whose nodes are still to visit, in the order of their making; each node has made
  /// exactly one.
  private var waiting: [Variable]
  /// Where something arrived that no node passes on.
  private var leaves: [Variable] = []

  init(from root: Variable) {
    let pass = Tape.nextNumber()
    var found: [Variable] = []
    func find(_ variable: Variable) {
      guard let node = variable.node, node.pass != pass else { return }
      node.pass = pass
      found.append(variable)
    }
    find(root)
    var next = 0
    while next < found.count {
      if let node = found[next].node { for input in node.inputs { find(input) } }
      next += 1
    }
    // Found mostly youngest first: turned round, there is little left to sort.
    found.reverse()
    found.sort { Self.number($0) < Self.number($1) }
    waiting = found
  }

  private static func number(_ variable: Variable) -> UInt64 { variable.node?.number ?? 0 }

  /// The youngest of those that wait.
  mutating func next() -> Variable? { waiting.popLast() }

  mutating func add(_ gradient: Tensor, to variable: Variable) throws {
    guard let earlier = variable.arrived else {
      variable.arrived = Arrived(gradient: gradient)
      if variable.node == nil { leaves.append(variable) }
      return
    }
    if earlier.owned {
      earlier.gradient.accumulate(gradient)
    } else {
      variable.arrived = Arrived(gradient: try earlier.gradient + gradient, owned: true)
    }
  }

  mutating func visit(_ made: Variable, retaining: Bool) throws {
    guard let node = made.node, let gradient = made.arrived?.gradient else { return }
    made.arrived = nil
    guard let saved = node.saved else {
      throw GradientError.historyUsed(op: node.operation.name)
    }
    guard node.isUnchanged else {
      throw GradientError.changedInPlace(op: node.operation.name)
    }
    let inputs = node.inputs
    let context = RuleContext(
      x: InputValues(inputs), y: node.output, g: gradient, saved: saved, needs: InputNeeds(inputs))
    let parts = try node.operation.gradients(context)
    for (place, input) in inputs.enumerated() where place < parts.count {
      if let part = parts[place], input.requiresGradient { try add(part, to: input) }
    }
    if !retaining { node.forget() }
  }

  /// What is left belongs to leaves.
  func deliver() throws {
    for leaf in leaves {
      guard let gradient = leaf.arrived?.gradient else { continue }
      leaf.gradient = try leaf.gradient.map { try $0 + gradient } ?? gradient
    }
  }

  /// Also after an error nothing may be left for another pass to find.
  func end() {
    for variable in waiting { variable.arrived = nil }
    for leaf in leaves { leaf.arrived = nil }
  }
}
