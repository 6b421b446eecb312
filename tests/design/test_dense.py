"""What a dense design does beyond the contract: no copy that is not needed, and no digit lost by means."""

import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from equipoise.design import dense
from equipoise.design.dense import Dense


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_is_kept_by_reference_and_some_rows_are_copied_when_needed(order):
    X = np.asarray(np.arange(12.0).reshape(4, 3), order=order)
    assert Dense(X).matrix is X
    design = Dense(X, np.array([True, False, True, True]))
    assert "matrix" not in vars(design)
    copy = design.matrix
    np.testing.assert_array_equal(copy, X[[0, 2, 3]])
    assert copy.flags[f"{order}_CONTIGUOUS"]
    assert not np.shares_memory(copy, X)


def exact(X, y, s):
    """Means and centred cross-products, in rational arithmetic."""
    X, y, s = [[Fraction(v) for v in row] for row in X], [*map(Fraction, y)], [*map(Fraction, s)]
    columns = [*map(list, zip(*X, strict=True)), y]
    means = [sum(a * b for a, b in zip(s, column, strict=True)) / sum(s) for column in columns]
    centred = [[v - m for v in column] for column, m in zip(columns, means, strict=True)]
    return means, [
        [sum(w * a * b for w, a, b in zip(s, one, other, strict=True)) for other in centred]
        for one in centred
    ]


@pytest.mark.parametrize("far", [0.0, 2.0, 1e8])
@pytest.mark.parametrize("gram", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_means_far_from_zero_cost_no_digits(monkeypatch, far, gram, weighted):
    monkeypatch.setattr(dense, "BLOCK", 1)  # blocks of 256 rows, and of one column
    rng = np.random.default_rng(0)
    n, p = 600, 2
    X, y = rng.normal(size=(n, p)) + far, rng.normal(size=n) - far
    s = rng.random(n) if weighted else None
    found = Dense(X).moments(y, s, gram=gram)
    means, products = exact(X, y, np.ones(n) if s is None else s)
    centred = np.array(products, dtype=float)
    np.testing.assert_allclose(found.mean_x, np.array(means[:p], dtype=float), rtol=1e-15, atol=1e-14)
    assert found.mean_y == pytest.approx(float(means[p]), rel=1e-15, abs=1e-14)
    size = np.abs(centred).max()
    np.testing.assert_allclose(
        found.xx, centred[:p, :p] if gram else np.diagonal(centred)[:p], atol=1e-13 * size
    )
    np.testing.assert_allclose(found.xy, centred[:p, p], atol=1e-13 * size)
    assert found.yy == pytest.approx(centred[p, p], rel=1e-13)


@pytest.mark.parametrize("order", ["C", "F"])
def test_single_precision_is_rounded_once_and_last(monkeypatch, order):
    """Centring in single precision would leave nothing of a spread of 1e-6 about a mean of 1."""
    monkeypatch.setattr(dense, "BLOCK", 8)
    rng = np.random.default_rng(0)
    X = np.asarray(1.0 + 1e-6 * rng.normal(size=(50, 3)), order=order)
    centre, factor, root = X.mean(axis=0), np.array([1e6, 1.0, 0.0]), rng.random(50)
    found = Dense(X).single(centre, factor, root)
    assert found.flags[f"{order}_CONTIGUOUS"]
    np.testing.assert_allclose(found, (X - centre) * root[:, None] * factor, rtol=1.01 * 2.0**-24)
    np.testing.assert_array_equal(Dense(X).single(None, np.ones(3), None), X.astype(np.float32))


@pytest.mark.parametrize("kind", ["C", "F", "strided"])
def test_some_columns_are_taken_without_a_copy_of_all(kind):
    large = np.arange(2.0 * 10**6).reshape(50, -1)
    X = {"C": large, "F": np.asfortranarray(large), "strided": large[:, ::2]}[kind]
    design = Dense(X)
    tracemalloc.start()
    found = design.columns(np.array([3, 1]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_array_equal(found, X[:, [3, 1]])
    assert found.flags.f_contiguous
    assert peak < X.nbytes / 100
