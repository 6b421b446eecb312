"""Events: exactly where the active set changes, checked by fitting on either side."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Exact, Question, check
from sklearn.datasets import load_diabetes
from sklearn.linear_model import lars_path

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares
from equipoise.solve.squares import homotopy
from equipoise.solve.squares.crossing import Crossing
from equipoise.solve.squares.homotopy import crossings
from equipoise.solve.squares.refine import Refiner
from equipoise.solve.squares.stretch import Stretch

INF = np.inf


def events_of(path: eq.Path) -> list[tuple[str, str, int]]:
    return [(event.feature, event.kind, event.sign) for event in path.events]


@pytest.fixture(scope="module")
def diabetes():
    table = load_diabetes()
    return table.data, table.target, table.feature_names


def test_diabetes_knots_and_order(diabetes):
    X, y, names = diabetes
    path = eq.path(X, y, strengths=[1000.0, 5.0])
    entering = [event for event in path.events if event.kind == "enters"][:8]
    order = [names[int(event.feature[1:]) - 1] for event in entering]
    assert order == ["bmi", "s5", "bp", "s3", "sex", "s6", "s1", "s4"]
    knots = [949.435, 889.314, 452.896, 316.073, 130.130, 88.784, 68.965, 19.981]
    np.testing.assert_allclose([event.strength for event in entering], knots, atol=5e-4)


def test_diabetes_knots_are_those_of_lars(diabetes):
    X, y, _ = diabetes
    events = eq.path(X, y, strengths=[1000.0, 1e-2]).events
    centred = X - X.mean(axis=0)
    alphas, _, coefs = lars_path(centred, y - y.mean(), method="lasso")
    knots = alphas * len(y)
    ours = [event.strength for event in events]
    assert len(ours) == np.sum(knots > 1e-2)
    np.testing.assert_allclose(ours, knots[knots > 1e-2], rtol=1e-9)
    # s3 leaves and comes back, as LARS has it.
    assert [(e.feature, e.kind) for e in events if e.feature == "x7"] == [
        ("x7", "enters"),
        ("x7", "leaves"),
        ("x7", "enters"),
    ]
    left = int(np.flatnonzero([e.kind == "leaves" for e in events])[0])
    assert coefs[6, left] == 0


def state(question: Question, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """The signs of the coefficients, and where they are free, at one strength."""
    fit = eq.fit(
        question.X,
        question.y,
        **question.arguments
        | {"l1": _times(strength, question.l1), "l2": strength * np.asarray(question.l2, dtype=float)},
    )
    assert fit.certificate.optimal, fit.certificate.status.name
    return np.sign(fit.coef).astype(int), fit.coef


def _times(strength: float, value):
    value = np.asarray(value, dtype=float)
    return np.where(np.isinf(value), INF, strength * np.where(np.isinf(value), 0.0, value))


def assert_changes_as_told(question: Question, path: eq.Path) -> None:
    """Fits just above and just below every event differ by what the events say, and by nothing else."""
    events = path.events
    strengths = np.array([event.strength for event in events])
    assert np.all(np.diff(strengths) <= 0), "in the order of the path"
    assert np.all((strengths <= path.strengths.max()) & (strengths >= path.strengths.min()))
    for knot in np.unique(strengths):
        near = strengths[np.abs(strengths / knot - 1) < 1e-6]
        if len(near) > np.sum(strengths == knot) or knot in (path.strengths.max(), path.strengths.min()):
            continue  # too close to another knot to stand between them
        above, _ = state(question, knot * (1 + 1e-7))
        below, _ = state(question, knot * (1 - 1e-7))
        expected = above.copy()
        for event in events:
            if event.strength != knot:
                continue
            j = int(event.feature[1:]) - 1
            match event.kind:
                case "enters":
                    assert above[j] == 0, event
                    expected[j] = event.sign
                case "leaves":
                    assert above[j] == event.sign, event
                    expected[j] = 0
                case "changes sign":
                    assert above[j] == -event.sign, event
                    expected[j] = event.sign
        assert np.array_equal(below, expected), knot
    # Between two knots nothing changes.
    edges = np.unique([*strengths, path.strengths.max(), path.strengths.min()])
    for low, high in pairwise(edges):
        if high / max(low, 1e-300) - 1 > 1e-5:
            one, _ = state(question, high * (1 - 2e-6))
            other, _ = state(question, low * (1 + 2e-6) if low > 0 else high * 1e-3)
            assert np.array_equal(one, other), (low, high)


def random_question(seed: int, n: int, p: int, **arguments) -> Question:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.choice([0.0, 1.0]) * rng.normal(size=(n, 1))
    y = X @ (rng.normal(size=p) * (rng.random(p) < 0.5)) + rng.normal(size=n)
    return Question(X, y, **({"l1": 1.0} | arguments))


def walk(question: Question, **grid) -> eq.Path:
    return eq.path(question.X, question.y, **question.arguments, **({"count": 5} | grid))


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(3, 25), st.integers(1, 8), st.booleans(), st.booleans())
def test_at_every_event_of_a_lasso_the_support_changes_as_told(seed, n, p, intercept, standardize):
    question = random_question(seed, n, p, intercept=intercept, standardize=standardize)
    assert_changes_as_told(question, walk(question))


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(3, 25), st.integers(1, 8), st.sampled_from((0.01, 0.3, 3.0)))
def test_at_every_event_of_an_elastic_net_the_support_changes_as_told(seed, n, p, l2):
    question = random_question(seed, n, p, l2=l2)
    assert_changes_as_told(question, walk(question))


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 25), st.integers(2, 8), st.sampled_from((0.0, 0.01, 0.3)))
def test_at_every_event_in_a_box_the_support_changes_as_told(seed, n, p, l2):
    rng = np.random.default_rng(seed + 1)
    lower = rng.choice([-INF, -0.3, 0.0], size=p)
    upper = rng.choice([INF, 0.2], size=p)
    question = random_question(seed, n, p, l2=l2, lower=lower, upper=upper)
    assert_changes_as_told(question, walk(question))


@pytest.mark.parametrize("box", [{"upper": 0.2}, {"lower": -0.3}, {"lower": -0.3, "upper": 0.2}])
@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_meeting_a_bound_is_no_event(box, l2):
    path = eq.path(np.eye(3), [3.0, -2.0, 1.0], intercept=False, l2=l2, strengths=[4.0, 1e-3], **box)
    assert events_of(path) == [("x1", "enters", 1), ("x2", "enters", -1), ("x3", "enters", 1)]
    np.testing.assert_allclose([event.strength for event in path.events], [3.0, 2.0, 1.0], rtol=1e-12)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(5, 25), st.integers(3, 8))
def test_at_every_event_with_factors_weights_and_unpenalised_columns(seed, n, p):
    rng = np.random.default_rng(seed + 1)
    l1 = rng.choice([0.3, 1.0, 2.0], size=p)
    l1[rng.integers(0, p)] = 0.0
    l1[rng.integers(0, p)] = INF
    l1[0] = 1.0
    question = random_question(
        seed, n, p, l1=l1, sample_weight=rng.integers(1, 4, size=n), offset=rng.normal(size=n)
    )
    assert_changes_as_told(question, walk(question))


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_events_with_many_more_columns_than_rows(seed):
    question = random_question(seed, 15, 300)
    assert_changes_as_told(question, walk(question, ratio=0.1))


def test_the_events_of_the_three_rows():
    X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    path = eq.path(X, y, intercept=False, strengths=[6.0, 0.0])
    assert events_of(path) == [("x1", "enters", 1), ("x2", "enters", 1)]
    np.testing.assert_allclose([e.strength for e in path.events], [5.0, 3.0], rtol=1e-14)


def test_events_outside_the_grid_are_not_told():
    X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    assert events_of(eq.path(X, y, intercept=False, strengths=[4.9, 3.1])) == []
    assert events_of(eq.path(X, y, intercept=False, strengths=[4.9, 2.9])) == [("x2", "enters", 1)]
    assert events_of(eq.path(X, y, intercept=False, strengths=[20.0, 10.0])) == []


def test_events_do_not_depend_on_the_grid():
    question = random_question(3, 20, 8)
    sparse, dense = walk(question, count=2), walk(question, count=200)
    assert events_of(sparse) == events_of(dense)
    np.testing.assert_allclose(
        [e.strength for e in sparse.events], [e.strength for e in dense.events], rtol=1e-10
    )


# ---- ties: the walk ends, and what it says holds -------------------------------------------------


def assert_right_between_events(question: Question, path: eq.Path) -> None:
    """Where several solutions may exist: entries and exits replayed give a solution's support everywhere."""
    events = path.events
    strengths = [e.strength for e in events]
    assert np.all(np.diff(strengths) <= 0)
    active: dict[str, int] = {}
    for event in events:
        if event.kind == "enters":
            assert event.feature not in active, event
            active[event.feature] = event.sign
        elif event.kind == "leaves":
            assert active.pop(event.feature) == event.sign, event
        else:
            assert active[event.feature] == -event.sign, event
            active[event.feature] = event.sign


