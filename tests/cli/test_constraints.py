"""Bounds, penalty factors, missing values, formulas and standard input, from the command line."""

import io
import json

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.frames.columns import pick_columns, read_column

TARGET = ("--target", "progression")


@pytest.fixture
def table(diabetes):
    from equipoise.data.files.files import read_table

    table = read_table(diabetes)
    return pick_columns(table, drop=["progression"]), read_column(table, "progression")


@pytest.fixture
def gaps(tmp_path, diabetes):
    """The diabetes data with two values of bmi, one of s3 and one of the target gone."""
    header, *rows = diabetes.read_text().splitlines()
    names = header.split(",")
    cells = [row.split(",") for row in rows]
    for row, name in ((4, "bmi"), (9, "bmi"), (9, "s3"), (20, "progression")):
        cells[row][names.index(name)] = ""
    path = tmp_path / "gaps.csv"
    path.write_text("\n".join([header, *map(",".join, cells)]) + "\n")
    return path


def test_bounds_are_those_of_the_verb(document, diabetes, table):
    X, y = table
    told = document(
        "fit", diabetes, *TARGET, "--l1", 100, "--lower", "sex=-50", "--lower", "s1=0", "--upper", "bmi=400"
    )
    fit = eq.fit(X, y, l1=100, standardize=True, lower={"sex": -50, "s1": 0}, upper={"bmi": 400})
    assert told["coef"] == fit.coef.tolist()
    assert told["lower"] == [None if np.isinf(v) else v for v in fit.lower]
    assert (
        document("fit", diabetes, *TARGET, "--l1", 100, "--lower", "0")["coef"]
        == (document("fit", diabetes, *TARGET, "--l1", 100, "--positive")["coef"])
    )
    told = document("path", diabetes, *TARGET, "--count", 5, "--upper", "1e2", "--lower=-100")
    assert np.abs(told["coef"]).max() == 100


def test_penalty_factors_multiply_both_penalties(document, diabetes, table):
    X, y = table
    names = X.column_names
    args = ("--penalty-factor", "age=0", "--penalty-factor", "bmi=inf", "--penalty-factor", "s5=2.5")
    told = document("fit", diabetes, *TARGET, "--l1", 300, "--l2", 0.3, *args)
    factor = np.ones(len(names))
    factor[names.index("age")], factor[names.index("s5")] = 0, 2.5
    l1, l2 = 300 * factor, 0.3 * factor
    l1[names.index("bmi")] = np.inf
    fit = eq.fit(X, y, l1=l1, l2=l2, standardize=True)
    np.testing.assert_allclose(told["coef"], fit.coef, rtol=1e-12, atol=1e-12)
    rows = {row["feature"]: row["status"] for row in told["balance"]["features"]}
    assert (rows["age"], rows["bmi"]) == ("unpenalised", "excluded")
    told = document("path", diabetes, *TARGET, "--count", 6, "--l2", 0.1, *args)
    l2 = 0.1 * factor
    path = eq.path(X, y, l1=np.where(np.isinf(l1), np.inf, factor), l2=l2, count=6, standardize=True)
    np.testing.assert_allclose(told["coef"], path.coef, rtol=1e-9, atol=1e-9)


def test_a_factor_of_a_column_of_text_is_one_of_its_levels(document, odd):
    told = document("fit", odd, "--target", "y", "--l1", 5, "--penalty-factor", "city=inf")
    coef = dict(zip(told["features"], told["coef"], strict=True))
    assert [coef[f"city={name}"] for name in ("Bern", "Oslo", "Rome")] == [0, 0, 0]
    limits = dict(zip(told["features"], told["limits"], strict=True))
    assert limits["city=Bern"] is None


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("--lower", "low"), "--lower low is no number: write a number, or column=number"),
        (("--lower", "sex=low"), "--lower sex=low is no number"),
        (("--lower", "0", "--lower", "sex=1"), "--lower 0 is for all features"),
        (("--upper", "sex=0", "--upper", "sex=1"), "--upper names 'sex' twice"),
        (("--upper", "sexx=0"), "upper names 'sexx', which is no feature: did you mean 'sex'?"),
        (("--lower", "nan"), "--lower nan is no number"),
        (("--lower", "1", "--positive"), "--positive is --lower 0"),
        (("--lower", "sex=1", "--upper", "sex=0"), "--lower (1) exceeds --upper (0) for feature 'sex'"),
        (("--penalty-factor", "2"), "--penalty-factor names no column"),
        (("--penalty-factor", "sex=-1"), "--penalty-factor of 'sex' is -1"),
        (("--penalty-factor", "sexx=1"), "--penalty-factor names 'sexx'"),
        (("--early-stop",), "--early-stop is for choosing a strength"),
        (("--formula", "progression ~ bmi"), "--target and --formula both say what is read"),
    ],
)
def test_what_cannot_be_meant_is_refused(mistake, diabetes, args, complaint):
    assert complaint in mistake("fit", diabetes, *TARGET, "--l1", 100, *args)


