// The likelihood-ratio attack: compare the model's confidence with that of models known to have been
// trained with and without the example. Affordable here, because models are small.

import Foundation

/// The logit of a probability from its logarithm, φ = S − log(1 − eˢ).
///
/// - *Range*: any, at most about 27.6: log-probabilities above −10⁻¹² count as −10⁻¹², because p = 1 has
///   no logit and is only rounding. *Unit*: nats. *Reads as*: higher means more confident.
/// - *Undefined when*: never.
/// - Throws: ``MetricsError`` for a value that is not finite or above 0.
///
/// Source: Carlini et al. 2022, arXiv:2112.03570, section V; in log space, so that p → 1 does not
/// overflow.
public func logitConfidence(logProbability: Double) throws -> Double {
  try check(logProbabilities: [logProbability], op: "logit confidence")
  let s = min(logProbability, -1e-12)
  return s - log(-expm1(s))
}

/// The verdict of the likelihood-ratio attack on one example.
public struct LiRA: Equatable, Sendable {
  /// Mean and standard deviation of confidences.
  public struct Gaussian: Equatable, Sendable {
    /// The mean.
    public let mean: Double
    /// The standard deviation, above 0.
    public let deviation: Double

    /// Creates a distribution.
    ///
    /// - Throws: ``MetricsError`` for a deviation that is not above 0.
    public init(mean: Double, deviation: Double) throws {
      try check(finite: [mean], "means", op: "lira")
      try check(positive: deviation, "a standard deviation", op: "lira")
      (self.mean, self.deviation) = (mean, deviation)
    }

    /// Fits confidences; with fewer than about 16 models give a pooled `deviation`.
    ///
    /// - Throws: ``MetricsError`` for no values, and for fewer than two or equal ones without a
    ///   deviation.
    public init(fitting values: [Double], deviation: Double? = nil) throws {
      guard !values.isEmpty else { throw MetricsError.empty(op: "lira", what: "confidences") }
      try check(finite: values, "confidences", op: "lira")
      if deviation == nil { try check(count: values.count, atLeast: 2, "models", op: "lira") }
      let spread = deviation ?? PersonaTable.variance(of: values).squareRoot()
      try self.init(mean: PersonaTable.mean(of: values), deviation: spread)
    }

    func logDensity(_ x: Double) -> Double {
      let z = (x - mean) / deviation
      return -0.5 * z * z - log(deviation) - 0.5 * log(2 * Double.pi)
    }
  }

  /// The online score, log N(φ; in) − log N(φ; out).
  ///
  /// - *Range*: any. *Unit*: nats. *Reads as*: higher means more likely a member.
  /// - *Undefined when*: no models with the example are given (`nil`).
  public let logRatio: Double?
  /// The offline score, the probability that a model without the example is less confident.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means more likely a member; uniform for non-members.
  public let offline: Double

  /// Judges a confidence.
  ///
  /// - Parameters:
  ///   - confidence: φ of the model under attack, see ``logitConfidence(logProbability:)``.
  ///   - inside: φ of models trained with the example; `nil` for the offline attack.
  ///   - outside: φ of models trained without it.
  /// - Throws: ``MetricsError`` for a confidence that is not finite.
  ///
  /// Source: Carlini et al. 2022, arXiv:2112.03570, algorithm 1.
  public init(confidence: Double, inside: Gaussian?, outside: Gaussian) throws {
    try check(finite: [confidence], "confidences", op: "lira")
    logRatio = inside.map { $0.logDensity(confidence) - outside.logDensity(confidence) }
    offline = Normal.cdf((confidence - outside.mean) / outside.deviation)
  }
}

/// The standard deviation within groups, all groups pooled.
///
/// - *Range*: ≥ 0. *Unit*: that of the values. *Reads as*: higher means that models differ more.
/// - *Undefined when*: no group has two values (`nil`).
/// - Throws: ``MetricsError`` for values that are not finite.
///
/// Source: the analysis of variance; the "global variance" of Carlini et al. 2022.
public func pooledDeviation(_ groups: [[Double]]) throws -> Double? {
  var (squares, freedom) = (0.0, 0)
  for group in groups where group.count > 1 {
    try check(finite: group, "values", op: "pooled deviation")
    squares += PersonaTable.variance(of: group) * Double(group.count - 1)
    freedom += group.count - 1
  }
  return freedom == 0 ? nil : (squares / Double(freedom)).squareRoot()
}
