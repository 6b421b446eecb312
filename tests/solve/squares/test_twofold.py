"""Sums and products to twice the digits, against rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from equipoise.solve.squares.twofold import cut, dot, times, two_product, two_sum


def exact(values) -> list[Fraction]:
    return [Fraction(float(v)) for v in np.ravel(values)]


def test_a_sum_and_a_product_lose_nothing():
    rng = np.random.default_rng(0)
    a = rng.normal(size=200) * 10.0 ** rng.uniform(-8, 8, size=200)
    b = rng.normal(size=200) * 10.0 ** rng.uniform(-8, 8, size=200)
    for (high, low), right in (
        (two_sum(a, b), [u + v for u, v in zip(exact(a), exact(b), strict=True)]),
        (two_product(a, b), [u * v for u, v in zip(exact(a), exact(b), strict=True)]),
    ):
        assert [u + v for u, v in zip(exact(high), exact(low), strict=True)] == right


def test_a_sum_of_products_that_cancel():
    a, b = np.array([1e16, 3.0, -1e16, 1e-3]), np.array([1.0, 7.0, 1.0, 1.0])
    assert dot(a, b) == 21.001


@pytest.mark.parametrize(("rows", "columns"), [(7, 3), (40, 300), (3, 1), (5, 0)])
def test_a_matrix_times_a_vector(rows, columns):
    rng = np.random.default_rng(1)
    matrix = rng.uniform(-1, 1, size=(rows, columns))
    vector = rng.normal(size=columns) * 10.0 ** rng.uniform(-2, 2, size=columns)
    high, low = times(cut(matrix, columns), vector)
    largest = np.abs(vector).max(initial=1.0)
    for i in range(rows):
        right = sum((u * v for u, v in zip(exact(matrix[i]), exact(vector), strict=True)), Fraction(0))
        assert abs(Fraction(float(high[i])) + Fraction(float(low[i])) - right) <= Fraction(1e-29 * largest)
        assert float(right) == high[i]


def test_slices_add_up_and_their_products_are_exact():
    rng = np.random.default_rng(2)
    array = rng.uniform(-1, 1, size=1000)
    slices = cut(array, 1000)
    assert np.all(sum(slices) == array)
    for one in slices[:2]:
        right = sum((u * v for u, v in zip(exact(one), exact(slices[0]), strict=True)), Fraction(0))
        assert Fraction(float(one @ slices[0])) == right
