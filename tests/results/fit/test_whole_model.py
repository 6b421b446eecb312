"""A model file is believed only when it is whole, whoever wrote it and however right its checksum."""

import copy
import hashlib
import json
import pickle
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from questions import questions

import equipoise as eq
from equipoise import Status

pd = pytest.importorskip("pandas")

STORED = Path(__file__).parents[2] / "data" / "stored"
ROWS = 24


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(3)
    found = pd.DataFrame(
        {
            "age": rng.normal(40, 9, ROWS).round(1),
            "sex": np.where(np.arange(ROWS) % 3, "f", "m"),
            "city": np.array(["Oslo", "Rome", "Bern"])[np.arange(ROWS) % 3],
            "seen": rng.normal(size=ROWS).round(2),
            "heavy": rng.integers(1, 4, ROWS).astype(float),
        }
    )
    found["y"] = (0.3 * found.age + 2 * (found.sex == "m") + found.seen + rng.normal(size=ROWS)).round(2)
    found.loc[[2, 7], "age"] = np.nan
    return found


def by_hand(model, frame):
    """The predictions of a model file, from its numbers alone."""
    columns = []
    for column in model["encoding"]["columns"]:
        values = frame[column["name"]]
        if column["kind"] == "numeric":
            columns.append(values.to_numpy(dtype=float, copy=True))
        else:
            levels = [level for level in column["levels"] if level != column.get("reference")]
            columns += [(values == level).to_numpy(dtype=float) for level in levels]
    matrix = np.column_stack(columns)
    if model["missing"] is not None and model["missing"]["policy"] == "mean":
        gaps = np.isnan(matrix)
        matrix[gaps] = np.broadcast_to(model["missing"]["means"], matrix.shape)[gaps]
    known = 0.0 if not model.get("offset") else frame[model["columns"]["offset"]].to_numpy()
    return model["intercept"] + matrix @ np.array(model["coef"]) + known


# ---- what the releases before wrote ----------------------------------------------------------------


def test_a_model_of_schema_2_predicts_what_its_numbers_say():
    """Written by the last release of schema 2: two levels with a feature each, an offset, means."""
    path = STORED / "model_schema_2.json"
    record = json.loads(path.read_text())
    assert record["version"] == 2
    fit = eq.load(path)
    assert fit.features == ("age", "sex=f", "sex=m", "bmi")
    new = pd.DataFrame({"bmi": [20.0, np.nan], "sex": ["m", "f"], "age": [np.nan, 50.0]})
    told = [
        0.3505155514810454 + 45.130434782608695 * 0.5346900443439481 + 0.0 + 20.0 * 0.7543982452681639,
        0.3505155514810454
        + 50.0 * 0.5346900443439481
        + 1.786726618120424
        + 22.135454545454543 * 0.7543982452681639,
    ]
    np.testing.assert_allclose(fit.predict(new), told, rtol=1e-15)
    np.testing.assert_allclose(by_hand(record["model"], new), told, rtol=1e-15)
    np.testing.assert_allclose(fit.predict(new, offset=[1.0, -1.0]), np.add(told, [1.0, -1.0]), rtol=1e-15)
    assert (fit.offset, fit.provenance) == (False, None)
    assert fit.columns == {"target": None, "weights": None, "offset": None, "exposure": None}


def test_a_formula_of_schema_2_is_read():
    """5 degrees of freedom would be other features; at age 60 the polynomial is computed from its state."""
    pytest.importorskip("formulaic")
    fit = eq.load(STORED / "model_schema_2_formula.json")
    new = pd.DataFrame({"age": [60.0, 20.0], "sex": ["m", "f"], "seen": [2.0, -1.55]})
    # At its upper bound the last function of the spline is 1, at its lower bound all are 0.
    told = [
        17.511890541195328 + 60 * 0.5484869004528596 - 1.5351902435681055 + 3.2683595383261506,
        17.511890541195328 + 20 * 0.5484869004528596,
    ]
    np.testing.assert_allclose(fit.predict(new), told, rtol=1e-13)


