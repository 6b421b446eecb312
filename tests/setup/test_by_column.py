"""The response and its kin by the names of their columns, wherever the columns are."""

import numpy as np
import pytest

import equipoise as eq

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(200, 5)), columns=list("abcde"))
    frame["s"], frame["o"] = rng.integers(0, 3, 200), rng.normal(size=200)
    frame["fold"] = rng.integers(0, 4, 200)
    frame["y"] = frame["a"] - 2 * frame["b"] + rng.normal(size=200)
    return frame


def kinds(table, folder, mapped=True):
    import duckdb
    import polars as pl

    table.to_csv(folder / "t.csv", index=False)
    table.to_parquet(folder / "t.parquet")
    arrow = pa.Table.from_pandas(table)
    return {
        "pandas": table,
        "polars": pl.from_pandas(table),
        "arrow": arrow,
        "file": str(folder / "t.csv"),
        "path": folder / "t.parquet",
        "query": f"SELECT * FROM '{folder}/t.parquet'",
        "relation": duckdb.connect().from_df(table),
        "mapped": eq.Mapped(arrow) if mapped else None,
    }


def as_frame(table, library):
    import polars as pl

    return {"pandas": lambda t: t, "polars": pl.from_pandas, "arrow": pa.Table.from_pandas}[library](table)


KINDS = ["pandas", "polars", "arrow", "file", "path", "query", "relation", "mapped"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_role_may_be_a_column(table, tmp_path, kind):
    X = table[["a", "b", "c", "d", "e"]]
    source = kinds(table, tmp_path)[kind]
    there = eq.fit(table[[*X, "fold"]], table["y"], l1=30, sample_weight=table["s"], offset=table["o"])
    found = eq.fit(source, "y", l1=30, sample_weight="s", offset="o")
    assert found.features == ("a", "b", "c", "d", "e", "fold")
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9, atol=1e-12)
    cv = eq.cross_validate(source, "y", folds="fold", sample_weight="s", offset="o", count=10)
    same = eq.cross_validate(
        X, table["y"], folds=table["fold"], sample_weight=table["s"], offset=table["o"], count=10
    )
    np.testing.assert_allclose(cv.fold_loss, same.fold_loss, rtol=1e-9)
    path = eq.path(source, "y", sample_weight="s", offset="o", strengths=[30.0])
    np.testing.assert_allclose(path.coef[0], found.coef, rtol=1e-9, atol=1e-12)


def test_what_a_verb_reads_of_a_mapped_matrix_is_counted(table):
    X = eq.Mapped(pa.Table.from_pandas(table))
    fit = eq.fit(X, "y", l1=1)
    assert 0.5 < X.passes < 5
    np.testing.assert_allclose(fit.predict(X), fit.predict(table.drop(columns="y")), rtol=1e-12)


def test_a_stream_is_read_once(table):
    reader = pa.Table.from_pandas(table).to_reader()
    found = eq.cross_validate(reader, "y", folds=3, count=5)
    assert found.fold_loss.shape == (5, 3)


def test_rows_without_a_response_may_be_dropped(table):
    gappy = table.assign(y=table["y"].where(table.index != 7))
    found = eq.fit(gappy, "y", l1=30, missing="drop")
    there = eq.fit(table.drop(index=7).drop(columns="y"), table["y"].drop(7), l1=30)
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9)
    with pytest.raises(ValueError, match="y 'y' holds 1 missing value"):
        eq.fit(gappy, "y", l1=30)


