"""Events along the path of any smooth loss, against branches solved in extended precision."""

from itertools import groupby

import numpy as np
import pytest
from loss_oracle import LONG, LOSSES
from scipy.optimize import brentq
from solve.posed import Posed, random_problem

import equipoise as eq
from equipoise.solve.events import crossings
from equipoise.solve.path import largest_strength


def assert_events(exact: Posed, ratio: float) -> list:
    """Walk down, and between all events check that the solution is on the branch that they tell."""
    problem = exact.fit(1.0).points.problem
    top = largest_strength(problem)
    low = top * ratio
    events = crossings(problem, top, low)
    signs = np.where(exact.l1 == 0, 1, 0)
    groups = [list(group) for _, group in groupby(events, lambda e: float(f"{e.strength:.9e}"))]
    for here, after in zip(groups, [*groups[1:], None], strict=True):
        for event in here:
            if event.kind == "changes sign":
                continue
            assert (signs[event.feature] == 0) == (event.kind == "enters")
            signs[event.feature] = event.sign if event.kind == "enters" else 0
        t = min(event.strength for event in here)
        until = low if after is None else after[0].strength
        for strength in (t * (1 - 1e-9), np.sqrt(t * until), until * (1 + 1e-9)):
            if until < strength < t:
                exact.assert_solution(strength, signs)
    return events


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("loss", LOSSES)
def test_between_events_the_solution_is_on_the_branch_that_they_tell(loss, seed):
    exact = random_problem(seed, loss)
    if exact is None:
        return
    n, p = exact.X.shape
    events = assert_events(exact, 1e-3 if n > 2 * p else 0.03)
    assert all(event.accuracy < 1e-9 for event in events)


def test_leaves_and_changes_of_sign_are_among_them():
    kinds = []
    for seed, loss in ((3, "binomial"), (5, "binomial"), (135, "poisson")):
        exact = random_problem(seed, loss)
        kinds += [event.kind for event in assert_events(exact, 1e-2)]
    assert {"enters", "leaves"} <= set(kinds)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_strengths_are_the_roots_that_bisection_finds(loss, l2):
    rng = np.random.default_rng(7)
    X = rng.standard_normal((40, 6)) + rng.standard_normal((40, 1))
    mean = np.exp(0.5 * X[:, 0] - 0.4 * X[:, 2])
    y = {"binomial": (mean > 1) * 1.0, "gamma": rng.gamma(2.0, mean)}.get(loss, rng.poisson(mean) * 1.0)
    y[:6] = 1.0 - (y[:6] > 0) if loss == "binomial" else y[:6]
    exact = Posed(X, y, loss, 1.0, l2)
    problem = exact.fit(1.0).points.problem
    top = largest_strength(problem)
    signs = np.zeros(6, dtype=int)
    events = crossings(problem, top, 0.05 * top)
    for event in events[1:]:
        assert event.kind == "enters"
    signs[events[0].feature] = events[0].sign
    for event in events[1:]:

        def over(t, event=event):
            return float(event.sign * exact.branch(t, signs)[1][event.feature] - LONG(t))

        root = brentq(over, 0.999 * event.strength, 1.001 * event.strength, xtol=1e-18, rtol=1e-15)
        assert abs(event.strength - root) <= max(4.0 * event.accuracy, 1e-14) * root
        assert event.accuracy < 1e-11
        signs[event.feature] = event.sign


def test_two_features_that_enter_at_once():
    rng = np.random.default_rng(0)
    A = rng.standard_normal((40, 2))
    X = np.vstack([A, A[:, ::-1]])  # the rows twice, the columns swapped
    y = np.tile((rng.random(40) < 0.5) * 1.0, 2)
    problem = eq.fit(X, y, loss="binomial", l1=1.0).points.problem
    top = largest_strength(problem)
    first, second = crossings(problem, top, 1e-3 * top)
    assert first.kind == second.kind == "enters"
    assert {first.feature, second.feature} == {0, 1}
    assert first.strength == pytest.approx(second.strength, rel=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_of_two_copies_events_tell_one_solution(sign):
    exact = random_problem(1, "binomial")
    X, y = exact.points
    twice = np.column_stack([X, sign * X[:, 0]])
    alone = eq.fit(X, y, loss="binomial", l1=1.0).points.problem
    both = eq.fit(twice, y, loss="binomial", l1=1.0).points.problem
    top = largest_strength(alone)
    one, two = (crossings(problem, top, 0.05 * top) for problem in (alone, both))
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        assert b.strength == pytest.approx(a.strength, rel=1e-9)
        assert b.feature == a.feature or {a.feature, b.feature} == {0, X.shape[1]}


def test_an_elastic_net_lets_both_copies_in():
    exact = random_problem(1, "poisson")
    X, y = exact.points
    twice = np.column_stack([X, X[:, 0]])
    problem = eq.fit(twice, y, loss="poisson", l1=1.0, l2=0.5).points.problem
    top = largest_strength(problem)
    entries = {e.feature: e.strength for e in crossings(problem, top, 0.01 * top) if e.kind == "enters"}
    assert entries[0] == pytest.approx(entries[X.shape[1]], rel=1e-12)


@pytest.mark.parametrize("box", [{"lower": 0.0}, {"lower": -0.2, "upper": 0.1}])
def test_in_a_box_supports_change_at_events_only(box):
    X, y = random_problem(2, "poisson").points
    path = eq.path(X, y, loss="poisson", count=10, ratio=0.05, **box)
    signs = np.zeros(X.shape[1])
    events = path.events
    edges = [*(e.strength for e in events), path.strengths.min()]
    for event, until in zip(events, edges[1:], strict=True):
        signs[path.features.index(event.feature)] = event.sign if event.kind != "leaves" else 0
        if until < event.strength * (1 - 1e-6):
            coef = path.at(np.sqrt(event.strength * until)).coef
            assert np.array_equal(np.sign(coef), signs)


def test_the_best_model_of_k_features_stands_where_the_next_enters():
    X, y = random_problem(2, "poisson").points
    path = eq.path(X, y, loss="poisson")
    entries = [event for event in path.events if event.kind == "enters"]
    best = path.best(2)
    assert len(best.support) == 2
    assert best.l1 == pytest.approx(entries[2].strength, rel=1e-9)


def test_many_features_take_few_solutions():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((100, 1500))
    y = (rng.random(100) < 1 / (1 + np.exp(-X[:, :5].sum(axis=1)))) * 1.0
    path = eq.path(X, y, loss="binomial", count=3, ratio=0.2)
    events = path.events
    last = path.coef[-1]
    signs = np.zeros(1500)
    for event in events:
        signs[path.features.index(event.feature)] = event.sign if event.kind != "leaves" else 0
    assert len(events) > 20
    assert np.array_equal(signs, np.sign(last))
