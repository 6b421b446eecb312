import pytest

import equipoise as eq


@pytest.fixture
def fitted(document, diabetes):
    """The document of a fit that is saved as model.json."""
    return document("fit", diabetes, "--target", "progression", "--l1", 2000, "--save", "model.json")


# Of a standardised model, as the command line fits them.
PER_SD = ["coef·sd", "pull/sd"]


def test_the_sheet_of_a_saved_model_is_that_of_the_fit(fitted, document, diabetes):
    told = document("explain", "model.json", diabetes, "--target", "progression")
    for row, wanted in zip(told["features"], fitted["balance"]["features"], strict=True):
        assert row.keys() == wanted.keys()
        for name in ("feature", "status", "reason"):
            assert row[name] == wanted[name]
        for name in ("coef", "pull", "limit", "alone", "enters_at"):
            assert row[name] == pytest.approx(wanted[name], rel=1e-9)


def test_the_text_is_the_sheet_and_the_closest_calls(fitted, succeed, diabetes):
    printed = succeed("explain", "model.json", diabetes, "--target", "progression")
    lines = printed.splitlines()
    assert lines[0].split() == [
        "feature",
        "coef",
        "pull",
        "limit",
        "alone",
        "status",
        "enters",
        "at",
        *PER_SD,
    ]
    assert {line.split()[0] for line in lines[1:11]} == set(fitted["features"])
    assert printed.count("closest call") == 2
    assert "\n\nThe closest call:\n  s6 is zero because" in printed
    assert "\n\nThe next closest calls:\n" in printed
    assert printed.count("s6 is zero because") == 1


def test_one_feature_is_a_sentence(fitted, succeed, document, diabetes):
    args = ("explain", "model.json", diabetes, "s6", "--target", "progression")
    row = document(*args)
    assert row["feature"] == "s6"
    assert row["status"] == "killed"
    assert " ".join(succeed(*args).split()) == row["sentence"]
    assert row["sentence"].startswith("s6 is zero because others explain it away")


def test_weights_and_offset_are_those_of_the_fit(succeed, mistake, odd):
    roles = ("--target", "y", "--weights", "weight", "--offset", "offset")
    succeed("fit", odd, *roles, "--l1", 5, "--save", "model.json")
    told = succeed("explain", "model.json", odd, "copy", *roles)
    assert "copy" in told
    assert succeed("explain", "model.json", odd, "copy") == told, "the model remembers its columns"
    for other in (("--weights", "constant"), ("--offset", "constant"), ("--target", "copy")):
        assert "not the data the model was fitted to" in mistake("explain", "model.json", odd, *other)


@pytest.mark.parametrize("missing", ["mean", "drop"])
def test_missing_values_are_treated_as_at_the_fit(document, mistake, tmp_path, missing):
    gap = {"mean": "", "drop": "\n4,,Oslo"}[missing]  # a row whose target is missing can only be dropped
    rows = "1,1,Oslo\n,2,Rome\n3,5,Oslo\n4,6,Rome\n7,7,Oslo"
    (tmp_path / "gaps.csv").write_text(f"a,y,city\n{rows}{gap}\n")
    fitted = document(
        "fit", "gaps.csv", "--target", "y", "--l1", 0.5, "--missing", missing, "--save", "model.json"
    )
    told = document("explain", "model.json", "gaps.csv")
    for row, wanted in zip(told["features"], fitted["balance"]["features"], strict=True):
        assert row["pull"] == pytest.approx(wanted["pull"], rel=1e-9, abs=1e-12)
    assert document("what-if", "model.json", "gaps.csv", "--without", "a")["without"] == ["a"]
    said = mistake("explain", "model.json", "gaps.csv", "--missing", "error")
    assert "missing value" in said
    whole = f"select * from 'gaps.csv' where {'a is not null or' if missing == 'mean' else ''} y is not null"
    if missing == "drop":
        assert document("explain", "model.json", whole)["features"] == told["features"]


def test_gaps_in_batches_are_dropped_as_at_the_fit(document, tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    for k, rows in enumerate(("1,1\n,2\n3,5", "4,6\n7,\n8,9")):
        (folder / f"{k}.csv").write_text(f"a,y\n{rows}\n")
    fitted = document(
        "fit", "parts", "--target", "y", "--l1", 0.5, "--missing", "drop", "--save", "model.json"
    )
    (told,) = document("explain", "model.json", "parts")["features"]
    assert told["pull"] == pytest.approx(fitted["balance"]["features"][0]["pull"], rel=1e-9)


def test_a_model_fitted_without_gaps_may_drop_them(document, succeed, tmp_path):
    (tmp_path / "gaps.csv").write_text("a,y\n1,1\n,2\n3,5\n4,6\n")
    succeed(
        "fit", "select * from 'gaps.csv' where a is not null", "--target", "y", "--l1", 1, "--save", "m.json"
    )
    told = document("explain", "m.json", "gaps.csv", "--missing", "drop")["features"]
    assert told == document("explain", "m.json", "select * from 'gaps.csv' where a is not null")["features"]


def test_a_formula_remembers_the_column_it_explains(succeed, mistake, diabetes):
    pytest.importorskip("formulaic")
    succeed("fit", diabetes, "--formula", "progression ~ bmi + bp", "--l1", 100, "--save", "model.json")
    assert succeed("explain", "model.json", diabetes, "bmi").startswith("bmi is kept")
    succeed("fit", diabetes, "--formula", "log(progression) ~ bmi", "--l1", 1, "--save", "model.json")
    assert mistake("explain", "model.json", diabetes, "bmi") == (
        "--target is missing, and the model does not know it: name the column to explain"
    )


def test_a_model_says_where_it_comes_from(succeed, diabetes, tmp_path):
    succeed("fit", diabetes, "--target", "progression", "--l1", "2000", "--save", "model.json")
    came = eq.load(tmp_path / "model.json").provenance
    assert came["call"] == f"equipoise fit {diabetes} --target progression --l1 2000 --save model.json"
    assert (came["source"], came["rows"]) == (str(diabetes), 442)
    assert came["when"].endswith("+00:00")


def test_a_model_of_an_array_finds_its_columns_by_name(succeed, three_rows, tmp_path):
    eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False).save(tmp_path / "model.json")
    printed = succeed(
        "explain", "model.json", f"select y, x2, 1 as z, x1 from '{three_rows}'", "x1", "--target", "y"
    )
    assert printed.startswith("x1 is kept with coefficient 1.66667")


def test_a_model_of_an_array_takes_columns_in_order_too(succeed, three_rows, tmp_path):
    eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False).save(tmp_path / "model.json")
    source = f"select y, x1 as left, x2 as right from '{three_rows}'"
    assert succeed("explain", "model.json", source, "x1", "--target", "y").startswith("x1 is kept")