VERBS = {
    "relax": lambda X, y, **more: eq.relax(X, y, folds=3, count=5, **more).mean,
    "adapt": lambda X, y, **more: eq.adapt(X, y, folds=3, count=5, **more).cv.mean,
    "stability_selection": lambda X, y, **more: eq.stability_selection(X, y, pairs=5, q=2, **more).frequency,
    "debias": lambda X, y, **more: eq.debias(X, y, **more).estimate,
    "selective_intervals": lambda X, y, **more: eq.selective_intervals(X, y, l1=40.0, **more).lower,
    "trace": lambda X, y, **more: eq.trace(X, y, l1=30.0, **more).coef,
    "audit": lambda X, y, **more: eq.audit(X, y, {"a": 0.9}, 0.1, l1=30.0, **more).excess,
    "audit glmnet": lambda X, y, **more: (
        eq.audit(X, y, {"a": 0.9}, 0.1, convention="glmnet", strength=0.1, **more).excess
    ),
}
WEIGHED = ["relax", "adapt", "stability_selection", "audit", "audit glmnet"]
SHIFTED = [*WEIGHED, "debias", "selective_intervals"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
def test_every_other_verb_takes_names_too(table, verb, library):
    frame = as_frame(table, library)
    X, roles, columns = table.drop(columns="y"), {}, {}
    for role, name, verbs in (("sample_weight", "s", WEIGHED), ("offset", "o", SHIFTED)):
        if verb in verbs:
            roles[role], columns[role] = name, table[name]
            X = X.drop(columns=name)
    found, there = VERBS[verb](frame, "y", **roles), VERBS[verb](X, table["y"], **columns)
    np.testing.assert_allclose(found, there, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("verb", VERBS)
def test_every_other_verb_drops_rows_with_gaps(table, verb):
    gappy = table.assign(y=table["y"].where(table.index != 7), a=table["a"].where(table.index != 11))
    complete = table.drop(index=[7, 11])
    found = VERBS[verb](gappy, "y", missing="drop")
    there = VERBS[verb](complete.drop(columns="y"), complete["y"])
    np.testing.assert_allclose(found, there, rtol=1e-9, atol=1e-12)
    with pytest.raises(ValueError, match="missing value"):
        VERBS[verb](gappy, "y")


@pytest.mark.parametrize("verb", VERBS)
def test_means_stand_in_for_gaps(table, verb):
    gappy = table.assign(a=table["a"].where(table.index != 11))
    filled = gappy.assign(a=gappy["a"].fillna(gappy["a"].mean()))
    found = VERBS[verb](gappy, "y", missing="mean")
    there = VERBS[verb](filled, "y")
    if verb in ("relax", "adapt"):  # whose folds have means of their own
        assert np.isfinite(found).all()
        assert not np.array_equal(found, there)
    elif verb != "stability_selection":
        np.testing.assert_allclose(found, there, rtol=1e-9, atol=1e-12)


def test_each_half_of_a_stability_selection_has_means_of_its_own():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(40, 6)) + 5.0
    y = X @ [2.0, 1.5, 1.0, 0.8, 0.5, 0.0] + rng.normal(size=40)
    X[rng.random(X.shape) < 0.3] = np.nan
    found = eq.stability_selection(X, y, pairs=8, q=2, missing="mean", random_state=3)
    count, draw = np.zeros(6), np.random.default_rng(3)
    for _ in range(8):
        order = draw.permutation(40)
        for half in (np.sort(order[:20]), np.sort(order[20:])):
            part = np.where(np.isnan(X[half]), np.nanmean(X[half], axis=0), X[half])
            entries = [
                e.feature for e in eq.path(part, y[half], standardize=True).events if e.kind == "enters"
            ]
            for name in list(dict.fromkeys(entries))[:2]:
                count[int(name[1:]) - 1] += 1
    np.testing.assert_array_equal(found.frequency, count / 16)


@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
@pytest.mark.parametrize("column", ["fold", "site"])
def test_groups_and_folds_may_be_columns(table, library, column):
    from sklearn.model_selection import GroupKFold

    if column == "site":
        cities = {0: "Oslo", 1: "Bergen", 2: "Rome", 3: "Turin"}
        table = table.assign(site=table["fold"].map(cities)).drop(columns="fold")
    frame = as_frame(table, library)
    X, groups = table.drop(columns=["y", column]), table[column].to_numpy()
    for verb in (eq.cross_validate, eq.relax):
        named = verb(frame, "y", folds=GroupKFold(4), groups=column, count=5)
        there = verb(X, table["y"], folds=GroupKFold(4), groups=groups, count=5)
        np.testing.assert_allclose(named.fold_loss, there.fold_loss, rtol=1e-9)
        held = verb(frame, "y", folds=column, count=5)
        same = verb(X, table["y"], folds=groups, count=5)
        np.testing.assert_allclose(held.fold_loss, same.fold_loss, rtol=1e-9)


@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
def test_a_loaded_model_takes_its_data_by_name(table, tmp_path, library):
    frame = as_frame(table, library)
    fit = eq.fit(frame, "y", l1=30, sample_weight="s", offset="o")
    fit.save(tmp_path / "model.json")
    loaded, data = eq.load(tmp_path / "model.json"), {"sample_weight": "s", "offset": "o"}
    assert loaded.explain(frame, "y", **data).to_dict() == fit.explain().to_dict()
    assert loaded.explain("a", frame, "y", **data) == fit.explain("a")
    data |= {"X": frame, "y": "y"}
    assert loaded.what_if(without=["a"], **data).entered == fit.what_if(without=["a"]).entered
    assert [row.feature for row in loaded.survivors(**data)] == [row.feature for row in fit.survivors()]


def test_weights_may_be_a_column_where_the_response_is_none(table):
    X = table.drop(columns="y")
    found = eq.fit(X, table["y"], l1=30, sample_weight="s")
    there = eq.fit(X.drop(columns="s"), table["y"], l1=30, sample_weight=table["s"])
    assert found.features == there.features
    np.testing.assert_array_equal(found.coef, there.coef)


def test_a_formula_takes_the_columns_of_its_data(table):
    pytest.importorskip("formulaic")
    X, y = eq.formula("y ~ a + b:c", table)
    found = eq.fit(X, y, l1=3, sample_weight="s")
    there = eq.fit(X, y, l1=3, sample_weight=table["s"])
    np.testing.assert_array_equal(found.coef, there.coef)


@pytest.mark.parametrize("verb", [name for name in VERBS if not name.startswith("audit")])
def test_what_needs_rows_says_so_before_it_reads(verb):
    with pytest.raises(TypeError, match=f"{verb} needs the rows themselves, and X is not in memory"):
        VERBS[verb]("none.csv", "y")
    with pytest.raises(TypeError, match=f"{verb} needs the rows themselves, of which gathered data keep"):
        VERBS[verb](eq.gather(np.eye(30), np.arange(30.0), folds=None), None)


@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
@pytest.mark.parametrize("role", ["folds", "groups"])
def test_a_missing_label_is_no_fold_of_its_own(table, library, role):
    from sklearn.model_selection import LeaveOneGroupOut

    site = table["fold"].map({0: "Oslo", 1: "Bergen", 2: "Rome", 3: None})
    frame = as_frame(table.assign(site=site), library)
    more = {"folds": "site"} if role == "folds" else {"folds": LeaveOneGroupOut(), "groups": "site"}
    first = int((table["fold"] == 3).to_numpy().argmax())
    with pytest.raises(
        ValueError, match=rf"{role} 'site' holds \d+ missing values \(NaN or null; first at row {first},"
    ):
        eq.cross_validate(frame, "y", count=3, **more)


def test_a_column_that_a_formula_uses_has_no_other_role(table):
    pytest.importorskip("formulaic")
    X, y = eq.formula("y ~ a + b:c", table)
    with pytest.raises(TypeError, match="y is 'y', but X is of a formula: pass the y that"):
        eq.fit(X, "y", l1=1)
    with pytest.raises(ValueError, match="column 'c' is named, but the formula 'y ~ a"):
        eq.fit(X, y, l1=1, offset="c")


def test_a_loaded_model_is_not_explained_on_other_columns(table, tmp_path):
    features = ["a", "b", "c"]
    eq.fit(table[features], table["y"], l1=1e4).save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    table[["c", "y", "a", "b"]].to_csv(tmp_path / "other.csv", index=False)
    with pytest.raises(ValueError, match="feature 1 of X is 'c' but of the model 'a'"):
        loaded.explain("a", eq.gather(tmp_path / "other.csv", "y"))
    table[[*features, "y"]].to_csv(tmp_path / "same.csv", index=False)
    told = loaded.explain("a", tmp_path / "same.csv", "y")
    assert told == loaded.explain("a", table[["c", "y", "a", "b"]], "y")
    assert told == loaded.explain("a", tmp_path / "other.csv", "y")  # by name, as a frame is
    table[["c", "y", "b"]].to_csv(tmp_path / "fewer.csv", index=False)
    with pytest.raises(ValueError, match="X lacks columns on which the model was fitted: 'a'"):
        loaded.explain("a", tmp_path / "fewer.csv", "y")


def test_one_column_has_one_role(table):
    with pytest.raises(ValueError, match="column 's' is named both as sample_weight and as offset"):
        eq.fit(table, "y", l1=1, sample_weight="s", offset="s")
    with pytest.raises(
        TypeError, match="sample_weight is 's', but X has no column names: pass one value a row"
    ):
        eq.fit(np.eye(3), [1, 2, 3], l1=1, sample_weight="s")
    with pytest.raises(ValueError, match="groups 'sitee' is not a column of the table"):
        eq.cross_validate(table, "y", groups="sitee")


def test_what_cannot_be_named_is_said(table, tmp_path):
    file = kinds(table, tmp_path)["file"]
    X, y = table.drop(columns="y"), table["y"]
    with pytest.raises(ValueError, match="y 'yy' is not a column of the table: did you mean 'y'"):
        eq.fit(table, "yy", l1=1)
    with pytest.raises(ValueError, match="there is no column 'yy': did you mean 'y'"):
        eq.fit(file, "yy", l1=1)
    with pytest.raises(TypeError, match="y is missing: name the column of X to explain"):
        eq.fit(X, l1=1)
    for given in (None, y):
        with pytest.raises(TypeError, match="X is not in memory: name the column of it to explain as y"):
            eq.fit(file, given, l1=1)
    with pytest.raises(TypeError, match="y is 'y', but X has no column names: pass the response itself"):
        eq.fit(np.eye(3), "y", l1=1)
    with pytest.raises(
        TypeError, match="sample_weight of data that are not in memory is the name of a column"
    ):
        eq.fit(file, "y", l1=1, sample_weight=y)
    with pytest.raises(TypeError, match="folds of data that are not in memory is a number or the name"):
        eq.cross_validate(file, "y", folds=table["fold"])
    with pytest.raises(ValueError, match="missing is 'mean', but the means of data that are read in batches"):
        eq.path(file, "y", missing="mean")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        eq.fit("none.csv", "y", l1=1)


# ---- which columns are features, and their names -----------------------------------------------

EVERY = {
    "fit": lambda X, y, **more: eq.fit(X, y, l1=30.0, **more).coef,
    "path": lambda X, y, **more: eq.path(X, y, count=5, **more).coef,
    "cross_validate": lambda X, y, **more: eq.cross_validate(X, y, folds=3, count=5, **more).mean,
    **VERBS,
}


def same_to_rounding(found, expected):
    """Old releases of pandas lay the same numbers out in another order, in which they are summed."""
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("verb", EVERY)
@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
def test_every_verb_chooses_columns(table, verb, library):
    frame, by_hand = as_frame(table, library), table[["c", "a", "b"]].to_numpy()
    named = {"names": ["c", "a", "b"]}
    there = EVERY[verb](by_hand, table["y"].to_numpy(), **named)
    for choice in ({"features": ["c", "a", "b"]}, {"features": ["c", "a", "e", "b"], "drop": ["e"]}):
        same_to_rounding(EVERY[verb](frame, "y", **choice), there)
    in_order = EVERY[verb](table[["a", "b", "c"]].to_numpy(), table["y"].to_numpy(), names=["a", "b", "c"])
    dropped = EVERY[verb](frame, "y", drop=["d", "e", "s", "o", "fold"])
    same_to_rounding(dropped, in_order)


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_chosen_wherever_they_are(table, tmp_path, kind):
    source = kinds(table, tmp_path)[kind]
    found = eq.fit(source, "y", l1=30, features=["c", "a"], sample_weight="s")
    there = eq.fit(table[["c", "a"]].to_numpy(), table["y"].to_numpy(), l1=30, sample_weight=table["s"])
    assert found.features == ("c", "a")
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9)
    dropped = eq.fit(source, "y", l1=30, drop=["b", "d", "e", "fold"], sample_weight="s", offset="o")
    assert dropped.features == ("a", "c")
    for argument in ("features", "drop"):
        with pytest.raises(ValueError, match=f"{argument} names 's', which is sample_weight and so no"):
            eq.fit(source, "y", l1=30, sample_weight="s", **{argument: ["a", "s"]})
        with pytest.raises(TypeError, match=f"{argument} is the text 'ab': pass a list of names"):
            eq.fit(source, "y", l1=30, **{argument: "ab"})
    with pytest.raises(ValueError, match="names is for data without column names"):
        eq.fit(source, "y", l1=30, names=list(table.columns))


