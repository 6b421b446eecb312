"""Stability selection: the halves, the frequencies counted from scratch, and the bounds."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from sklearn.linear_model import Lasso, lars_path

import equipoise as eq
from equipoise.select.stability import Rule, draw_halves

INF = np.inf


def data(seed, n=60, p=8, signal=(2.0, -1.5, 1.0)):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 0.5 * rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, : len(signal)] @ np.array(signal) + 2.0 + rng.normal(size=n)


# ---- the halves ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [4, 5, 30, 31])
def test_complementary_pairs_are_disjoint_halves(n):
    halves = draw_halves(np.arange(n), 20, "complementary pairs", 1)
    assert len(halves) == 40
    for first, second in zip(halves[::2], halves[1::2], strict=True):
        assert len(set(first)) == len(first) == len(second) == n // 2
        assert not set(first) & set(second)
        assert set(first) | set(second) <= set(range(n))
    if n == 31:  # among so many no two are alike
        assert len({tuple(half) for half in halves}) == 40


def test_plain_subsamples_are_halves_that_overlap():
    halves = draw_halves(np.arange(30), 20, "subsampling", 1)
    assert all(len(set(half)) == 15 for half in halves)
    assert any(set(a) & set(b) for a, b in zip(halves[::2], halves[1::2], strict=True))


@pytest.mark.parametrize("method", ["complementary pairs", "subsampling"])
def test_halves_of_groups_hold_whole_groups(method):
    groups = np.array(list("aaaabbcdddeefg"))
    rows = np.array([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])  # row 3 is not there
    halves = draw_halves(rows, 30, method, 1, groups[rows])
    for half in halves:
        held = set(groups[half])
        assert len(held) == 3  # of 7 groups
        assert set(half) == {i for i in rows if groups[i] in held}
    if method == "complementary pairs":
        for first, second in zip(halves[::2], halves[1::2], strict=True):
            assert not set(groups[first]) & set(groups[second])


@pytest.mark.parametrize("how", [{"q": 2}, {"strengths": [60.0, 15.0]}])
def test_copies_of_rows_that_are_a_group_are_one_row(how):
    X, y = data(0)
    one = eq.stability_selection(X, y, pairs=10, sample_weight=3.0, **how)
    copies = np.repeat(np.arange(60), 3)
    three = eq.stability_selection(X[copies], y[copies], pairs=10, groups=copies, **how)
    np.testing.assert_array_equal(one.frequency, three.frequency)
    apart = eq.stability_selection(X[copies], y[copies], pairs=10, **how)
    assert not np.array_equal(apart.frequency, three.frequency)
    frame = pd.DataFrame(X[copies], columns=list("abcdefgh")).assign(y=y[copies], person=copies.astype(str))
    named = eq.stability_selection(frame, "y", pairs=10, groups="person", **how)
    assert named.features == tuple("abcdefgh")
    for found, units in ((named, "groups"), (apart, "rows")):
        assert f"20 halves of the {units}" in str(found)
        assert f"{units} are drawn independently" in " ".join(found.statement.split())
    assert "of 20 halves of the groups (comp" in str(named)
    assert "nothing but that groups are drawn independently" in named.statement
    assert "of 20 halves of the rows (comp" in str(apart)


def test_too_few_groups_for_halves():
    X, y = data(0)
    with pytest.raises(ValueError, match="X has 3 groups of rows of positive weight: halves of them need"):
        eq.stability_selection(X, y, q=1, groups=np.arange(60) % 3)
    s = (np.arange(60) % 4 > 0).astype(float)
    with pytest.raises(ValueError, match="X has 3 groups of rows of positive weight"):
        eq.stability_selection(X, y, q=1, groups=np.arange(60) % 4, sample_weight=s)
    with pytest.raises(ValueError, match="groups has shape"):
        eq.stability_selection(X, y, q=1, groups=[1, 2])


def test_the_seed_decides():
    X, y = data(0)
    one, two, other = (eq.stability_selection(X, y, pairs=5, q=2, random_state=s) for s in (3, 3, 4))
    np.testing.assert_array_equal(one.frequency, two.frequency)
    assert not np.array_equal(one.frequency, other.frequency)


# ---- the frequencies -------------------------------------------------------------------------------


def first_of_lars(X, y, q, *, positive=False):
    """The first q features of the lasso path of standardised columns, by scikit-learn's homotopy."""
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    _, _, coefs = lars_path(Z, y - y.mean(), method="lasso", positive=positive)
    first = []
    for knot in coefs.T:
        first += [j for j in np.flatnonzero(knot) if j not in first]
    return first[:q]


