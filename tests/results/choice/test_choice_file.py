"""Cross-validations in files, and their predictions."""

import json

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.files.documents import checksum_of


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    X = rng.normal(1.0, 2.0, size=(40, 5))
    return X, X[:, :2] @ [2.0, -1.5] + 2.0 + 2.0 * rng.normal(size=40)


CASES = {
    "folds": {"folds": 4},
    "repeats": {"folds": 4, "repeats": 3, "standardize": True},
    "weights": {"folds": np.arange(40) % 5, "sample_weight": 1.0 + np.arange(40) % 3, "l2": 0.2},
    "in no order": {"folds": 4, "strengths": [1.0, 80.0, 20.0, 5.0]},
    "another loss": {"folds": 4, "scoring": "median_absolute_error"},
    "a function": {"folds": 4, "scoring": lambda y, prediction, weights: np.abs(y - prediction).max()},
    "stopped early": {"folds": 4, "early_stop": True, "count": 60},
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "cv.json"


@pytest.mark.parametrize("case", CASES)
def test_a_round_trip_changes_nothing(case, file, tmp_path):
    X, y = data()
    cv = eq.cross_validate(X, y, **{"count": 15, **CASES[case]})
    cv.save(file)
    loaded = eq.load(file)
    assert type(loaded) is eq.CrossValidation
    assert loaded.to_dict() == cv.to_dict()
    for name in ("fold_loss", "fold_weight", "mean", "standard_error"):
        assert np.array_equal(getattr(loaded, name), getattr(cv, name)), name
    assert (loaded.repetition is None) == (cv.repetition is None)
    assert (loaded.best_strength, loaded.one_se_strength) == (cv.best_strength, cv.one_se_strength)
    assert loaded.frequency.to_dict() == cv.frequency.to_dict()
    assert str(loaded) == str(cv)
    for mine, exact in ((loaded.best, cv.best), (loaded.one_se, cv.one_se)):
        assert mine.coef == pytest.approx(exact.coef, rel=1e-9, abs=1e-11)
        assert np.array_equal(mine.predict(X), mine.intercept + X @ mine.coef)
        assert mine.certificate.optimal
    loaded.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == file.read_bytes()


def test_the_file_read_by_another_reader(file):
    """The mean, the choices and the coefficients of both, from the lists in the file."""
    X, y = data()
    cv = eq.cross_validate(X, y, folds=4, count=15)
    cv.save(file)
    record = json.loads(file.read_text())["cross-validation"]
    loss, weight = np.array(record["fold_loss"]), np.array(record["fold_weight"])
    mean = np.average(loss, axis=1, weights=weight)
    error = np.sqrt(np.average((loss - mean[:, None]) ** 2, axis=1, weights=weight) / 3)
    strengths = record["path"]["strengths"]
    best = int(np.argmin(mean))
    one_se = min(i for i in range(15) if mean[i] <= mean[best] + error[best])  # they descend
    loaded = eq.load(file)
    for i, strength, fit in (
        (best, loaded.best_strength, loaded.best),
        (one_se, loaded.one_se_strength, loaded.one_se),
    ):
        assert strengths[i] == strength
        own = record["path"]["coef"][i]
        coef = dict(zip(own["features"], own["values"], strict=True))
        assert [coef.get(j, 0.0) for j in range(5)] == fit.coef.tolist()


def test_predictions_are_of_the_fit_that_is_chosen():
    X, y = data()
    cv = eq.cross_validate(X, y, folds=4, count=15)
    assert cv.best_strength < cv.one_se_strength
    new = np.random.default_rng(6).normal(size=(7, 5))
    for choose, fit in (("best", cv.best), ("one-se", cv.one_se)):
        assert cv.predict(new, choose=choose) == pytest.approx(fit.intercept + new @ fit.coef)
        assert cv.predict(new, choose=choose, offset=np.ones(7)) == pytest.approx(
            1.0 + fit.intercept + new @ fit.coef
        )
    assert np.array_equal(cv.predict(new), cv.predict(new, choose="one-se"))
    with pytest.raises(ValueError, match="choose is 'one_se': pass 'one-se' or 'best'"):
        cv.predict(new, choose="one_se")


def test_what_needs_the_data_says_so(file):
    X, y = data()
    eq.cross_validate(X, y, folds=4, count=15).save(file)
    loaded = eq.load(file)
    with pytest.raises(ValueError, match="loaded from a file, which holds no data"):
        loaded.report()
    with pytest.raises(ValueError, match="loaded from a file, which holds no data"):
        loaded.path.at(1.2345)
    assert loaded.best.explain("x1", X, y) == eq.fit(X, y, l1=loaded.best_strength).explain("x1")


def test_a_loaded_cross_validation_draws_itself(file):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    X, y = data()
    cv = eq.cross_validate(X, y, folds=4, count=15)
    cv.save(file)
    drawn = eq.load(file).plot(Figure().subplots())
    assert np.array_equal(drawn.mean, cv.mean)
    assert drawn.strength_name == cv.plot(Figure().subplots()).strength_name


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r["fold_loss"].pop(),
        lambda r: r["fold_loss"][3].pop(),
        lambda r: r["fold_loss"][3].__setitem__(0, "0.5"),
        lambda r: r["fold_weight"].pop(),
        lambda r: r["fold_weight"].__setitem__(0, -1.0),
        lambda r: r.__setitem__("repetition", [0, 0, 0]),
        lambda r: r.__setitem__("repetition", [0, 0, 0, 4]),
        lambda r: r.__setitem__("repetition", [0, 0, 0, 1]),
        lambda r: r.pop("repetition"),
        lambda r: r.pop("path"),
        lambda r: r["path"]["strengths"].pop(),
        lambda r: r.__setitem__("fold_weight", []),
    ],
)
def test_one_that_is_not_whole_is_refused(file, change):
    X, y = data()
    eq.cross_validate(X, y, folds=4, count=15).save(file)
    document = json.loads(file.read_text())
    change(document["cross-validation"])
    document["checksum"] = checksum_of(document["cross-validation"])
    file.write_text(json.dumps(document))
    with pytest.raises(ValueError, match=r"is not a whole equipoise cross-validation: .* save it again"):
        eq.load(file)


def test_the_file_names_the_loss_and_without_one_it_is_squared_error(file):
    cv = eq.cross_validate(*data(), folds=4, count=5, scoring="neg_max_error")
    cv.save(file)
    document = json.loads(file.read_text())
    record = document["cross-validation"]
    assert record["scoring"] == "neg_max_error"
    assert "loss of held-out rows: max error" in str(eq.load(file))
    for scoring, error in ((None, "its loss has no name"), ("", "its loss has no name"), (3, "no name")):
        record["scoring"] = scoring
        document["checksum"] = checksum_of(record)
        file.write_text(json.dumps(document))
        with pytest.raises(ValueError, match=error):
            eq.load(file)
    del record["scoring"]
    document["checksum"] = checksum_of(record)
    file.write_text(json.dumps(document))
    assert eq.load(file).scoring == "squared_error"
