"""Fits without features, against fresh fits on data without their columns, and the definitions."""

import numpy as np
import pytest

import equipoise as eq


def draw(n, p, seed=0, rho=0.6):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * np.sqrt(1 - rho) + np.sqrt(rho) * rng.normal(size=(n, 1))
    X = X * 10.0 ** rng.integers(-1, 2, size=p) + rng.normal(size=p)
    y = X[:, :4] @ np.array([1.0, -1.0, 0.5, 2.0]) / X[:, :4].std(axis=0).mean() + rng.normal(size=n)
    return X, y, rng.random(n) + 0.1, rng.normal(size=n)


QUESTIONS = [
    {},
    {"standardize": True},
    {"intercept": False},
    {"l2": 0.5, "standardize": True},
    {"lower": 0.0},
]


def objective(X, y, fit, s, o, l1, l2, sd):
    residual = y - o - fit.intercept - X @ fit.coef
    penalty = l1 * sd * np.abs(fit.coef) + l2 * sd**2 * fit.coef**2
    return 0.5 * s @ residual**2 + penalty.sum(), 0.5 * s @ residual**2


@pytest.mark.parametrize("shape", [(60, 8), (40, 300)])
@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("weighted", [False, True])
def test_without_features_it_is_a_fit_on_the_other_columns(shape, asked, weighted):
    X, y, s, o = draw(*shape)
    rows = {"sample_weight": s, "offset": o} if weighted else {}
    largest = eq.path(X, y, count=1, **asked, **rows).strengths[0]
    asked = {**asked, "l1": 0.2 * largest, "l2": asked.get("l2", 0.0)}
    fit = eq.fit(X, y, **asked, **rows)
    gone = np.flatnonzero(fit.coef)[:2]
    found = fit.what_if(without=[fit.features[j] for j in gone])
    fresh = eq.fit(np.delete(X, gone, axis=1), y, **asked, **rows)
    scale = np.abs(fresh.coef).max()
    np.testing.assert_allclose(np.delete(found.after.coef, gone), fresh.coef, rtol=1e-9, atol=1e-10 * scale)
    assert np.all(found.after.coef[gone] == 0)
    assert found.after.intercept == pytest.approx(fresh.intercept, rel=1e-9, abs=1e-9)
    assert found.after.certificate.optimal
    before, after = fit.coef, found.after.coef
    names = np.array(fit.features)
    assert found.entered == tuple(names[(before == 0) & (after != 0)])
    assert found.left == tuple(names[(before != 0) & (after == 0)])
    # Loss and objective as the definition has them.
    s, o = (s, o) if weighted else (np.ones(len(y)), 0.0)
    mean = s @ X / s.sum()
    sd = np.sqrt(s @ (X - mean) ** 2 / s.sum()) if asked.get("standardize") else np.ones(X.shape[1])
    for one, value, loss in (
        (fit, found.objective_before, found.loss_before),
        (found.after, found.objective_after, found.loss_after),
    ):
        expected = objective(X, y, one, s, o, asked["l1"], asked["l2"], sd)
        assert value == pytest.approx(expected[0], rel=1e-10)
        assert loss == pytest.approx(expected[1], rel=1e-10)
    assert found.cost == pytest.approx(found.objective_after - found.objective_before)


@pytest.mark.parametrize("l1", [0.5, 2.0])
def test_under_another_penalty_it_is_a_fresh_fit(l1):
    X, y, s, _ = draw(60, 8)
    fit = eq.fit(X, y, l1=8, l2=0.1, sample_weight=s)
    found = fit.what_if(l1=8 * l1, l2=0.3)
    np.testing.assert_allclose(found.after.coef, eq.fit(X, y, l1=8 * l1, l2=0.3, sample_weight=s).coef)
    assert found.cost is None
    assert found.relative_cost is None
    each = np.linspace(1, 8, 8)
    np.testing.assert_allclose(
        fit.what_if(l1=each, l2=0).after.coef, eq.fit(X, y, l1=each, sample_weight=s).coef, atol=1e-12
    )


def test_a_point_of_a_path_keeps_its_strength():
    X, y, _, _ = draw(60, 8)
    fit = eq.path(X, y, l2=0.2, standardize=True).at(5.0)
    name = fit.features[int(fit.support[0])]
    direct = eq.fit(X, y, l1=5.0, l2=1.0, standardize=True).what_if(without=name)
    np.testing.assert_allclose(fit.what_if(without=name).after.coef, direct.after.coef, atol=1e-10)


@pytest.mark.parametrize("shape", [(60, 8), (40, 300)])
@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("l2", [0.0, 0.2])
def test_a_survivor_dies_just_above_what_kills_it(shape, standardize, l2):
    X, y, _, _ = draw(*shape, seed=1)
    l1 = 0.3 * eq.path(X, y, count=1, standardize=standardize).strengths[0]
    fit = eq.fit(X, y, l1=l1, l2=l2, standardize=standardize)
    sd = X.std(axis=0) if standardize else np.ones(shape[1])
    for row in fit.survivors():
        j = fit.features.index(row.feature)
        for factor, alive in ((1 - 1e-7, True), (1 + 1e-7, False)):
            each = np.full(shape[1], l1)
            each[j] = row.killed_by / sd[j] * factor
            assert (eq.fit(X, y, l1=each, l2=l2, standardize=standardize).coef[j] != 0) == alive
        assert row.killed_by > row.limit - 2 * l2 * sd[j] ** 2 * abs(row.coef)
        assert row.cost == pytest.approx(fit.what_if(without=row.feature).cost, rel=1e-6, abs=1e-9)
        without = fit.what_if(without=row.feature).after.coef
        size = X.std(axis=0)
        taken = (np.abs(without) - np.abs(fit.coef)) * size / (abs(row.coef) * size[j])
        expected = np.flatnonzero((taken > 0.1) | ((fit.coef == 0) & (without != 0)))
        assert set(row.stand_ins) == {fit.features[k] for k in expected}
        for name, size in zip(row.stand_ins, row.correlations, strict=True):
            k = fit.features.index(name)
            assert size == pytest.approx(np.corrcoef(X[:, j], X[:, k])[0, 1], abs=1e-9)