@pytest.mark.parametrize(("n", "p"), [(60, 8), (61, 40), (60, 400)])
@pytest.mark.parametrize("method", ["complementary pairs", "subsampling"])
def test_frequencies_of_the_first_to_enter_equal_another_homotopy(n, p, method):
    X, y = data(1, n, p)
    stability = eq.stability_selection(X, y, method=method, pairs=8, q=5)
    count = np.zeros(p)
    for half in draw_halves(np.arange(n), 8, method, 0):
        count[first_of_lars(X[half], y[half], 5)] += 1
    np.testing.assert_allclose(stability.frequency, count / 16, atol=1e-12)
    assert stability.frequency.sum() == pytest.approx(5)


def test_few_columns_of_many_walk_as_all_would():
    # A tiny ridge term is not followed among few columns but among all: both ways give the same order.
    rng = np.random.default_rng(5)
    X = rng.normal(size=(40, 300)) + rng.normal(size=(40, 1))
    y = X[:, :3].sum(axis=1) + rng.normal(size=40)
    few = eq.stability_selection(X, y, pairs=4, q=6)
    all_of_them = eq.stability_selection(X, y, pairs=4, q=6, l2=1e-12)
    np.testing.assert_array_equal(few.frequency, all_of_them.frequency)


def test_frequencies_with_weights_offset_factors_bounds_equal_a_fine_grid():
    X, y = data(2, p=7)
    n = len(y)
    s, o = np.linspace(0.5, 2.0, n), np.linspace(-1, 1, n)
    s[:4] = 0.0
    l1 = np.array([1.0, 2.0, 0.5, 1.0, 0.0, INF, 1.5])
    arguments = {"lower": -2.0, "l2": 0.05, "l1": l1}
    stability = eq.stability_selection(X, y, pairs=4, q=2, sample_weight=s, offset=o, **arguments)
    count = np.zeros(7)
    for half in draw_halves(np.arange(4, n), 4, "complementary pairs", 0):
        grid = eq.path(
            X[half],
            y[half],
            sample_weight=s[half],
            offset=o[half],
            standardize=True,
            count=4000,
            ratio=0.01,
            **arguments,
        )
        entry = [np.argmax(column != 0) if np.any(column) else 10**6 for column in grid.coef.T]
        entry[4] = entry[5] = 10**6  # no candidates
        count[np.argsort(entry, kind="stable")[:2]] += 1
    expected = count / 8
    np.testing.assert_array_equal(stability.frequency[[0, 1, 2, 3, 6]], expected[[0, 1, 2, 3, 6]])
    assert np.isnan(stability.frequency[[4, 5]]).all()
    assert stability.candidates == 5


