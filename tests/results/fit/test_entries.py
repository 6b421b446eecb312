"""Model files of other losses: a round trip changes nothing, old files load, contradictions are refused."""

import json
from pathlib import Path

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.files.documents import checksum_of

STORED = Path(__file__).parents[2] / "data" / "stored"
X = np.column_stack([np.arange(1.0, 9.0), [0, 1, 1, 0, 1, 0, 0, 1]])
EVENT, COUNT = np.array([0, 0, 1, 0, 1, 1, 0, 1]), [0, 3, 1, 4, 2, 7, 5, 9]
TIME = np.array([1, 2, 1, 3, 0.5, 2, 1.5, 4])
TEXT = np.array(["no", "yes"])[EVENT]

CASES = {
    "0 and 1": (EVENT, {"loss": "binomial"}),
    "labels": (TEXT, {"loss": "binomial"}),
    "event": (TEXT, {"loss": "binomial", "event": "no"}),
    "fractions": (np.linspace(0.1, 0.9, 8), {"loss": "binomial", "sample_weight": np.arange(1.0, 9.0)}),
    "exposure": (COUNT, {"loss": "poisson", "exposure": TIME}),
    "exposure and offset": (COUNT, {"loss": "poisson", "exposure": TIME, "offset": X[:, 1]}),
    "tweedie": (COUNT, {"loss": "tweedie(1.25)"}),
    "negative binomial": (COUNT, {"loss": "negative_binomial(2)"}),
    "gamma": (TIME, {"loss": "gamma", "standardize": True}),
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "file.json"


def known(case):
    return {name: CASES[case][1][name] for name in ("offset", "exposure") if name in CASES[case][1]}


@pytest.mark.parametrize("case", CASES)
def test_a_round_trip_changes_nothing(case, file):
    y, given = CASES[case]
    fit = eq.fit(X, y, l1=0.5, **given)
    fit.save(file)
    loaded = eq.load(file)
    assert loaded.to_dict() == fit.to_dict()
    assert (loaded.loss, loaded.levels, loaded.exposure) == (fit.loss, fit.levels, fit.exposure)
    assert loaded.null_prediction == fit.null_prediction
    assert np.array_equal(loaded.predict(X, **known(case)), fit.predict(X, **known(case)))
    assert loaded.score(X, y, **known(case)) == fit.score(X, y, **known(case))
    assert str(loaded) == str(fit)
    assert loaded.provenance["call"] == fit.provenance["call"]


@pytest.mark.parametrize("case", CASES)
def test_the_data_are_known_again(case, file):
    y, given = CASES[case]
    given = {name: value for name, value in given.items() if name not in ("loss", "event")}
    fit = eq.fit(X, y, l1=0.5, **CASES[case][1])
    fit.save(file)
    loaded = eq.load(file)
    roles = {name: value for name, value in given.items() if name != "standardize"}
    again, told = loaded.what_if(l1=1.0, X=X, y=y, **roles), fit.what_if(l1=1.0)
    assert again.after.kind == fit.kind
    np.testing.assert_allclose(again.after.coef, told.after.coef, rtol=1e-9, atol=1e-12)
    other = EVENT[::-1] if fit.levels == (0, 1) else np.roll(y, 3)
    with pytest.raises(ValueError, match="not the data the model was fitted to"):
        loaded.what_if(l1=1.0, X=X, y=other, **roles)


@pytest.mark.parametrize(
    ("case", "call"),
    [
        ("0 and 1", "eq.fit(X, y, l1=0.5, loss='binomial')"),
        ("labels", "eq.fit(X, y, l1=0.5, loss='binomial')"),
        ("event", "eq.fit(X, y, l1=0.5, loss='binomial', event='no')"),
        ("exposure", "eq.fit(X, y, l1=0.5, loss='poisson', exposure=…)"),
        ("exposure and offset", "eq.fit(X, y, l1=0.5, offset=…, loss='poisson', exposure=…)"),
        ("tweedie", "eq.fit(X, y, l1=0.5, loss='tweedie(1.25)')"),
        ("negative binomial", "eq.fit(X, y, l1=0.5, loss='negative_binomial(2.0)')"),
    ],
)
def test_the_call_can_be_made_again(case, call):
    y, given = CASES[case]
    assert eq.fit(X, y, l1=0.5, **given).provenance["call"] == call


@pytest.mark.parametrize("case", ["event", "exposure"])
def test_a_path_remembers_its_loss(case, file):
    y, given = CASES[case]
    path = eq.path(X, y, count=4, **given)
    path.save(file)
    loaded = eq.load(file)
    assert (loaded.loss, loaded.levels, loaded[1].exposure) == (path.loss, path.levels, path[1].exposure)
    assert np.array_equal(loaded.predict(X, **known(case)), path.predict(X, **known(case)))
    assert f"loss {path.loss};" in str(loaded)
    said = loaded.to_dict()
    assert said["loss"] == path.loss
    assert said["levels"] == (None if path.levels is None else list(path.levels))
    assert np.isnan(loaded[1].deviance)
    loaded[1].save(file)
    assert np.isnan(eq.load(file).deviance)


def test_files_of_schema_3_are_of_squared_loss():
    """Written by the release before, of ages, cities (text) and an offset."""
    pd = pytest.importorskip("pandas")
    fit = eq.load(STORED / "model_schema_3.json")
    new = pd.DataFrame({"age": [31.0, 45.0], "city": ["Oslo", "Rome"], "o": [0.0, 1.0]})
    np.testing.assert_allclose(fit.predict(new), [2.5837824146031743, 5.510771938854383], rtol=1e-14)
    assert (fit.loss, fit.levels, fit.exposure) == ("squared", None, False)
    assert fit.columns == {"target": "y", "weights": None, "offset": "o", "exposure": None}
    path, cv = eq.load(STORED / "path_schema_3.json"), eq.load(STORED / "choice_schema_3.json")
    for one in (path, cv.path):
        assert (one.loss, one.levels) == ("squared", None)
        assert one.predict(new).shape == (2, 4)


def changed(file, entries):
    document = json.loads(file.read_text())
    document["model"] |= entries
    document["checksum"] = checksum_of(document["model"])
    file.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("case", "entries", "told"),
    [
        ("labels", {"loss": "logistic"}, "logistic"),
        ("labels", {"loss": 3}, "'loss' has 3 where a text"),
        ("labels", {"loss": "poisson"}, "'levels' are of a yes/no response, and loss poisson has none"),
        ("labels", {"levels": ["no"]}, "'levels' is no list of two labels"),
        ("labels", {"levels": ["no", "no"]}, "'levels' has one label twice"),
        ("labels", {"levels": ["no", None]}, "a label is none"),
        ("labels", {"exposure": True}, "loss binomial has no exposure"),
        ("labels", {"exposure": 1}, "'exposure' is 1, neither true nor false"),
        ("labels", {"null_link": 3.0}, "'null_prediction' is not the mean at 'null_link'"),
        ("labels", {"total": 9.0}, "it has more events than trials"),
        ("labels", {"deviance": 1.0}, "'deviance_explained' is not that of its deviances"),
        ("labels", {"deviance": None}, "one of its deviances is null"),
        ("labels", {"null_deviance": -1.0}, "'null_deviance' has -1.0"),
        ("labels", {"rows": 0}, "'rows' is 0, no number of rows"),
        ("labels", {"r_squared": 0.5}, "it has an error, which no model of loss binomial has"),
        ("exposure", {"exposure": False, "columns": None}, "'columns' has not the entries"),
        (
            "exposure",
            {
                "exposure": False,
                "columns": {"target": None, "weights": None, "offset": None, "exposure": "time"},
            },
            "'columns' names an exposure, but 'exposure' says that there was none",
        ),
        ("tweedie", {"loss": "tweedie(3.0)"}, "power of a Tweedie loss"),
        ("tweedie", {"loss": "tweedie( 1.25 )"}, "'loss' is not written as 'tweedie(1.25)'"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(case, entries, told, file):
    y, given = CASES[case]
    eq.fit(X, y, l1=0.5, **given).save(file)
    changed(file, entries)
    with pytest.raises(ValueError, match="is not a whole equipoise model") as refused:
        eq.load(file)
    assert told in str(refused.value)


def test_a_squared_model_has_no_deviance_in_its_file(file):
    eq.fit(X, COUNT, l1=0.5).save(file)
    changed(file, {"deviance": 1.0})
    with pytest.raises(ValueError, match="it has a deviance, which no model of squared loss has"):
        eq.load(file)