def test_a_model_of_schema_2_is_saved_as_one_of_schema_4(tmp_path):
    fit = eq.load(STORED / "model_schema_2.json")
    fit.save(tmp_path / "model.json")
    assert json.loads((tmp_path / "model.json").read_text())["version"] == 4
    assert eq.load(tmp_path / "model.json").to_dict() == fit.to_dict()


# ---- what a model remembers ------------------------------------------------------------------------


def test_a_model_knows_its_columns_and_where_it_comes_from(frame, tmp_path):
    fit = eq.fit(frame, "y", l1=2, sample_weight="heavy", offset="seen", missing="mean")
    assert fit.columns == {"target": "y", "weights": "heavy", "offset": "seen", "exposure": None}
    assert fit.offset
    assert fit.provenance["call"] == (
        "eq.fit(X, 'y', l1=2.0, missing='mean', sample_weight='heavy', offset='seen')"
    )
    assert (fit.provenance["source"], fit.provenance["rows"]) == ("pandas frame", ROWS)
    printed = str(fit)
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    assert loaded.columns == fit.columns
    assert loaded.provenance == fit.provenance
    assert str(loaded) == printed
    model = json.loads((tmp_path / "model.json").read_text())["model"]
    assert set(model["provenance"]) == {"version", "call", "source", "rows", "when"}
    arrays = eq.fit(frame[["seen"]].to_numpy(), frame.y, l1=2)
    assert arrays.columns == {"target": None, "weights": None, "offset": None, "exposure": None}
    assert (arrays.offset, arrays.provenance["source"]) == (False, "array")


def test_points_of_paths_and_cross_validations_remember_too(frame):
    whole = frame.dropna()
    for fit in (
        eq.path(whole, "y", offset="seen", count=3)[1],
        eq.cross_validate(whole, "y", offset="seen", count=3, folds=3).best,
        eq.relax(whole, "y", offset="seen", count=3, folds=3).best.lasso,
    ):
        assert fit.columns["target"] == "y"
        assert fit.offset
        with pytest.raises(ValueError, match="fitted with an offset"):
            fit.predict(whole.drop(columns="seen"))
    assert fit.provenance["rows"] == ROWS - 2


def test_files_name_themselves_and_their_columns(frame, tmp_path):
    pytest.importorskip("duckdb")
    path = tmp_path / "rows.csv"
    frame.dropna().to_csv(path, index=False)
    fit = eq.fit(str(path), "y", l1=2, offset="seen", sample_weight="heavy")
    assert fit.columns == {"target": "y", "weights": "heavy", "offset": "seen", "exposure": None}
    assert fit.offset
    assert (fit.provenance["source"], fit.provenance["rows"]) == (str(path), ROWS - 2)
    with pytest.raises(ValueError, match=r"column 'seen', which X lacks"):
        fit.predict(frame.dropna()[["age", "sex", "city"]])
    direct = eq.fit(frame.dropna(), "y", l1=2, offset="seen", sample_weight="heavy")
    np.testing.assert_allclose(fit.predict(frame.dropna()), direct.predict(frame.dropna()), rtol=1e-9)


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_an_offset_is_the_remembered_column_or_said(frame, library, tmp_path):
    whole = frame.dropna()
    if library != "pandas":
        other = pytest.importorskip(library)
        convert = other.from_pandas if library == "polars" else other.Table.from_pandas
        whole = convert(whole.reset_index(drop=True))
    eq.fit(whole, "y", l1=2, offset="seen").save(tmp_path / "model.json")
    fit = eq.load(tmp_path / "model.json")
    seen = frame.dropna().seen.to_numpy()
    bare = fit.predict(whole, offset=0)
    np.testing.assert_allclose(fit.predict(whole), bare + seen, rtol=1e-15)
    np.testing.assert_allclose(fit.predict(whole, offset="heavy"), bare + frame.dropna().heavy, rtol=1e-14)
    np.testing.assert_allclose(fit.predict(whole, offset=-seen), bare - seen, rtol=1e-15, atol=1e-13)
    np.testing.assert_allclose(fit.predict(whole, offset=np.float64(2.5)), bare + 2.5, rtol=1e-15)
    with pytest.raises(ValueError, match=r"\(column 'seen', which X lacks\): pass .* offset=0 on purpose"):
        fit.predict(np.ones((2, 5)))
    with pytest.raises(TypeError, match="offset is 'seen', but X has no column names"):
        fit.predict(np.ones((2, 5)), offset="seen")
    for wrong in (np.nan, np.inf, True, [1.0, 2.0]):
        with pytest.raises(ValueError, match="offset"):
            fit.predict(whole, offset=wrong)
    with pytest.raises(ValueError, match="offset 'none' is not a column"):
        fit.predict(whole, offset="none")


