// Quantiles and tail areas that the intervals and tests need. Kept to the functions in use.

import Foundation

/// The standard normal distribution.
package enum Normal {
  /// The area left of `x`.
  package static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// The natural logarithm of the area left of `x`; far out in the tail, where the area underflows, by
  /// its asymptotic series (Abramowitz & Stegun 26.2.12).
  package static func logCDF(_ x: Double) -> Double {
    guard x < -25 else { return x > 5 ? log1p(-cdf(-x)) : log(cdf(x)) }
    let s = 1 / (x * x)
    let series = 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s)))
    return -0.5 * x * x - log(-x) - 0.5 * log(2 * .pi) + log(series)
  }

  /// The point with area `p` to its left, to full precision; ∓∞ at 0 and 1.
  ///
  /// Implementation note: bisection on `cdf` would lose digits in the upper tail, so the lower tail
  /// is solved and mirrored; Newton steps from Hastings' start (Abramowitz & Stegun 26.2.23).
  package static func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p <= 0 ? -.infinity : p >= 1 ? .infinity : .nan }
    guard p <= 0.5 else { return -quantile(1 - p) }
    let t = (-2 * log(p)).squareRoot()
    let top = 2.515517 + t * (0.802853 + t * 0.010328)
    var x = top / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in 0..<6 {
      // Newton on log cdf converges from the left even far out in the tail.
      let area = cdf(x)
      let density = exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
      x -= log(area / p) * area / density
    }
    return x
  }
}

/// Student's t distribution.
package enum StudentT {
  /// The area left of `t` with any positive number of degrees of freedom.
  package static func cdf(_ t: Double, degreesOfFreedom df: Double) -> Double {
    let tail = 0.5 * regularizedBeta(df / 2, 0.5, df / (df + t * t))
    return t > 0 ? 1 - tail : tail
  }

  /// The probability of a value at least as far from 0 as `t`.
  package static func twoSidedTail(_ t: Double, degreesOfFreedom df: Double) -> Double {
    regularizedBeta(df / 2, 0.5, df / (df + t * t))
  }

  /// The point with area `p` to its left.
  package static func quantile(_ p: Double, degreesOfFreedom df: Double) -> Double {
    guard p > 0, p < 1 else { return p <= 0 ? -.infinity : .infinity }
    guard p >= 0.5 else { return -quantile(1 - p, degreesOfFreedom: df) }
    var (low, high) = (0.0, 1.0)
    while cdf(high, degreesOfFreedom: df) < p, high < 1e12 { high *= 2 }
    for _ in 0..<200 where high - low > 1e-14 * high {
      let middle = (low + high) / 2
      if cdf(middle, degreesOfFreedom: df) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// The regularized incomplete beta function I_x(a, b) for a, b > 0, x in [0, 1].
///
/// Source: Lentz's continued fraction, Numerical Recipes 3rd ed. §6.4.
package func regularizedBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  // The fraction converges fast only left of the mean.
  guard x <= (a + 1) / (a + b + 2) else { return 1 - regularizedBeta(b, a, 1 - x) }
  let scale = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
  return exp(scale) * betaFraction(a, b, x) / a
}

private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  let tiny = 1e-300
  func safe(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / safe(1 - (a + b) * x / (a + 1))
  var result = d
  for step in 1...10_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / safe(1 + even * d)
    c = safe(1 + even / c)
    result *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / safe(1 + odd * d)
    c = safe(1 + odd / c)
    result *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return result
}

private func logGamma(_ x: Double) -> Double {
  #if canImport(Darwin)
    Foundation.lgamma(x)
  #else
    // The tuple form is the reentrant one.
    lgamma(x).0
  #endif
}
