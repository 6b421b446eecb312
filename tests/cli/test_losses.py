"""Yes/no, counts and amounts on the command line: labels as text, events, exposure, and what is refused."""

import csv
import io
import json

import numpy as np
import pytest

import equipoise as eq

ROWS = 60


@pytest.fixture
def table(tmp_path):
    """Ages and doses; who recovered, as text and as 1 or 2; visits in some months."""
    rng = np.random.default_rng(7)
    age, dose = rng.integers(20, 80, ROWS), rng.normal(size=ROWS).round(2)
    well = rng.uniform(size=ROWS) < 1 / (1 + np.exp(-(dose + (50 - age) / 20)))
    months = rng.integers(1, 13, ROWS)
    visits = rng.poisson(months * np.exp(0.4 * dose - 1))
    with open(tmp_path / "patients.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["age", "dose", "well", "code", "visits", "months"])
        for row in zip(age, dose, np.where(well, "yes", "no"), well + 1, visits, months, strict=True):
            out.writerow(row)
    return "patients.csv"


YES_NO = ("--target", "well", "--features", "age,dose", "--loss", "binomial", "--l1", "2")
COUNT = (
    "--target",
    "visits",
    "--features",
    "age,dose",
    "--loss",
    "poisson",
    "--exposure",
    "months",
    "--l1",
    "2",
)


def arrays(tmp_path, table):
    with open(tmp_path / table) as file:
        rows = list(csv.DictReader(file))
    return np.array([[float(row["age"]), float(row["dose"])] for row in rows]), rows


@pytest.fixture
def yes_no(succeed, table, tmp_path):
    succeed("fit", table, *YES_NO, "--save", "model.json", "--table", "markdown")
    return eq.load(tmp_path / "model.json")


@pytest.fixture
def count(succeed, table, tmp_path):
    succeed("fit", table, *COUNT, "--save", "count.json", "--table", "markdown")
    return eq.load(tmp_path / "count.json")


def test_a_target_of_text_just_works(yes_no, table, tmp_path):
    X, rows = arrays(tmp_path, table)
    told = eq.fit(X, [row["well"] for row in rows], l1=2, loss="binomial", standardize=True)
    np.testing.assert_allclose(yes_no.coef, told.coef, rtol=1e-9)
    assert (yes_no.loss, yes_no.levels, yes_no.named["y"]) == ("binomial", ("no", "yes"), "well")
    assert "coefficients are of the log-odds of well = yes" in str(yes_no)
    assert yes_no.provenance["call"].startswith("equipoise fit patients.csv --target well")


@pytest.mark.parametrize(
    ("target", "event", "levels"), [("well", "no", ("yes", "no")), ("code", "1", (2, 1))]
)
def test_the_event_is_written_as_text(succeed, yes_no, table, tmp_path, target, event, levels):
    asked = [target if word == "well" else word for word in YES_NO]
    succeed("fit", table, *asked, "--event", event, "--save", "other.json", "--table", "markdown")
    found = eq.load(tmp_path / "other.json")
    assert found.levels == levels
    np.testing.assert_allclose(found.coef, -yes_no.coef, rtol=1e-7)


@pytest.mark.parametrize(
    ("target", "event", "levels"),
    [
        ("well", "yes", ("no", "yes")),
        ("well", "no", ("yes", "no")),
        ("code", "2", (1, 2)),
        ("home", "TRUE", (False, True)),
        ("home", "0", (True, False)),
        ("share", "1", (0.0, 1.0)),
    ],
)
def test_a_formula_may_explain_labels(succeed, table, tmp_path, target, event, levels):
    pytest.importorskip("formulaic")
    X, rows = arrays(tmp_path, table)
    query = f"select *, well = 'yes' as home, cast(code as double) - 1 as share from '{table}'"
    asked = ("--formula", f"{target} ~ age + dose", "--loss", "binomial", "--event", event, "--l1", "2")
    succeed("fit", query, *asked, "--save", "formula.json")
    found = eq.load(tmp_path / "formula.json")
    assert found.levels == levels
    hit = np.array([row["well"] == "yes" for row in rows]) == (event in ("yes", "2", "TRUE", "1"))
    told = eq.fit(X, hit.astype(float), l1=2, loss="binomial", standardize=True)
    np.testing.assert_allclose(found.coef, told.coef, rtol=1e-7)


def test_a_formula_of_labels_that_are_missing_or_without_a_loss(mistake, succeed, table, tmp_path):
    pytest.importorskip("formulaic")
    asked = ("--formula", "well ~ age + dose", "--l1", "2")
    told = mistake("fit", table, *asked)
    assert (
        "the target holds two labels, 'no' and 'yes': pass --loss binomial to model the probability" in told
    )
    lines = (tmp_path / table).read_text().splitlines()
    lines[5] = lines[5].replace(",yes,", ",,").replace(",no,", ",,")
    (tmp_path / "gap.csv").write_text("\n".join(lines) + "\n")
    told = mistake("fit", "gap.csv", *asked, "--loss", "binomial")
    assert "'well' holds 1 missing value" in told
    assert "first at row 4" in told
    assert "pass --missing drop to leave out such rows" in told
    assert "59 rows" in succeed("fit", "gap.csv", *asked, "--loss", "binomial", "--missing", "drop")


def test_predictions_of_every_kind(document, succeed, yes_no, table, tmp_path):
    X, rows = arrays(tmp_path, table)
    for kind in ("mean", "link", "class"):
        told = yes_no.predict(X, kind=kind).tolist()
        assert document("predict", "model.json", table, "--kind", kind) == {"prediction": told}
    told = yes_no.predict(X, kind="class").tolist()
    lines = list(
        csv.reader(io.StringIO(succeed("predict", "model.json", table, "--kind", "class", "--keep", "well")))
    )
    assert lines == [
        ["well", "prediction"],
        *([row["well"], label] for row, label in zip(rows, told, strict=True)),
    ]
    assert document("predict", "model.json", table)["prediction"] == yes_no.predict(X).tolist()


def test_an_exposure_is_remembered(document, mistake, count, table, tmp_path):
    X, rows = arrays(tmp_path, table)
    months = np.array([float(row["months"]) for row in rows])
    told = count.predict(X, exposure=months)
    assert document("predict", "count.json", table) == {"prediction": told.tolist()}
    rate = document("predict", "count.json", table, "--exposure", "1")["prediction"]
    np.testing.assert_allclose(rate, told / months, rtol=1e-12)
    assert count.columns["exposure"] == "months"
    bare = f"select age, dose from '{table}'"
    refused = mistake("predict", "count.json", bare)
    assert (
        "fitted with an exposure (column 'months', which is not here): say --exposure COLUMN, or" in refused
    )
    assert "--exposure 1 on purpose" in refused


def test_scores(document, succeed, yes_no, count, table, tmp_path):
    metrics = pytest.importorskip("sklearn.metrics")
    X, rows = arrays(tmp_path, table)
    hit = np.array([row["well"] == "yes" for row in rows], dtype=float)
    found = document("score", "model.json", table)
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(hit, yes_no.predict(X)), rel=1e-12)
    assert found["brier"] == pytest.approx(metrics.brier_score_loss(hit, yes_no.predict(X)), rel=1e-12)
    assert found["deviance_explained"] == pytest.approx(yes_no.deviance_explained, rel=1e-9)
    printed = succeed("score", "count.json", table)
    assert "deviance explained" in printed
    assert "squared" not in printed
    assert document("score", "count.json", table)["deviance_explained"] == pytest.approx(
        count.deviance_explained, rel=1e-9
    )


