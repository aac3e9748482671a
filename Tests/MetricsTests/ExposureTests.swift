// Exposure by a skew-normal description against scipy (Tests/Golden/metrics_exposure.py), far
// tails, and failures.

import Foundation
import Metrics
import Testing

@Suite struct ExposureTests {
  static let golden = GoldenFamily("exposure")

  @Test func `exposure from a sample is scipy's`() throws {
    // Scipy's own area is good to about ten digits.
    try Self.golden.check("exposure", tolerance: 1e-8) { d in
      let (n, lean, spread) = (d.integer(20, 60), d.uniform(-4, 4), d.uniform(0.2, 2))
      let (u, v) = (d.normals(n), d.normals(n))
      let delta = lean / (1 + lean * lean).squareRoot()
      let others = zip(u, v).map {
        4 + spread * (delta * abs($0) + (1 - delta * delta).squareRoot() * $1)
      }
      let found = try ExposureEstimate(loss: d.uniform(-2, 5), others: others)
      let fit = found.distribution
      return [sin(atan(fit.shape)), fit.location, fit.scale, found.bits, found.distance]
    }
  }

  @Test func `without a lean it is the normal distribution, as far out as one asks`() throws {
    let plain = try SkewNormal(shape: 0, location: 1, scale: 2)
    for z in [-38.0, -12, -3, 0, 2, 7] {
      let (got, wanted) = (plain.logArea(below: 1 + 2 * z), Normal.logCDF(z))
      #expect(abs(got - wanted) <= 1e-9 * max(1, abs(wanted)), "\(z)")
    }
    // scipy.special.log_ndtr(-200)
    #expect(agree(Normal.logCDF(-200), -20_006.2172808981, 1e-12))
    let far = try SkewNormal(shape: 3, location: 0, scale: 1).logArea(below: -100)
    #expect(far < -49_000 && far.isFinite)
  }

  @Test func `left and right of a mirrored distribution add up`() throws {
    for shape in [-2000, -30, -1.5, 0.3, 8, 700] {
      let one = try SkewNormal(shape: shape, location: 0, scale: 1)
      let other = try SkewNormal(shape: -shape, location: 0, scale: 1)
      for z in [-2, -0.1, -0.001, 0, 0.003, 0.2, 1, 3] {
        let sum = exp(one.logArea(below: z)) + exp(other.logArea(below: -z))
        #expect(abs(sum - 1) < 1e-9, "\(shape) \(z)")
      }
    }
  }

  @Test func `the rank form and the estimate agree on a large sample`() throws {
    var d = Draws("rank", 0)
    let others = d.normals(4000)
    for loss in [-2.5, -1, 0.5] {
      let rank = others.count { $0 <= loss } + 1
      let counted = try exposureBits(rank: rank, candidates: 4001)
      let bits = try #require(try ExposureEstimate(loss: loss, others: others).bits)
      #expect(abs(bits - counted) < 0.3, "\(loss)")
    }
  }

  @Test func `a secret left of half a normal distribution has no estimate`() throws {
    let steep = [0.0, 0, 0, 0, 0, 0, 0, 0, 0, 9]  // skewness 2.7, more than a skew-normal has
    let found = try ExposureEstimate(loss: -3, others: steep)
    #expect(found.bits == nil && found.distribution.shape == .infinity)
    #expect(try ExposureEstimate(loss: 2, others: steep).bits != nil)
    let mirrored = try ExposureEstimate(loss: -20, others: steep.map { -$0 })
    #expect(try #require(mirrored.bits) > 5)
  }

  @Test func `mistakes are errors`() throws {
    #expect(throws: MetricsError.self) { try ExposureEstimate(loss: 1, others: [1, 2]) }
    #expect(throws: MetricsError.self) { try ExposureEstimate(loss: 1, others: [2, 2, 2]) }
    #expect(throws: MetricsError.self) { try ExposureEstimate(loss: .nan, others: [1, 2, 3]) }
    #expect(throws: MetricsError.self) { try ExposureEstimate(loss: 1, others: [1, 2, .infinity]) }
    #expect(throws: MetricsError.self) { try SkewNormal(shape: 1, location: 0, scale: 0) }
  }
}
