"""X is kept by reference: what is asked after it was written to is answered for the old data, or refused."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csc_array, csr_array

import equipoise as eq
from equipoise.setup.unchanged import refuse_changed

TALL, WIDE = (40, 6), (12, 300)


def _data(shape, seed=3):
    """Few-valued data: y is 0 or 1, so that rows of equal y can change places without a trace in Xᵀy."""
    rng = np.random.default_rng(seed)
    n, _ = shape
    X = np.round(rng.normal(size=shape), 2)
    y = (X[:, 0] - X[:, 1] + 0.3 * rng.normal(size=n) > 0).astype(float)
    weights, offset = rng.integers(1, 3, n).astype(float), np.round(rng.normal(size=n), 2) / 8
    return X, y, weights, offset


def _sparse(X):
    out = X.copy()
    out[::3] = 0.0
    out[:, 2] = X[:, 2]  # a full column, which is kept apart as a dense one
    return out


def _dense(X, tmp):
    return X, X


def _by_columns(X, tmp):
    X = np.asfortranarray(X)
    return X, X


def _strided(X, tmp):
    view = np.repeat(X, 2, axis=1)[:, ::2]
    return view, view


def _compressed_columns(X, tmp):
    X = csc_array(_sparse(X))
    return X, X.data


def _compressed_rows(X, tmp):
    X = csr_array(_sparse(X))
    return X, X.data


def _frame(X, tmp):
    return pd.DataFrame(X, columns=[f"x{j + 1}" for j in range(X.shape[1])], copy=False), X


def _on_disk(X, tmp):
    np.save(tmp / "X.npy", X)
    return eq.Mapped(tmp / "X.npy"), np.load(tmp / "X.npy", mmap_mode="r+")


def _integers(X, tmp):
    X = (100 * X).astype(np.int64)
    return X, X


def _single_precision(X, tmp):
    X = X.astype(np.float32)
    return X, X


# How X is held: each returns what is passed, and the numbers to write to.
BY_REFERENCE = (_dense, _by_columns, _compressed_columns, _on_disk)
PRIVATE = (_strided, _compressed_rows, _frame, _integers, _single_precision)  # read into numbers of our own


def _entry(values, place):
    values[place if values.ndim == 2 else place[0] * values.shape[0] // 50] += 1


def _double(values):
    values *= 2


CHANGES = {
    "an entry": lambda values: _entry(values, (3, 4)),
    "an entry of a feature in the model": lambda values: _entry(values, (5, 0)),
    "all": _double,
}

FIT_VERBS = {
    "explain": lambda fit: fit.explain().to_dict(),
    "one sentence": lambda fit: [fit.explain(name) for name in fit.features[:6]],
    "what_if": lambda fit: fit.what_if(l1=0.5).after.coef.tolist(),
    "without": lambda fit: fit.what_if(without=[fit.features[int(fit.support[0])]]).cost,
    "survivors": lambda fit: fit.survivors().to_dict(),
    "certificate": lambda fit: fit.certificate.to_dict(),
    "to_dict": lambda fit: fit.to_dict(),
    "text": str,
}
PATH_VERBS = {
    "events": lambda path: [event.to_dict() for event in path.events],
    "at its own": lambda path: path.at(path.strengths[4]).coef.tolist(),
    "at another": lambda path: path.at(0.9 * path.strengths[4]).coef.tolist(),
    "at and explain": lambda path: path[3].explain().to_dict(),
    "certificates": lambda path: [certificate.to_dict() for certificate in path.certificates],
    "one certificate": lambda path: path.certificates[5].to_dict(),
    "criteria": lambda path: path.criteria(variance=1.0).to_dict(),
    "coef": lambda path: path.coef.tolist(),
    "text": str,
}


# What needs no more than was computed at the fit.
SUMS_ONLY = {"certificate", "to_dict", "text", "coef"}
CERTIFICATES = {"certificates", "one certificate"}  # of a path: from XᵀX, where that is held


def _answer(verb, model):
    return json.dumps(verb(model), default=str)


def _right_or_refused(verb, changed, untouched):
    """Whether a verb was refused; what it says must be what it says of the data of the fit."""
    try:
        found = _answer(verb, changed)
    except ValueError as error:
        if "X has changed since the fit" not in str(error):
            raise
        return True
    expected = _answer(verb, untouched)
    assert _close(json.loads(found), json.loads(expected)), (found[:300], expected[:300])
    return False


def _close(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_close(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_close, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * (1 + abs(one))
    return one == other


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", [TALL, WIDE], ids=["tall", "wide"])
@pytest.mark.parametrize("held", BY_REFERENCE + PRIVATE)
def test_every_verb_is_right_for_the_data_of_the_fit_or_refuses(held, shape, change, intercept, tmp_path):
    X, y, weights, offset = _data(shape)
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir(), after.mkdir()
    (kept, _), (given, values) = held(X.copy(), before), held(X.copy(), after)
    asked = {"sample_weight": weights, "offset": offset, "intercept": intercept}
    strength = 0.3 * eq.path(kept, y, count=1, **asked).strengths[0]
    for call, verbs in (
        (lambda Z: eq.fit(Z, y, l1=strength, **asked), FIT_VERBS),
        (lambda Z: eq.path(Z, y, count=8, ratio=0.05, **asked), PATH_VERBS),
    ):
        untouched, refused = call(kept), {}
        held_values = np.array(values)
        for name, verb in verbs.items():
            changed = call(given)
            CHANGES[change](values)
            refused[name] = _right_or_refused(verb, changed, untouched)
            values[...] = held_values
        assert not any(refused[name] for name in refused.keys() & SUMS_ONLY)
        if held in PRIVATE:
            assert not any(refused.values())
        else:
            assert all(
                refused[name] for name in refused.keys() - SUMS_ONLY - {"certificates", "one certificate"}
            )
        if shape == TALL:
            assert not any(refused[name] for name in refused.keys() & CERTIFICATES)


def test_the_sentence_names_the_feature_and_both_values():
    X, y = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 2.0, 1.0])
    fit = eq.fit(X, y, l1=3.5, intercept=False)
    X[2, 1] += 3.0
    with pytest.raises(
        ValueError, match=r"the mean of feature 'x2' was 0\.666667 and is 1\.66667; fit again, or pass"
    ):
        fit.explain("x2")
    X[2, 1] -= 3.0
    assert fit.explain("x2").startswith("x2 is zero because others explain it away")
    X *= 2
    with pytest.raises(
        ValueError, match=r"'x1' was 0\.666667 and is 1\.33333 \(other means differ, too: 1\)"
    ):
        fit.what_if(l1=1.0)


@pytest.mark.parametrize("shape", [TALL, WIDE], ids=["tall", "wide"])
def test_entries_that_change_places_within_a_column_are_noticed_by_its_pull(shape):
    """Rows of equal y: neither the mean nor Xᵀy changes, but xᵀr does."""
    X, y, _, _ = _data(shape)
    fit = eq.fit(X, y, l1=1.0)
    j = int(np.flatnonzero(fit.coef == 0)[0])
    rows = np.flatnonzero(y == 1)[:2]
    residual = y - fit.predict(X)
    X[rows, j] = X[rows[::-1], j]
    moved = (X[rows[0], j] - X[rows[1], j]) * (residual[rows[0]] - residual[rows[1]])
    assert abs(moved) > 1e-3  # by hand: the change of the pull
    with pytest.raises(ValueError, match=f"the pull of feature '{fit.features[j]}' was") as told:
        fit.what_if(l1=0.5)
    was, now = (float(word.rstrip(";")) for word in str(told.value).split(" was ")[1].split()[:4:3])
    assert abs(now - was) == pytest.approx(abs(moved), rel=1e-3)


@pytest.mark.parametrize("what", ["y", "weights", "offset"])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("shape", [TALL, WIDE], ids=["tall", "wide"])
def test_what_is_written_to_y_weights_or_offset_later_plays_no_part(shape, intercept, what):
    X, y, weights, offset = _data(shape)
    for verb, calls in ((eq.fit, FIT_VERBS), (eq.path, PATH_VERBS)):
        for with_weights in (True, False):
            given = {"y": y.copy(), "weights": weights.copy(), "offset": offset.copy()}
            if not with_weights and what == "weights":
                continue
            asked = {"l1": 1.0, "intercept": intercept}
            if verb is eq.path:
                asked |= {"count": 8, "ratio": 0.05}

            def call(y, weights, offset, asked=asked, verb=verb, with_weights=with_weights):
                more = {"offset": offset} if what == "offset" else {}
                return verb(X, y, sample_weight=weights if with_weights else None, **more, **asked)

            untouched, changed = call(y, weights, offset), call(**given)
            given[what] += 1.0
            given[what][3] *= 5.0
            for name, one in calls.items():
                assert not _right_or_refused(one, changed, untouched), name


def test_a_sheet_that_was_printed_or_may_be_answers_for_the_data_of_the_fit():
    X, y, *_ = _data(TALL)
    sheet, untouched = (eq.fit(Z, y, l1=1.0).explain() for Z in (X, X.copy()))
    X[3, 4] += 1.0
    assert list(sheet) == list(untouched)


def test_a_sheet_that_was_refused_has_kept_nothing_of_the_changed_data():
    X, y, *_ = _data(TALL)
    fit = eq.fit(X, y, l1=1.0)
    X[3, 4] += 1.0
    for _ in range(2):
        with pytest.raises(ValueError, match="the mean of feature 'x5' was"):
            fit.explain()
        assert "events" not in vars(fit._sheet.columns)


def test_a_large_sheet_answers_for_the_data_of_the_fit_or_refuses(monkeypatch):
    monkeypatch.setattr("equipoise.explain.balance.QUICK", 0)
    X, y, *_ = _data(TALL)
    read, unread, untouched = (eq.fit(Z, y, l1=1.0).explain() for Z in (X, X, X.copy()))
    rows = list(read)
    X[3, 4] += 1.0
    assert list(read) == rows
    assert unread.alone.tolist() == untouched.alone.tolist()
    assert unread.pull.tolist() == untouched.pull.tolist()
    with pytest.raises(ValueError, match="the mean of feature 'x5' was"):
        list(unread)


def test_a_row_of_weight_zero_may_change():
    X, y, weights, _ = _data(TALL)
    weights[7] = 0.0
    fit, untouched = (eq.fit(Z, y, l1=1.0, sample_weight=weights) for Z in (X, X.copy()))
    X[7] += 5.0
    for verb in (*FIT_VERBS.values(),):
        assert not _right_or_refused(verb, fit, untouched)


def test_gathered_sums_stay_right():
    X, y, *_ = _data(TALL)
    data = eq.gather(X, y, folds=2)
    fit, untouched = eq.fit(data, l1=1.0), eq.fit(eq.gather(X.copy(), y, folds=2), l1=1.0)
    X *= 3
    for verb in FIT_VERBS.values():
        assert not _right_or_refused(verb, fit, untouched)


@pytest.mark.parametrize("choice", ["best", "one_se"])
def test_a_cross_validation_refuses_to_solve_on_other_data(choice):
    X, y, *_ = _data(TALL)
    cv = eq.cross_validate(X, y, folds=4, count=8)
    X[0, 3] += 1.0
    with pytest.raises(ValueError, match="feature 'x4' was"):
        getattr(cv, choice)


@pytest.mark.parametrize("of", [eq.relax, eq.adapt])
def test_so_do_relaxed_and_adaptive_choices(of):
    X, y, *_ = _data(TALL)
    found = of(X, y, folds=4, count=8)
    X[0, 3] += 1.0
    with pytest.raises(ValueError, match="X has changed since the fit"):
        found.best  # noqa: B018 (it is solved when it is read)


@pytest.mark.parametrize("shape", [TALL, WIDE], ids=["tall", "wide"])
def test_reports_refuse(shape):
    X, y, *_ = _data(shape)
    fit, path = eq.fit(X, y, l1=1.0), eq.path(X, y, count=5, ratio=0.5)
    X[0, 3] += 1.0
    for model in (fit, path):
        with pytest.raises(ValueError, match="the mean of feature 'x4' was"):
            model.report()


def test_an_estimator_refuses_and_its_pickle_knows_no_data():
    X, y, *_ = _data(TALL)
    names = [f"v{j}" for j in range(TALL[1])]
    model = eq.Lasso(alpha=0.05).fit(X, y)
    framed = eq.Lasso(alpha=0.05).fit(pd.DataFrame(X.copy(), columns=names), y)
    before = framed.explain("v0")
    X[3] += 5.0
    with pytest.raises(ValueError, match="X has changed since the fit: the mean of feature 'x"):
        model.explain("x5")
    assert framed.explain("v0") == before
    with pytest.raises(ValueError, match="these are not the data the model was fitted to"):
        pickle.loads(pickle.dumps(model)).explain("x1", X, y)


def test_unchanged_data_are_never_refused():
    """Far from zero, of all sizes, constant, nearly dependent, with weights of all sizes."""
    rng = np.random.default_rng(0)
    for n, p in ((5, 3), (60, 4), (20, 280), (3000, 3)):
        X = rng.normal(size=(n, p)) * 10.0 ** rng.uniform(-8, 8, p) + rng.choice([0, 1, 1e6], p)
        X[:, 0] = 0.1
        X[:, -1] = X[:, 1] * (1 + 1e-15)
        y = 1e5 * X[:, 1] / abs(X[:, 1]).max() + rng.normal(size=n) * rng.choice([1e-9, 1.0])
        for intercept in (True, False):
            for weights in (None, 10.0 ** rng.uniform(-6, 6, n)):
                asked = {"intercept": intercept, "sample_weight": weights, "standardize": True}
                path = eq.path(X, y, count=4, ratio=0.3, **asked)
                assert path.at(path.strengths[2]).explain().status
                fit = eq.fit(X, y, l1=path.strengths[1], **asked)
                fit.what_if(l1=path.strengths[2])


def test_a_model_that_is_not_optimal_explains_its_own_data_only(tmp_path):
    X, y, *_ = _data(TALL)
    audit = eq.audit(X, y, np.array([0.3, -0.3, 0.0, 0.0, 0.0, 0.0]), float(y.mean()), l1=1.0)
    fit = eq.fit(X, y, l1=1.0)
    points = fit.points.evaluate(
        fit.setup.problem, np.ones(1), np.array([[0.3, -0.3, 0, 0, 0, 0]]) * fit.setup.problem.view.scale
    )
    coef, intercept = fit.setup.problem.original(points.coef[0])
    far = replace(fit, coef=coef, intercept=float(intercept), points=points, certificate=points.certify())
    assert not far.certificate.optimal
    assert far.certificate.violation == pytest.approx(audit.violation)
    far.save(tmp_path / "far.json")
    for model in (far, eq.load(tmp_path / "far.json")):
        assert model.explain(X.copy(), y).pull[0] == pytest.approx(X[:, 0] @ (y - model.predict(X)))
        with pytest.raises(ValueError, match="these are not the data the model was fitted to"):
            model.explain(X * 3.0, y)


def test_data_at_offsets_of_hundreds_are_known_again():
    """The intercept's last digit leaves a sum of residuals, which is no change of X."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        X, offset = rng.standard_normal((15, 80)), rng.choice([-800.0, 0.0, 800.0], 15)
        fit = eq.fit(X, np.full(15, 3.0), l1=1.0, loss="poisson", offset=offset)
        refuse_changed(fit.setup)
        X[3, 7] += 1e-6
        with pytest.raises(ValueError, match="X has changed since the fit: the mean of feature 'x8'"):
            refuse_changed(fit.setup)