def test_an_offset_that_was_an_array_has_to_be_passed(frame):
    whole = frame.dropna()
    fit = eq.fit(whole[["age", "heavy"]], whole.y, l1=2, offset=whole.seen)
    with pytest.raises(ValueError, match="fitted with an offset: pass offset=, or offset=0 on purpose"):
        fit.predict(whole[["age", "heavy"]])
    assert np.array_equal(fit.predict(whole, offset=whole.seen), fit.predict(whole, offset="seen"))
    without = eq.fit(whole[["age", "heavy"]], whole.y, l1=2)
    assert np.array_equal(without.predict(whole), without.predict(whole, offset=0))


def test_a_frame_with_the_offset_serves_a_model_of_an_array(frame):
    """The features are found by position once the column of the offset is out of the way."""
    whole = frame.dropna()
    fit = eq.fit(whole[["age", "heavy"]].to_numpy(), whole.y, l1=2, offset=whole.seen)
    told = fit.predict(whole[["age", "heavy"]].to_numpy(), offset=whole.seen)
    np.testing.assert_array_equal(fit.predict(whole[["seen", "age", "heavy"]], offset="seen"), told)


def test_a_matrix_on_disk_remembers_its_offset(frame, tmp_path):
    pa = pytest.importorskip("pyarrow")
    table = pa.Table.from_pandas(frame.dropna()[["age", "heavy", "seen", "y"]].reset_index(drop=True))
    X = eq.Mapped(table)
    fit = eq.fit(X, "y", l1=2, offset="seen")
    np.testing.assert_allclose(
        fit.predict(X), fit.predict(X, offset=0) + table["seen"].to_numpy(), rtol=1e-14
    )
    with pytest.raises(ValueError, match="column 'seen', which X lacks"):
        fit.predict(X.pick(["age", "heavy"]))


def test_explain_finds_the_columns_again(frame, tmp_path):
    whole = frame.dropna()
    fit = eq.fit(whole, "y", l1=2, sample_weight="heavy", offset="seen")
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    assert loaded.explain("age", whole) == fit.explain("age")
    assert loaded.explain(whole).to_dict()["features"][0]["feature"] == "age"
    assert loaded.explain("age", whole, "y", sample_weight=whole.heavy, offset="seen") == fit.explain("age")
    assert loaded.what_if(l1=5.0, X=whole).after.certificate.optimal
    assert [row.feature for row in loaded.survivors(X=whole)] == [row.feature for row in fit.survivors()]
    with pytest.raises(ValueError, match="X lacks column 'heavy', which held the weights at the fit: pass"):
        loaded.explain("age", whole.drop(columns="heavy"))
    with pytest.raises(ValueError, match="needs the response y"):
        loaded.explain("age", whole.drop(columns="y"))
    with pytest.raises(ValueError, match="not the data the model was fitted to"):
        loaded.explain("age", whole, offset=np.zeros(len(whole)))


@pytest.mark.parametrize("missing", ["mean", "drop"])
def test_explain_treats_missing_values_as_the_fit_did(frame, missing, tmp_path):
    gappy = frame.copy()
    if missing == "drop":
        gappy.loc[5, "y"] = np.nan
    fit = eq.fit(gappy, "y", l1=2, offset="seen", missing=missing)
    fit.save(tmp_path / "model.json")
    assert eq.load(tmp_path / "model.json").explain("age", gappy) == fit.explain("age")