def test_a_response_beside_a_frame_leaves_the_choice_of_columns(table):
    X, y = table.drop(columns="y"), table["y"]
    found = eq.fit(X, y, l1=30, drop=["s", "o", "fold"])
    np.testing.assert_array_equal(found.coef, eq.fit(X[list("abcde")], y, l1=30).coef)
    np.testing.assert_array_equal(found.predict(X), found.predict(X[list("edcba")]))


@pytest.mark.parametrize("kind", ["array", "list", "Fortran", "csr", "coo", "npy", "memmap"])
def test_arrays_have_names_and_are_chosen_by_them(table, tmp_path, kind):
    from scipy import sparse

    numbers, names = table.to_numpy(), list(table.columns)
    np.save(tmp_path / "t.npy", numbers)
    X = {
        "array": lambda: numbers,
        "list": lambda: numbers.tolist(),
        "Fortran": lambda: np.asfortranarray(numbers),
        "csr": lambda: sparse.csr_array(numbers),
        "coo": lambda: sparse.coo_matrix(numbers),
        "npy": lambda: eq.Mapped(tmp_path / "t.npy"),
        "memmap": lambda: np.load(tmp_path / "t.npy", mmap_mode="r"),
    }[kind]()
    roles = {"sample_weight": "s", "offset": "o"}
    there = eq.fit(table, "y", l1=30, **roles)
    found = eq.fit(X, "y", l1=30, names=names, **roles)
    assert found.features == there.features == ("a", "b", "c", "d", "e", "fold")
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9, atol=1e-12)
    few = eq.fit(X, table["y"].to_numpy(), l1=30, names=names, features=["e", "a"], lower={"e": 0.0})
    same = eq.fit(table[["e", "a"]], table["y"], l1=30, lower=[0.0, -np.inf])
    assert few.features == ("e", "a")
    np.testing.assert_allclose(few.coef, same.coef, rtol=1e-9, atol=1e-12)
    unnamed = eq.fit(X, table["y"].to_numpy(), l1=30, features=["x5", "x1"])
    assert unnamed.features == ("x5", "x1")
    np.testing.assert_allclose(unnamed.coef, eq.fit(table[["e", "a"]], table["y"], l1=30).coef, rtol=1e-9)
    with pytest.raises(ValueError, match=r"y 'z' is not a column of X: the columns are 'a', 'b'"):
        eq.fit(X, "z", l1=30, names=names)
    with pytest.raises(ValueError, match="names has 2 names but X has 9 columns"):
        eq.fit(X, table["y"].to_numpy(), l1=30, names=["a", "b"])


