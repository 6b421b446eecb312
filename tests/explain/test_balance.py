"""The balance sheet, recomputed from the data and the coefficients alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Checked, Question, check

import equipoise as eq

INF = np.inf


def data(seed: int, n: int = 40, p: int = 8) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1)) + 3 * rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=n), rng


def fit(question: Question) -> eq.Fit:
    return eq.fit(question.X, question.y, **question.arguments)


def weighted_residual(question: Question, columns, values):
    """Residual of the s-weighted regression of values on the intercept and these columns, in plain NumPy."""
    root = np.sqrt(question.weights.astype(float))
    basis = [np.ones(len(root))] if question.intercept else []
    basis += [np.asarray(question.X)[:, j] for j in columns]
    if not basis:
        return np.asarray(values, dtype=float)
    B = np.column_stack(basis)
    solved = np.linalg.lstsq(root[:, None] * B, root * values, rcond=None)[0]
    return values - B @ solved


def unpenalised(question: Question) -> np.ndarray:
    free = (question.limits == 0) & (question.ridge == 0) & ~question.constant
    return np.flatnonzero(free & np.isinf(question.low) & np.isinf(question.high))


CASES = {
    "lasso": {"l1": 20.0},
    "no intercept": {"l1": 20.0, "intercept": False},
    "standardised": {"l1": 10.0, "standardize": True},
    "weights": {"l1": 20.0, "sample_weight": np.arange(40.0) % 3},
    "offset": {"l1": 20.0, "offset": np.linspace(-2, 2, 40)},
    "elastic net": {"l1": 10.0, "l2": 5.0},
    "ridge": {"l1": 0.0, "l2": 5.0},
    "unpenalised": {"l1": [0.0, 20.0, 20.0, 20.0, 0.0, 20.0, 20.0, 20.0]},
    "unpenalised, weights, standardised": {
        "l1": [0.0, 10.0, 10.0, 10.0, 0.0, 10.0, 10.0, 10.0],
        "sample_weight": np.arange(40.0) % 3,
        "standardize": True,
        "l2": 0.01,
    },
    "factors": {"l1": [20.0, 5.0, 40.0, 1.0, 20.0, 20.0, 20.0, INF]},
    "box": {"l1": 5.0, "lower": -0.2, "upper": 0.5},
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("p", [8, 300])
@pytest.mark.parametrize("together", [True, False])
def test_pull_limit_alone_and_shares_from_scratch(case, p, together, monkeypatch):
    if not together:  # each feature's shares by themselves, as where all would take much room
        monkeypatch.setattr("equipoise.explain.balance.HELD", 0)
        monkeypatch.setattr("equipoise.explain.balance.QUICK", 0)
    X, y, _ = data(1, p=p)
    arguments = dict(CASES[case])
    if np.ndim(arguments["l1"]):
        arguments["l1"] = np.concatenate([arguments["l1"], np.full(p - 8, 20.0)])
    question = Question(X, y, **arguments)
    found = fit(question)
    sheet = found.explain()
    w = found.coef
    checked = check(question, found)
    scale = (question.norms * question.target_norm).astype(float)
    np.testing.assert_allclose(sheet.coef, w)
    np.testing.assert_allclose(sheet.pull, checked.pull.astype(float), atol=1e-13 * scale.max())
    limit = (question.limits + 2 * question.ridge * np.abs(w)).astype(float)
    np.testing.assert_allclose(sheet.limit, limit, rtol=1e-12)
    free = unpenalised(question)
    rest = weighted_residual(question, free, question.target.astype(float))
    alone = question.columns.T.astype(float) @ (question.weights.astype(float) * rest)
    alone[free] = 0.0
    np.testing.assert_allclose(sheet.alone, alone, atol=1e-12 * scale.max())
    # Each taker's share is x_jᵀ S P x_k w_k, and together they are all of alone − pull.
    takers = [k for k in np.flatnonzero(w) if k not in free]
    for j in range(0, p, 1 if p == 8 else 37):
        shares = sheet[j].absorbed_by
        assert sum(shares.values()) == pytest.approx(
            sheet.alone[j] - sheet.pull[j], rel=1e-9, abs=1e-11 * scale[j]
        )
        if j in free:
            assert not shares
            continue
        assert set(shares) <= {f"x{k + 1}" for k in takers}
        for k in takers:
            part = weighted_residual(question, free, np.asarray(X)[:, k] * w[k])
            share = question.columns[:, j].astype(float) @ (question.weights.astype(float) * part)
            assert shares.get(f"x{k + 1}", 0.0) == pytest.approx(share, rel=1e-8, abs=1e-10 * scale[j])
    assert ("shares" in vars(sheet.columns)) == together


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(0.01, 1.2), st.booleans(), st.booleans())
def test_rows_keep_their_promises(seed, fraction, intercept, standardize):
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(3, 25)), int(rng.integers(1, 12))
    X, y, _ = data(seed, n, p) if p >= 3 else (rng.normal(size=(n, p)), rng.normal(size=n), rng)
    plain = Question(X, y, 0.0, intercept=intercept)
    pulls = np.abs(Checked(plain, np.zeros(p)).pull.astype(float))
    l1 = fraction * float(np.max(pulls / plain.sd.astype(float) if standardize else pulls))
    question = Question(X, y, l1, intercept=intercept, standardize=standardize)
    sheet = fit(question).explain()
    for row in sheet:
        if row.coef != 0:
            assert row.status == "active"
            assert row.reason is None
            assert row.slack == 0.0
            assert abs(row.pull) == pytest.approx(row.limit, rel=1e-8)
            assert np.sign(row.pull) == np.sign(row.coef)
            assert row.enters_at is not None
            assert row.enters_at > l1 * (1 - 1e-12)
        else:
            assert row.status == "killed"
            assert row.slack == row.limit - abs(row.pull)
            assert row.slack >= -1e-9 * row.limit
            assert row.reason == ("weak" if abs(row.alone) <= row.limit else "explained away")
            assert row.enters_at is None or row.enters_at <= l1
        assert sum(row.absorbed_by.values()) == pytest.approx(
            row.alone - row.pull, rel=1e-9, abs=1e-9 * row.limit
        )


# ---- statuses and reasons, each by construction --------------------------------------------------


def test_weak_and_explained_away():
    rng = np.random.default_rng(2)
    z, noise = rng.normal(size=(2, 200))
    X = np.column_stack([z, 0.8 * z + 0.3 * rng.normal(size=200), noise])
    sheet = eq.fit(X, z, l1=30.0).explain()
    assert sheet.status == ("active", "killed", "killed")
    assert sheet.reason == (None, "explained away", "weak")
    echo = sheet["x2"]
    assert abs(echo.alone) > echo.limit > abs(echo.pull)
    assert list(echo.absorbed_by) == ["x1"]
    assert echo.absorbed_by["x1"] == pytest.approx(echo.alone - echo.pull, rel=1e-12)
    assert abs(sheet["x3"].alone) <= sheet["x3"].limit


@pytest.mark.parametrize("sign", [1.0, -1.0, 2.0, 1e-6])
def test_a_copy_of_an_active_feature_is_a_duplicate(sign):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(30, 3))
    X[:, 2] = sign * X[:, 0]
    y = 2 * X[:, 0] + 0.1 * rng.normal(size=30)
    l1 = np.array([3.0, 3.0, 3.0 * abs(sign)])
    found = eq.fit(X, y, l1=l1)
    sheet = found.explain()
    active, other = (0, 2) if sheet.coef[0] else (2, 0)
    if sheet.coef[other] == 0:
        assert sheet.status[active] == "active"
        assert sheet.status[other] == "killed"
        assert sheet.reason[other] == "duplicate"
    assert not found.certificate.unique


def test_a_duplicate_with_a_larger_penalty_is_explained_away():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(30, 2))
    X[:, 1] = X[:, 0]
    sheet = eq.fit(X, 2 * X[:, 0], l1=[3.0, 4.0]).explain()
    assert sheet.reason == (None, "explained away")


def test_constant_excluded_unpenalised_and_at_bound():
    X, y, _ = data(5)
    X[:, 5] = 4.0
    l1 = np.array([0.0, 5.0, 5.0, INF, 5.0, 5.0, 5.0, 5.0])
    upper = np.array([INF, INF, 0.3, INF, INF, INF, INF, INF])
    found = eq.fit(X, y, l1=l1, upper=upper)
    sheet = found.explain()
    assert sheet["x1"].status == "unpenalised"
    assert sheet["x3"].status == "at bound"
    assert sheet["x3"].coef == 0.3
    assert sheet["x4"].status == "excluded"
    assert sheet["x4"].coef == 0.0
    assert sheet["x6"].status == "constant"
    assert sheet["x6"].alone == sheet["x6"].pull == 0.0
    assert all(sheet[name].reason is None for name in ("x1", "x3", "x4", "x6"))
    assert all(sheet[name].enters_at is None for name in ("x4", "x6"))
    assert sheet["x4"].limit == INF
    assert sheet["x4"].to_dict()["limit"] is None


def test_a_zero_that_only_its_bound_holds_is_at_bound():
    X, y, _ = data(6)
    found = eq.fit(X, y, l1=5.0, lower=0.0)
    sheet = found.explain()
    held = [row for row in sheet if row.coef == 0 and row.pull < -row.limit * (1 + 1e-6)]
    assert held, "the design has a negative coefficient"
    assert all(row.status == "at bound" and row.reason is None for row in held)
    assert all(row.status == "killed" for row in sheet if row.coef == 0 and abs(row.pull) < row.limit)


def test_ridge_has_only_active_features():
    X, y, _ = data(7)
    sheet = eq.fit(X, y, l1=0.0, l2=3.0).explain()
    assert set(sheet.status) == {"active"}
    np.testing.assert_allclose(np.abs(sheet.pull), sheet.limit, rtol=1e-8)
    assert sheet.enters_at == (None,) * 8


# ---- enters_at -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"standardize": True},
        {"intercept": False},
        {"l2": 2.0},
        {"sample_weight": np.arange(40.0) % 3},
        {"lower": 0.0},
    ],
)
def test_just_above_where_it_enters_a_feature_is_zero_and_just_below_it_is_not(arguments):
    X, y, _ = data(8)
    l1 = 12.0
    found = eq.fit(X, y, l1=l1, **arguments)
    sheet = found.explain()
    assert any(row.coef == 0 for row in sheet)

    def coef(scale: float) -> np.ndarray:
        scaled = arguments | {"l2": scale * arguments.get("l2", 0.0)}
        return eq.fit(X, y, l1=scale * l1, **scaled).coef

    for j, row in enumerate(sheet):
        if row.enters_at is None:
            continue
        t = row.enters_at / l1
        assert coef(t * (1 + 1e-7))[j] == 0.0, row
        assert coef(t * (1 - 1e-7))[j] != 0.0, row
        # Nothing happens to it between the present penalty and there.
        if row.coef == 0:
            assert t <= 1
            assert all(coef(s)[j] == 0.0 for s in np.geomspace(1.0, t * (1 + 1e-6), 8))
        else:
            assert t >= 1
            assert all(coef(s)[j] != 0.0 for s in np.geomspace(1.0, t * (1 - 1e-6), 8))


def test_enters_at_is_in_the_units_in_which_l1_was_passed():
    X, y, _ = data(9)
    scalar = eq.fit(X, y, l1=12.0).explain()
    array = eq.fit(X, y, l1=np.full(8, 12.0)).explain()
    for one, other in zip(scalar.enters_at, array.enters_at, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert one == pytest.approx(12.0 * other, rel=1e-9)


def test_enters_at_of_a_point_of_a_path_is_that_of_the_fit():
    X, y, _ = data(10)
    path = eq.path(X, y, strengths=[30.0, 12.0, 3.0])
    for point in path:
        alone = eq.fit(X, y, l1=point.l1).explain()
        for one, other in zip(point.explain().enters_at, alone.enters_at, strict=True):
            assert one == (None if other is None else pytest.approx(other, rel=1e-9))
    # With factors: multiples of the present penalty.
    factors = np.linspace(0.5, 2.0, 8)
    point = eq.path(X, y, l1=factors, strengths=[12.0])[0]
    alone = eq.fit(X, y, l1=12.0 * factors).explain()
    for one, other in zip(point.explain().enters_at, alone.enters_at, strict=True):
        assert one == (None if other is None else pytest.approx(other, rel=1e-9))


def test_what_never_enters_has_no_entry():
    # x2 is orthogonal to the response and to x1.
    X = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    sheet = eq.fit(X, [1.0, 1.0, -1.0, -1.0], l1=1.0).explain()
    assert sheet["x2"].enters_at is None
    assert sheet["x1"].enters_at == pytest.approx(4.0, rel=1e-12)


def test_the_three_rows_by_hand():
    found = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
    sheet = found.explain()
    x1, x2 = sheet["x1"], sheet["x2"]
    # w1 = (5 − 3.5) / 2 = 0.75; the pull left on x2 is 4 − 0.75.
    assert (x1.status, x2.status, x2.reason) == ("active", "killed", "explained away")
    assert (x1.coef, x1.alone) == pytest.approx((0.75, 5.0), rel=1e-15)
    assert (x2.alone, x2.pull, x2.slack) == pytest.approx((4.0, 3.25, 0.25), rel=1e-14)
    assert x2.absorbed_by == {"x1": pytest.approx(0.75, rel=1e-14)}
    assert x1.enters_at == pytest.approx(5.0, rel=1e-14)
    assert x2.enters_at == pytest.approx(3.0, rel=1e-14)
    assert found.explain("x2") == sheet.sentence("x2")
    assert "x2" in found.explain("x2")


def test_means_of_1e6_lose_no_digits():
    X, y, _ = data(11)
    near = eq.fit(X, y, l1=12.0).explain()
    far = eq.fit(X + 1e6, y, l1=12.0).explain()
    for name in ("pull", "alone", "slack"):
        np.testing.assert_allclose(getattr(far, name), getattr(near, name), rtol=1e-7, atol=1e-7)
    assert far.reason == near.reason


def test_a_sheet_is_a_sequence_by_position_and_name():
    X, y, _ = data(12)
    sheet = eq.fit(X, y, l1=12.0).explain()
    assert len(sheet) == 8
    assert sheet["x3"] == sheet[2] == list(sheet)[2]
    assert sheet[-1].feature == "x8"
    assert sheet.feature == sheet.features
    with pytest.raises(IndexError):
        sheet[8]
    with pytest.raises(ValueError, match="no feature 'x33'"):
        sheet["x33"]
    calls = sheet.closest(2)
    killed = sorted((row for row in sheet if row.status == "killed"), key=lambda r: r.slack / r.limit)
    assert [row.feature for row in calls] == [row.feature for row in killed[:2]]


@pytest.mark.parametrize("shape", [(40, 12), (15, 300)])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_one_feature_enters_where_fits_above_and_below_say(shape, l2):
    rng = np.random.default_rng(12)
    X = rng.normal(size=shape)
    y = X[:, :3] @ [3.0, -2.0, 1.0] + rng.normal(size=shape[0])
    l1 = 0.5 * np.abs((X - X.mean(axis=0)).T @ (y - y.mean())).max()
    fit = eq.fit(X, y, l1=l1, l2=l2)
    live, dead = int(np.flatnonzero(fit.coef)[0]), int(np.argsort(-np.abs(fit.coef))[shape[1] // 2])
    weakest = fit.explain().closest(1)[0].feature
    for j in (live, dead, int(weakest[1:]) - 1):
        enters = eq.fit(X, y, l1=l1, l2=l2).explain()[j].enters_at  # on its own, then with all others
        everybody = fit.explain().enters_at[j]
        assert (enters is None) == (everybody is None)
        if enters is not None:
            assert enters == pytest.approx(everybody, rel=1e-9)
            assert (fit.coef[j] != 0) == (enters > l1)
            for factor, there in ((1 + 1e-7, False), (1 - 1e-7, True)):
                strength = enters / l1 * factor
                near = eq.fit(X, y, l1=strength * l1, l2=strength * l2)
                assert (near.coef[j] != 0) == there


def test_a_sheet_does_not_wait_for_a_walk_of_more_changes_than_most_have(monkeypatch):
    X, y = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 2.0, 1.0])
    assert "enters at" in str(eq.fit(X, y, l1=1, intercept=False).explain()).splitlines()[0]
    monkeypatch.setattr("equipoise.explain.balance.FEW", 0)
    sheet = eq.fit(X, y, l1=1, intercept=False).explain()
    assert "takes long to find for all 2" in str(sheet)
    assert sheet.enters_at == (5.0, 3.0)  # asked for, it is walked to the end
    assert sheet.absorbed_by[0]
    assert "enters at" in str(sheet).splitlines()[0]
