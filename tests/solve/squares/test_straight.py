"""Straight stretches: every piece of a path proved from scratch, and knots in rational arithmetic."""

from fractions import Fraction
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import equipoise as eq
from equipoise.solve.squares import straight
from equipoise.solve.squares.homotopy import crossings, walk

INF = np.inf
SHAPES = [(200, 12), (40, 40), (12, 60), (15, 300), (40, 400)]
KINDS = ["plain", "chain", "common"]


def draw(seed: int, shape: tuple[int, int], kind: str) -> tuple[np.ndarray, np.ndarray]:
    n, p = shape
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    if kind == "chain":
        for j in range(1, p):
            X[:, j] = 0.8 * X[:, j - 1] + 0.6 * X[:, j]
    elif kind == "common":
        X += 3.0 * rng.normal(size=(n, 1))
    return X, X @ (rng.normal(size=p) * (rng.random(p) < min(0.5, 8.0 / p))) + rng.normal(size=n)


def assert_is_the_path(
    X, y, events, last, *, l1=1.0, sample_weight=None, lower=-INF, upper=INF, intercept=True, always=()
) -> None:
    """Between two events the support told gives coefficients of the signs told, and pulls within limits.

    Both are linear in the strength, so that it suffices to look at both ends of every piece.
    """
    n, p = X.shape
    s = np.ones(n) if sample_weight is None else np.asarray(sample_weight, dtype=float)
    if intercept:
        X, y = X - s @ X / s.sum(), y - s @ y / s.sum()
    X, y = X * np.sqrt(s)[:, None], y * np.sqrt(s)
    l1, lower, upper = (np.broadcast_to(a, p) for a in (l1, lower, upper))
    active, norm = dict.fromkeys(always, 0), np.linalg.norm(X, axis=0)
    for above, below in pairwise([*events, None]):
        j = int(above.feature[1:]) - 1
        if above.kind == "enters":
            assert j not in active
            active[j] = above.sign
        elif above.kind == "leaves":
            assert active.pop(j) == above.sign
        members = np.array(list(active))
        signs = np.array([active[k] for k in members])
        A = X[:, members]
        rests = signs != 0
        for t in (above.strength, last if below is None else below.strength):
            force = t * l1[members] * signs
            w = np.linalg.solve(A.T @ A, A.T @ y - force)
            pull = X.T @ (y - A @ w)
            limit = t * np.where(np.isinf(l1), 0.0, l1)
            room = 1e-9 * (t + norm)
            open_ = np.isfinite(l1)
            assert np.all(pull[(upper > 0) & open_] <= (limit + room)[(upper > 0) & open_]), (above, t)
            assert np.all(pull[(lower < 0) & open_] >= (-limit - room)[(lower < 0) & open_]), (above, t)
            assert np.all((w * signs)[rests] >= -1e-8 * (np.abs(w).max() + 1e-3)), (above, t)
            if t == above.strength and above.kind != "changes sign":
                # What changes is at zero and on its limit, at this strength to nine digits.
                if above.kind == "enters":
                    assert abs(w[list(active).index(j)]) <= 1e-8 * (np.abs(w).max() + 1e-3), above
                assert pull[j] == pytest.approx(above.sign * t * l1[j], abs=1e-9 * (t + norm[j]))


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(SHAPES), st.sampled_from(KINDS), st.booleans())
def test_every_piece_of_a_lasso_path_is_balanced(seed, shape, kind, intercept):
    X, y = draw(seed, shape, kind)
    path = eq.path(X, y, count=2, ratio=0.02, intercept=intercept)
    assert path.events
    assert_is_the_path(X, y, path.events, path.strengths.min(), intercept=intercept)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(SHAPES), st.sampled_from(KINDS), st.booleans())
def test_every_piece_with_weights_factors_and_signs_is_balanced(seed, shape, kind, bounded):
    X, y = draw(seed, shape, kind)
    rng = np.random.default_rng(seed + 1)
    p = shape[1]
    options = {"l1": rng.choice([0.5, 1.0, 2.0], size=p), "sample_weight": rng.integers(1, 4, size=shape[0])}
    options["l1"][rng.integers(p)] = INF
    if bounded:
        options["lower"] = rng.choice([-INF, 0.0], size=p)
        options["upper"] = np.where(np.isinf(options["lower"]), rng.choice([0.0, INF], size=p), INF)
    path = eq.path(X, y, count=2, ratio=0.05, **options)
    assert_is_the_path(X, y, path.events, path.strengths.min(), **options)


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.sampled_from([(200, 12), (15, 300)]))
def test_every_piece_beside_an_unpenalised_column_is_balanced(seed, shape):
    X, y = draw(seed, shape, "plain")
    l1 = np.ones(shape[1])
    l1[3] = 0.0
    path = eq.path(X, y, count=2, ratio=0.05, l1=l1)
    events = [event for event in path.events if event.feature != "x4"]
    assert_is_the_path(X, y, events, path.strengths.min(), l1=l1, always=[3])


