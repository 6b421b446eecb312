"""`--table` prints what the results in Python write for papers; `--importance` how much features matter."""

import pytest

import equipoise as eq


@pytest.fixture
def model(diabetes, succeed):
    succeed("fit", diabetes, "--target", "progression", "--l1", 2000, "--save", "model.json")
    return "model.json"


@pytest.fixture
def fit(diabetes):
    return eq.fit(eq.read(diabetes), "progression", l1=2000.0, standardize=True)


@pytest.mark.parametrize("markup", ["markdown", "latex"])
def test_each_verb_prints_its_table_and_nothing_else(model, fit, markup, diabetes, succeed, run):
    known = (model, diabetes)
    calls = {
        ("fit", diabetes, "--target", "progression", "--l1", 2000): fit,
        ("explain", *known): fit.explain(),
        ("explain", *known, "--importance"): fit.importance(),
        ("what-if", *known): fit.survivors(),
        ("what-if", *known, "--without", "bmi"): fit.what_if(without=["bmi"]),
    }
    for args, result in calls.items():
        expected = result.to_latex() if markup == "latex" else result.to_markdown()
        assert succeed(*args, "--table", markup) == f"{expected}\n"
    found = run("audit", "model.json", diabetes, "--target", "progression", "--table", markup)
    assert found.exit_code == 0
    assert found.stdout.startswith("| feature |" if markup == "markdown" else r"\begin{tabular}{l")


def test_a_verdict_is_the_exit_code_of_a_table_too(diabetes, run, tmp_path):
    (tmp_path / "coef.csv").write_text("feature,coef\nbmi,500\n")
    found = run("audit", "coef.csv", diabetes, "--target", "progression", "--l1", 2000, "--table", "latex")
    assert found.exit_code == 1


def test_importance_is_that_of_the_fit(model, fit, diabetes, document, succeed):
    told = document("explain", model, diabetes, "--importance")
    expected = fit.importance()
    assert told["features"] == list(expected.features)
    assert told["share"] == pytest.approx(expected.share, rel=1e-9)
    assert told["standardized"] == pytest.approx(expected.standardized, rel=1e-9)
    assert succeed("explain", model, diabetes, "--importance") == f"{expected}\n"


def test_two_forms_and_one_feature_are_refused(model, diabetes, mistake):
    for verb in (("fit", diabetes), ("explain", model, diabetes), ("what-if", model, diabetes)):
        told = mistake(*verb, "--json", "--table", "latex")
        assert told == "--json and --table are two forms of one result: drop either"
    for option in (("--table", "latex"), ("--importance",)):
        told = mistake("explain", model, diabetes, "s6", *option)
        assert told == f"{option[0]} is of all features, and 's6' is one of them: drop either"


def test_a_bad_number_of_threads_is_a_mistake_of_the_shell(diabetes, mistake, monkeypatch):
    monkeypatch.setenv("EQUIPOISE_THREADS", "many")
    told = mistake("fit", diabetes, "--target", "progression")
    assert told == "EQUIPOISE_THREADS is 'many': set it to the most threads to use, from 1 up, or unset it"