def test_an_early_stop_ends_the_path(document, diabetes, table):
    told = document("fit", diabetes, *TARGET, "--early-stop")
    cv = eq.cross_validate(*table, standardize=True, early_stop=True)
    assert told["choice"]["strength"] == cv.one_se_strength
    assert len(cv.path.strengths) <= 100


def test_missing_values_are_refused_unless_said_otherwise(mistake, succeed, document, gaps):
    assert "target 'progression' holds 1 missing value" in mistake("fit", gaps, *TARGET, "--l1", 100)
    rest = ("--target", "age", "--l1", 100)
    assert "column 'bmi' holds 2 missing values" in mistake("fit", gaps, *rest)
    printed = succeed("fit", gaps, *TARGET, "--l1", 100, "--missing", "mean")
    assert "1 of 442 rows dropped for missing values (y 1)\nbmi: 2 missing values replaced by" in printed
    printed = succeed("fit", gaps, *TARGET, "--l1", 100, "--missing", "drop")
    assert "3 of 442 rows dropped for missing values (bmi 2, s3 1, y 1)" in printed
    printed = succeed("fit", gaps, *rest, "--missing", "mean")
    assert "bmi: 2 missing values replaced by its mean " in printed
    assert "s3: 1 missing value replaced by its mean " in printed
    printed = succeed("fit", gaps, *TARGET, "--missing", "drop", "--folds", 3)
    assert printed.count("3 of 442 rows dropped") == 1
    assert "3 of 442 rows dropped" in succeed("path", gaps, *TARGET, "--missing", "drop", "--count", 3)
    told = document("fit", gaps, *TARGET, "--l1", 100, "--missing", "drop")
    assert told["missing"]["counts"] == [["bmi", 2], ["s3", 1], ["y", 1]]


def test_a_row_that_is_dropped_needs_no_fold(document, mistake, gaps):
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(gaps)
    table["k"] = (table.index % 5).astype(float)
    table.to_csv("whole.csv", index=False)
    table["k"] = table["k"].where(table.notna().all(axis=1))
    table.to_csv("some.csv", index=False)
    asked = ("--folds", "k", "--missing", "drop")
    found = document("fit", "some.csv", *TARGET, *asked)
    assert found["choice"] == document("fit", "whole.csv", *TARGET, *asked)["choice"]
    assert "which is no fold id: give each row one" in mistake(
        "fit", "some.csv", *TARGET, "--folds", "k", "--missing", "mean"
    )


def test_a_saved_model_puts_its_means_where_values_are_missing(succeed, mistake, document, gaps):
    rest = ("fit", gaps, "--target", "age", "--drop", "progression", "--l1", 1)
    succeed(*rest, "--missing", "mean", "--save", "mean.json")
    assert len(succeed("predict", "mean.json", gaps).splitlines()) == 443
    succeed(*rest, "--missing", "drop", "--save", "drop.json")
    told = mistake("predict", "drop.json", gaps)
    assert "column 'bmi' holds 2 missing values" in told
    nan, mean = "pass --missing nan to predict NaN for them", "fit with --missing mean to put in means"
    assert told.endswith(f"leave out such rows, or {nan}, or {mean}")
    pandas = pytest.importorskip("pandas")
    succeed("predict", "drop.json", gaps, "--missing", "nan", "--output", "predicted.csv")
    table, found = pandas.read_csv(gaps), pandas.read_csv("predicted.csv")
    gone = table.drop(columns=["progression", "age"]).isna().any(axis=1).to_numpy()
    assert len(found) == 442
    assert found["prediction"].isna().to_numpy().tolist() == gone.tolist()
    printed = succeed("predict", "drop.json", gaps, "--missing", "nan").splitlines()
    assert [line == '""' for line in printed[1:]] == gone.tolist()
    kept = succeed("predict", "drop.json", gaps, "--missing", "nan", "--keep", "age").splitlines()
    assert [line.endswith(",") for line in kept[1:]] == gone.tolist()
    listed = document("predict", "drop.json", gaps, "--missing", "nan")["prediction"]
    assert [value is None for value in listed] == gone.tolist()