def test_copies_with_a_little_noise_are_groups():
    rng = np.random.default_rng(3)
    base = rng.normal(size=(100, 3))
    X = np.column_stack([base[:, [0]] + 0.05 * rng.normal(size=(100, 3)), base[:, [1]], base[:, [2]]])
    y = base @ [3.0, -2.0, 0.0] + 0.5 * rng.normal(size=100)
    survivors = eq.fit(X, y, l1=40.0).survivors()
    (group,) = survivors.groups()
    assert set(group.features) <= {"x1", "x2", "x3"}
    assert len(group.features) >= 2
    assert group.relative_cost <= 0.01
    assert survivors["x4"].relative_cost > 0.1
    assert survivors.groups(tolerance=0) == ()
    frame = survivors.to_frame("pandas")
    assert list(frame["feature"]) == [row.feature for row in survivors]
    assert survivors.to_dict()["groups"][0]["features"] == list(group.features)
    # The line names only those that are as cheap to do without as it says: checked by forbidding each.
    told = next(line for line in " ".join(str(survivors).split()).split(". ") if "stand in" in line)
    told = told[told.index("without ") :]
    gain = survivors["x4"].cost / survivors["x4"].relative_cost
    fit = eq.fit(X, y, l1=40.0)
    costs = {name: fit.what_if(without=[name]).cost / gain for name in group.kept}
    assert {name for name in costs if name in told} == {k for k, c in costs.items() if c <= 0.01}
    assert f"{max(c for c in costs.values() if c <= 0.01):.3%}"[:4] in told


def test_a_duplicate_stands_in_at_no_cost():
    X, y, _, _ = draw(50, 5)
    X[:, 4] = X[:, 3]
    fit = eq.fit(X, y, l1=3.0)
    kept = next(row for row in fit.survivors() if row.feature in ("x4", "x5"))
    if kept.stand_ins:
        assert kept.relative_cost <= 1e-10
        assert {"x4", "x5"} <= set(fit.survivors().groups(1e-9)[0].features)


def test_history_is_where_fits_say_it_is():
    X, y, _, _ = draw(60, 8, seed=2)
    fit = eq.fit(X, y, l1=10.0)
    sheet = fit.explain()
    for name in fit.features:
        j = fit.features.index(name)
        for event in sheet.history(name):
            above = eq.fit(X, y, l1=event.strength * (1 + 1e-7)).coef[j]
            below = eq.fit(X, y, l1=event.strength * (1 - 1e-7)).coef[j]
            if event.kind == "enters":
                assert above == 0
                assert np.sign(below) == event.sign
            if event.kind == "leaves":
                assert below == 0
                assert np.sign(above) == event.sign


def test_standardised_sheets_know_both_units():
    X, y, _, _ = draw(60, 8)
    sheet = eq.fit(X, y, l1=5.0, standardize=True).explain()
    np.testing.assert_allclose(sheet.sd, X.std(axis=0))
    active = next(row for row in sheet if row.status == "active")
    assert abs(active.pull / active.sd) == pytest.approx(5.0)
    assert "coef·sd" in str(sheet)
    plain = eq.fit(X, y, l1=5.0).explain()
    assert plain.sd is None
    assert plain[0].sd is None
    assert "sd" not in str(plain)


def test_of_a_loaded_model_and_bad_questions(tmp_path):
    X, y, _, _ = draw(60, 8)
    fit = eq.fit(X, y, l1=10.0)
    fit.save(tmp_path / "m.json")
    loaded = eq.load(tmp_path / "m.json")
    np.testing.assert_allclose(
        loaded.what_if(l1=5, X=X, y=y).after.coef, eq.fit(X, y, l1=5).coef, rtol=1e-9, atol=1e-12
    )
    assert [row.feature for row in loaded.survivors(X=X, y=y)] == [row.feature for row in fit.survivors()]
    with pytest.raises(ValueError, match="holds no data: pass them, X=…, y=…"):
        loaded.what_if(l1=5)
    with pytest.raises(ValueError, match="there is no feature 'x9'"):
        fit.what_if(without=["x9"])
    with pytest.raises(ValueError, match="feature 'x1' cannot be left out: its bounds forbid zero"):
        eq.fit(X, y, l1=1, lower=0.5).what_if(without="x1")
    with pytest.raises(ValueError, match="l1 is -1"):
        fit.what_if(l1=-1)
    with pytest.raises(ValueError, match="tolerance is 2: pass a share"):
        fit.survivors().groups(2)
    with pytest.raises(ValueError, match="is no survivor"):
        fit.survivors()["zzz"]
