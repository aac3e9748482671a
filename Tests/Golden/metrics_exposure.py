# Makes metrics_exposure.json: exposure by a skew-normal description, from scipy: the fit by moments,
# the area (scipy's own down to 1e-5, below it quadrature of a scaled density) and the distance of
# Kolmogorov and Smirnov. Run: python3 metrics_exposure.py
import warnings

import numpy as np
import scipy
from scipy import integrate, special, stats

from draws import conform, write

warnings.simplefilter("error")


def log_area(x, a, location, scale):
    """The logarithm of the area left of x; None where there is none."""
    if np.isinf(a):  # half a normal distribution
        half = stats.halfnorm(location, scale)
        area = half.cdf(x) if a > 0 else half.sf(2 * location - x)
        return np.log(area) if area > 0 else None
    area = stats.skewnorm.cdf(x, a, location, scale)
    if area > 1e-5:
        return np.log(area)
    z = (x - location) / scale

    def log_density(t):
        return np.log(2) + stats.norm.logpdf(t) + special.log_ndtr(a * t)

    top = log_density(z)
    reach = 1e-6
    while top - log_density(z - reach) < 60:
        reach *= 1.2
    value, _ = integrate.quad(lambda t: np.exp(log_density(t) - top), z - reach, z, epsrel=1e-12,
                              epsabs=0, limit=500)
    return top + np.log(value)


def exposure(d):
    n, lean, spread = d.integer(20, 60), d.uniform(-4, 4), d.uniform(0.2, 2)
    u, v = np.array(d.normals(n)), np.array(d.normals(n))
    delta = lean / np.sqrt(1 + lean**2)
    others = 4 + spread * (delta * np.abs(u) + np.sqrt(1 - delta**2) * v)
    loss = d.uniform(-2, 5)
    a, location, scale = stats.skewnorm.fit(others, method="mm")
    area = log_area(loss, a, location, scale)
    bits = None if area is None else -area / np.log(2)
    areas = [log_area(x, a, location, scale) for x in others]
    below = {x: 0.0 if area is None else np.exp(area) for x, area in zip(others, areas)}
    distance = stats.kstest(others, np.vectorize(below.get)).statistic
    return [np.sin(np.arctan(a)), location, scale, bits, distance]


write(__file__, {"scipy": scipy.__version__, "numpy": np.__version__},
      {"exposure": conform("exposure", exposure)})
