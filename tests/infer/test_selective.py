"""Selective inference: the polyhedron from scratch and by force, uniform p-values, coverage."""

import numpy as np
import pytest
from scipy.stats import binomtest, kstest, norm

import equipoise as eq

INF = np.inf


def data(seed, n=40, p=10, signal=(1.5, -1.0, 0.7)):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 0.6 * rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, : len(signal)] @ np.array(signal) + 1.0 + rng.normal(size=n)


CASES = {
    "plain": {"l1": 9.0},
    "no intercept": {"l1": 9.0, "intercept": False},
    "standardised": {"l1": 9.0, "standardize": True},
    "offset": {"l1": 9.0, "offset": np.linspace(-2, 2, 40)},
    "factors": {"l1": np.array([3.0, 9.0, 9.0, INF, 0.0, 5.0, 20.0, 9.0, 4.0, 9.0])},
    "elastic net": {"l1": 9.0, "l2": 4.0},
    "everything": {
        "l1": np.array([3.0, 9.0, 9.0, INF, 0.0, 5.0, 20.0, 9.0, 4.0, 9.0]),
        "l2": np.array([1.0, 2.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 3.0]),
        "standardize": True,
        "offset": np.linspace(-2, 2, 40),
    },
}


def names(fit_or_coef):
    return [f"x{j + 1}" for j in np.flatnonzero(fit_or_coef)]


def truncation_from_scratch(X, y, l1, l2=0.0, intercept=True, standardize=False, offset=0.0):
    """V⁻ and V⁺ of every selected feature from A y ≤ b, row by row as in Lee et al., section 4."""
    fit = eq.fit(
        X, y, l1=l1, l2=l2, intercept=intercept, standardize=standardize, offset=offset + np.zeros(len(y))
    )
    y = y - offset
    p = X.shape[1]
    l1, l2 = l1 + np.zeros(p), l2 + np.zeros(p)
    if standardize:
        sd = X.std(axis=0)
        l1, l2 = np.where(np.isinf(l1), INF, l1 * sd), l2 * sd**2
    if intercept:
        X, y = X - X.mean(axis=0), y - y.mean()
    M = np.flatnonzero(fit.coef)
    out = [k for k in range(p) if k not in M and np.isfinite(l1[k])]
    C, s = X[:, M], np.sign(fit.coef[M]) * (l1[M] > 0)
    H = np.linalg.inv(C.T @ C + 2 * np.diag(l2[M]))
    hat = H @ C.T
    signed = np.flatnonzero(s)
    # s∘(hat y − H(l1∘s)) ≥ 0, and ±X_k'(y − C hat y + C H (l1∘s)) ≤ l1_k
    rows = [-s[signed, None] * hat[signed]]
    ends = [-s[signed] * (H @ (l1[M] * s))[signed]]
    for side in (1, -1):
        rows.append(side * X[:, out].T @ (np.eye(len(y)) - C @ hat))
        ends.append(l1[out] - side * X[:, out].T @ C @ H @ (l1[M] * s))
    A, b = np.vstack(rows), np.concatenate(ends)
    assert np.all(A @ y <= b + 1e-9)
    limits = []
    for j in range(len(M)):
        eta = C @ np.linalg.inv(C.T @ C)[:, j]
        c = eta / (eta @ eta)
        z = y - c * (eta @ y)
        rho = A @ c
        rho[np.abs(rho) < 1e-12 * np.linalg.norm(A, axis=1) * np.linalg.norm(c)] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            bounds = (b - A @ z) / rho
        limits.append([np.max(bounds[rho < 0], initial=-INF), np.min(bounds[rho > 0], initial=INF)])
    return M, np.array(limits), eta


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", [0, 1])
def test_truncation_is_that_of_the_polyhedron(case, seed):
    X, y = data(seed)
    found = eq.selective_intervals(X, y, variance=1.0, **CASES[case])
    M, limits, _ = truncation_from_scratch(X, y, **CASES[case])
    assert list(found.features) == [f"x{j + 1}" for j in M]
    np.testing.assert_allclose(found.truncation, limits, rtol=1e-8, atol=1e-8)
    assert len(M) > 2


