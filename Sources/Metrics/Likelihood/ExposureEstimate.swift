// Exposure where there are too many candidates to rank: the losses of a sample of them are described
// by a skew-normal distribution, and the secret's rank by the area below its loss.

import Foundation

/// A skew-normal distribution: density 2 φ(z) Φ(shape · z) / scale, z = (x − location) / scale.
public struct SkewNormal: Equatable, Sendable {
  /// Which way it leans and how much; ±∞ is half a normal distribution.
  public let shape: Double
  /// Where it stands; not its mean unless the shape is 0.
  public let location: Double
  /// How wide it is; not its deviation unless the shape is 0.
  public let scale: Double

  /// A distribution with these parameters.
  ///
  /// - Throws: ``MetricsError`` for a shape that is NaN, or a scale that is not positive.
  public init(shape: Double, location: Double, scale: Double) throws {
    let op = "skew normal"
    try check(finite: [location, scale], "parameters", op: op)
    guard scale > 0, !shape.isNaN else {
      throw MetricsError.outOfRange(
        op: op, what: "scale and shape", got: "\(scale) and \(shape)",
        expected: "a positive number and a number")
    }
    (self.shape, self.location, self.scale) = (shape, location, scale)
  }

  /// The distribution with mean, variance and skewness of a sample; a skewness that no skew-normal
  /// distribution has (beyond ±0.9953) is cut to the largest one.
  ///
  /// - Throws: ``MetricsError`` for fewer than three values, one that is not finite, or values that
  ///   are all the same.
  ///
  /// Source: Azzalini 1985; as `scipy.stats.skewnorm.fit(values, method="mm")`.
  public init(fitting values: [Double]) throws {
    let op = "skew normal"
    try check(count: values.count, atLeast: 3, "values", op: op)
    try check(finite: values, "values", op: op)
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + $1 / count }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
    let deviation = variance.squareRoot()
    guard deviation > 1e-12 * abs(mean), deviation > 0, deviation.isFinite else {
      throw MetricsError.outOfRange(
        op: op, what: "values", got: "a deviation of \(deviation)", expected: "that differ")
    }
    let skewness = values.reduce(0) { $0 + pow(($1 - mean) / deviation, 3) / count }
    let delta = Self.delta(skewness: skewness)
    let width = deviation / (1 - 2 * delta * delta / .pi).squareRoot()
    try self.init(
      shape: abs(delta) < 1 ? delta / (1 - delta * delta).squareRoot() : delta * .infinity,
      location: mean - width * delta * (2 / Double.pi).squareRoot(), scale: width)
  }

  /// shape / √(1 + shape²) of the distribution with a skewness, in −1 … 1.
  private static func delta(skewness: Double) -> Double {
    let half = (4 - Double.pi) / 2
    let limit = half * pow(2 / .pi, 1.5) / pow(1 - 2 / .pi, 1.5)
    guard abs(skewness) < limit else { return skewness > 0 ? 1 : -1 }
    let share = pow(abs(skewness), 2.0 / 3)
    let size = (Double.pi / 2 * share / (share + pow(half, 2.0 / 3))).squareRoot()
    return skewness < 0 ? -size : size
  }

  /// The natural logarithm of the area left of `x`, exact to about ten digits also where the area
  /// itself would underflow; −∞ where there is none.
  ///
  /// Implementation note: the logarithm of the density is concave, so that an integral below its peak
  /// falls off from its upper end, or from the peak; the integrand is scaled by its largest value.
  public func logArea(below x: Double) -> Double {
    let z = (x - location) / scale
    guard shape.isFinite else { return Self.logHalfArea(z, leansRight: shape > 0) }
    let top = min(z, peak)
    let largest = logDensity(top)
    var reach = 1e-9
    while largest - logDensity(top - reach) < 45, reach < 1e9 { reach *= 1.5 }
    let (low, high) = (top - reach, min(z, max(top, 0) + 9))
    // A strong shape makes a steep flank around 0, which gets nodes of its own.
    let flank = 9 / max(abs(shape), 1)
    let cuts = [low, high] + [-flank, 0, flank, top].filter { $0 > low && $0 < high }
    let sorted = cuts.sorted()
    let sum = zip(sorted, sorted.dropFirst()).reduce(0) { sum, part in
      sum + Self.integral(from: part.0, to: part.1) { exp(logDensity($0) - largest) }
    }
    return min(0, largest + log(sum))
  }

  /// The standardized density's logarithm.
  private func logDensity(_ z: Double) -> Double {
    log(2) - 0.5 * z * z - 0.5 * log(2 * Double.pi) + Normal.logCDF(shape * z)
  }

  /// Where the density is highest: the slope of its logarithm, which falls, crosses 0 there.
  private var peak: Double {
    var (low, high) = shape >= 0 ? (0.0, 1.0) : (-1.0, 0.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let inner = shape * middle
      let hazard = exp(-0.5 * inner * inner - 0.5 * log(2 * .pi) - Normal.logCDF(inner))
      if shape * hazard > middle { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private static func logHalfArea(_ z: Double, leansRight: Bool) -> Double {
    if leansRight { return z > 0 ? log(erf(z / 2.0.squareRoot())) : -.infinity }
    return min(0, log(2) + Normal.logCDF(min(z, 0)))
  }

  /// Gauss's rule of four points on each of 64 equal panels.
  private static func integral(
    from low: Double, to high: Double, _ f: (Double) -> Double
  ) -> Double {
    let panels = 64
    let nodes = [0.339_981_043_584_856_3, 0.861_136_311_594_052_6]
    let weights = [0.652_145_154_862_546_1, 0.347_854_845_137_453_9]
    let half = (high - low) / Double(2 * panels)
    var sum = 0.0
    for panel in 0..<panels {
      let middle = low + half * Double(2 * panel + 1)
      for (node, weight) in zip(nodes, weights) {
        sum += weight * (f(middle - half * node) + f(middle + half * node))
      }
    }
    return sum * half
  }
}

/// How much easier a secret is to guess after training, from a sample of other candidates.
public struct ExposureEstimate: Equatable, Sendable {
  /// −log2 of the share of candidates that the model likes at least as much.
  ///
  /// - *Range*: 0 … ∞; beyond log2 of all candidates it says that the secret would be first. *Unit*:
  ///   bits. *Reads as*: higher means more memorized.
  /// - *Undefined when*: the sample leans so much that its description ends above the secret (`nil`).
  public let bits: Double?
  /// What describes the losses of the sample.
  public let distribution: SkewNormal
  /// The largest distance of the sample's distribution function from the description's.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means that the description fits less, and the bits say less.
  public let distance: Double

  /// Estimates from losses, such as log-perplexities: lower means that the model likes it more.
  ///
  /// - Parameters:
  ///   - loss: The secret's.
  ///   - others: Those of candidates drawn at random, without the secret.
  /// - Throws: ``MetricsError`` for fewer than three others, a value that is not finite, or others that
  ///   are all the same.
  ///
  /// Source: Carlini et al. 2019, "The Secret Sharer", §4.3, "approximation by distribution
  /// modeling"; fitted by moments, which has one answer, where the paper leaves the method open. With
  /// all candidates at hand take ``exposureBits(rank:candidates:)``.
  public init(loss: Double, others: [Double]) throws {
    try check(finite: [loss], "a loss", op: "exposure")
    distribution = try SkewNormal(fitting: others)
    let area = distribution.logArea(below: loss)
    bits = area == -.infinity ? nil : max(0, -area / log(2))
    let count = Double(others.count)
    let description = distribution
    distance =
      others.sorted().enumerated().map { i, value in
        let area = exp(description.logArea(below: value))
        return max(area - Double(i) / count, Double(i + 1) / count - area)
      }.max() ?? 0
  }
}