def test_orthogonal_columns_with_equal_pulls_enter_together():
    X = np.eye(6)
    y = np.array([3.0, -3.0, 3.0, 2.0, 2.0, 1.0])
    path = eq.path(X, y, intercept=False, strengths=[4.0, 0.0])
    told = {e.feature: (e.strength, e.sign) for e in path.events}
    assert all(e.kind == "enters" for e in path.events)
    assert len(path.events) == 6
    for j in range(6):
        assert told[f"x{j + 1}"] == pytest.approx((abs(y[j]), np.sign(y[j])), rel=1e-12)


def test_a_hadamard_design_with_all_pulls_equal():
    H = np.array([[1.0]])
    for _ in range(3):
        H = np.block([[H, H], [H, -H]])
    path = eq.path(H, 8.0 * np.eye(8)[0], intercept=False, strengths=[10.0, 0.0])
    assert sorted(e.feature for e in path.events) == [f"x{j}" for j in range(1, 9)]
    np.testing.assert_allclose([e.strength for e in path.events], 8.0, rtol=1e-12)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_of_two_copies_events_tell_one_solution(sign):
    rng = np.random.default_rng(4)
    X = rng.normal(size=(20, 4))
    X[:, 1] = sign * X[:, 0]
    question = Question(X, X @ [2.0, 0.0, 1.0, 0.0] + 0.1 * rng.normal(size=20), 1.0)
    path = walk(question)
    assert_right_between_events(question, path)
    single = walk(Question(np.delete(X, 1, axis=1), question.y, 1.0), strengths=path.strengths)
    for mine, theirs in zip(
        [e for e in path.events if e.feature in ("x3", "x4")],
        [e for e in single.events if e.feature in ("x2", "x3")],
        strict=True,
    ):
        assert mine.strength == pytest.approx(theirs.strength, rel=1e-9)
        assert (mine.kind, mine.sign) == (theirs.kind, theirs.sign)


