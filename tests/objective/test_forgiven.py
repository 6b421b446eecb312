"""Where nothing holds a pull, the gap still bounds what is lost: against rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq

N = 7


def exactly(matrix):
    return [[Fraction(float(x)) for x in row] for row in np.atleast_2d(matrix)]


def least_squares(columns, y):
    """½ the smallest sum of squares of y less a combination of the columns, by orthogonalising exactly."""

    def dot(a, b):
        return sum(u * v for u, v in zip(a, b, strict=True))

    basis, left = [], y
    for column in [*columns, None]:
        rest = left if column is None else column
        for b in basis:
            factor = dot(rest, b) / dot(b, b)
            rest = [u - factor * v for u, v in zip(rest, b, strict=True)]
        if column is None:
            left = rest
        elif any(rest):
            basis.append(rest)
    return dot(left, left) / 2


def lost(X, y, fit):
    """What a least-squares fit with an intercept could still gain."""
    columns, (target,) = exactly(X.T), exactly(y)
    w, b = exactly(fit.coef)[0], Fraction(fit.intercept)
    residual = [t - b - sum(c[i] * v for c, v in zip(columns, w, strict=True)) for i, t in enumerate(target)]
    return sum(r * r for r in residual) / 2 - least_squares([[Fraction(1)] * N, *columns], target)


def data(seed):
    rng = np.random.default_rng(seed)
    return rng, rng.normal(size=(N, 2)), rng.normal(size=N)


@pytest.mark.parametrize("far", [0.0, 1e6])
@pytest.mark.parametrize("apart", [1e-3, 1e-8, 1e-12, 1e-14, 1e-16])
@pytest.mark.parametrize("seed", range(4))
def test_the_gap_of_least_squares_on_near_copies_is_a_bound(seed, apart, far):
    rng, X, y = data(seed)
    X = np.column_stack([X, X[:, 0] + apart * rng.normal(size=N)]) + far
    fit = eq.fit(X, y, l1=0.0)
    assert Fraction(fit.certificate.gap) >= lost(X, y, fit)
    assert fit.certificate.status is not eq.Status.OPTIMAL or fit.certificate.relative_gap <= 1e-9


def test_what_rounding_hides_is_said():
    """The neighbours in float64 of a column are a third direction, of no use to anybody but there."""
    _, X, y = data(0)
    fit = eq.fit(np.column_stack([X, np.nextafter(X[:, 0], np.inf)]), y, l1=0.0)
    assert fit.certificate.relative_gap > 0.01
    assert fit.certificate.status is eq.Status.AT_PRECISION
    again = eq.Certificate.from_dict(fit.certificate.to_dict())
    assert again.status is eq.Status.AT_PRECISION


@pytest.mark.parametrize("combine", [lambda X: X[:, 0], lambda X: 3.0 * X[:, 0], lambda X: X[:, 0] - X[:, 1]])
def test_columns_that_are_dependent_exactly_leave_the_gap_small(combine):
    rng = np.random.default_rng(1)
    X, y = rng.integers(-4, 5, size=(N, 2)).astype(float), rng.normal(size=N)
    X = np.column_stack([X, combine(X)])
    fit = eq.fit(X, y, l1=0.0)
    assert fit.certificate.status is eq.Status.NOT_UNIQUE
    assert lost(X, y, fit) <= Fraction(fit.certificate.gap)
    assert fit.certificate.relative_gap < 1e-12


def test_more_columns_than_rows_fit_everything():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(N, 12)), rng.normal(size=N)
    fit = eq.fit(X, y, l1=0.0)
    assert fit.certificate.status is eq.Status.NOT_UNIQUE
    assert lost(X, y, fit) <= Fraction(fit.certificate.gap) < 1e-20


def test_near_copies_that_may_only_grow():
    """With w ≥ 0 and no penalty, all that is known of near-copies is that no objective is negative."""
    _, X, y = data(3)
    X = np.column_stack([X, X[:, 0] * (1 + 1e-16), np.nextafter(X[:, 0], np.inf)])
    y = y + 5 * X[:, 0]
    fit = eq.fit(X, y, l1=0.0, lower=0.0, intercept=False)
    value = 0.5 * float(np.sum((y - X @ fit.coef) ** 2))
    assert fit.certificate.gap == pytest.approx(value, rel=1e-6)
    assert fit.certificate.status is eq.Status.AT_PRECISION
    # A column that is pulled against its bound is held there, whatever its copies.
    held = eq.fit(np.column_stack([X[:, :2], -X[:, 0], -X[:, 2]]), y, l1=0.0, lower=0.0, intercept=False)
    assert held.certificate.optimal
    assert held.certificate.relative_gap < 1e-12


def test_a_free_column_beside_penalised_ones_keeps_a_sharp_gap():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(60, 6))
    y = X @ [1.0, 2.0, 0.0, 0.0, 1.0, 0.0] + rng.normal(size=60)
    fit = eq.fit(X, y, l1=[0.0, 5.0, 5.0, 5.0, 5.0, 5.0])
    assert fit.certificate.status is eq.Status.OPTIMAL
    assert fit.certificate.relative_gap < 1e-12
    assert fit.certificate.support_proved