@pytest.mark.parametrize("missing", ["error", "drop", "mean"])
def test_names_of_an_array_are_told_where_a_value_is_missing(table, missing):
    X, y = table[["a", "b"]].to_numpy(copy=True), table["y"].to_numpy()
    X[3, 1] = np.nan
    if missing == "error":
        with pytest.raises(ValueError, match="X column 'bmi' holds 1 NaN"):
            eq.fit(X, y, l1=1, names=["age", "bmi"], sample_weight=np.ones(200))
    else:
        fit = eq.fit(X, y, l1=1, names=["age", "bmi"], missing=missing)
        assert fit.missing.counts == (("bmi", 1),)


def test_a_named_array_is_saved_and_explained(table, tmp_path):
    X, y = table[["a", "b"]].to_numpy(), table["y"].to_numpy()
    fit = eq.fit(X, y, l1=30, names=["age", "bmi"])
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    assert loaded.features == ("age", "bmi")
    assert loaded.explain("bmi", X, y) == fit.explain("bmi")
    frame = pd.DataFrame({"bmi": X[:, 1], "age": X[:, 0]})
    np.testing.assert_allclose(loaded.predict(frame), fit.predict(X), rtol=1e-12)


def test_gathered_data_and_formulas_have_their_columns(table):
    data = eq.gather(table, "y", drop=["s", "o", "fold"])
    pytest.importorskip("formulaic")
    X, y = eq.formula("y ~ a + b", table)
    for given in ({"names": ["a"]}, {"features": ["a"]}, {"drop": ["a"]}, {"reference": None}):
        argument = next(iter(given))
        with pytest.raises(TypeError, match=f"{argument} was given, but X holds gathered data"):
            eq.fit(data, l1=1, **given)
        with pytest.raises(TypeError, match=f"{argument} was given, but X is of a formula"):
            eq.fit(X, y, l1=1, **given)