def test_what_is_loaded_can_be_pickled_and_copied(frame, tmp_path):
    fit = eq.fit(frame, "y", l1=2, offset="seen", missing="mean")
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    for one in (fit, loaded):
        for other in (copy.deepcopy(one), copy.copy(one), pickle.loads(pickle.dumps(one))):  # ours
            assert np.array_equal(other.predict(frame), fit.predict(frame))
            assert other.to_dict() == fit.to_dict()
            assert other.provenance == fit.provenance
            other.save(tmp_path / "again.json")
            assert (tmp_path / "again.json").read_bytes() == (tmp_path / "model.json").read_bytes()


@settings(max_examples=60, deadline=None)
@given(questions())
def test_every_fit_that_is_saved_is_read(tmp_path_factory, question):
    """Whatever is fitted, the checks of a file let it pass."""
    fit = eq.fit(question.X, question.y, **question.arguments)
    path = tmp_path_factory.mktemp("models") / "model.json"
    fit.save(path)
    assert eq.load(path).to_dict() == fit.to_dict()


# ---- files whose checksum is right -----------------------------------------------------------------


def seal(document):
    """The text of a document with a checksum that is right."""
    model = json.dumps(document["model"], sort_keys=True)
    return json.dumps(document | {"checksum": hashlib.sha256(model.encode()).hexdigest()})


