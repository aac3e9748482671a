// The optimizer and its schedule.

import Autograd
import Foundation
import Networks
import TensorCore

/// AdamW with decoupled weight decay and clipping of the global gradient norm.
///
/// Source: Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2. Clipping: Pascanu et al. 2013.
public final class AdamW {
  /// Decay rate of the first moment.
  public let beta1 = 0.9
  /// Decay rate of the second moment.
  public let beta2 = 0.999
  /// Added to the root of the second moment.
  public let epsilon: Float = 1e-8
  /// Decoupled weight decay, applied to every trainable parameter.
  public let decay: Float
  /// The largest global gradient norm; larger gradients are scaled down to it.
  public let clip: Float
  /// Steps taken so far.
  public private(set) var stepCount = 0
  /// Averages of gradient and squared gradient of every parameter that has moved, by its name.
  private(set) var moments: [String: (first: Tensor, second: Tensor)] = [:]

  /// Starts without moments.
  public init(decay: Float = 0.01, clip: Float = 1) {
    self.decay = decay
    self.clip = clip
  }

  /// Goes on where another optimizer stood.
  func restore(stepCount: Int, moments: [String: (first: Tensor, second: Tensor)]) {
    self.stepCount = stepCount
    self.moments = moments
  }

  /// Moves every parameter that has a gradient by one step and clears the gradients.
  ///
  /// - Returns: The gradient's global norm before clipping.
  /// - Throws: ``TrainingError/notFinite(what:step:)`` before anything moved when the norm is NaN or
  ///   infinite.
  @discardableResult
  public func step(_ parameters: [Parameter], rate: Float) throws -> Double {
    let moving = parameters.compactMap { parameter in
      parameter.variable.gradient.map { (parameter, $0) }
    }
    let norm = try moving.map { try $0.1.squareSum() }.reduce(0, +).squareRoot()
    guard norm.isFinite else {
      throw TrainingError.notFinite(what: "gradient", step: stepCount + 1)
    }
    let updates = try moving.map { parameter, gradient in
      let value = parameter.variable.value
      return try AdamWUpdate(value, gradient, moments: moments(parameter.name, value.shape))
    }
    stepCount += 1
    Tensor.updateAdamW(updates, settings: settings(rate: rate, norm: norm))
    for (parameter, _) in moving { parameter.variable.clearGradient() }
    return norm
  }

  /// The moments of a parameter, zeros the first time.
  private func moments(
    _ name: String, _ shape: [Int]
  ) throws -> (first: Tensor, second: Tensor) {
    if let state = moments[name] { return state }
    let state = (first: try Tensor.zeros(shape), second: try Tensor.zeros(shape))
    moments[name] = state
    return state
  }

  private func settings(rate: Float, norm: Double) -> AdamWSettings {
    // PyTorch's clip_grad_norm_ adds 1e-6 to the norm; the golden trace agrees with it.
    let scale = min(1, Float(Double(clip) / (norm + 1e-6)))
    return AdamWSettings(
      gradientScale: scale, rate: rate, beta1: Float(beta1), beta2: Float(beta2), epsilon: epsilon,
      decay: decay, correction1: Float(1 - pow(beta1, Double(stepCount))),
      correction2: Float(1 - pow(beta2, Double(stepCount))))
  }
}

/// The learning rate over a training: linear warm-up, then half a cosine down to a floor.
public struct Schedule: Sendable, Equatable {
  /// The highest rate.
  public var peak: Float
  /// Steps of warm-up; the first step has rate `peak / warmup`.
  public var warmup: Int
  /// All steps.
  public var steps: Int
  /// The last rate as a share of the peak, in 0 ... 1.
  public var floor: Float

  /// A schedule; by default 50 steps of warm-up and down to a tenth.
  public init(peak: Float, steps: Int, warmup: Int = 50, floor: Float = 0.1) {
    self.peak = peak
    self.steps = steps
    self.warmup = warmup
    self.floor = floor
  }

  /// The rate of a step, counted from 0.
  public func rate(at step: Int) -> Float {
    let rise = warmup > 0 ? min(1, Float(step + 1) / Float(warmup)) : 1
    let progress = Double(step) / Double(max(steps, 1))
    let fall = (1 + Double(floor)) / 2 + (1 - Double(floor)) / 2 * cos(.pi * progress)
    return peak * rise * Float(fall)
  }
}
