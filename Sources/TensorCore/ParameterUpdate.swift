// One pass of AdamW over the memory of all parameters.

import CKernels

/// The numbers of one AdamW step; see ``Tensor/updateAdamW(_:settings:)``.
public struct AdamWSettings: Sendable {
  /// Factor on the gradient first, from clipping.
  public var gradientScale: Float
  /// Learning rate of this step.
  public var rate: Float
  /// Decay rates of the two moments.
  public var beta1: Float, beta2: Float
  /// Added to the root of the second moment.
  public var epsilon: Float
  /// Decoupled weight decay.
  public var decay: Float
  /// 1 − β₁ᵗ and 1 − β₂ᵗ.
  public var correction1: Float, correction2: Float

  /// All numbers of a step.
  public init(
    gradientScale: Float, rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float,
    correction1: Float, correction2: Float
  ) {
    self.gradientScale = gradientScale
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.correction1 = correction1
    self.correction2 = correction2
  }
}

/// A parameter, its gradient and its two moments, all of one shape.
public struct AdamWUpdate {
  let value: Tensor, gradient: Tensor, first: Tensor, second: Tensor

  /// - Throws: ``TensorError`` unless all are float and have one shape.
  public init(
    _ value: Tensor, _ gradient: Tensor, moments: (first: Tensor, second: Tensor)
  ) throws {
    (self.value, self.gradient) = (value, gradient)
    (first, second) = moments
    try check(gradient)
    try check(first)
    try check(second)
  }

  private func check(_ other: Tensor) throws {
    try other.require(.float32, "adamw")
    guard other.shape == value.shape else {
      throw TensorError.shape(
        op: "adamw", expected: Tensor.text(value.shape), got: Tensor.text(other.shape))
    }
  }

  var part: ek_adamw_part {
    ek_adamw_part(
      n: value.count, g: gradient.floats, m: first.floats, v: second.floats, w: value.floats,
      before: 0)
  }

  func markChanged() {
    value.storage.markChanged()
    first.storage.markChanged()
    second.storage.markChanged()
  }
}

extension Tensor {
  /// Moves parameters and their moments by one step of AdamW, in place.
  ///
  /// Source: Loshchilov & Hutter 2019, algorithm 2.
  public static func updateAdamW(_ updates: [AdamWUpdate], settings s: AdamWSettings) {
    var parts = updates.map(\.part)
    var settings = ek_adamw_settings(
      scale: s.gradientScale, rate: s.rate, beta1: s.beta1, beta2: s.beta2, epsilon: s.epsilon,
      decay: s.decay, correction1: s.correction1, correction2: s.correction2)
    ek_adamw(parts.count, &parts, &settings)
    for update in updates { update.markChanged() }
  }
}
