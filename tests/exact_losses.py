"""What every loss has to be, in 350 digits: its φ written out here, all else derived from it by mpmath."""

import itertools

import mpmath as mp
import numpy as np

DIGITS = 350  # e^−690 beside 1, and more
ETAS = (-745.0, -300.0, -40.0, -12.5, -3.0, -0.7, -1e-9, 0.0, 1e-7, 0.3, 2.0, 9.5, 36.0, 120.0, 690.0)


def read(loss):
    """Name and number of a loss, which is given by its label or has one."""
    name, _, rest = getattr(loss, "label", loss).partition("(")
    return name, mp.mpf(float(rest[:-1])) if rest else None


def phi(loss):
    """φ(y, η) of a loss in mpmath, constants left out."""
    e, log, (name, k) = mp.exp, mp.log, read(loss)
    return {
        "squared": lambda y, x: (y - x) ** 2 / 2,
        "binomial": lambda y, x: (mp.log1p(e(-abs(x))) + max(x, 0)) - y * x,
        "poisson": lambda y, x: e(x) - y * x,
        "gamma": lambda y, x: y * e(-x) + x,
        "tweedie": lambda y, x: y * e((1 - k) * x) / (k - 1) + e((2 - k) * x) / (2 - k),
        "negative_binomial": lambda y, x: (y + k) * log(k + e(x)) - y * x,
    }[name]


def slope(loss):
    """φ′ and φ″ in mpmath, the derivatives of the above by hand."""
    e, (name, k) = mp.exp, read(loss)
    return {
        "squared": lambda y, x: (x - y, mp.mpf(1)),
        "binomial": lambda y, x: (1 / (1 + e(-x)) - y, 1 / (1 + e(-x)) / (1 + e(x))),
        "poisson": lambda y, x: (e(x) - y, e(x)),
        "gamma": lambda y, x: (1 - y * e(-x), y * e(-x)),
        "tweedie": lambda y, x: (
            e((2 - k) * x) - y * e((1 - k) * x),
            (2 - k) * e((2 - k) * x) + (k - 1) * y * e((1 - k) * x),
        ),
        "negative_binomial": lambda y, x: (
            (y + k) / (1 + k * e(-x)) - y,
            (y + k) * k * e(-x) / (1 + k * e(-x)) ** 2,
        ),
    }[name]


def smallest(loss, y):
    """The smallest φ over η, or its infimum."""
    y, (name, k) = mp.mpf(y), read(loss)
    if name == "binomial":
        return -sum(m * mp.log(m) for m in (y, 1 - y) if m > 0)
    if name == "negative_binomial" and y == 0:
        return k * mp.log(k)
    if y == 0:
        return mp.mpf(0)
    return phi(loss)(y, y if name == "squared" else mp.log(y))


def grid(ys, etas=ETAS):
    """All pairs, as two arrays."""
    return np.array(list(itertools.product(ys, etas)), dtype=float).T


def near(found, true, relative=0.0, absolute=0.0):
    """Whether a float is within a share of the truth, or overflows or underflows as it has to."""
    if abs(true) > 1e308:
        return found == np.inf if true > 0 else found == -np.inf
    return abs(mp.mpf(float(found)) - true) <= relative * abs(true) + absolute + mp.mpf(10) ** -300


def check_values(loss, ys):
    """value, residual, curvature and slopes, each to a few roundings of its terms, over 1400 of η."""
    y, eta = grid(ys)
    with np.errstate(all="ignore"):
        value, size = loss.value(y, eta), loss.size(y, eta)
        residual, curved = loss.residual(y, eta), loss.curvature(y, eta)
        together = loss.slopes(y, eta)
    with mp.workdps(DIGITS):
        own, derived = phi(loss), slope(loss)
        for i in range(len(y)):
            a, x, case = mp.mpf(y[i]), mp.mpf(eta[i]), (loss.label, y[i], eta[i])
            true = own(a, x) - smallest(loss, y[i])
            first, second = derived(a, x)
            # Every exponent is off by half a rounding of itself, and by as much of log y or log k.
            u = 2.0**-52 * (8 + abs(eta[i]))
            far = abs(x) + (abs(mp.log(a)) if a > 0 else 0)
            assert near(value[i], true, u, 2.0**-52 * float(16 + 4 * far * abs(a))), case
            assert near(curved[i], second, u), case
            terms = mp.mpf(min(size[i], 1e308))
            assert near(residual[i], -first, 0, mp.mpf(2.0**-52) * (8 * terms + abs(x) * second)), case
            for alone, both in zip((residual[i], curved[i], size[i]), together, strict=True):
                assert both[i] == alone or abs(both[i] - alone) <= 1e-13 * size[i] + 1e-300, case
            assert not size[i] < abs(residual[i]) * (1 - 1e-12), case


