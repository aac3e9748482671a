// One pass of AdamW over a parameter's memory.

import CKernels

/// The numbers of one AdamW step; see ``Tensor/updateAdamW(_:moments:settings:)``.
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

extension Tensor {
  /// Moves this tensor and its two moments by one step of AdamW, in place.
  ///
  /// Source: Loshchilov & Hutter 2019, algorithm 2; all four tensors have one shape.
  public func updateAdamW(
    _ gradient: Tensor, moments: (first: Tensor, second: Tensor), settings s: AdamWSettings
  ) throws {
    for other in [gradient, moments.first, moments.second] {
      try other.require(.float32, "adamw")
      guard other.shape == shape else {
        throw TensorError.shape(
          op: "adamw", expected: Self.text(shape), got: Self.text(other.shape))
      }
    }
    ek_adamw(
      count, s.gradientScale, s.rate, s.beta1, s.beta2, s.epsilon, s.decay, s.correction1,
      s.correction2, gradient.floats, moments.first.floats, moments.second.floats, floats)
    for changed in [self, moments.first, moments.second] { changed.storage.markChanged() }
  }
}