def test_a_loaded_model_reads_its_columns_of_a_file(table, tmp_path):
    table.to_csv(tmp_path / "t.csv", index=False)
    fit = eq.fit(tmp_path / "t.csv", "y", l1=30, features=["c", "a"])
    fit.save(tmp_path / "model.json")
    told = eq.load(tmp_path / "model.json").explain("a", tmp_path / "t.csv", "y")
    assert told == fit.explain("a")


@pytest.mark.parametrize("named", [True, False])
def test_arrays_of_dask_have_names(table, named):
    da = pytest.importorskip("dask.array")
    X, y = table[["a", "b", "c"]].to_numpy(), table["y"].to_numpy()
    given = {"names": ["y", "u", "v"], "features": ["v", "y"]} if named else {"features": ["x3", "x1"]}
    for lazy in (da.from_array(X, chunks=(64, 3)), da.from_array(X, chunks=(50, 2))):
        found = eq.fit(lazy, y, l1=30, **given)
        assert found.features == tuple(given["features"])
        np.testing.assert_allclose(found.coef, eq.fit(X[:, [2, 0]], y, l1=30).coef, rtol=1e-9)


# ---- kinds of X whose columns go by other names, or have none ----------------------------------


def test_labels_that_are_no_text_go_by_their_text(table):
    X = table[["a", "b", "y"]]
    there = eq.fit(table[["b", "a"]].to_numpy(), table["y"].to_numpy(), l1=30)
    numbered = X.set_axis(range(3), axis=1)
    for features in ([1, 0], ["1", "0"]):
        found = eq.fit(numbered, "2", l1=30, features=features)
        assert found.features == ("1", "0")
        same_to_rounding(found.coef, there.coef)
    assert eq.fit(numbered, "2", l1=30, lower={0: 0.0}).lower.tolist() == [0.0, -np.inf]
    with pytest.raises(TypeError, match="y is 2: columns go by the text of their names, so pass y='2'"):
        eq.fit(numbered, 2, l1=30)
    pairs = X.set_axis(pd.MultiIndex.from_tuples([("a", "1"), ("b", "1"), ("y", "")]), axis=1)
    found = eq.fit(pairs, "('y', '')", l1=30, features=[("b", "1"), ("a", "1")])
    same_to_rounding(found.coef, there.coef)
    with pytest.raises(TypeError, match=r"""so pass y="\('y', ''\)\""""):
        eq.fit(pairs, ("y", ""), l1=30)