def places(value, path=()):
    """The path of every entry of a document, objects and lists too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inner:
        yield (*path, key)
        yield from places(entry, (*path, key))


def put(document, path, value):
    changed = copy.deepcopy(document)
    within = changed
    for key in path[:-1]:
        within = within[key]
    if isinstance(within, dict) != isinstance(path[-1], str):
        raise TypeError("an object has names, a list has places")
    within[path[-1]] = value
    return changed


def leave_out(document, path):
    changed = copy.deepcopy(document)
    within = changed
    for key in path[:-1]:
        within = within[key]
    del within[path[-1]]
    return changed


WRONG = (
    *(None, True, False, 0, 1, -1, 10**400, 0.5, -0.5, 1e300, -1e300, 5e-324, "", "x", "age", "x" * 20_000),
    *([], [1.0], [[1.0]], [None], {}, {"x": 1.0}, "\ud800", "1.0", [True], 2**60),
)
TOKENS = ("NaN", "Infinity", "-Infinity", "1e400", "-1e999")


def try_one(text, path, frame):
    """Load, predict and explain a document: a sentence that names the file, or what its numbers say."""
    path.write_text(text)
    fit, error = told(lambda: eq.load(path))
    if error is not None:
        assert type(error) is ValueError
        assert str(error).startswith(str(path))
        assert len(str(error)) < len(str(path)) + 500
        assert error.__suppress_context__ or error.__context__ is None
        return False
    model = json.loads(text)["model"]
    found, error = told(lambda: fit.predict(frame))
    if error is None:
        assert np.isfinite(found).all()
        if "formula" not in model["encoding"]:
            np.testing.assert_allclose(found, by_hand(model, frame), rtol=1e-12, atol=1e-12)
    told(lambda: fit.explain(frame, "y"))
    return True


def told(call):
    """What a call returns, and None; or None, and the ValueError that it raises, which is one sentence."""
    try:
        return call(), None
    except ValueError as error:
        found = error
    assert "\n" not in str(found)
    return None, found


@pytest.fixture(params=["frame", "schema 2", "formula"])
def document(request, frame, tmp_path):
    """A model file as JSON, and a frame that it can predict."""
    if request.param == "schema 2":
        stored = json.loads((STORED / "model_schema_2.json").read_text())
        return stored, frame.rename(columns={"heavy": "bmi"})
    if request.param == "formula":
        pytest.importorskip("formulaic")
        whole = frame.dropna()
        X, y = eq.formula("y ~ age + C(city) + poly(heavy, 2) + bs(seen, df=4) + scale(age):sex", whole)
        fit = eq.fit(X, y, l1=0.1)
    else:
        whole = frame
        fit = eq.fit(frame, "y", l1=2, offset="seen", sample_weight="heavy", missing="mean", lower=-1.0)
    fit.save(tmp_path / "model.json")
    return json.loads((tmp_path / "model.json").read_text()), whole


def test_every_entry_in_turn_is_any_wrong_value(document, tmp_path):
    document, frame = document
    path = tmp_path / "forged.json"
    assert try_one(seal(document), path, frame)
    rng = np.random.default_rng(1)
    some = 4 if "formula" in document["model"]["encoding"] else 12  # formulas take their time
    refused = tried = 0
    for place in places(document["model"], ("model",)):
        for value in (WRONG[k] for k in rng.permutation(len(WRONG))[:some]):
            tried += 1
            refused += not try_one(seal(put(document, place, value)), path, frame)
        refused += not try_one(seal(leave_out(document, place)), path, frame)
        for token in TOKENS:
            text = json.dumps(put(document, place, "§§")).replace('"\\u00a7\\u00a7"', token)
            assert not try_one(text, path, frame), (place, token)
    assert refused > 0.8 * tried


def test_several_entries_at_once_are_any_wrong_value(document, tmp_path):
    document, frame = document
    rng = np.random.default_rng(0)
    path = tmp_path / "forged.json"
    known = list(places(document["model"], ("model",)))
    for _ in range(300):
        forged = document
        for _ in range(rng.integers(2, 5)):
            place = known[rng.integers(len(known))]
            value = WRONG[rng.integers(len(WRONG))]
            with suppress(KeyError, IndexError, TypeError):  # an entry of what is gone already
                forged = put(forged, place, value)
        try_one(seal(forged), path, frame)


def forge(frame, tmp_path, change):
    fit = eq.fit(frame, "y", l1=2, offset="seen", missing="mean", lower=-1.0)
    fit.save(tmp_path / "model.json")
    document = json.loads((tmp_path / "model.json").read_text())
    change(document["model"])
    (tmp_path / "model.json").write_text(seal(document))
    with pytest.raises(ValueError, match=r"model\.json is not a whole equipoise model: ") as caught:
        eq.load(tmp_path / "model.json")
    return str(caught.value)


FORGED = {
    "a null": (lambda m: m["coef"].__setitem__(0, None), "'coef' has null where a number stands"),
    "text": (lambda m: m["coef"].__setitem__(0, "1.5"), "'coef' has '1.5' where a number stands"),
    "too few": (lambda m: m["coef"].pop(), "'coef' is no list of 5 numbers"),
    "twice": (lambda m: m["features"].__setitem__(0, m["features"][1]), "'features' names one twice"),
    "enormous": (lambda m: m["features"].__setitem__(0, "x" * 10**6), "at most 10000 characters"),
    "no text": (lambda m: m["features"].__setitem__(0, 7), "'features' has 7 where a text"),
    "a flag": (lambda m: m.update(with_intercept=1), "'with_intercept' is 1, neither true nor false"),
    "no intercept": (lambda m: m.update(with_intercept=False), "an intercept that it says it lacks"),
    "crossed": (lambda m: m.update(lower=3.0, upper=2.0), "a lower bound exceeds the upper one"),
    "outside": (lambda m: m["coef"].__setitem__(0, -5.0), "a coefficient is outside its bounds"),
    "limits": (lambda m: m["limits"].__setitem__(0, 3.0), "the limits are not those that l1 makes"),
    "l1": (lambda m: m.update(l1=1.0), "the limits are not those that l1 makes"),
    "negative": (lambda m: m.update(l2=-1.0), "'l2' has -1.0 where a number of at least 0"),
    "infinite l2": (lambda m: m.update(l2=None), "'l2' has null"),
    "means": (lambda m: m["missing"]["means"].pop(), "'means' is no list of 5 numbers"),
    "policy": (lambda m: m["missing"].update(policy="drop"), "'means' is no list of 0 numbers"),
    "dropped": (lambda m: m["missing"].update(dropped=99), "other rows were dropped than values"),
    "levels": (
        lambda m: m["encoding"]["columns"][1]["levels"].append("x"),
        "'encoding' makes other features than 'features' names",
    ),
    "reading": (lambda m: m["encoding"]["reading"].update(decimal="x"), "decimal is 'x'"),
    "no reading": (lambda m: m["encoding"].pop("reading"), "'encoding' has not the entries columns, reading"),
    "more": (lambda m: m.update(more=1), "it has an entry 'more', which no model has"),
    "less": (lambda m: m.pop("limits"), "it has no entry 'limits'"),
    "zeros": (
        lambda m: m["certificate"].update(zeros_proved=[True]),
        "the certificate is of 1 features, not of 5",
    ),
    "proved": (
        lambda m: m["certificate"].update(zeros_proved=[True] * 5, support_proved=True),
        "the certificate proves another support",
    ),
    "a gap": (
        lambda m: m["certificate"].update(gap=1e9, relative_gap=1e3),
        "the certificate says optimal, at a gap larger than the objective",
    ),
    "a violation": (
        lambda m: m["certificate"].update(violation=0.5),
        "the certificate's status is NOT_UNIQUE, which its other entries contradict",
    ),
    "a status": (lambda m: m["certificate"].update(status="fine"), "the certificate's status is none of"),
    "two roles": (lambda m: m["columns"].update(weights="y"), "'columns' has one column in two roles"),
    "a feature": (lambda m: m["columns"].update(weights="age"), "'columns' has one column in two roles"),
    "no offset": (lambda m: m.update(offset=False), "'columns' names an offset, but 'offset' says"),
    "no time": (lambda m: m["provenance"].update(when="noon"), "'when' is 'noon', no time with its zone"),
    "no rows": (lambda m: m["provenance"].update(rows=0), "'rows' is 0, no number of rows"),
}


@pytest.mark.parametrize(("change", "told"), FORGED.values(), ids=FORGED)
def test_what_is_wrong_is_said(frame, tmp_path, change, told):
    sentence = forge(frame.drop(columns="heavy"), tmp_path, change)
    assert told in sentence
    assert sentence.endswith(": fit and save it again")


def test_an_entry_that_stands_twice_is_refused(frame, tmp_path):
    eq.fit(frame.dropna(), "y", l1=2).save(tmp_path / "model.json")
    text = (tmp_path / "model.json").read_text()
    (tmp_path / "model.json").write_text(text.replace('"intercept":', '"intercept": 7.0, "intercept":', 1))
    with pytest.raises(ValueError, match=r"model\.json is not a whole .* it has an entry twice"):
        eq.load(tmp_path / "model.json")


def test_a_model_that_could_not_be_read_is_not_written(frame, tmp_path):
    from dataclasses import replace

    fit = eq.fit(frame.dropna(), "y", l1=2)
    for change, told in (
        ({"intercept": float("nan")}, "not JSON compliant"),
        ({"features": ("a",) * len(fit.features)}, "this model cannot be saved: 'features' names one twice"),
        ({"certificate": replace(fit.certificate, status=Status.AT_PRECISION)}, "cannot be saved: the cert"),
    ):
        with pytest.raises(ValueError, match=told):
            replace(fit, **change).save(tmp_path / "model.json")
    assert not (tmp_path / "model.json").exists()


def test_a_score_finds_the_target_and_the_offset(frame, tmp_path):
    whole = frame.dropna()
    fit = eq.fit(whole, "y", l1=2, offset="seen")
    told = fit.score(whole)
    residual = whole.y - fit.predict(whole, offset=0) - whole.seen
    assert told.root_mean_squared_error == pytest.approx(np.sqrt(np.mean(residual**2)), rel=1e-12)
    null = whole.y - np.mean(whole.y - whole.seen) - whole.seen
    assert told.null_mean_absolute_error == pytest.approx(np.abs(null).mean(), rel=1e-12)
    assert fit.score(whole, "y", offset="seen") == told
    bare = whole.y - fit.predict(whole, offset=0)
    assert fit.score(whole, offset=0).mean_absolute_error == pytest.approx(np.abs(bare).mean(), rel=1e-12)
    with pytest.raises(ValueError, match="column 'seen', which X lacks"):
        fit.score(whole.drop(columns="seen"))
    with pytest.raises(ValueError, match="saved by an earlier release, which did not keep the mean of y"):
        eq.load(STORED / "model_schema_2.json").score(whole.rename(columns={"heavy": "bmi"}), "y")