@pytest.mark.parametrize("intercept", [True, False])
def test_one_hot_columns_with_all_levels(intercept):
    rng = np.random.default_rng(5)
    levels = np.repeat(np.arange(5), 8)
    X = np.eye(5)[levels]
    question = Question(X, levels + rng.normal(size=40), 1.0, intercept=intercept)
    path = walk(question, count=30)
    assert_right_between_events(question, path)
    assert all(c.optimal for c in path.certificates)
    first = path.events[0]
    assert first.kind == "enters"
    assert first.strength == pytest.approx(path.strengths[0], rel=1e-12)


@settings(max_examples=60)
@given(st.data())
def test_integer_designs_full_of_ties_end_and_are_consistent(data):
    n, p = data.draw(st.integers(2, 6)), data.draw(st.integers(1, 4))
    row = st.lists(st.integers(-1, 1), min_size=p, max_size=p)
    X = np.array(data.draw(st.lists(row, min_size=n, max_size=n)), dtype=float)
    y = np.array(data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n)), dtype=float)
    question = Question(X, y, 1.0, intercept=data.draw(st.booleans()))
    path = walk(question, strengths=[20.0, 0.25])
    assert_right_between_events(question, path)
    # In exact arithmetic: halfway between two events a feature that every solution has is active.
    edges = np.unique([e.strength for e in path.events])
    middles = (edges[1:] + edges[:-1])[np.diff(edges) > 1e-6] / 2
    for middle in (*middles[-2:], 0.31415):
        active = {}
        for event in path.events:
            if event.strength > middle:
                if event.kind == "leaves":
                    del active[event.feature]
                else:
                    active[event.feature] = event.sign
        vertices = Exact(Question(X, y, float(middle), intercept=question.intercept)).vertices
        for j in range(p):
            signs = {int(np.sign(w[j])) for w in vertices}
            if len(vertices) == 1:
                assert active.get(f"x{j + 1}", 0) == signs.pop(), (middle, j)
            elif signs == {0}:
                assert f"x{j + 1}" not in active, (middle, j)


def test_events_of_near_copies_end():
    rng = np.random.default_rng(6)
    z = rng.normal(size=30)
    X = np.column_stack([z, z + 1e-6 * rng.normal(size=30), rng.normal(size=30)])
    question = Question(X, z + 0.1 * rng.normal(size=30), 1.0)
    path = walk(question, strengths=[100.0, 1e-2])
    assert_right_between_events(question, path)
    assert 2 <= len(path.events) < 50


