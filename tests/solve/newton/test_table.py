"""Columns as rows: products as those of the columns, before and after more of them join."""

import numpy as np
import pytest
from solve.newton.test_path import build

from equipoise.solve.newton.table import Table


@pytest.mark.parametrize("rows", [5, 3000])
def test_it_grows_and_multiplies(rows):
    rng = np.random.default_rng(0)
    X = np.asfortranarray(rng.normal(size=(rows, 700)))
    problem = build("binomial", X, np.arange(rows) % 2.0)
    table, first = Table(problem, X[:, :3]), X[:, 300:]
    table.extend(first)
    full = np.column_stack([np.ones(rows), X[:, :3], first])
    assert np.array_equal(table.array, full)
    curved = rng.random(rows)
    truth = full.T @ (curved[:, None] * full)
    np.testing.assert_allclose(table.hessian(curved, exact=True), truth, atol=1e-11 * rows)
    np.testing.assert_allclose(table.hessian(curved, exact=False), truth, atol=1e-6 * rows)
    np.testing.assert_allclose(
        table.cross(X[:, 5:7], curved), full.T @ (curved[:, None] * X[:, 5:7]), atol=1e-10
    )


def test_a_pass_over_no_columns():
    problem = build("poisson", np.ones((9, 2)), np.arange(9.0), intercept=False, offset=np.linspace(-1, 1, 9))
    eta, residual, curved, pull = Table(problem, np.empty((9, 0))).look(np.empty((2, 0)))
    assert np.array_equal(eta, np.tile(np.linspace(-1, 1, 9), (2, 1)))
    np.testing.assert_allclose(residual, np.arange(9.0) - np.exp(eta), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(curved, np.exp(eta), rtol=1e-14)
    assert pull.shape == (2, 0)


@pytest.mark.parametrize("kept", [[0], [0, 2, 5], [1, 3], []])
def test_some_of_its_columns(kept):
    rng = np.random.default_rng(0)
    X, curved = np.asfortranarray(rng.normal(size=(50, 6))), rng.random(50)
    table = Table(build("binomial", X, np.arange(50) % 2.0), X)
    full = np.column_stack([np.ones(50), X])[:, kept]
    part = table.narrowed(np.array(kept, dtype=int))
    assert np.array_equal(part.array, full)
    np.testing.assert_allclose(
        part.hessian(curved, exact=True), full.T @ (curved[:, None] * full), atol=1e-12
    )
    assert part.look(np.zeros((2, len(kept))))[3].shape == (2, len(kept))
    assert table.count == 7
