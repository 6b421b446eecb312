"""A folder of files is read in batches, once, and gives what the API gives on the same rows."""

import numpy as np
import pytest

import equipoise as eq

FIT = ("--target", "progression", "--l1", 500)


@pytest.fixture
def parts(tmp_path, diabetes):
    """The diabetes data as three Parquet files in a folder."""
    import pyarrow.parquet as pq

    from equipoise.data.files.files import read_table

    table = read_table(diabetes)
    folder = tmp_path / "parts"
    folder.mkdir()
    for k, (start, stop) in enumerate([(0, 100), (100, 150), (150, 442)]):
        pq.write_table(table.slice(start, stop - start), folder / f"part-{k}.parquet")
    return folder


def close(told, wanted):
    """Two documents, number by number."""
    assert type(told) is type(wanted) or {type(told), type(wanted)} <= {int, float}
    if isinstance(told, dict):
        assert told.keys() == wanted.keys()
        for key in told:
            close(told[key], wanted[key])
    elif isinstance(told, list):
        assert len(told) == len(wanted)
        for one, other in zip(told, wanted, strict=True):
            close(one, other)
    elif isinstance(told, float):
        assert told == pytest.approx(wanted, rel=1e-8, abs=1e-7)
    else:
        assert told == wanted


@pytest.mark.parametrize("source", ["parts", "parts/*.parquet"])
def test_a_fit_is_that_of_the_whole_table(succeed, document, parts, diabetes, source):
    assert "442 rows × 10 features from parts" in succeed("fit", source, *FIT)
    ours, whole = document("fit", source, *FIT), document("fit", diabetes, *FIT)
    assert ours["features"] == whole["features"]
    np.testing.assert_allclose(ours["coef"], whole["coef"], rtol=1e-9, atol=1e-9)
    assert ours["certificate"]["optimal"] is True


def test_folds_are_settled_as_the_rows_are_read(document, parts):
    told = document("fit", parts, "--target", "progression", "--folds", 5)
    cv = eq.cross_validate(eq.gather(parts, "progression", folds=5), standardize=True)
    np.testing.assert_allclose(told["coef"], cv.one_se.coef, rtol=1e-9, atol=1e-9)


def test_columns_have_the_roles_that_they_are_given(document, parts):
    asked = ("--drop", "age,sex", "--weights", "bp", "--count", 3)
    query = "select * replace (bp + 1 as bp) from 'parts/*.parquet'"
    told = document("path", query, "--target", "progression", "--memory", "1MB", *asked)
    data = eq.gather(query, "progression", weights="bp", drop=["age", "sex"])
    assert told["features"] == list(data.features) == ["bmi", "s1", "s2", "s3", "s4", "s5", "s6"]
    np.testing.assert_allclose(told["coef"], eq.path(data, count=3, standardize=True).to_dict()["coef"])


@pytest.mark.parametrize("verb", ["explain", "what-if", "audit"])
def test_a_model_meets_its_data_again(document, succeed, parts, diabetes, verb):
    succeed("fit", parts, *FIT, "--save", "model.json")
    asked = ("--target", "progression")
    told = document(verb, "model.json", parts, *asked)
    whole = document(verb, "model.json", diabetes, *asked)
    batches = document(verb, "model.json", diabetes, *asked, "--memory", "1GB")
    for one in (told, whole, batches):
        one.pop("worst", None)  # where nothing is violated, rounding names it
        one.get("exact", {}).pop("columns", None)  # `audit` names its columns where they are read in batches
    close(told, whole)
    close(batches, whole)


def test_predictions_of_a_folder_are_those_of_its_rows(document, succeed, parts, diabetes, tmp_path):
    succeed("fit", diabetes, *FIT, "--save", "model.json")
    whole = document("predict", "model.json", diabetes)
    close(document("predict", "model.json", parts), whole)
    succeed("predict", "model.json", "parts", "--output", "out.csv")
    written = (tmp_path / "out.csv").read_text().splitlines()
    assert [float(line) for line in written[1:]] == pytest.approx(whole["prediction"])