@pytest.mark.parametrize("apart", [1e-10, 1e-13, 3e-16])
@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_events_of_copies_to_the_last_digits_end(apart, l2):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        X = rng.laplace(size=(8, 6))
        X[:, 3:] = X[:, :3] + apart * rng.normal(size=(8, 3))
        question = Question(X, 1e-9 * rng.normal(size=8), 1.0, l2=l2)
        path = walk(question)
        assert_right_between_events(question, path)
        assert len(path.events) < 60
        assert all(0 < event.accuracy <= 1 for event in path.events)


def test_near_copies_of_wide_data_take_few_solutions(monkeypatch):
    # Groups of columns that differ by 1e-6: one stretch an event, not one solution after another.
    rng = np.random.default_rng(0)
    base = rng.normal(size=(40, 30))
    X = np.repeat(base, 5, axis=1) + 1e-6 * rng.normal(size=(40, 150))
    y = base[:, :5] @ [3.0, -2.0, 1.0, 1.0, -1.0] + rng.normal(size=40)
    path = eq.path(X, y)
    visits, solutions = [], []
    go, at = Stretch.go, Refiner.at
    monkeypatch.setattr(Stretch, "go", lambda self, t: (visits.append(t), go(self, t))[1])
    monkeypatch.setattr(Refiner, "at", lambda self, t, **k: (solutions.append(t), at(self, t, **k))[1])
    events = path.events
    assert len(events) > 40
    assert len(visits) <= len(events) + 5
    assert len(solutions) == 1
    assert max(event.accuracy for event in events) < 1e-9


def test_points_at_the_events_themselves_are_solutions():
    question = random_question(7, 20, 8)
    path = walk(question)
    for event in path.events:
        fit = path.at(event.strength)
        assert fit.certificate.optimal
        assert check(Question(question.X, question.y, event.strength), fit).balanced
        # A feature on its kink is at zero there: continuous paths pass through it.
        j = int(event.feature[1:]) - 1
        assert abs(fit.coef[j]) < 1e-9


def test_columns_at_right_angles_enter_exactly_at_their_pulls():
    free, y = np.full(4, INF), np.array([3.0, -1.0, 0.25, 2.0])
    penalty = Penalty(np.ones(4), np.zeros(4), -free, free)
    problem = Squares.build(Dense(np.diag([2.0, 4.0, 1.0, 8.0])), y, penalty, intercept=False)
    found = crossings(problem, 20.0, 1.0)
    assert [replace(crossing, accuracy=0.0) for crossing in found] == [
        Crossing(16.0, 3, "enters", 1),
        Crossing(6.0, 0, "enters", 1),
        Crossing(4.0, 1, "enters", -1),
    ]
    assert all(0 < crossing.accuracy < 1e-13 for crossing in found)
    assert found[0] != replace(found[0], kind="leaves")


@pytest.mark.parametrize("seed", range(12))
def test_a_free_feature_that_stays_at_zero_changes_no_sign(seed):
    """Rotated rows: x6 is orthogonal to everything but for rounding, and unpenalised."""
    rng = np.random.default_rng(seed)
    X, y = np.zeros((12, 6)), np.zeros(12)
    X[:6, :5], X[6:, 5] = rng.integers(-3, 4, size=(6, 5)), rng.integers(1, 4, size=6)
    y[:6] = rng.integers(-9, 10, size=6)
    rotation, _ = np.linalg.qr(rng.normal(size=(12, 12)))
    l1 = np.array([0.0, 1, 1, 1, 1, 0])
    path = eq.path(rotation @ X, rotation @ y, l1=l1, intercept=False, count=5, ratio=1e-4)
    assert path.events
    assert "x6" not in {event.feature for event in path.events}
    assert max(event.accuracy for event in path.events) <= 1e-9


def test_what_is_undone_at_the_same_strength_is_not_told(monkeypatch):
    """A walk that rounding leads in a circle enters and leaves again; what has changed in the end is told."""

    def circling(walk, start, stop):
        yield Crossing(2.0, 0, "enters", 1)
        for strength in (1.0, 0.5):
            yield Crossing(strength, 1, "enters", 1)
            yield Crossing(strength, 2, "leaves", -1)
            yield Crossing(strength, 1, "leaves", 1)
            yield Crossing(strength, 2, "enters", 1)  # on its other side

    monkeypatch.setattr(homotopy._Walk, "down", circling)
    free = np.full(3, np.inf)
    problem = Squares.build(Dense(np.eye(3)), np.ones(3), Penalty(np.ones(3), np.zeros(3), -free, free))
    told = [(event.strength, event.feature, event.kind) for event in crossings(problem, 2.0, 0.1)]
    assert told == [
        (2.0, 0, "enters"),
        (1.0, 2, "leaves"),
        (1.0, 2, "enters"),
        (0.5, 2, "leaves"),
        (0.5, 2, "enters"),
    ]