@pytest.mark.parametrize("case", CASES)
def test_moving_the_response_to_the_limits_keeps_the_selection_and_past_them_changes_it(case):
    X, y = data(2)
    arguments = CASES[case]
    found = eq.selective_intervals(X, y, variance=1.0, **arguments)
    signs = np.sign(eq.fit(X, y, **arguments).coef)
    # An unpenalised feature is in the model whatever its sign.
    signs[np.broadcast_to(arguments["l1"], 10) == 0] = 0
    M = [int(name[1:]) - 1 for name in found.features]
    C = X[:, M] - X[:, M].mean(axis=0) if arguments.get("intercept", True) else X[:, M]
    tried = 0
    for k in range(len(M)):
        eta = C @ np.linalg.inv(C.T @ C)[:, k]
        c = eta / (eta @ eta)
        for end in found.truncation[k]:
            if np.isfinite(end):
                for share, same in ((0.999, True), (1.001, False)):
                    moved = y + c * share * (end - found.estimate[k])
                    now = np.sign(eq.fit(X, moved, **arguments).coef)
                    now[np.broadcast_to(arguments["l1"], 10) == 0] = 0
                    assert np.array_equal(now, signs) == same
                tried += 1
            else:
                now = np.sign(eq.fit(X, y + c * 1e3 * np.sign(end), **arguments).coef)
                now[np.broadcast_to(arguments["l1"], 10) == 0] = 0
                assert np.array_equal(now, signs)
    assert tried > 2


@pytest.mark.parametrize(("n", "p"), [(30, 8), (25, 60)])
def test_p_values_are_uniform_under_the_null(n, p):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, p)) + 0.5 * rng.normal(size=(n, 1))
    values = []
    for _ in range(400):
        y = 1.5 * rng.normal(size=n)
        found = eq.selective_intervals(X, y, l1=11.0 if p == 8 else 18.0, variance=2.25)
        if len(found.features):
            values.append(found.p_value[rng.integers(len(found.features))])  # one a data set: independent
    assert len(values) > 250
    assert kstest(values, "uniform").pvalue > 0.01


def test_p_values_that_forget_the_selection_are_not_uniform():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(30, 8))
    values = []
    for _ in range(200):
        found = eq.selective_intervals(X, rng.normal(size=30), l1=8.0, variance=1.0)
        if len(found.features):
            values.append(2 * norm.sf(abs(found.estimate[0]) / found.standard_error[0]))
    assert kstest(values, "uniform").pvalue < 1e-6


def test_intervals_cover_the_target_of_the_selected_model():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(40, 12)) + 0.5 * rng.normal(size=(40, 1))
    mean = X[:, :3] @ [1.0, -0.6, 0.3] + 0.3 * X[:, 3] ** 2  # not even linear
    hits = total = short = 0
    for _ in range(250):
        found = eq.selective_intervals(X, mean + rng.normal(size=40), l1=10.0, variance=1.0, level=0.9)
        M = [int(name[1:]) - 1 for name in found.features]
        target = np.linalg.lstsq(np.column_stack([X[:, M], np.ones(40)]), mean, rcond=None)[0]
        k = int(rng.integers(len(M)))
        hits += found.lower[k] <= target[k] <= found.upper[k]
        short += np.isfinite(found.upper[k] - found.lower[k])
        total += 1
    assert binomtest(hits, total, 0.9).pvalue > 0.01
    assert short > 0.9 * total


def test_variance_is_that_of_full_least_squares_or_asked_for():
    X, y = data(5)
    found = eq.selective_intervals(X, y, l1=9.0)
    design = np.column_stack([X, np.ones(40)])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert found.variance == pytest.approx(rest @ rest / 29)
    assert found.variance_from == "full least squares"
    given = eq.selective_intervals(X, y, l1=9.0, variance=found.variance)
    np.testing.assert_allclose(given.lower, found.lower)
    with pytest.raises(ValueError, match="pass variance"):
        eq.selective_intervals(X[:11], y[:11], l1=3.0)