def test_a_row_that_cannot_be_predicted_is_placed(mistake, succeed, parts, diabetes, tmp_path):
    succeed("fit", diabetes, *FIT, "--save", "model.json")
    lines = diabetes.read_text().splitlines()
    text = "\n".join([lines[0], *(line.replace(line.split(",")[0], "", 1) for line in lines[1:3])])
    (tmp_path / "parts" / "z.csv").write_text(text)
    told = mistake("predict", "model.json", parts)
    assert "z.csv, rows from 0: " in told
    assert "'age'" in told


def test_the_report_tells_the_rows_that_were_read(succeed, parts, tmp_path):
    succeed("report", parts, "--target", "progression", "--folds", 5)
    page = (tmp_path / "report.html").read_text()
    assert "442 rows × 10 features, read once and summed up" in page
    assert "442 rows – equipoise</title>" in page
    data = eq.gather(parts, "progression", folds=5)
    eq.cross_validate(data).report(tmp_path / "again.html")
    assert "cv = eq.cross_validate(eq.gather(" in (tmp_path / "again.html").read_text()


def test_a_checkpoint_is_gone_on_from(succeed, document, parts):
    first = document("fit", parts, *FIT, "--checkpoint", "kept")
    written = {path: path.stat().st_mtime_ns for path in parts.parent.glob("kept/*")}
    assert len(written) == 3
    assert document("fit", parts, *FIT, "--checkpoint", "kept") == first
    assert {path: path.stat().st_mtime_ns for path in parts.parent.glob("kept/*")} == written


def test_rows_with_gaps_are_dropped_from_batches(succeed, document, mistake, parts, tmp_path):
    pandas = pytest.importorskip("pandas")
    files = sorted(parts.glob("*"))
    for k, file in enumerate(files):
        table = pandas.read_parquet(file)
        table.loc[[1, 5 + k], "bmi"] = np.nan
        table["progression"] = table["progression"].where(table.index != 7)
        table.to_parquet(file)
    gappy = pandas.concat([pandas.read_parquet(file) for file in files])
    gappy.to_csv("gappy.csv", index=False)
    complete = gappy.dropna()
    expected = eq.fit(complete, "progression", l1=500, standardize=True)
    assert len(complete) == 442 - 8  # row 7 of the last file misses both
    dropped = "8 of 442 rows dropped for missing values (bmi 6, y 3)"
    for source in ((parts,), (f"{parts}/*.parquet",), ("gappy.csv", "--memory", "1GB"), ("gappy.csv",)):
        asked = ("fit", *source, *FIT, "--missing", "drop")
        printed = succeed(*asked)
        assert dropped in printed
        assert printed.startswith("442 rows × 10 features")
        np.testing.assert_allclose(document(*asked)["coef"], expected.coef, rtol=1e-8)
    succeed("fit", parts, *FIT, "--missing", "drop", "--save", "model.json")
    assert "rows dropped" in succeed("audit", "model.json", parts, "--target", "progression")
    assert "rows dropped" in succeed("audit", "model.json", "gappy.csv", "--target", "progression")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("fit", "parts", "--formula", "progression ~ age"), "--formula is not for data that are read in"),
        (("fit", "parts"), "--target is missing"),
        (("fit", "parts", *FIT, "--missing", "mean"), "would take another pass: pass --missing drop, or"),
        (("fit", "-", *FIT, "--memory", "1GB"), "standard input is read whole"),
        (
            ("path", "parts", "--target", "progression", "--memory", "much"),
            "--memory is 'much': write a size",
        ),
        (("path", "parts", "--target", "progression", "--memory", "0"), "--memory is '0': write a size"),
        (("fit", "parts", *FIT, "--memory", "1KB"), "of moments, more than memory allows"),
        (("fit", "none/*.csv", *FIT), "no file matches none/*.csv"),
        (("fit", "parts", "--target", "progress"), "there is no column 'progress'"),
    ],
)
def test_what_cannot_be_read_in_batches_is_said(mistake, parts, asked, said):
    assert said in mistake(*asked)


def test_a_formula_needs_the_rows(mistake, succeed, parts, diabetes):
    succeed("fit", diabetes, "--formula", "progression ~ bmi + s5", "--l1", 500, "--save", "model.json")
    said = mistake("explain", "model.json", parts, "--target", "progression")
    assert said == "the model has a formula, which is not for data that are read in batches"
