"""Where an l2 is no more than rounding, the gap bounds what is lost, and is not beside the point."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import lstsq

import equipoise as eq

N, P = 12, 3


def data(seed, scale):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, P))
    return X * scale, X @ [2.0, -1.0, 0.5] + rng.normal(size=N)


def objective(X, y, w, l1, l2):
    """The objective without an intercept, in rational arithmetic."""
    columns, target = [[Fraction(v) for v in column] for column in X.T.tolist()], map(Fraction, y.tolist())
    rows = zip(target, *columns, strict=True)
    loss = sum((t - sum(a * b for a, b in zip(row, w, strict=True))) ** 2 for t, *row in rows) / 2
    return loss + sum(Fraction(l1) * abs(v) + Fraction(l2) * v * v for v in w)


def exactly(X, y, signs, l1, l2):
    """The elastic net whose coefficients have these signs, none zero, by Cramer's rule."""
    columns, target = [[Fraction(v) for v in column] for column in X.T.tolist()], [*map(Fraction, y.tolist())]

    def dot(a, b):
        return sum(u * v for u, v in zip(a, b, strict=True))

    left = [[dot(a, b) + 2 * Fraction(l2) * (a is b) for b in columns] for a in columns]
    right = [dot(a, target) - Fraction(l1) * int(s) for a, s in zip(columns, signs, strict=True)]

    def determinant(m):
        return (
            m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
            - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
        )

    whole = determinant(left)
    replaced = [[[*row[:j], b, *row[j + 1 :]] for row, b in zip(left, right, strict=True)] for j in range(P)]
    found = [determinant(m) / whole for m in replaced]
    assert [int(np.sign(float(v))) for v in found] == [int(s) for s in signs]
    return found


@pytest.mark.parametrize("scale", [2.0**20, 2.0**57, 2.0**200])
@pytest.mark.parametrize("seed", range(5))
def test_the_gap_of_an_elastic_net_whose_l2_is_rounding(seed, scale):
    (X, y), l2 = data(seed, scale), 1e-9
    l1 = 0.05 * float(np.abs(X.T @ y).min())
    fit = eq.fit(X, y, l1=l1, l2=l2, intercept=False)
    best = exactly(X, y, np.sign(fit.coef), l1, l2)
    lost = objective(X, y, [Fraction(v) for v in fit.coef.tolist()], l1, l2) - objective(X, y, best, l1, l2)
    assert 0 <= lost <= Fraction(fit.certificate.gap)
    assert fit.certificate.status is eq.Status.OPTIMAL
    assert fit.certificate.relative_gap < 1e-9


@pytest.mark.parametrize("scale", [2.0**57, 2.0**200])
def test_a_gap_is_never_larger_than_the_objective(scale):
    X, y = data(0, scale)
    fit = eq.fit(X, y, l1=0.0, l2=1e-9, intercept=False)
    residual = y - X @ lstsq(X, y)[0]
    assert 0 <= fit.certificate.gap <= 0.5 * residual @ residual * (1 + 1e-6)


def test_such_an_elastic_net_can_be_saved(tmp_path):
    X, y = data(1, 2.0**57)
    fit = eq.fit(X, y, l1=1e-9 * float(np.abs(X.T @ y).max()), l2=1e-9)
    fit.save(tmp_path / "model.json")
    assert eq.load(tmp_path / "model.json").certificate.gap == fit.certificate.gap
