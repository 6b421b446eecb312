from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq

X, Y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]


def loss(w):
    """Half the sum of squares, of fractions exact and of floats in the order of the rows."""
    residuals = [y - (a * w[0] + b * w[1]) for (a, b), y in zip(X, Y, strict=True)]
    return (residuals[0] ** 2 + residuals[1] ** 2 + residuals[2] ** 2) / 2


def differences(w, j, h):
    """The forward and the central difference along a weight."""
    ahead, back = list(w), list(w)
    ahead[j] += h
    back[j] -= h
    return (loss(ahead) - loss(w)) / h, (loss(ahead) - loss(back)) / (2 * h)


@pytest.mark.parametrize("j", [0, 1])
@pytest.mark.parametrize(
    ("places", "w"),
    [(("first", 1.5), (-1, 1.5)), ((0.25, "last"), (0.25, 3)), (("last", "first"), (3, -1))],
)
def test_the_chain_rule_with_numbers(lesson, j, places, w):
    section = lesson(7)
    section.press(f"weight-{j}")
    section.slide("w1", places[0])
    section.slide("w2", places[1])
    residual = np.array(Y) - np.array(X) @ w
    slope = [2 * w[0] + w[1] - 5, w[0] + 2 * w[1] - 4][j]
    assert section.read("slope") == pytest.approx(slope, abs=1e-6)
    assert section.text("axis") == f"w{'₁₂'[j]}, while w{'₂₁'[j]} stays {w[1 - j]}".replace("-", "−")
    assert section.read("slope") == pytest.approx(-eq.audit(X, Y, w, None, l1=0).pull[j], abs=1e-6)
    for i in range(3):
        section.press(f"row-{i}")
        assert section.read(f"prediction-{i + 1}") == pytest.approx(Y[i] - residual[i], abs=1e-6)
        assert section.read(f"minus-{i + 1}") == section.read("inner") == -X[i][j]
        for name in ("ri", "outer", f"r-{i + 1}"):
            assert section.read(name) == pytest.approx(residual[i], abs=1e-6)
        for name in ("product", f"times-{i + 1}"):
            assert section.read(name) == pytest.approx(-X[i][j] * residual[i], abs=1e-6)
        # The row as it is written out, read as arithmetic.
        written = section.text("written").replace("−", "-").replace("·", "*")
        assert eval(written) == pytest.approx(residual[i], abs=1e-6)
    assert eval(section.text("summed").replace("−", "-")) == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("j", [0, 1])
@pytest.mark.parametrize("w", [(1, 0.5), (-1, 3), (2, 1)])
def test_finite_differences(lesson, j, w):
    section = lesson(7)
    section.press(f"weight-{j}")
    section.slide("w1", w[0])
    section.slide("w2", w[1])
    slope = [2 * w[0] + w[1] - 5, w[0] + 2 * w[1] - 4][j]
    seen = []
    for place, power in [("first", 0), *((k, k) for k in range(1, 12)), ("last", 12)]:
        section.slide("h", place)
        forward, central = section.read("forward"), section.read("central")
        assert section.read("slope") == pytest.approx(slope, abs=1e-9)
        # The same in the same floating point, rounding and all.
        assert (forward, central) == pytest.approx(
            differences(tuple(map(float, w)), j, float(f"1e-{power}")), abs=1e-12
        )
        assert section.read("forward-off") == pytest.approx(forward - slope, abs=1e-12)
        assert section.read("central-off") == pytest.approx(central - slope, abs=1e-12)
        if power <= 6:
            exact = differences(tuple(map(Fraction, w)), j, Fraction(1, 10**power))
            assert exact == (Fraction(slope) + Fraction(1, 10**power), slope)
            assert (forward, central) == pytest.approx(tuple(map(float, exact)), abs=1e-7)
        seen.append(forward)
    assert len(set(seen)) > 6


def test_too_small_a_step_is_rounding(lesson):
    section = lesson(7)
    off = []
    for k in (0, 8, 12):
        section.slide("h", k)
        off.append(abs(section.read("central-off")))
    assert off[0] == 0
    assert off[0] < off[1] < off[2]
    assert off[2] > 1e-6
