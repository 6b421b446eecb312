import numpy as np
import pytest
from sklearn.linear_model import Lasso

import equipoise as eq

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
Y = np.array([3.0, 2.0, 1.0])


def test_a_path_names_who_is_new():
    # By hand: x1 enters at max |xᵀy| = 5, x2 where 4 − (5 − l1)/2 = l1, at 3.
    path = eq.path(X, Y, strengths=[6.0, 4.0, 3.5, 2.0, 1.0], intercept=False)
    rows = [line.split() for line in str(path).split("\n")[3:]]
    assert [(row[0], row[1], row[4:]) for row in rows] == [
        ("6", "0", []),
        ("4", "1", ["x1"]),
        ("3.5", "1", []),
        ("2", "2", ["x2"]),
        ("1", "2", []),
    ]


def test_a_path_counts_who_is_out():
    rng = np.random.default_rng(51)
    z = rng.normal(size=(40, 1))
    data = 0.3 * rng.normal(size=(40, 6)) + z
    y = data @ np.array([2.0, -1.0, 1.0, 0.0, 0.5, -1.5]) + 0.2 * rng.normal(size=40)
    path = eq.path(data, y, count=12)
    lines = str(path).split("\n")[3:]
    assert len(lines) == 12
    before, outs = set(), 0
    for strength, line in zip(path.strengths, lines, strict=True):
        model = Lasso(alpha=strength / 40, tol=1e-12, max_iter=10**6).fit(data, y)
        kept = {f"x{j + 1}" for j in np.flatnonzero(np.abs(model.coef_) > 1e-9)}
        words = line.replace(",", "").split()[4:]
        gone = before - kept
        assert set(words) - {"out", str(len(gone))} == kept - before
        assert ("out" in words) == bool(gone)
        before, outs = kept, outs + len(gone)
    assert outs  # some leave on this path


def test_a_path_of_separable_data_ends_with_the_features_to_blame(tmp_path):
    """By hand: from x1 = 3 on every y is 1. Nothing is said of labels that alternate, or of squared loss."""
    X = [[1, 5], [2, 3], [3, 6], [4, 2]]
    path = eq.path(X, [0, 0, 1, 1], loss="binomial")
    assert path.separating == ("x1",)
    assert " ".join(str(path).split()).endswith(
        "Feature 'x1' separates the responses without an error: as the penalty falls to 0, its coefficient "
        "grows without end."
    )
    path.save(tmp_path / "path.json")
    loaded = eq.load(tmp_path / "path.json")
    assert loaded.separating == ("x1",)
    assert str(loaded) == str(path)
    both = eq.path([[-3, 1], [1, -3], [3, -1], [-1, 3]], [0, 0, 1, 1], loss="binomial")
    assert "Features 'x1', 'x2' together separate the responses" in " ".join(str(both).split())
    assert "their coefficients grow without end" in " ".join(str(both).split())
    overlap = eq.path([[1], [2], [3], [4], [5]], [0, 1, 0, 1, 0], loss="binomial")
    assert "separate" not in str(overlap)
    squares = eq.path(X, [0, 0, 1, 1])
    assert squares.separating == ()
    assert "separate" not in str(squares)


def test_nothing_is_said_of_data_that_have_changed():
    """But the table is printed."""
    X = np.array([[1.0, 5], [2, 3], [3, 6], [4, 2]])
    path = eq.path(X, [0, 0, 1, 1], loss="binomial")
    X[:, 0] = X[::-1, 0].copy()
    with pytest.raises(ValueError, match="X has changed since the fit"):
        path.certificates[0]
    assert "100 strengths" in str(path)
    assert "separate" not in str(path)


def test_criteria_lack_the_likelihood_of_a_perfect_fit_and_say_so():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    y = rng.poisson(np.exp(1 + 0.5 * X[:, 0]))
    criteria = eq.path(X, y, loss="poisson", count=10).criteria()
    assert "the AIC of R adds −2 log likelihood of a perfect fit" in " ".join(str(criteria).split())
    perfect = -2 * stats.poisson.logpmf(y, y).sum()
    for fit, df, aic in zip(criteria.path, criteria.degrees_of_freedom, criteria.aic, strict=True):
        in_r = -2 * stats.poisson.logpmf(y, fit.predict(X)).sum() + 2 * df
        assert in_r == pytest.approx(aic + perfect, rel=1e-12)
    assert perfect > 100
    assert "AIC of R" not in str(eq.path(X, y, count=10).criteria())