def check_derivatives(loss, ys):
    """The slopes written here are those of φ, and |φ‴| ≤ κφ″ — with equality to within 1 % somewhere."""
    worst = mp.mpf(0)
    with mp.workdps(DIGITS):
        own, derived = phi(loss), slope(loss)
        for y in ys:
            for x in (-14.0, -6.0, -2.0, -0.5, 0.1, 1.0, 4.0, 15.0):
                f = lambda t, y=y: own(mp.mpf(y), t)  # noqa: E731
                first, second = derived(mp.mpf(y), mp.mpf(x))
                assert abs(mp.diff(f, x) - first) < mp.mpf(10) ** -12 * (1 + abs(first))
                assert abs(mp.diff(f, x, 2) - second) < mp.mpf(10) ** -12 * (1 + abs(second))
                if second > 0:
                    worst = max(worst, abs(mp.diff(f, x, 3)) / second)
    assert worst <= loss.kappa * (1 + 1e-9)
    return float(worst)


def check_divergence(loss, ys):
    """φ(η) + φ*(−ξ) + ξη, with φ* from its definition, for steps of 1e-12 to nearly all of the mean."""
    with mp.workdps(DIGITS):
        own, derived = phi(loss), slope(loss)
        for y in ys:
            for x in (-30.0, -3.0, -0.2, 0.7, 5.0, 20.0):
                # ξ = r(η + Δ): then φ*(−ξ) = −ξ(η + Δ) − φ(η + Δ).
                for step in (-7.0, -0.5, -1e-3, -1e-9, 0.0, 1e-8, 1e-2, 0.4, 5.0):
                    a, e, there = mp.mpf(y), mp.mpf(x), mp.mpf(x) + mp.mpf(step)
                    xi = -derived(a, there)[0]
                    fall = float(-derived(a, e)[0] - xi)
                    true = own(a, e) - own(a, there) - xi * (there - e)
                    found = float(loss.divergence(np.array([y]), np.array([x]), np.array([fall]))[0])
                    # fall itself is rounded: the divergence moves by Δ times that.
                    lost = abs(step) * abs(fall) * 2.0**-52
                    case = (loss.label, y, x, step, found, mp.nstr(true, 17))
                    assert abs(found - true) <= 2e-9 * true + 4 * lost, case
                    assert found >= true * (1 - mp.mpf(10) ** -9) - 4 * lost, case


def check_majorant(loss, ys):
    """The parabola that touches φ at η with this curvature lies above φ."""
    rng = np.random.default_rng(3)
    with mp.workdps(DIGITS):
        own, derived = phi(loss), slope(loss)
        for y in ys:
            for x in (-25.0, -2.0, -1e-5, 0.0, 0.6, 7.0):
                c = mp.mpf(float(loss.majorant(np.array([y]), np.array([x]))[0])) * (1 + mp.mpf(10) ** -13)
                for there in x + np.r_[rng.normal(size=6) * 5, 1e-3, -2 * x]:
                    d = mp.mpf(there) - mp.mpf(x)
                    top = own(mp.mpf(y), mp.mpf(x)) + derived(mp.mpf(y), mp.mpf(x))[0] * d + c * d * d / 2
                    assert own(mp.mpf(y), mp.mpf(there)) <= top + mp.mpf(10) ** -13


def check_receding(loss, ys):
    """Rows whose φ stays below some number as η falls, or rises, to 1e7."""
    falling, rising = loss.receding(np.array(ys, dtype=float))
    with mp.workdps(DIGITS):
        own = phi(loss)
        for y, down, up in zip(ys, falling, rising, strict=True):
            bound = own(mp.mpf(y), mp.mpf(0)) + 1
            assert (own(mp.mpf(y), mp.mpf(-(10**7))) < bound) == down
            assert (own(mp.mpf(y), mp.mpf(10**7)) < bound) == up
