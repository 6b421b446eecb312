"""The Gaussian law on an interval: its tails, and the means that leave an observation in one of them.

Everything is relative to the observation x: the interval reaches from x − below to x + above. Ratios of
probabilities far in a tail are formed from the scaled complementary error function and from differences that
are known exactly: no probability underflows, and no large number is squared.
"""

from __future__ import annotations

import math
from collections.abc import Callable

SQRT2 = math.sqrt(2.0)
LOG_SQRT_TWO_PI = 0.5 * math.log(2.0 * math.pi)
NARROW = 1e-3  # a width below which an integral is the density in the middle times it, to second order
FARTHEST = 1e12  # standard deviations between observation and mean beyond which a limit counts as infinite


def log_tails(x: float, below: float, above: float) -> tuple[float, float]:
    """Logarithms of P(Z ≤ x) and P(Z ≥ x) for Z standard normal, given x − below ≤ Z ≤ x + above.

    Parameters
    ----------
    x : float
        The observation.
    below, above : float
        How far the interval reaches on either side; not negative, possibly infinite.
    """
    a, b = x - below, x + above
    if b <= 0.0 or (a < 0.0 and x < 0.0):
        upper, lower = log_tails(-x, above, below)
        return lower, upper
    if a >= 0.0:
        # In units of exp(−a²/2); (x² − a²)/2 is below·(a + below/2).
        whole = _log_beyond(a, below + above)
        return (
            _log_beyond(a, below) - whole,
            _log_beyond(x, above) - below * (a + 0.5 * below) - whole,
        )
    whole = _log_across(a, b)
    return _log_across(a, x) - whole, _log_beyond(x, above) - 0.5 * x * x - whole


def p_value(x: float, below: float, above: float) -> float:
    """Two-sided p-value: twice the smaller tail at x, given x − below ≤ Z ≤ x + above."""
    return min(1.0, 2.0 * math.exp(min(log_tails(x, below, above))))


def limits(below: float, above: float, level: float) -> tuple[float, float]:
    """The equal-tailed interval for the mean, less the observation, in standard deviations.

    Parameters
    ----------
    below, above : float
        How far the interval of the truncated law reaches on either side of the observation.
    level : float
        Coverage, between 0 and 1.
    """
    tail = math.log(0.5 * (1.0 - level))
    # With the mean m below the observation, this lies at x = −m; the larger x, the smaller its upper tail.
    lower = -_rising_root(lambda x: tail - log_tails(x, below, above)[1])
    upper = -_rising_root(lambda x: log_tails(x, below, above)[0] - tail)
    return lower, upper


def _rising_root(function: Callable[[float], float]) -> float:
    """Root of an increasing function; ±∞ beyond ``FARTHEST``."""
    from scipy.optimize import brentq

    low, high = -2.0, 2.0
    while function(low) > 0.0:
        low, high = 2.0 * low, low
        if low < -FARTHEST:
            return -math.inf
    while function(high) < 0.0:
        low, high = high, 2.0 * high
        if high > FARTHEST:
            return math.inf
    return float(brentq(function, low, high, xtol=1e-13, rtol=1e-13))


def _log_beyond(u: float, width: float) -> float:
    """Log of exp(u²/2)·P(u ≤ Z ≤ u + width) for u ≥ 0."""
    from scipy.special import erfcx

    if width <= 0.0:
        return -math.inf
    if width * max(1.0, u + width) < NARROW:
        middle = u + 0.5 * width
        shape = math.log1p((middle * middle - 1.0) * width * width / 24.0)
        return math.log(width) - LOG_SQRT_TWO_PI - 0.5 * width * (u + 0.25 * width) + shape
    start = float(erfcx(u / SQRT2))
    left = 0.0
    if math.isfinite(width):
        end = float(erfcx((u + width) / SQRT2))
        left = math.exp(-width * (u + 0.5 * width) + math.log(end / start))
        if left > 0.5:
            left = -math.expm1(-width * (u + 0.5 * width) + math.log(end / start))
            return math.log(0.5 * start) + math.log(left)
    return math.log(0.5 * start) + math.log1p(-left)


def _log_across(u: float, v: float) -> float:
    """Log P(u ≤ Z ≤ v) for u ≤ 0 ≤ v."""
    from scipy.special import ndtr

    width = v - u
    if width <= 0.0:
        return -math.inf
    if width < NARROW:
        middle = 0.5 * (u + v)
        shape = math.log1p((middle * middle - 1.0) * width * width / 24.0)
        return math.log(width) - LOG_SQRT_TWO_PI - 0.5 * middle * middle + shape
    # Each half on its own side of 0, so that neither is a difference of numbers near 1.
    return math.log((0.5 - float(ndtr(u))) + (0.5 - float(ndtr(-v))))