@pytest.mark.parametrize("p", [8, 300])
def test_frequencies_at_strengths_equal_scikit_learns(p):
    X, y = data(3, 60, p)
    strengths = [6.0, 40.0, 15.0]
    stability = eq.stability_selection(X, y, pairs=6, strengths=strengths)
    count, union = np.zeros((p, 3)), 0
    for half in draw_halves(np.arange(60), 6, "complementary pairs", 0):
        Z = (X[half] - X[half].mean(axis=0)) / X[half].std(axis=0)
        # Half of the strength on half of the rows: alpha is the strength per row.
        peers = [Lasso(alpha=t / 60, tol=1e-12, max_iter=10**6).fit(Z, y[half]) for t in strengths]
        found = np.array([peer.coef_ for peer in peers])
        count += (np.abs(found) > 1e-9).T
        union += np.any(np.abs(found) > 1e-9, axis=0).sum()
    np.testing.assert_allclose(stability.path_frequency, count / 12, atol=1e-12)
    np.testing.assert_allclose(stability.frequency, count.max(axis=1) / 12, atol=1e-12)
    assert stability.q == pytest.approx(union / 12)
    assert stability.bound == pytest.approx(stability.q**2 / (0.5 * p))


def test_progress_counts_to_the_number_of_halves():
    X, y = data(4)
    for arguments in ({"q": 2}, {"strengths": [10.0]}):
        told = []
        eq.stability_selection(X, y, pairs=3, progress=told.append, **arguments)
        assert told == [1, 2, 3, 4, 5, 6]


def test_a_path_that_ends_early_selects_what_there_is():
    X = np.random.default_rng(6).normal(size=(20, 5))
    stability = eq.stability_selection(X, np.ones(20), pairs=2, q=3)
    assert stability.selected == ()
    assert not stability.frequency.any()


# ---- the bound -------------------------------------------------------------------------------------


def worst_unimodal(theta, cutoff, pairs):
    """Largest P(share ≥ 2·cutoff − 1) of a unimodal law on {0, 1/B, …, 1} of mean θ², by linear programs."""
    grid = np.arange(pairs + 1) / pairs
    tail = (grid >= 2 * cutoff - 1 - 1e-9).astype(float)
    worst = 0.0
    for mode in range(pairs + 1):
        rising = np.diff(np.eye(pairs + 1), axis=0)
        order = np.vstack([-rising[:mode], rising[mode:]])  # up to the mode, then down
        found = linprog(
            -tail, A_ub=order, b_ub=np.zeros(pairs), A_eq=[np.ones(pairs + 1), grid], b_eq=[1, theta**2]
        )
        if found.status == 0:
            worst = max(worst, -found.fun)
    return worst


@pytest.mark.parametrize("cutoff", [0.6, 0.7, 0.75, 0.8, 0.9, 1.0])
@pytest.mark.parametrize("theta", [0.05, 0.2])
def test_unimodal_bound_is_that_of_the_worst_unimodal_law(cutoff, theta):
    pairs, p = 20, 1000
    bound = Rule(p, pairs, "unimodal").bound(theta * p, cutoff)
    # E[V] ≤ p·worst(θ) if each of p features is selected by a half with probability θ.
    assert bound == pytest.approx(p * worst_unimodal(theta, cutoff, pairs), rel=1e-6)
    assert bound < Rule(p, pairs, "none").bound(theta * p, cutoff)


def test_two_determine_the_third():
    X, y = data(7, p=30)
    by_hand = {
        ("cutoff", "bound"): ({"cutoff": 0.8, "bound": 2.0}, 6),  # q² ≤ 2·0.6·30 = 36
        ("cutoff", "q"): ({"cutoff": 0.8, "q": 6}, 2.0),
        ("q", "bound"): ({"q": 6, "bound": 2.0}, 0.8),
        (): ({}, 3),  # cutoff 0.75, bound 1: q² ≤ 15
    }
    for arguments, expected in by_hand.values():
        stability = eq.stability_selection(X, y, pairs=5, **arguments)
        assert getattr(stability, stability.derived) == pytest.approx(expected)
    assert eq.stability_selection(X, y, pairs=5, assumption="unimodal").q == 4  # 16·C/30 ≤ 1, C = 1/(1 − 1/5)


