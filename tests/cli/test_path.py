import csv

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.frames.columns import pick_columns, read_column
from equipoise.results.event import Event
from equipoise.results.path.result import Path


@pytest.fixture
def table(diabetes):
    from equipoise.data.files.files import read_table

    table = read_table(diabetes)
    return pick_columns(table, drop=["progression"]), read_column(table, "progression")


def test_the_document_is_the_path(document, diabetes, table):
    told = document("path", diabetes, "--target", "progression", "--count", 20, "--ratio", 0.01, "--l2", 0.2)
    path = eq.path(*table, count=20, ratio=0.01, l2=0.2, standardize=True)
    assert told == path.to_dict()


def test_the_knots_of_the_diabetes_path(succeed, diabetes):
    printed = succeed("path", diabetes, "--target", "progression", "--no-standardize")
    events = [line.split() for line in printed.split("at strength")[1].splitlines()[1:]]
    entries = [event for event in events if event[2] == "enters"]
    assert [event[1] for event in entries[:8]] == ["bmi", "s5", "bp", "s3", "sex", "s6", "s1", "s4"]
    knots = [949.435, 889.314, 452.896, 316.073, 130.130, 88.784, 68.965, 19.981]
    np.testing.assert_allclose([float(event[0]) for event in entries[:8]], knots, atol=1e-3)
    assert [event[3] for event in entries[:4]] == ["+", "+", "+", "−"]


def test_the_summary_is_printed(succeed, diabetes, table):
    printed = succeed("path", diabetes, "--target", "progression", "--count", 7)
    assert str(eq.path(*table, count=7, standardize=True)) in printed


def test_the_file_holds_the_coefficients_to_the_last_digit(succeed, diabetes, table, tmp_path):
    printed = succeed("path", diabetes, "--target", "progression", "--count", 9, "--output", "coefs.csv")
    assert printed.endswith("Coefficients written to coefs.csv\n")
    path = eq.path(*table, count=9, standardize=True)
    wanted = {}
    for i, strength in enumerate(path.strengths.tolist()):
        wanted[strength, "(Intercept)"] = path.intercept[i]
        wanted |= {(strength, path.features[j]): path.coef[i, j] for j in np.flatnonzero(path.coef[i])}
    with (tmp_path / "coefs.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["strength", "feature", "coef"]
    assert {(float(strength), feature): float(coef) for strength, feature, coef in rows} == wanted


def test_without_an_intercept_the_file_has_none(succeed, three_rows, tmp_path):
    succeed("path", three_rows, "--target", "y", "--no-intercept", "--count", 3, "--output", "coefs.csv")
    assert "(Intercept)" not in (tmp_path / "coefs.csv").read_text()


def test_a_path_without_events_says_so(succeed, tmp_path):
    (tmp_path / "flat.csv").write_text("a,y\n1,5\n2,5\n3,5\n")
    assert "No feature enters or leaves" in succeed("path", "flat.csv", "--target", "y")


def test_the_model_with_at_most_so_many_features(succeed, mistake, document, diabetes, table):
    words = ("path", diabetes, "--target", "progression", "--count", 5)
    wanted = eq.path(*table, count=5, standardize=True).best(3)
    assert [wanted.features[j] for j in wanted.support] == ["bmi", "bp", "s5"]  # the first three to enter
    assert f"With at most 3 features: {wanted}" in succeed(*words, "--best", 3)
    assert document(*words, "--best", 3)["best"] == wanted.to_dict()
    assert "--best is 0, but" in mistake(*words, "--penalty-factor", "bmi=0", "--best", 0)


def test_more_strengths_than_memory_holds_are_refused(run, diabetes):
    result = run("path", diabetes, "--target", "progression", "--count", 10**9)
    assert result.exit_code == 2
    assert "--count is 1000000000: so many solutions for 10 features take 187 GB" in " ".join(
        result.stderr.split()
    )


def test_events_that_rounding_leaves_open_are_told(succeed, tmp_path, monkeypatch):
    (tmp_path / "three.csv").write_text("a,b,y\n1,1,3\n1,0,2\n0,1,1\n")
    assert "Rounding" not in succeed("path", "three.csv", "--target", "y", "--no-intercept")
    rough = (Event(5.0, "a", "enters", 1, 2e-6), Event(3.0, "b", "enters", 1, 1e-15))
    monkeypatch.setattr(Path, "events", property(lambda self: rough))
    printed = succeed("path", "three.csv", "--target", "y", "--no-intercept")
    assert "Rounding leaves the strength of 1 event open, by up to 2e-06 of itself." in printed