def test_a_formula_names_the_response_and_the_features(document, succeed, diabetes, gaps, tmp_path):
    pytest.importorskip("formulaic")
    from equipoise.data.files.files import read_table

    text = "progression ~ bmi*sex + poly(bp, 2) - 1"
    told = document("fit", diabetes, "--formula", text, "--l1", 10, "--save", "model.json")
    X, y = eq.formula(text, read_table(diabetes))
    fit = eq.fit(X, y, l1=10, standardize=True)
    assert told["features"] == list(fit.features)
    assert told["coef"] == fit.coef.tolist()
    assert not told["with_intercept"]
    predicted = succeed("predict", "model.json", diabetes).splitlines()
    np.testing.assert_allclose(np.array(predicted[1:], dtype=float), fit.predict(X), rtol=1e-12)
    assert "bmi:sex" in succeed("explain", "model.json", diabetes, *TARGET)
    printed = succeed(
        "fit", gaps, "--formula", "progression ~ .", "--l1", 10, "--missing", "drop", "--offset", "age"
    )
    assert "3 of 442 rows dropped for missing values" in printed
    assert "439 rows × 9 features" in printed
    succeed("path", diabetes, "--formula", text, "--count", 3, "--output", "coefs.csv")
    assert "(Intercept)" not in (tmp_path / "coefs.csv").read_text()


def test_a_formula_or_a_target_is_needed_and_means_are_not_for_formulas(mistake, diabetes):
    assert "--target is missing" in mistake("fit", diabetes, "--l1", 1)
    pytest.importorskip("formulaic")
    given = ("fit", diabetes, "--formula", "progression ~ bmj", "--l1", 1)
    assert "names 'bmj', which is no column of the data: did you mean 'bmi'?" in mistake(*given)
    assert "--missing mean is not for a formula" in mistake(*given, "--missing", "mean")


def test_standard_input_is_csv(diabetes, monkeypatch, run):
    expected = run("fit", diabetes, *TARGET, "--l1", 100, "--json").stdout

    from equipoise.cli import reading

    monkeypatch.setattr(reading, "open_stdin", lambda: io.BytesIO(diabetes.read_bytes()))
    result = run("fit", "-", *TARGET, "--l1", 100, "--json")
    assert json.loads(result.stdout) == json.loads(expected)
    monkeypatch.setattr(reading, "open_stdin", lambda: io.BytesIO(b"a,y\n1,2\n1,2,3\n"))
    result = run("fit", "-", "--target", "y", "--l1", 100)
    assert result.exit_code == 2
    assert result.stderr.startswith("equipoise: standard input line 3 has 3 values")


def test_a_target_of_true_and_false_is_announced(run, mistake, tmp_path):
    rows = "\n".join(f"{i % 5},{'true' if i % 3 else 'FALSE'}" for i in range(12))
    (tmp_path / "sick.csv").write_text(f"age,sick\n{rows}\n")
    result = run("fit", "sick.csv", "--target", "sick", "--l1", 0.1, "--json")
    assert result.exit_code == 0
    announced, model = result.stderr.splitlines()
    assert announced == "equipoise: target 'sick' holds true and false, which count as 1 and 0"
    assert "linear probability model" in model
    for yes, no in (("Y", "N"), ("yes", "no")):
        (tmp_path / "text.csv").write_text(f"age,sick\n1,{yes}\n2,{no}\n3,{yes}\n")
        assert mistake("fit", "text.csv", "--target", "sick", "--l1", 0.1) == (
            f"the target holds two labels, '{no}' and '{yes}': pass --loss binomial to model the probability "
            f"of '{yes}', or 0 and 1 in their place"
        )


