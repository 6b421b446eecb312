"""Results of every loss, saved and read again: they predict, explain and read as they did."""

import copy
import json
import pickle

import numpy as np
import pytest

import equipoise as eq

pd = pytest.importorskip("pandas")

ROWS = 70
LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.4)", "negative_binomial(2.5)")
ROLES = ("nothing", "sample_weight", "offset", "exposure", "event")
CASES = [
    (loss, role)
    for loss in LOSSES
    for role in ROLES
    if role not in (("exposure",) if loss == "binomial" else ("event",))
]


def made(loss, role):
    """A frame, a response, the arguments of its role, and those of them that predictions need."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(ROWS, 4)), columns=list("abcd"))
    frame["sex"] = rng.choice(["f", "m"], ROWS)
    eta = 0.9 * frame.a - 0.6 * frame.b
    mean, time = np.exp(eta), rng.uniform(0.5, 3.0, ROWS)
    y = {
        "binomial": np.where(rng.uniform(size=ROWS) < mean / (1 + mean), "yes", "no"),
        "poisson": rng.poisson(mean),
        "gamma": rng.gamma(2.0, mean / 2.0) + 0.01,
        "tweedie(1.4)": 1.3 * rng.poisson(mean),
        "negative_binomial(2.5)": rng.poisson(mean * rng.gamma(2.5, 0.4, ROWS)),
    }[loss]
    values = {"sample_weight": rng.integers(1, 4, ROWS) * 1.0, "offset": 0.3 * rng.normal(size=ROWS)}
    values |= {"exposure": time, "event": "no"}
    given = {role: values[role]} if role in values else {}
    known = {name: value for name, value in given.items() if name in ("offset", "exposure")}
    return frame, y, given, known


def again(result, tmp_path):
    result.save(tmp_path / "saved.json")
    return eq.load(tmp_path / "saved.json")


def by_hand(fit, frame, known, loss):
    """The means of the rows, from the coefficients of a, b, c, d and sex=m."""
    columns = np.column_stack([frame[list("abcd")], frame.sex == "m"])
    eta = columns @ fit.coef + fit.intercept + known.get("offset", 0.0) + np.log(known.get("exposure", 1.0))
    return 1 / (1 + np.exp(-eta)) if loss == "binomial" else np.exp(eta)


@pytest.mark.parametrize(("loss", "role"), CASES)
def test_a_model_reads_back_as_it_was(loss, role, tmp_path):
    frame, y, given, known = made(loss, role)
    fit = eq.fit(frame, y, l1=3.0, loss=loss, **given)
    found = again(fit, tmp_path)
    data = {"X": frame, "y": y, **{name: value for name, value in given.items() if name != "event"}}
    np.testing.assert_allclose(found.predict(frame, **known), by_hand(fit, frame, known, loss), rtol=1e-12)
    for kind in ("mean", "link", *(["class"] if loss == "binomial" else [])):
        assert np.array_equal(
            found.predict(frame, kind=kind, **known), fit.predict(frame, kind=kind, **known)
        )
    assert (found.loss, found.levels, found.deviance) == (fit.loss, fit.levels, fit.deviance)
    assert found.to_dict() == fit.to_dict()
    assert str(found) == str(fit)
    assert str(found.explain(**data)) == str(fit.explain())
    assert found.explain("a", **data) == fit.explain("a")
    assert str(found.what_if(without=["a"], **data)) == str(fit.what_if(without=["a"]))
    assert str(found.survivors(**data)) == str(fit.survivors())
    assert str(found.importance(**data)) == str(fit.importance())
    assert str(found.score(frame, y, **{k: v for k, v in data.items() if k not in "Xy"})) == str(
        fit.score(frame, y, **{k: v for k, v in data.items() if k not in "Xy"})
    )
    if known:
        with pytest.raises(ValueError, match=f"fitted with an {role}: pass {role}="):
            found.predict(frame)
    with pytest.raises(ValueError, match="loaded from a file, which holds no data"):
        found.explain()
    if loss != "gamma":
        with pytest.raises(ValueError, match="not the data the model was fitted to"):
            found.explain(**data | {"y": y[::-1]})


@pytest.mark.parametrize(("loss", "role"), CASES)
def test_a_path_and_a_cross_validation_read_back_as_they_were(loss, role, tmp_path):
    frame, y, given, known = made(loss, role)
    data = {"X": frame, "y": y, **{name: value for name, value in given.items() if name != "event"}}
    cv = eq.cross_validate(frame, y, folds=4, count=8, loss=loss, **given)
    found = again(cv, tmp_path)
    assert str(found) == str(cv)
    null = f"{role} and intercept" if known else "intercept"
    assert f"the null model ({null} fitted to each fold's training rows)" in str(found)
    assert found.to_dict() == cv.to_dict()
    assert np.array_equal(found.predict(frame, **known), cv.predict(frame, **known))
    assert np.array_equal(found.deviance_explained, cv.deviance_explained)
    path = again(cv.path, tmp_path)
    assert np.array_equal(path.coef, cv.path.coef)
    assert np.array_equal(path.predict(frame, **known), cv.path.predict(frame, **known))
    strength = float(path.strengths[4])
    for own in (path, found.path):
        fit = own.at(strength)
        assert (fit.loss, fit.levels) == (cv.path.loss, cv.path.levels)
        means = by_hand(cv.path.at(strength), frame, known, loss)
        np.testing.assert_allclose(fit.predict(frame, **known), means, rtol=1e-12)
        assert str(fit.explain(**data)) == str(cv.path.at(strength).explain())
        with pytest.raises(ValueError, match=r"holds no data: the strength .* would need them"):
            own.at(strength * 0.99)
    for ask in (found.report, path.report, path.criteria):
        with pytest.raises(ValueError, match="loaded from a file, which holds no data"):
            ask()


@pytest.mark.parametrize("loss", LOSSES)
def test_other_results_are_json_and_can_be_copied(loss, tmp_path):
    frame, y, _, _ = made(loss, "nothing")
    adaptive = eq.adapt(frame, y, folds=4, count=8, loss=loss)
    relaxed = eq.relax(frame, y, folds=4, count=8, loss=loss)
    stable = eq.stability_selection(frame, y, loss=loss)
    audit = eq.audit(frame, y, again(adaptive.cv.path.at(adaptive.cv.best_strength), tmp_path))
    assert audit.verdict == "the solution"
    for result in (adaptive, relaxed, relaxed.best, stable, audit):
        read = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        assert read
        for copied in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert str(copied) == str(result)
            assert copied.to_dict() == result.to_dict()
    for fit in (relaxed.best.lasso, adaptive.best):
        found = again(fit, tmp_path)
        np.testing.assert_allclose(found.predict(frame), by_hand(fit, frame, {}, loss), rtol=1e-12)
        assert str(found.explain(X=frame, y=y)) == str(fit.explain())
    if relaxed.best.unpenalised is not None:
        free = again(relaxed.best.unpenalised, tmp_path)
        assert np.array_equal(free.predict(frame), relaxed.best.unpenalised.predict(frame))
