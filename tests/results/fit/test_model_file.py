"""Model files: what is saved predicts the same bit for bit, and what is no model is refused in a sentence."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import equipoise as eq

INF = np.inf


def data(seed: int = 1, n: int = 30, p: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * 10.0 ** rng.integers(-3, 4, size=p) + rng.normal(size=p)
    return X, X[:, :2] @ [2.0, -1.5] + 2.0 + rng.normal(size=n)


CASES = {
    "lasso": {"l1": 5.0},
    "no intercept": {"l1": 5.0, "intercept": False},
    "standardised": {"l1": 5.0, "standardize": True},
    "elastic net": {"l1": 5.0, "l2": 0.3},
    "ridge": {"l1": 0.0, "l2": 0.3},
    "factors": {"l1": [0.0, 1.0, INF, 5.0, 5.0, 1e-300]},
    "box": {"l1": 1.0, "lower": [-INF, 0.0, -0.1, -INF, 0.0, 0.1], "upper": [INF, INF, 0.1, 0.0, 1.0, 0.2]},
    "weights and offset": {"l1": 5.0, "sample_weight": np.arange(30.0) % 4, "offset": np.linspace(-1, 1, 30)},
    "all excluded": {"l1": INF},
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "model.json"


@pytest.mark.parametrize("case", CASES)
def test_a_round_trip_changes_nothing(case, file):
    X, y = data()
    fit = eq.fit(X, y, **CASES[case])
    fit.save(file)
    loaded = eq.load(file)
    assert np.array_equal(loaded.coef, fit.coef)
    assert loaded.coef.dtype == np.float64
    assert np.array_equal(np.signbit(loaded.coef), np.signbit(fit.coef))
    assert loaded.intercept == fit.intercept
    assert loaded.features == fit.features
    for name in ("l1", "l2", "limits", "lower", "upper"):
        assert np.array_equal(getattr(loaded, name), getattr(fit, name)), name
        assert type(getattr(loaded, name)) is type(getattr(fit, name)), name
    assert loaded.standardize == fit.standardize
    assert loaded.with_intercept == fit.with_intercept
    assert loaded.certificate.to_dict() == fit.certificate.to_dict()
    assert loaded.certificate.status is fit.certificate.status
    assert loaded.certificate.gap == fit.certificate.gap
    known = {"offset": CASES[case].get("offset")}
    assert np.array_equal(loaded.predict(X, **known), fit.predict(X, **known))
    assert loaded.to_dict() == fit.to_dict()
    assert loaded.provenance == fit.provenance


def test_a_saved_model_saves_again_to_the_same_bytes(file, tmp_path):
    X, y = data()
    eq.fit(X, y, l1=5.0).save(file)
    eq.load(file).save(tmp_path / "again.json")
    assert file.read_bytes() == (tmp_path / "again.json").read_bytes()


def test_a_fresh_process_predicts_the_same_bits(file, tmp_path):
    X, y = data()
    fit = eq.fit(X, y, l1=5.0, standardize=True)
    fit.save(str(file))
    np.save(tmp_path / "X.npy", X)
    script = (
        "import numpy as np, equipoise as eq, sys\n"
        f"fit = eq.load({str(file)!r})\n"
        f"np.save({str(tmp_path / 'predicted.npy')!r}, fit.predict(np.load({str(tmp_path / 'X.npy')!r})))\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)
    assert np.array_equal(np.load(tmp_path / "predicted.npy"), fit.predict(X))


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_fresh_process_reads_a_frame_with_text_and_gaps_to_the_same_bits(tmp_path, library):
    """Columns in another order, levels that do not occur, and what replaces a missing value."""
    pytest.importorskip(library)
    frames = pytest.importorskip("narwhals")
    X, y = data(p=2)
    X[3, 0] = np.nan
    values = {"age": X[:, 0], "kind": np.where(np.arange(30) % 3, "red", "blue").tolist(), "bmi": X[:, 1]}
    frame = frames.from_dict(values, backend=library).to_native()
    new, here = {}, []
    for missing in ("drop", "mean"):
        fit = eq.fit(frame, y, l1=0.5, missing=missing)
        fit.save(tmp_path / missing)
        new[missing] = {
            "kind": ["red", None if missing == "mean" else "red"],
            "bmi": [0.1, 0.7],
            "age": [1 / 3, -2.0],
        }
        here += fit.predict(frames.from_dict(new[missing], backend=library).to_native()).tolist()
    script = (
        "import narwhals, equipoise as eq\n"
        f"for missing, values in {new!r}.items():\n"
        f"    new = narwhals.from_dict(values, backend={library!r}).to_native()\n"
        "    print(*(value.hex() for value in eq.load(missing).predict(new).tolist()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [value.hex() for value in here]


def test_a_frame_is_read_by_name_though_the_model_was_fitted_on_an_array():
    pd = pytest.importorskip("pandas")
    X, y = data(p=2)
    fit = eq.fit(X, y, l1=0.5)
    assert np.array_equal(fit.predict(pd.DataFrame({"x2": X[:, 1], "x1": X[:, 0]})), fit.predict(X))
    assert np.array_equal(fit.predict(pd.DataFrame({"a": X[:, 0], "b": X[:, 1]})), fit.predict(X))


def test_points_of_paths_and_choices_of_cross_validation_are_models_too(file):
    X, y = data()
    point = eq.path(X, y, l1=np.linspace(0.5, 2, 6), strengths=[3.0])[0]
    point.save(file)
    assert np.array_equal(eq.load(file).l1, 3.0 * np.linspace(0.5, 2, 6))
    chosen = eq.cross_validate(X, y, folds=3, count=4).one_se
    chosen.save(file)
    assert np.array_equal(eq.load(file).predict(X), chosen.predict(X))


def test_a_frame_is_read_by_its_names(file):
    pd = pytest.importorskip("pandas")
    X, y = data(p=2)
    frame = pd.DataFrame({"age": X[:, 0], "kind": np.where(np.arange(30) % 3, "red", "blue"), "bmi": X[:, 1]})
    fit = eq.fit(frame, y, l1=0.5)
    fit.save(file)
    loaded = eq.load(file)
    assert loaded.features == ("age", "kind=red", "bmi")
    assert np.array_equal(loaded.predict(frame[["bmi", "kind", "age"]]), fit.predict(frame))
    assert loaded.explain("bmi", frame, y) == fit.explain("bmi")
    with pytest.raises(ValueError, match="green"):
        loaded.predict(frame.assign(kind="green"))


# ---- explaining what was loaded ------------------------------------------------------------------


def rows_of(sheet: eq.BalanceSheet) -> list[dict]:
    return sheet.to_dict()["features"]


@pytest.mark.parametrize("case", [name for name in CASES if name != "all excluded"])
def test_a_loaded_model_explains_as_the_original_does(case, file):
    X, y = data()
    arguments = CASES[case]
    fit = eq.fit(X, y, **arguments)
    fit.save(file)
    rest = {name: arguments.get(name) for name in ("sample_weight", "offset")}
    sheet = eq.load(file).explain(X, y, **rest)
    for one, other in zip(rows_of(sheet), rows_of(fit.explain()), strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            assert value == (
                pytest.approx(other[name], rel=1e-9, abs=1e-9) if isinstance(value, float) else other[name]
            )
    assert eq.load(file).explain("x1", X, y, **rest) == fit.explain("x1")


def test_without_its_data_a_loaded_model_cannot_explain(file):
    X, y = data()
    eq.fit(X, y, l1=5.0).save(file)
    loaded = eq.load(file)
    for call in (lambda: loaded.explain(), lambda: loaded.explain("x1")):
        with pytest.raises(ValueError, match=r"holds no data: call explain\(X, y\)"):
            call()
    with pytest.raises(ValueError, match="needs the response y"):
        loaded.explain(X)


def test_other_data_are_refused(file):
    X, y = data()
    eq.fit(X, y, l1=5.0, sample_weight=np.arange(1.0, 31.0)).save(file)
    loaded = eq.load(file)
    other, _ = data(2)
    wrong = {
        "other X": ((other, y), {"sample_weight": np.arange(1.0, 31.0)}),
        "other y": ((X, y[::-1]), {"sample_weight": np.arange(1.0, 31.0)}),
        "no weights": ((X, y), {}),
        "an offset": ((X, y), {"sample_weight": np.arange(1.0, 31.0), "offset": np.linspace(0, 1, 30)}),
        "fewer rows": ((X[:20], y[:20]), {"sample_weight": np.arange(1.0, 21.0)}),
    }
    for given, rest in wrong.values():
        with pytest.raises(ValueError, match="not the data the model was fitted to"):
            loaded.explain(*given, **rest)
    with pytest.raises(ValueError, match="5 features but the model has 6"):
        loaded.explain(X[:, :5], y)


# ---- what is no model ----------------------------------------------------------------------------


def refused(file, match: str) -> None:
    with pytest.raises(ValueError, match=match) as caught:
        eq.load(file)
    told = str(caught.value)
    assert type(caught.value) is ValueError
    assert str(file) in told
    assert "\n" not in told
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.fixture
def saved(file):
    X, y = data()
    eq.fit(X, y, l1=5.0).save(file)
    return file


def edited(file, change) -> None:
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))


def test_the_file_says_what_it_is(saved):
    document = json.loads(saved.read_text())
    assert document["format"] == "equipoise model"
    assert isinstance(document["version"], int)
    assert "NaN" not in saved.read_text()
    assert "Infinity" not in saved.read_text()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["model"]["coef"].__setitem__(0, 7.0),
        lambda d: d["model"].__setitem__("intercept", 0.0),
        lambda d: d["model"]["features"].reverse(),
        lambda d: d["model"].pop("limits"),
        lambda d: d["model"].__setitem__("extra", 1),
        lambda d: d["model"]["certificate"].__setitem__("gap", 0.0),
        lambda d: d.__setitem__("checksum", "0" * 64),
        lambda d: d.pop("checksum"),
        lambda d: d.pop("model"),
        lambda d: d.__setitem__("model", [1, 2]),
        lambda d: d.__setitem__("model", None),
    ],
)
def test_a_tampered_model_is_refused(saved, change):
    edited(saved, change)
    refused(saved, "changed or cut short")


def test_reformatted_json_is_the_same_model(saved):
    fit = eq.load(saved)
    saved.write_text(json.dumps(json.loads(saved.read_text()), separators=(",", ":")))
    assert np.array_equal(eq.load(saved).coef, fit.coef)


@pytest.mark.parametrize("version", [0, 1, 99, "2", None, [2], 3.0, True, 10**400])
def test_another_version_is_refused(saved, version):
    edited(saved, lambda d: d.__setitem__("version", version))
    refused(saved, "schema version .* this release reads versions 2, 3 and 4")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_file_is_refused(saved, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    refused(saved, "not JSON")


@pytest.mark.parametrize(
    "content",
    [
        b"x1,x2,y\n1,2,3\n",
        b"\x80\x04\x95pickle",
        b"PAR1\x00\xff\xfe",
        b"PK\x03\x04" + bytes(range(256)),
        b"{'format': 'equipoise model'}",
        '{"format": "equipoise model"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
    ],
)
def test_what_is_not_json_is_refused(file, content):
    file.write_bytes(content)
    refused(file, "is not an equipoise model")


@pytest.mark.parametrize(
    "document", [{}, [], 7, None, "equipoise model", {"format": "pickle"}, {"format": ["equipoise model"]}]
)
def test_json_that_is_no_model_is_refused(file, document):
    file.write_text(json.dumps(document))
    refused(file, "is not an equipoise model")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        eq.load(tmp_path / "nothing.json")


# ---- writing -------------------------------------------------------------------------------------


def test_saving_replaces_an_older_model(saved):
    X, y = data(3)
    newer = eq.fit(X, y, l1=0.5)
    newer.save(saved)
    assert np.array_equal(eq.load(saved).coef, newer.coef)
    assert os.listdir(saved.parent) == ["model.json"]


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_the_old_file_is_intact_when_a_write_fails(saved, failing, monkeypatch):
    before = saved.read_bytes()
    X, y = data(3)
    newer = eq.fit(X, y, l1=0.5)

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    match failing:
        case "write":
            # The disk is full after the file was opened.
            monkeypatch.setattr("os.fsync", fail)
            monkeypatch.setattr("pathlib.Path.replace", fail)
        case "fsync":
            monkeypatch.setattr("os.fsync", fail)
        case "replace":
            monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="no space left on device"):
        newer.save(saved)
    monkeypatch.undo()
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == ["model.json"], "no draft is left behind"


def test_where_nothing_can_be_written(saved, tmp_path):
    fit = eq.load(saved)
    with pytest.raises(FileNotFoundError, match="no folder"):
        fit.save(tmp_path / "nowhere" / "model.json")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        fit.save(tmp_path)
    saved.chmod(0o444)
    if not os.access(saved, os.W_OK):
        with pytest.raises(PermissionError, match="write-protected"):
            fit.save(saved)