def test_a_lazy_frame_is_collected(table):
    pl = pytest.importorskip("polars")
    lazy = pl.from_pandas(table).lazy()
    found = eq.fit(lazy, "y", l1=30, features=["c", "a"], sample_weight="s")
    there = eq.fit(table[["c", "a"]], table["y"], l1=30, sample_weight=table["s"])
    np.testing.assert_array_equal(found.coef, there.coef)


@pytest.mark.parametrize(
    ("X", "error", "said"),
    [
        (pd.Series([1.0, 2.0]), ValueError, r"X is a single column \(Series\): pass a data frame"),
        (pa.array([1.0, 2.0]), ValueError, r"X is a single column \(DoubleArray\): pass a data frame"),
        (None, TypeError, "X is None: pass a data frame"),
        ({"a": [1.0], "y": [2.0]}, TypeError, "X is a dict: pass a data frame, such as pandas.DataFrame"),
        (
            [[1.0], [2.0]],
            TypeError,
            "y is 'y', but X has no column names: pass the response itself",
        ),
    ],
)
def test_what_has_no_columns_is_said(X, error, said):
    with pytest.raises(error, match=said):
        eq.fit(X, "y", l1=1)


@pytest.mark.parametrize("argument", ["reference", "categories"])
def test_an_array_has_no_levels(argument):
    with pytest.raises(ValueError, match=f"{argument} is for columns of text in a data frame, but"):
        eq.fit(np.eye(3), np.ones(3), l1=1, **{argument: {"city": "Oslo"}})


