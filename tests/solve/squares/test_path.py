"""Paths: every point the exact solution at its strength, whatever the order, the shape and the penalty."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Question, assert_honest, check
from questions import questions

import equipoise as eq
from equipoise.setup.set_up import set_up
from equipoise.solve.path import solve_path

INF = np.inf


def times(strength: float, value):
    """Strength times a penalty, excluded features staying excluded."""
    value = np.asarray(value, dtype=float)
    return np.where(np.isinf(value), INF, strength * np.where(np.isinf(value), 0.0, value))


def at(question: Question, strength: float) -> Question:
    """The question that a path over ``question`` asks at one strength."""
    return Question(
        question.X,
        question.y,
        times(strength, question.l1),
        times(strength, question.l2),
        question.intercept,
        question.standardize,
        question.sample_weight,
        question.offset,
        question.lower,
        question.upper,
    )


def assert_exact(question: Question, path: eq.Path) -> None:
    """Every point meets the conditions at its own strength, and its certificate says so."""
    coef = path.coef
    for i, strength in enumerate(path.strengths):
        checked = check(at(question, strength), SimpleNamespace(coef=coef[i], intercept=path.intercept[i]))
        assert path.certificates[i].optimal, (i, path.certificates[i].status.name, checked.blame())
        assert checked.balanced, (i, checked.blame())


def data(seed: int, n: int = 40, p: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.0, 0.5] + 1.0 + rng.normal(size=n)


def path_of(question: Question, **grid) -> eq.Path:
    return eq.path(question.X, question.y, **question.arguments, **grid)


CASES = {
    "lasso": {},
    "no intercept": {"intercept": False},
    "standardised": {"standardize": True},
    "elastic net": {"l2": 0.5},
    "factors": {"l1": [1.0, 0.1, 10.0, 1.0, 2.0, 0.5, 1.0, 1.0]},
    "unpenalised": {"l1": [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0]},
    "excluded": {"l1": [INF, 1.0, 1.0, 1.0, INF, 1.0, 1.0, 1.0]},
    "excluded, standardised": {"l1": [INF, 1.0, 1.0, 0.0, INF, 1.0, 1.0, 1.0], "standardize": True},
    "ridge on one": {"l1": [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], "l2": [1.0, *[0.0] * 7]},
    "elastic net factors": {"l1": [1.0, 0.5] * 4, "l2": [0.0, 0.3] * 4},
    "positive": {"lower": 0.0},
    "negative": {"upper": 0.0},
    "box": {"lower": -0.2, "upper": 0.3},
    "box without zero": {"lower": [0.1, *[-INF] * 7], "upper": [1.0, *[INF] * 7]},
    "fixed": {"lower": [-INF, 0.3, *[-INF] * 6], "upper": [INF, 0.3, *[INF] * 6]},
    "weights": {"sample_weight": np.arange(40.0) % 4},
    "offset": {"offset": np.linspace(-1, 1, 40)},
    "weights, offset, box, elastic net": {
        "sample_weight": np.linspace(0, 2, 40),
        "offset": np.linspace(-1, 1, 40),
        "lower": -0.3,
        "l2": 0.1,
    },
}


@pytest.mark.parametrize("p", [8, 300])
@pytest.mark.parametrize("case", CASES)
def test_every_point_is_the_solution_at_its_strength(case, p):
    X, y = data(1, p=p)
    arguments = {"l1": 1.0} | CASES[case]
    for name in ("l1", "l2", "lower", "upper"):
        if np.ndim(arguments.get(name, 0.0)) and p > 8:
            # What the first features have is repeated, but only a few stay unpenalised.
            rest = np.resize(np.where(np.asarray(arguments[name]) == 0.0, 1.0, arguments[name]), p - 8)
            arguments[name] = np.concatenate(
                [arguments[name], rest if name == "l1" else np.resize(arguments[name], p - 8)]
            )
    question = Question(X, y, **arguments)
    path = path_of(question, count=12)
    assert len(path.strengths) == len(path.certificates) == len(path.coef) == 12
    assert_exact(question, path)


@pytest.mark.parametrize("case", CASES)
def test_each_point_is_what_fit_finds_there(case):
    X, y = data(2)
    question = Question(X, y, **({"l1": 1.0} | CASES[case]))
    path = path_of(question, count=8)
    for i in (0, 3, 7):
        here = at(question, path.strengths[i])
        fit = eq.fit(X, y, **here.arguments)
        np.testing.assert_allclose(path.coef[i], fit.coef, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(path.intercept[i], fit.intercept, rtol=1e-8, atol=1e-8)
        again = path[i]
        np.testing.assert_allclose(again.coef, fit.coef, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(again.l1, here.l1)
        np.testing.assert_allclose(again.limits, np.asarray(here.limits, dtype=float), rtol=1e-12)


def test_strengths_are_kept_as_asked_in_any_order():
    X, y = data(3)
    asked = [3.0, 50.0, 0.5, 3.0, 1e5, 0.0, 7.0]
    question = Question(X, y, 1.0)
    path = path_of(question, strengths=asked)
    assert path.strengths.tolist() == asked
    assert_exact(question, path)
    ordered = path_of(question, strengths=sorted(asked, reverse=True))
    for i, strength in enumerate(asked):
        j = ordered.strengths.tolist().index(strength)
        np.testing.assert_allclose(path.coef[i], ordered.coef[j], atol=1e-10)
    assert np.array_equal(path.coef[0], path.coef[3])
    assert not path.coef[4].any()
    # The caller's own array is neither kept nor written to.
    mine = np.array([1.0, 2.0])
    kept = path_of(question, strengths=mine)
    mine[:] = 9.0
    assert kept.strengths.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("p", [8, 300])
@pytest.mark.parametrize(
    "case", ["lasso", "no intercept", "standardised", "elastic net", "positive", "weights"]
)
def test_the_grid_starts_at_the_smallest_strength_that_kills_all(case, p):
    X, y = data(4, p=p)
    question = Question(X, y, **({"l1": 1.0} | CASES[case]))
    path = path_of(question, count=5)
    largest = path.strengths[0]
    assert not path.coef[0].any()
    assert not path.at(10 * largest).coef.any()
    assert path.at(largest * (1 - 1e-6)).coef.any()
    assert path.strengths[-1] == pytest.approx(largest * (1e-4 if len(y) > p else 1e-2), rel=1e-12)
    assert np.all(np.diff(path.strengths) < 0)
    steps = np.diff(np.log(path.strengths))
    np.testing.assert_allclose(steps, steps[0], rtol=1e-9)


def test_the_largest_strength_by_hand():
    X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    assert eq.path(X, y, intercept=False, count=2).strengths[0] == 5.0
    assert eq.path(X, y, intercept=False, l1=[2, 1], count=2).strengths[0] == 4.0
    assert eq.path(X, y, intercept=False, l1=[INF, 1], count=2).strengths[0] == 4.0
    # x1 unpenalised takes 2.5 of y: what is left pulls x2 by 4 − 2.5.
    assert eq.path(X, y, intercept=False, l1=[0, 1], count=2).strengths[0] == pytest.approx(1.5, rel=1e-14)
    # Non-negative: x1 alone is pulled upwards.
    assert eq.path([[1, -1], [1, 0], [0, -1]], y, intercept=False, lower=0, count=2).strengths[0] == 5.0


@pytest.mark.parametrize("case", ["unpenalised", "ridge on one", "box without zero", "fixed"])
def test_at_the_largest_strength_everything_with_an_l1_rests(case):
    X, y = data(5)
    question = Question(X, y, **({"l1": 1.0} | CASES[case]))
    path = path_of(question, count=3)
    resting = question.limits > 0
    null = np.clip(0.0, question.low, question.high)
    assert np.array_equal(path.coef[0][resting], null[resting])
    below = path.at(path.strengths[0] * (1 - 1e-6)).coef
    assert np.any(below[resting] != null[resting])
    if not resting.all():
        assert path.coef[0][~resting].all()


def test_ratio_and_count():
    X, y = data(6)
    path = eq.path(X, y, count=7, ratio=0.1)
    assert len(path) == 7
    assert path.strengths[-1] == pytest.approx(0.1 * path.strengths[0])
    assert len(eq.path(X, y, count=1).strengths) == 1


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(1e-5, 2.0))
def test_between_the_grid_at_is_exact(seed, fraction):
    X, y = data(seed, n=15, p=6)
    question = Question(X, y, 1.0)
    path = path_of(question, count=3)
    strength = fraction * path.strengths[0]
    fit = path.at(strength)
    assert fit.certificate.optimal
    assert check(at(question, strength), fit).balanced
    assert fit.l1 == strength


def test_strength_zero_is_least_squares():
    X, y = data(7)
    path = eq.path(X, y, strengths=[1.0, 0.0])
    expected = np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]
    np.testing.assert_allclose(path.coef[1], expected, rtol=1e-10)
    assert path.certificates[1].status is eq.Status.OPTIMAL
    # Excluded features stay excluded.
    path = eq.path(X, y, l1=[INF, *[1.0] * 7], strengths=[1.0, 0.0])
    assert path.coef[1, 0] == 0.0
    assert path.certificates[1].optimal


@pytest.mark.parametrize("p", [60, 300])
def test_strength_zero_with_more_columns_than_rows_is_a_solution_and_not_unique(p):
    X, y = data(8, n=20, p=p)
    question = Question(X, y, 1.0)
    path = path_of(question, strengths=[10.0, 1.0, 1e-6, 0.0])
    assert_exact(question, path)
    assert path.certificates[3].status is eq.Status.NOT_UNIQUE
    np.testing.assert_allclose(path.at(0.0).predict(X), y, atol=1e-8)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_many_more_columns_than_rows_are_certified_all_along(correlation, l2):
    rng = np.random.default_rng(9)
    common = rng.normal(size=(60, 1))
    X = np.sqrt(1 - correlation) * rng.normal(size=(60, 2000)) + np.sqrt(correlation) * common
    y = X[:, :5] @ [3.0, -2.0, 2.0, 1.0, -1.0] + rng.normal(size=60)
    question = Question(X, y, 1.0, l2)
    path = path_of(question, count=25)
    assert all(c.optimal for c in path.certificates)
    for i in (1, 12, 24):
        checked = check(
            at(question, path.strengths[i]), SimpleNamespace(coef=path.coef[i], intercept=path.intercept[i])
        )
        assert checked.balanced, checked.blame()
    assert path.certificates[5].support_proved


@pytest.mark.parametrize(
    "arguments", [{"lower": 0.0}, {"lower": -0.1, "upper": 0.2}, {"sample_weight": np.arange(30.0) % 3}]
)
def test_working_sets_with_boxes_and_weights(arguments):
    X, y = data(10, n=30, p=400)
    question = Question(X, y, 1.0, **arguments)
    assert_exact(question, path_of(question, count=10))


def test_duplicates_and_one_hot_columns_along_a_path():
    rng = np.random.default_rng(11)
    levels = rng.integers(0, 6, size=50)
    X = np.column_stack([np.eye(6)[levels], rng.integers(-2, 3, size=(50, 3))])
    X = np.column_stack([X, X[:, 7], -X[:, 8]])
    question = Question(X, levels + rng.normal(size=50), 1.0)
    path = path_of(question, strengths=[*np.geomspace(100, 1e-3, 30), 0.0])
    assert_exact(question, path)


def test_a_response_that_pulls_on_nothing():
    path = eq.path(np.ones((4, 2)), [1.0, 2.0, 3.0, 4.0], count=3)
    assert not path.coef.any()
    assert all(c.optimal for c in path.certificates)
    path = eq.path(np.eye(4), np.zeros(4), intercept=False, count=3)
    assert not path.coef.any()


def test_a_path_is_a_sequence_of_fits():
    X, y = data(12)
    path = eq.path(X, y, count=4)
    assert [fit.l1 for fit in path] == pytest.approx(path.strengths.tolist())
    np.testing.assert_allclose([fit.intercept for fit in path], path.intercept, rtol=1e-9)
    assert path.features == tuple(f"x{j}" for j in range(1, 9))
    assert path.coef.shape == (4, 8)
    path.coef[:] = 7.0
    assert not np.any(path.coef == 7.0)
    with pytest.raises(IndexError):
        path[4]


# ---- random problems, ugly on purpose --------------------------------------------------------------------


def assert_honest_path(question: Question) -> None:
    assume(np.any((question.limits > 0) & np.isfinite(question.limits)))
    path = path_of(question, count=6)
    coef = path.coef
    for i, strength in enumerate(path.strengths):
        here = at(question, strength)
        limits = here.limits.astype(float)
        point = SimpleNamespace(
            coef=coef[i], intercept=path.intercept[i], certificate=path.certificates[i], limits=limits
        )
        assert_honest(here, point)


@settings(max_examples=80)
@given(questions())
def test_every_point_of_every_path_is_a_solution_or_says_why_not(question):
    assert_honest_path(question)


@settings(max_examples=60)
@given(questions())
def test_every_point_found_with_working_sets_is_a_solution_or_says_why_not(question):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("equipoise.objective.squares.SMALL", 0)
        patch.setattr("equipoise.objective.squares.LARGE", 0)
        assert_honest_path(question)


@settings(max_examples=30)
@given(questions(columns=(260, 600)))
def test_every_point_with_many_columns_is_a_solution_or_says_why_not(question):
    assert_honest_path(question)


@pytest.mark.parametrize("shape", [(10, 30), (30, 4)])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.5), (1.0, 0.0), (1.0, 0.5)])
def test_a_reversed_view_of_strengths_is_as_good_as_a_copy(l1, l2, shape):
    rng = np.random.default_rng(0)
    X = rng.normal(size=shape)
    y = X[:, 0] + rng.normal(size=shape[0])
    setup = set_up(X, y, l1=l1, l2=l2)
    strengths = np.geomspace(0.1, 10.0, 12)[::-1]
    for points in solve_path(setup.problem, strengths):
        assert np.all(points.measure().balanced)
        for row, strength in zip(points.coef, points.strengths, strict=True):
            expected = eq.fit(X, y, l1=strength * l1, l2=strength * l2).coef
            whole = np.zeros(shape[1])
            whole[slice(None) if points.columns is None else points.columns] = row
            np.testing.assert_allclose(whole / setup.problem.view.scale, expected, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("l1", [0.0, 1.0])
def test_a_ridge_with_more_columns_than_rows_has_a_report(l1):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(10, 30))
    fit = eq.fit(X, X[:, 0] + rng.normal(size=10), l1=l1, l2=0.5)
    assert "<html" in fit.report()