# ---- levels of text ----------------------------------------------------------------------------


@pytest.fixture
def cities(tmp_path):
    rng = np.random.default_rng(0)
    city, a = rng.choice(["Oslo", "Rome", "Turin"], 90), rng.normal(size=90)
    student = rng.choice(["No", "Yes"], 90)
    y = a + (city == "Rome") + 2 * (student == "Yes") + 0.1 * rng.normal(size=90)
    rows = zip(a, city, student, y, strict=True)
    (tmp_path / "t.csv").write_text(
        "a,city,Student,y\n" + "".join(f"{','.join(map(str, r))}\n" for r in rows)
    )

    def by_hand(*features, l1=1.0):
        levels = {"city": city, "Student": student}
        columns = [a, *(levels[name] == level for name, level in (f.split("=") for f in features))]
        return eq.fit(np.column_stack(columns), y, l1=l1, standardize=True)

    return tmp_path / "t.csv", by_hand


@pytest.mark.parametrize("batches", [(), ("--memory", "1GB")])
@pytest.mark.parametrize(
    ("asked", "features"),
    [
        ((), ["city=Oslo", "city=Rome", "city=Turin", "Student=Yes"]),
        (("city=Rome",), ["city=Oslo", "city=Turin", "Student=Yes"]),
        (("city=Rome", "Student=Yes"), ["city=Oslo", "city=Turin", "Student=No"]),
        (("none",), ["city=Oslo", "city=Rome", "city=Turin", "Student=No", "Student=Yes"]),
    ],
)
def test_the_reference_is_the_one_asked_for(document, cities, asked, features, batches):
    file, by_hand = cities
    options = [word for text in asked for word in ("--reference", text)]
    told = document("fit", file, "--target", "y", "--l1", 1, *options, *batches)
    assert told["features"] == ["a", *features]
    np.testing.assert_allclose(told["coef"], by_hand(*features).coef, rtol=1e-7, atol=1e-9)


def test_a_factor_of_a_column_is_one_of_the_features_that_it_has(document, cities):
    file, by_hand = cities
    asked = ("--penalty-factor", "city=0", "--reference", "city=Oslo")
    told = document("fit", file, "--target", "y", "--l1", 5, *asked)
    there = by_hand("city=Rome", "city=Turin", "Student=Yes", l1=[5.0, 0.0, 0.0, 5.0])
    np.testing.assert_allclose(told["coef"], there.coef, rtol=1e-8, atol=1e-10)


def test_a_reference_that_cannot_be_is_said(mistake, cities):
    file, _ = cities
    asked = ("fit", file, "--target", "y", "--l1", 1)
    assert "--reference is 'city': write column=level, or none alone" in mistake(
        *asked, "--reference", "city"
    )
    twice = ("--reference", "city=Oslo", "--reference", "city=Rome")
    assert "--reference names 'city' twice: keep one" in mistake(*asked, *twice)
    for batches in ((), ("--memory", "1GB")):
        assert "'Bern'" in mistake(*asked, "--reference", "city=Bern", *batches)
        assert "cty" in mistake(*asked, "--reference", "cty=Oslo", *batches)


def test_a_column_is_told_by_its_features(succeed, mistake, cities):
    file, _ = cities
    succeed("fit", file, "--target", "y", "--l1", 1, "--reference", "city=Turin", "--save", "m.json")
    told = succeed("explain", "m.json", file, "city", "--target", "y")
    alone = [succeed("explain", "m.json", file, f"city={name}", "--target", "y") for name in ("Oslo", "Rome")]
    assert told == "".join(alone)
    told = mistake("explain", "m.json", file, "city=Turin", "--target", "y")
    assert "'city=Turin' is the reference of 'city=Oslo', 'city=Rome'" in told
    told = succeed("what-if", "m.json", file, "--target", "y", "--without", "city")
    assert told.startswith("without city=Oslo, city=Rome:")
    assert "optimal" in succeed("audit", "m.json", file, "--target", "y")