def test_bounds_are_respected_in_simulation():
    # Independent noise features beside two of signal: V counts selected noise, over repetitions.
    rng = np.random.default_rng(8)
    false, hits = [], 0
    for _ in range(30):
        X = rng.normal(size=(50, 20))
        y = X[:, :2] @ [1.5, 1.5] + rng.normal(size=50)
        stability = eq.stability_selection(X, y, pairs=6, cutoff=0.7, q=5)
        false.append(np.count_nonzero(stability.support >= 2))
        hits += np.count_nonzero(stability.support < 2)
    # The assumption changes the bound, not what is selected.
    unimodal = eq.stability_selection(X, y, pairs=6, cutoff=0.7, q=5, assumption="unimodal")
    np.testing.assert_array_equal(unimodal.frequency, stability.frequency)
    error = np.std(false) / np.sqrt(len(false))
    assert np.mean(false) + 3 * error <= unimodal.bound < stability.bound
    assert hits > 56  # of 60: it does select


def test_bound_is_respected_by_plain_subsampling_under_the_null():
    rng = np.random.default_rng(9)
    false = []
    for _ in range(30):
        X, y = rng.normal(size=(40, 12)), rng.normal(size=40)
        stability = eq.stability_selection(X, y, method="subsampling", pairs=6, cutoff=0.6, q=3)
        false.append(len(stability.support))
    error = np.std(false) / np.sqrt(len(false))
    assert stability.bound == pytest.approx(9 / (0.2 * 12))
    assert 0 < np.mean(false) + 3 * error <= stability.bound


# ---- what is returned ------------------------------------------------------------------------------


def test_result_prints_frames_and_draws():
    import matplotlib.pyplot as plt
    import pandas as pd

    X, y = data(10)
    frame = pd.DataFrame(X, columns=[f"gene {j}" for j in range(8)])
    stability = eq.stability_selection(frame, y, pairs=5, q=3)
    assert stability.selected[0] == "gene 0"
    text = str(stability)
    assert "Shah & Samworth 2013" in text.replace("\n", " ")
    assert "gene 0" in text
    assert "most 2.25 of those selected" in text.replace("\n", " ")
    table = stability.to_frame()
    assert isinstance(table, pd.DataFrame)
    assert table["selected"].sum() == len(stability.selected)
    assert json.loads(json.dumps(stability.to_dict()))["frequency"] == stability.frequency.tolist()
    bars = stability.plot().ax_
    assert bars.get_yticklabels()[0].get_text() == "gene 0"
    at_strengths = eq.stability_selection(X, y, pairs=5, strengths=[30.0, 10.0, 3.0])
    _, own = plt.subplots()
    assert at_strengths.plot(own).ax_ is own
    drawn = [line.get_ydata() for line in own.get_lines()]
    assert any(np.array_equal(line, at_strengths.path_frequency[0]) for line in drawn)
    plt.close("all")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"method": "bootstrap"}, "complementary pairs"),
        ({"assumption": "r-concave"}, "unimodal"),
        ({"assumption": "unimodal", "method": "subsampling"}, "complementary pairs only"),
        ({"pairs": 0}, "at least 1"),
        ({"cutoff": 0.5}, "above 0.5"),
        ({"q": 0}, "at least 1"),
        ({"q": 9}, "8 candidates"),
        ({"bound": 0.0}, "above 0"),
        ({"bound": 1.0, "q": 2, "cutoff": 0.8}, "leave one"),
        ({"q": 2, "strengths": [1.0]}, "not both"),
        ({"bound": 1e-9}, "not even one"),
        ({"bound": 0.1, "q": 8}, "any cutoff"),
        ({"bound": 0.1, "strengths": [0.1]}, "larger strengths"),
        ({"l1": 0.0}, "nothing to select"),
        ({"sample_weight": np.r_[np.ones(3), np.zeros(57)]}, "at least 4"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(arguments, words):
    X, y = data(11)
    with pytest.raises(ValueError, match=words):
        eq.stability_selection(X, y, **arguments)