def test_a_folder_is_scored_in_batches_and_fitted_whole(document, succeed, yes_no, table, tmp_path):
    header, *lines = (tmp_path / table).read_text().splitlines()
    (tmp_path / "parts").mkdir()
    for k in range(3):
        (tmp_path / "parts" / f"{k}.csv").write_text("\n".join([header, *lines[20 * k : 20 * k + 20]]) + "\n")
    assert document("score", "model.json", "parts") == document("score", "model.json", table)
    succeed("fit", "parts", *YES_NO, "--save", "whole.json", "--table", "markdown")
    np.testing.assert_allclose(eq.load(tmp_path / "whole.json").coef, yes_no.coef, rtol=1e-9)


def test_the_data_of_a_model_are_read_as_its_own(document, yes_no, count, table):
    for model in ("model.json", "count.json"):
        found = document("what-if", model, table, "--l1", "1")
        assert found["before"]["coef"] == json.loads(json.dumps(eq.load(model).coef.tolist()))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--target", "well"), "the target holds two labels, 'no' and 'yes': pass --loss binomial to model"),
        (("--target", "well", "--loss", "poisson"), "the target holds two labels"),
        (("--target", "well", "--loss", "logistic"), "logistic"),
        (("--target", "visits", "--loss", "tweedie"), "'tweedie' needs its power"),
        (("--target", "visits", "--loss", "binomial"), "different values"),
        (("--target", "dose", "--loss", "poisson"), "the target holds -"),
        (("--target", "visits", "--event", "1"), "--event is for --loss binomial"),
        (
            ("--target", "well", "--loss", "binomial", "--event", "maybe"),
            "--event is 'maybe', and the target holds",
        ),
        (("--target", "visits", "--exposure", "months"), "exposure was given, but --loss squared has no log"),
        (("--target", "visits", "--loss", "poisson", "--exposure", "visits"), "named both as target and"),
        (("--target", "visits", "--loss", "poisson", "--exposure", "dose"), "exposure holds -"),
        (("--target", "well", "--loss", "binomial", "--memory", "1GB"), "--loss binomial needs the rows"),
        (("--target", "well", "--family", "binomial"), "there is no --family: it is called --loss here"),
    ],
)
def test_mistakes_are_told_in_the_words_of_the_shell(mistake, table, words, told):
    assert told in mistake("fit", table, *words, "--l1", "2")


def test_models_refuse_what_they_would_ignore(mistake, yes_no, count, table):
    assert "has no logarithm to add it to" in mistake("predict", "model.json", table, "--exposure", "2")
    assert "has no labels" in mistake("predict", "count.json", table, "--kind", "class")
    told = mistake("trace", table, "--target", "visits", "--loss", "poisson", "--l1", "1")
    assert told == "there is no --loss for trace, which is for squared loss: leave it out"
    told = mistake("predict", "model.json", table, "--loss", "binomial")
    assert told == "there is no --loss for predict, for the model has its own: leave it out"


def test_losses_are_completed():
    from equipoise.cli.completion import complete_loss

    assert complete_loss("p") == ["poisson"]
    assert "binomial" in complete_loss("")


def test_the_target_goes_by_its_name_at_the_fit_and_later(succeed, table):
    told = "coefficients are of the log-odds of well = yes;"
    assert told in succeed("fit", table, *YES_NO, "--save", "model.json")
    assert told in str(eq.load("model.json"))


def test_the_default_of_scoring_is_told_of_every_loss(succeed):
    told = " ".join(succeed("fit", "--help").split())
    assert "[default: squared_error, with another --loss deviance]" in told
