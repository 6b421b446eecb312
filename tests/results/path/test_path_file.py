"""Paths in files: what is loaded is what was saved, and what is no path, or no whole one, is refused."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.files.documents import checksum_of

INF = np.inf


def data(seed: int = 1, n: int = 30, p: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * 10.0 ** rng.integers(-2, 3, size=p) + rng.normal(size=p)
    return X, X[:, :2] @ [2.0, -1.5] + 2.0 + rng.normal(size=n)


CASES = {
    "lasso": {},
    "no intercept": {"intercept": False},
    "standardised": {"standardize": True},
    "elastic net": {"l2": 0.3},
    "ridge": {"l1": 0.0, "l2": 1.0, "strengths": [10.0, 1.0, 0.1]},
    "factors": {"l1": [0.0, 1.0, INF, 2.0, 0.5, 1.0]},
    "down to zero, in no order": {"l1": [1.0, 1.0, INF, 1.0, 1.0, 1.0], "strengths": [3.0, 0.0, 20.0, 3.0]},
    "box": {"lower": [-INF, 0.0, -0.1, -INF, 0.0, -INF], "upper": [INF, INF, 0.1, 0.0, 1.0, 0.2]},
    "weights and offset": {"sample_weight": np.arange(30.0) % 4, "offset": np.linspace(-1, 1, 30)},
    "nothing is ever in": {"l1": INF, "strengths": [1.0, 0.5]},
}


def path_of(case: str) -> tuple[eq.Path, np.ndarray]:
    X, y = data()
    return eq.path(X, y, **{"count": 12, **CASES[case]}), X


@pytest.fixture
def file(tmp_path):
    return tmp_path / "path.json"


@pytest.mark.parametrize("case", CASES)
def test_a_round_trip_changes_nothing(case, file, tmp_path):
    path, X = path_of(case)
    path.save(file)
    loaded = eq.load(file)
    assert type(loaded) is eq.Path
    for name in ("strengths", "coef", "intercept", "sd", "ever"):
        assert np.array_equal(getattr(loaded, name), getattr(path, name)), name
    assert loaded.features == path.features
    assert len(loaded) == len(path)
    assert [c.to_dict() for c in loaded.certificates] == [c.to_dict() for c in path.certificates]
    assert np.array_equal(loaded.predict(X, offset=0), path.predict(X, offset=0))
    assert str(loaded) == str(path)
    assert repr(loaded) == repr(path)
    assert loaded.to_dict() == {**path.to_dict(), "events": None}
    loaded.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_its_models_are_those_that_are_solved(case, file):
    """Coefficients to the digits of two ways of solving, everything else to the last one."""
    path, X = path_of(case)
    path.save(file)
    loaded = eq.load(file)
    for i, (mine, exact) in enumerate(zip(loaded, path, strict=True)):
        scale = np.abs(X).max(axis=0)
        assert mine.coef * scale == pytest.approx(exact.coef * scale, rel=1e-7, abs=1e-7)
        assert np.array_equal(mine.coef, path.coef[i])
        assert np.array_equal(mine.predict(X, offset=0), mine.intercept + X @ mine.coef)
        assert mine.certificate.optimal
        for name in ("l1", "l2", "lower", "upper"):
            assert np.array_equal(getattr(mine, name), getattr(exact, name)), name
            assert type(getattr(mine, name)) is type(getattr(exact, name)), name
        assert mine.limits == pytest.approx(exact.limits, rel=1e-15)
        for name in ("features", "standardize", "with_intercept", "null_prediction", "offset", "named"):
            assert getattr(mine, name) == getattr(exact, name), name


def test_the_file_read_by_another_reader(file):
    """Non-zero coefficients by strength, and runs of flags: rebuilt here without the library."""
    path, _ = path_of("standardised")
    path.save(file)
    document = json.loads(file.read_text())
    assert document["format"] == "equipoise path"
    record = document["path"]
    coef = np.zeros((12, 6))
    for row, own in zip(coef, record["coef"], strict=True):
        row[own["features"]] = own["values"]
        assert all(value != 0 for value in own["values"])
    assert np.array_equal(coef, path.coef)
    assert record["strengths"] == path.strengths.tolist()
    for runs, certificate in zip(record["certificates"]["zeros_proved"], path.certificates, strict=True):
        flags = [flag for k, run in enumerate(runs) for flag in [k % 2 == 1] * run]
        assert flags == certificate.zeros_proved.tolist()


def test_a_wide_path_makes_no_large_file(file):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 3000))
    path = eq.path(X, X[:, 0] - X[:, 7] + 0.1 * rng.normal(size=20), count=50)
    path.save(file)
    dense = len(path) * len(path.features)
    assert file.read_text().count("\n") < 0.2 * dense  # an entry has a line
    loaded = eq.load(file)
    assert np.array_equal(loaded.coef, path.coef)
    for mine, other in zip(loaded.certificates, path.certificates, strict=True):
        assert np.array_equal(mine.zeros_proved, other.zeros_proved)


@pytest.mark.parametrize("missing", ["error", "mean"])
def test_a_fresh_process_reads_a_frame_to_the_same_bits(file, missing):
    pd = pytest.importorskip("pandas")
    X, y = data(p=2)
    kinds = np.array(["red", "blue", "green"])[np.arange(30) % 3]
    frame = pd.DataFrame({"age": X[:, 0], "kind": kinds, "bmi": X[:, 1]})
    if missing == "mean":
        frame.loc[3, "age"] = np.nan
    path = eq.path(frame, y, count=5, missing=missing)
    path.save(file)
    new = {"bmi": [0.1, 0.7], "kind": ["red", "blue"], "age": [1 / 3, None if missing == "mean" else 2.0]}
    script = (
        "import pandas, equipoise as eq\n"
        f"found = eq.load({str(file)!r}).predict(pandas.DataFrame({new!r}))\n"
        "print(*(value.hex() for value in found.ravel().tolist()))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [value.hex() for value in path.predict(pd.DataFrame(new)).ravel().tolist()]
    loaded = eq.load(file)
    assert str(loaded) == str(path)
    if missing == "error":
        with pytest.raises(ValueError, match="'pink'"):
            loaded.predict(pd.DataFrame({**new, "kind": ["red", "pink"]}))


def test_a_path_of_a_formula(file):
    pytest.importorskip("formulaic")
    pd = pytest.importorskip("pandas")
    X, y = data(p=2)
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": y})
    path = eq.path(*eq.formula("y ~ a + poly(b, 2)", table), count=4)
    path.save(file)
    assert np.array_equal(eq.load(file).predict(table), path.predict(table))


# ---- without data --------------------------------------------------------------------------------


@pytest.fixture
def loaded(file):
    path_of("lasso")[0].save(file)
    return eq.load(file)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda path: path.at(0.123), "the strength 0.123, which is none of its own, would need them"),
        (lambda path: path.predict(data()[0], 0.123), "the strength 0.123"),
        (lambda path: path.events, "events, unless they were read before it was saved, would need them"),
        (lambda path: path.criteria(), r"criteria\(\) would need them"),
        (lambda path: path.report(), "a report would need them"),
        (lambda path: path.plot(events=True), "events"),
    ],
)
def test_what_needs_the_data_says_so(loaded, call, what):
    with pytest.raises(ValueError, match=f"loaded from a file, which holds no data: {what}"):
        call(loaded)


def test_its_models_explain_when_they_get_the_data_again(loaded):
    X, y = data()
    fit = loaded[4]
    with pytest.raises(ValueError, match="holds no data"):
        fit.explain()
    exact = eq.fit(X, y, l1=float(loaded.strengths[4]))
    assert fit.explain("x2", X, y) == exact.explain("x2")


def test_events_are_kept_if_they_were_read(file):
    path, _ = path_of("lasso")
    found = path.events
    assert len(found) > 2
    path.save(file)
    assert eq.load(file).events == found
    assert eq.load(file).to_dict() == path.to_dict()


def test_events_saved_without_an_accuracy_are_read(file):
    path, _ = path_of("lasso")
    assert all(event.accuracy < 1e-9 for event in path.events)
    path.save(file)
    rewritten(file, lambda r: [event.pop("accuracy") for event in r["events"]])
    assert eq.load(file).events == tuple(replace(event, accuracy=None) for event in path.events)


def test_a_loaded_path_draws_itself(loaded):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    drawn = loaded.plot(Figure().subplots(), per_sd=True)
    exact = path_of("lasso")[0].plot(Figure().subplots(), per_sd=True, events=False)
    assert {*drawn.lines_} == {*exact.lines_}
    for name, line in drawn.lines_.items():
        assert np.array_equal(line.get_ydata(), exact.lines_[name].get_ydata(), equal_nan=True)
    assert drawn.events is None


def test_a_loaded_path_makes_a_frame(loaded):
    pd = pytest.importorskip("pandas")
    pd.testing.assert_frame_equal(loaded.to_frame("pandas"), path_of("lasso")[0].to_frame("pandas"))


# ---- what is no path -----------------------------------------------------------------------------


def rewritten(file, change) -> None:
    """Change a path file as somebody would who knows how to forge its checksum."""
    document = json.loads(file.read_text())
    change(document["path"])
    document["checksum"] = checksum_of(document["path"])
    file.write_text(json.dumps(document))


CHANGES = {
    "a strength is cut": lambda r: r["strengths"].pop(),
    "no strength": lambda r: r.__setitem__("strengths", []),
    "a negative strength": lambda r: r["strengths"].__setitem__(0, -1.0),
    "a strength in words": lambda r: r["strengths"].__setitem__(0, "2"),
    "a strength is true": lambda r: r["strengths"].__setitem__(0, True),
    "no number": lambda r: r["strengths"].__setitem__(0, None),
    "an intercept is cut": lambda r: r["intercept"].pop(),
    "the intercept is one number": lambda r: r.__setitem__("intercept", 2.0),
    "coefficients are cut": lambda r: r["coef"].pop(),
    "a coefficient is cut": lambda r: r["coef"][-1]["values"].pop(),
    "a coefficient is missing": lambda r: r["coef"][-1]["values"].__setitem__(0, None),
    "a feature beyond the last": lambda r: r["coef"][-1]["features"].__setitem__(-1, 6),
    "a feature twice": lambda r: r["coef"][-1]["features"].__setitem__(1, r["coef"][-1]["features"][0]),
    "a feature before the first": lambda r: r["ever"].__setitem__(0, -1),
    "a feature that is never in": lambda r: (r["ever"].pop(), r["sd"].pop()),
    "a standard deviation is cut": lambda r: r["sd"].pop(),
    "a certificate is cut": lambda r: r["certificates"]["gap"].pop(),
    "an unknown status": lambda r: r["certificates"]["status"].__setitem__(0, "SPLENDID"),
    "a flag is a number": lambda r: r["certificates"]["unique"].__setitem__(0, 1),
    "runs of another length": lambda r: r["certificates"]["zeros_proved"].__setitem__(0, [1, 1]),
    "negative runs": lambda r: r["certificates"]["zeros_proved"].__setitem__(0, [-1, 7]),
    "no certificates": lambda r: r.pop("certificates"),
    "no model": lambda r: r.pop("model"),
    "a name is cut": lambda r: r["model"]["features"].pop(),
    "a limit is cut": lambda r: r["model"]["limits"].pop(),
    "an event of nobody": lambda r: r.__setitem__(
        "events", [{"strength": 1.0, "feature": "x9", "kind": "enters", "sign": 1}]
    ),
    "an event without a sign": lambda r: r.__setitem__("events", [{"strength": 1.0, "feature": "x1"}]),
    "an event of negative accuracy": lambda r: r.__setitem__(
        "events", [{"strength": 1.0, "feature": "x1", "kind": "enters", "sign": 1, "accuracy": -1.0}]
    ),
    "events are a number": lambda r: r.__setitem__("events", 3),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_path_that_is_not_whole_is_refused(loaded, file, change):
    rewritten(file, CHANGES[change])
    with pytest.raises(ValueError, match=r"is not a whole equipoise path: .* save it again") as caught:
        eq.load(file)
    assert str(file) in str(caught.value)


def test_a_rewritten_file_that_is_whole_is_a_path(loaded, file):
    rewritten(file, lambda record: record["coef"][-1]["values"].__setitem__(0, 2.5))
    assert 2.5 in eq.load(file).coef[-1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["path"]["strengths"].__setitem__(0, 7.0), "changed or cut short"),
        (lambda d: d.__setitem__("format", "equipoise model"), "changed or cut short"),
        (
            lambda d: d.__setitem__("format", "equipoise tale"),
            "not an equipoise model, path or cross-validat",
        ),
        (lambda d: d.__setitem__("format", "path"), "not an equipoise model, path or cross-validation"),
        (lambda d: d.__setitem__("version", 1), "is a path of schema version 1; this release reads version"),
    ],
)
def test_a_changed_file_is_refused(loaded, file, change, said):
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))
    with pytest.raises(ValueError, match=said) as caught:
        eq.load(file)
    assert str(file) in str(caught.value)


def test_constants_that_are_not_json_are_refused(loaded, file):
    file.write_text(file.read_text().replace('"sd": [', '"sd": [NaN,', 1))
    with pytest.raises(ValueError, match=f"{file} is not a whole .*: it holds NaN, which is no number"):
        eq.load(file)


def test_a_path_with_an_offset_predicts_with_it_or_refuses(file):
    pd = pytest.importorskip("pandas")
    X, y = data()
    frame = pd.DataFrame(X, columns=[f"a{j}" for j in range(X.shape[1])]).assign(
        y=y, seen=np.arange(len(y)) / 7
    )
    path = eq.path(frame, "y", offset="seen", count=4)
    path.save(file)
    for one in (path, eq.load(file)):
        bare = one.predict(frame, offset=0)
        np.testing.assert_allclose(one.predict(frame), bare + frame.seen.to_numpy()[:, None], rtol=1e-14)
        np.testing.assert_allclose(one.predict(frame, offset=2.0), bare + 2.0, rtol=1e-14)
        for call in (one.predict, one[1].predict):
            with pytest.raises(ValueError, match=r"column 'seen', which X lacks\): pass offset="):
                call(frame.drop(columns="seen"))
    loaded = eq.load(file)
    assert loaded[1].provenance["call"].startswith("eq.path(X, 'y', offset='seen'")
    assert loaded[1].columns == {"target": "y", "weights": None, "offset": "seen", "exposure": None}