def test_nothing_selected_is_an_empty_result():
    X, y = data(6)
    found = eq.selective_intervals(X, y, l1=1e6)
    assert found.features == ()
    assert "no feature is selected" in str(found)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"level": 1.0}, "between 0 and 1"),
        ({"variance": -1.0}, "above 0"),
        ({"sample_weight": np.ones(40)}, "sample_weight is refused"),
        ({"l1": -1.0}, "l1"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(arguments, words):
    X, y = data(7)
    with pytest.raises(ValueError, match=words):
        eq.selective_intervals(X, y, **{"l1": 9.0, **arguments})


def test_dependent_columns_among_the_selected_are_refused():
    X, y = data(8)
    X = np.column_stack([X, X[:, 0]])
    with pytest.raises(ValueError, match="drop duplicates"):
        eq.selective_intervals(X, y, l1=5.0, l2=1.0)


def test_a_perfect_fit_leaves_no_noise_to_estimate():
    X, _ = data(0)
    with pytest.raises(ValueError, match="no noise at all"):
        eq.selective_intervals(X, 2.0 * X[:, 0], l1=1.0)


@pytest.mark.parametrize("factor", [1.0, -1.0])
@pytest.mark.parametrize("shape", [(60, 5), (40, 300)])
def test_a_copy_of_a_selected_feature_is_named_and_changes_no_interval(shape, factor):
    rng = np.random.default_rng(0)
    X = rng.normal(size=shape)
    X[:, 3] = factor * X[:, 0]
    y = X[:, 0] + X[:, 1] + rng.normal(size=shape[0])
    found = eq.selective_intervals(X, y, l1=20.0, variance=1.0)
    inside = "x1" if "x1" in found.features else "x4"
    outside = "x4" if inside == "x1" else "x1"
    assert outside not in found.features
    copies = dict(zip(found.features, found.copies, strict=True))
    assert copies.pop(inside) == (outside,)
    assert not any(copies.values())
    assert found.unique
    assert f"could be replaced by copies of them ({inside} by {outside})" in " ".join(str(found).split())
    assert found.to_dict()["copies"][found.features.index(inside)] == [outside]
    # Without the copy nothing else changes.
    names = [name for name in (f"x{j + 1}" for j in range(shape[1])) if name != outside]
    alone = eq.selective_intervals(
        X[:, [int(name[1:]) - 1 for name in names]], y, l1=20.0, variance=1.0, names=names
    )
    assert alone.features == found.features
    np.testing.assert_allclose(alone.lower, found.lower, rtol=1e-9)
    np.testing.assert_allclose(alone.upper, found.upper, rtol=1e-9)
    assert not any(alone.copies)
    assert "copies" not in alone.statement


def test_a_copy_under_a_larger_penalty_stands_in_for_nothing():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    X[:, 3] = X[:, 0]
    y = X[:, 0] + rng.normal(size=60)
    found = eq.selective_intervals(X, y, l1=[10.0, 10.0, 10.0, 11.0], variance=1.0)
    assert found.features[0] == "x1"
    assert not any(found.copies)
    assert "as good" not in found.statement


def test_a_selection_that_is_one_of_several_says_so():
    """x4 = x1 + x2 − x3, whose pulls are all at the limit: so is that of x4, and it could be selected too."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    y = X[:, :3] @ [1.0, 1.0, 1.0] + 0.3 * rng.normal(size=60)
    X[:, 3] = X[:, 0] + X[:, 1] - X[:, 2]
    fit = eq.fit(X, y, l1=5.0)
    assert np.count_nonzero(np.abs(fit.explain().pull) > 5.0 * (1 - 1e-9)) == 4
    assert len(fit.support) == 3
    found = eq.selective_intervals(X, y, l1=5.0, variance=1.0)
    assert not found.unique
    assert "not proved to be unique at this l1" in found.statement
