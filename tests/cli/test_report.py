import html
import json
import re
import shlex

import pytest


def recipe(page):
    return html.unescape(re.search(r"<pre>(.*?)</pre>", page, flags=re.DOTALL).group(1))


def test_the_page_tells_of_the_fit_that_the_same_options_give(succeed, document, diabetes, tmp_path):
    printed = succeed("report", diabetes, "--target", "progression", "-o", "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    fit = document("fit", diabetes, "--target", "progression")
    kept = sum(w != 0 for w in fit["coef"])
    assert "report written to page.html" in printed
    told = f": {kept} of 10 features kept, 442 rows"
    assert f"<title>progression from {diabetes.name}{told} – equipoise</title>" in page
    assert f"<h1><bdi>progression</bdi> from <bdi>{diabetes.name}</bdi>{told}</h1>" in page
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, flags=re.DOTALL).group(1))
    assert data["strengths"][data["chosen"]] == pytest.approx(fit["choice"]["strength"])
    assert recipe(page) == f"equipoise report {shlex.quote(str(diabetes))} --target progression -o page.html"


def test_a_strength_of_ones_own(succeed, diabetes, tmp_path):
    succeed("report", diabetes, "--target", "progression", "--l1", 300, "--l2", 1, "--no-standardize")
    page = (tmp_path / "report.html").read_text("utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, flags=re.DOTALL).group(1))
    assert (data["strength_name"], data["strengths"][data["chosen"]]) == ("l1", 300.0)
    assert data["cv"] is None


def test_a_page_names_its_data(succeed, diabetes, tmp_path):
    query = f"select * from '{diabetes}'"
    for source, options, told in (
        (query, ("--target", "progression"), "<bdi>progression</bdi> from <bdi>an SQL query</bdi>"),
        (
            diabetes,
            ("--formula", "progression ~ bmi + s5"),
            f"<bdi>progression</bdi> from <bdi>{diabetes.name}",
        ),
        (
            diabetes,
            ("--formula", "log(progression) ~ bmi"),
            f"<bdi>log(progression)</bdi> from <bdi>{diabetes.name}",
        ),
    ):
        succeed("report", source, *options, "--l1", 100)
        assert told in (tmp_path / "report.html").read_text("utf-8")


def test_odd_columns(succeed, odd, tmp_path):
    succeed("report", odd, "--target", "y", "--weights", "weight", "--offset", "offset", "--l1", 0.1)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<b>a,b</b>" not in page
    assert "\x1b" not in page
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, flags=re.DOTALL).group(1))
    assert {"<b>a,b</b>", "new\\nline", "esc\\x1b[31m", "constant", "copy"} <= set(data["features"])
    assert "with weights and offset" in page


def test_what_is_refused(mistake, diabetes, tmp_path):
    assert "--folds is for choosing" in mistake(
        "report", diabetes, "--target", "progression", "--l1", 1, "--folds", 5
    )
    assert "there is no folder" in mistake(
        "report", diabetes, "--target", "progression", "-o", tmp_path / "no" / "page.html"
    )
    copy = tmp_path / "data.csv"
    copy.write_bytes(diabetes.read_bytes())
    assert "would be written over" in mistake("report", copy, "--target", "progression", "-o", copy)
    assert copy.read_bytes() == diabetes.read_bytes()
