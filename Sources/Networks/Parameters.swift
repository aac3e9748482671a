// What a model learns, by name.

import Autograd
import Repro
import TensorCore

/// One learned tensor with its name, such as `decoder.block.1.mlp.up.weight`.
public final class Parameter {
  /// The name, unique in its model.
  public let name: String
  /// The tensor in the computation; replaced when `isTrainable` changes.
  public private(set) var variable: Variable

  /// Makes a trainable parameter of a tensor, which it shares.
  public init(_ name: String, _ value: Tensor) {
    self.name = name
    variable = Variable(value, requiresGradient: true)
  }

  /// Names a variable that learns already.
  public init(_ name: String, sharing variable: Variable) {
    self.name = name
    self.variable = variable
  }

  /// Whether derivatives flow to it. A frozen parameter costs no derivative.
  public var isTrainable: Bool {
    get { variable.requiresGradient }
    set {
      if newValue != isTrainable { variable = Variable(variable.value, requiresGradient: newValue) }
    }
  }
}

/// The parameters of a model in the order in which it was built.
public final class ParameterList {
  /// All parameters, in order.
  public private(set) var all: [Parameter] = []
  private var byName: [String: Parameter] = [:]
  private let stream: RandomStream

  /// Starts an empty list; each parameter's start depends on the stream and its own name only.
  public init(stream: RandomStream) { self.stream = stream }

  /// The parameter with this name.
  public subscript(name: String) -> Parameter? { byName[name] }
  /// How many numbers are learned.
  public var count: Int { all.map(\.variable.value.count).reduce(0, +) }
  /// Those that derivatives flow to.
  public var trainable: [Parameter] { all.filter(\.isTrainable) }

  func add(_ name: String, _ value: Tensor) -> Parameter {
    let parameter = Parameter(name, value)
    all.append(parameter)
    byName[name] = parameter
    return parameter
  }

  func uniform(_ name: String, _ shape: [Int], bound: Float) throws -> Parameter {
    var numbers = stream.fork(name)
    return add(name, try .uniform(shape, low: -bound, high: bound, from: &numbers))
  }

  func normal(_ name: String, _ shape: [Int], deviation: Float) throws -> Parameter {
    var numbers = stream.fork(name)
    return add(name, try .normal(shape, deviation: deviation, from: &numbers))
  }

  /// Makes exactly the parameters that match one of the patterns trainable.
  ///
  /// - Parameter patterns: Names in which `*` stands for any characters, such as `decoder.*`.
  /// - Throws: ``ModelError/noParameter(pattern:)`` for a pattern that matches nothing.
  public func train(only patterns: [String]) throws {
    let chosen = Set(try matching(patterns).map(\.name))
    for parameter in all { parameter.isTrainable = chosen.contains(parameter.name) }
  }

  /// The parameters whose name matches one of the patterns, in order.
  ///
  /// - Throws: ``ModelError/noParameter(pattern:)`` for a pattern that matches nothing.
  public func matching(_ patterns: [String]) throws -> [Parameter] {
    for pattern in patterns where !all.contains(where: { Self.matches($0.name, pattern) }) {
      throw ModelError.noParameter(pattern: pattern)
    }
    return all.filter { parameter in
      patterns.contains { Self.matches(parameter.name, $0) }
    }
  }

  /// Whether a name fits a pattern in which `*` stands for any characters.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard pieces.count > 1 else { return name == pattern }
    var rest = name[...]
    guard rest.hasPrefix(pieces[0]) else { return false }
    rest = rest.dropFirst(pieces[0].count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = firstRange(of: piece, in: rest) else { return false }
      rest = rest[found...].dropFirst(piece.count)
    }
    return rest.hasSuffix(pieces[pieces.count - 1])
  }

  private static func firstRange(of piece: Substring, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(piece) }
  }

  /// Copies the numbers of a list with the same names and shapes.
  public func copy(from other: ParameterList) throws {
    for parameter in all {
      guard let source = other[parameter.name] else {
        throw ModelError.noParameter(pattern: parameter.name)
      }
      try parameter.variable.value.copy(from: source.variable.value)
    }
  }

  /// SHA-256 over names, shapes and bits of all parameters.
  public func fingerprint() throws -> String { try all.fingerprint() }
}

extension [Parameter] {
  /// SHA-256 over names, shapes and bits.
  public func fingerprint() throws -> String {
    var hash = SHA256()
    for parameter in self {
      let value = parameter.variable.value
      hash.update("\(parameter.name) \(Tensor.text(value.shape))\n".utf8)
      try value.withBytes { hash.update($0) }
    }
    return hash.hexDigest()
  }
}
