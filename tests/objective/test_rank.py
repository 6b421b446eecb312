"""The exact rank is that of rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from equipoise.objective.rank import exact_rank


def rank(matrix):
    """By elimination in rational arithmetic."""
    rows, done = [[Fraction(float(x)) for x in row] for row in matrix], 0
    for column in range(matrix.shape[1]):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for i in range(done + 1, len(rows)):
            factor = rows[i][column] / rows[done][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[done], strict=True)]
        done += 1
    return done


@pytest.mark.parametrize("seed", range(40))
def test_of_products_of_whole_numbers_in_any_units(seed):
    rng = np.random.default_rng(seed)
    n, k, inner = rng.integers(1, 9, size=3)
    matrix = (rng.integers(-3, 4, size=(n, inner)) @ rng.integers(-3, 4, size=(inner, k))).astype(float)
    matrix *= 2.0 ** rng.integers(-300, 300, size=k)
    assert exact_rank(matrix) == rank(matrix)


def test_one_rounding_apart_is_apart():
    x = np.random.default_rng(0).normal(size=(20, 1))
    nearly = np.hstack([x, np.nextafter(x, INF := np.inf), np.nextafter(x, -INF)])
    assert exact_rank(nearly) == rank(nearly) > 1
    assert exact_rank(np.hstack([x, -x, 4.0 * x])) == 1
    assert exact_rank(np.hstack([x, 3.0 * x])) == rank(np.hstack([x, 3.0 * x]))


def test_of_rows_that_differ_only_at_the_end():
    matrix = np.ones((500, 3))
    matrix[-1, 1], matrix[-2, 2] = 2.0, 0.0
    assert exact_rank(matrix) == 3
    assert exact_rank(matrix[:-1]) == 2
    assert exact_rank(np.zeros((4, 2))) == 0


@pytest.mark.parametrize("seed", range(40))
def test_of_powers_of_two(seed):
    rng = np.random.default_rng(seed)
    n, k = rng.integers(2, 7, size=2)
    matrix = rng.choice([-1.0, 0.0, 1.0], size=(n, k)) * 2.0 ** (31 * rng.integers(-30, 30, size=(n, k)))
    assert exact_rank(matrix) == rank(matrix)


def test_of_a_copy_but_for_one_rounding_and_the_smallest_number():
    x = np.array([-4.0, 0.0, 0.0, 2.0])
    nearly = np.array([np.nextafter(-4.0, 0.0), 5e-324, 5e-324, np.nextafter(2.0, 3.0)])
    matrix = np.column_stack([np.ones(4), [0.0, 0.0, 1.0, 0.0], x, nearly])
    assert exact_rank(matrix) == rank(matrix) == 4