def exact_strength(X, y, events, i: int) -> float:
    """Of event i, given those before it, in rational arithmetic."""
    n = len(y)

    def centred(column):
        numbers = [Fraction(float(v)) for v in column]
        return [v - sum(numbers) / n for v in numbers]

    def dot(a, b):
        return sum(u * v for u, v in zip(a, b, strict=True))

    active: dict[int, int] = {}
    for event in events[:i]:
        if event.kind == "leaves":
            del active[event.feature]
        else:
            active[event.feature] = event.sign
    columns, target = {k: centred(X[:, k]) for k in {*active, events[i].feature}}, centred(y)
    rows = [
        [*(dot(columns[a], columns[b]) for b in active), dot(columns[a], target), Fraction(active[a])]
        for a in active
    ]
    for c in range(len(rows)):
        rows[c] = [v / rows[c][c] for v in rows[c]]
        for r in range(len(rows)):
            if r != c:
                rows[r] = [u - rows[r][c] * v for u, v in zip(rows[r], rows[c], strict=True)]
    solution = {a: row[-2:] for a, row in zip(active, rows, strict=True)}  # w = first − t · second
    j, sign = events[i].feature, events[i].sign
    if events[i].kind == "leaves":
        return float(solution[j][0] / solution[j][1])
    products = {a: dot(columns[j], columns[a]) for a in active}
    pull = dot(columns[j], target) - sum(products[a] * solution[a][0] for a in active)
    return float(pull / (sign - sum(products[a] * solution[a][1] for a in active)))


@pytest.mark.parametrize(("shape", "spread"), [((12, 10), None), ((10, 300), None), ((30, 10), 1e-4)])
@pytest.mark.parametrize("seed", [0, 1])
def test_knots_are_those_of_rational_arithmetic(shape, spread, seed):
    X, y = draw(seed, shape, "plain")
    if spread is not None:  # pairs of near copies
        half = shape[1] // 2
        X[:, half:] = X[:, :half] + spread * np.random.default_rng(seed).normal(size=(shape[0], half))
    problem = eq.path(X, y, count=2).setup.problem
    top = float(np.abs((X - X.mean(axis=0)).T @ (y - y.mean())).max())
    found = list(islice(walk(problem, top, 0.02 * top), 9))
    assert len(found) > 3
    for i in range(len(found)):
        assert found[i].strength == pytest.approx(exact_strength(X, y, found, i), rel=1e-9), found[i]


@pytest.mark.parametrize("shape", [(60, 30), (20, 300)])
def test_a_walk_can_be_left_early(shape):
    X, y = draw(5, shape, "chain")
    path = eq.path(X, y, count=2, ratio=0.02)
    problem, top, last = path.setup.problem, path.strengths.max(), path.strengths.min()
    found = crossings(problem, top, last)
    assert list(islice(walk(problem, top, last), 3)) == found[:3]
    # A walk may also begin further down.
    start = 0.5 * (found[4].strength + found[5].strength)
    again = crossings(problem, start, last)
    later = [c for c in again if c.strength < start]
    assert [(c.feature, c.kind) for c in later] == [(c.feature, c.kind) for c in found[5:]]
    np.testing.assert_allclose([c.strength for c in later], [c.strength for c in found[5:]], rtol=1e-10)


@pytest.mark.parametrize("shape", [(60, 30), (20, 300)])
def test_what_the_data_do_not_confirm_is_walked_again(shape, monkeypatch):
    X, y = draw(6, shape, "chain")
    path = eq.path(X, y, count=2, ratio=0.05)
    problem, top, last = path.setup.problem, path.strengths.max(), path.strengths.min()
    usual = crossings(problem, top, last)
    monkeypatch.setattr(straight, "MEASURED", 3)
    monkeypatch.setattr(straight.Straight, "_is_solution", lambda self: False)
    general = crossings(problem, top, last)
    assert [(c.feature, c.kind, c.sign) for c in general] == [(c.feature, c.kind, c.sign) for c in usual]
    np.testing.assert_allclose([c.strength for c in general], [c.strength for c in usual], rtol=1e-9)


def test_copies_of_columns_outside_the_model_cost_no_event():
    X, y = draw(7, (20, 300), "plain")
    single = eq.path(X, y, count=2, ratio=0.05)
    double = eq.path(np.hstack([X, X]), y, strengths=single.strengths)
    base = [(int(e.feature[1:]) - 1) % 300 for e in double.events]
    assert base == [int(e.feature[1:]) - 1 for e in single.events]
    np.testing.assert_allclose(
        [e.strength for e in double.events], [e.strength for e in single.events], rtol=1e-9
    )