# ---- levels of text ----------------------------------------------------------------------------

CITIES = ("Oslo", "Rome", "Turin")


@pytest.fixture
def mixed(table):
    rng = np.random.default_rng(1)
    more = {"city": rng.choice(CITIES, 200), "Student": rng.choice(["No", "Yes"], 200)}
    return table[["a", "y"]].assign(**more)


def indicators(frame, *features):
    columns = [frame["a"], *(frame[name] == level for name, level in (f.split("=") for f in features))]
    return np.column_stack(columns).astype(float)


ASKED = {
    "binary": ({}, ["city=Oslo", "city=Rome", "city=Turin", "Student=Yes"]),
    "a level": ({"reference": {"city": "Rome"}}, ["city=Oslo", "city=Turin", "Student=Yes"]),
    "all": (
        {"reference": None},
        ["city=Oslo", "city=Rome", "city=Turin", "Student=No", "Student=Yes"],
    ),
    "other": ({"reference": {"Student": "Yes"}}, ["city=Oslo", "city=Rome", "city=Turin", "Student=No"]),
    "categories": (
        {"categories": {"Student": ["Yes", "No"], "city": ["Turin", "Rome", "Oslo"]}},
        ["city=Turin", "city=Rome", "city=Oslo", "Student=No"],
    ),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("verb", EVERY)
def test_every_verb_takes_levels_as_asked(mixed, verb, asked):
    given, features = ASKED[asked]
    names = ["a", *features]
    # Features of a column that sum to 1 have no interval of their own.
    more = {"report": ["a"]} if verb == "debias" else {}
    there = EVERY[verb](indicators(mixed, *features), mixed["y"].to_numpy(), names=names, **more)
    np.testing.assert_allclose(EVERY[verb](mixed, "y", **given, **more), there, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("kind", ["polars", "arrow", "file", "path", "query", "relation"])
def test_levels_are_taken_wherever_they_are(mixed, tmp_path, kind, asked):
    given, features = ASKED[asked]
    source = kinds(mixed, tmp_path, mapped=False)[kind]
    found = eq.fit(source, "y", l1=30, **given)
    there = eq.fit(indicators(mixed, *features), mixed["y"].to_numpy(), l1=30)
    assert found.features == ("a", *features)
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-8, atol=1e-10)


def test_a_stream_with_text_needs_its_levels(mixed):
    def reader():
        return pa.Table.from_pandas(mixed, preserve_index=False).to_reader()

    with pytest.raises(ValueError, match="read only once: pass their levels by categories"):
        eq.fit(reader(), "y", l1=30)
    levels = {"city": list(CITIES), "Student": ["No", "Yes"]}
    found = eq.fit(reader(), "y", l1=30, categories=levels)
    there = eq.fit(indicators(mixed, *ASKED["binary"][1]), mixed["y"].to_numpy(), l1=30)
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-8, atol=1e-10)


def test_gathered_data_add_up_where_their_levels_are_fixed(mixed):
    levels = {"city": list(CITIES), "Student": ["No", "Yes"]}
    mixed = mixed.sort_values("city")  # so that each part lacks a level
    parts = [mixed.iloc[:80], mixed.iloc[80:]]
    assert all(len(set(part["city"])) < 3 for part in parts)
    data = [eq.gather(part, "y", folds=None, categories=levels) for part in parts]
    found = eq.fit(data[0] + data[1], l1=30)
    there = eq.fit(indicators(mixed, *ASKED["binary"][1]), mixed["y"].to_numpy(), l1=30)
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("asked", ASKED)
def test_a_loaded_model_reads_its_levels_of_a_file(mixed, tmp_path, asked):
    mixed.to_csv(tmp_path / "t.csv", index=False)
    fit = eq.fit(tmp_path / "t.csv", "y", l1=30, **ASKED[asked][0])
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    assert loaded.explain("Student", tmp_path / "t.csv", "y") == fit.explain("Student")
    np.testing.assert_allclose(loaded.predict(mixed), fit.predict(mixed), rtol=1e-12)
