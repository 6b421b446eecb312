from dataclasses import replace

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.frames.columns import pick_columns, read_column


def read(path, target, *others):
    from equipoise.data.files.files import read_table

    table = read_table(path)
    return pick_columns(table, drop=[target, *others]), read_column(table, target), table


def test_default_is_cross_validation_and_one_standard_error(document, diabetes):
    X, y, _ = read(diabetes, "progression")
    cv = eq.cross_validate(X, y, standardize=True)
    told = document("fit", diabetes, "--target", "progression")
    assert told["choice"] == {
        "method": "one-se",
        "scoring": "squared_error",
        "strength": cv.one_se_strength,
        "best_strength": cv.best_strength,
        "one_se_strength": cv.one_se_strength,
        "best_is_weakest": False,
        "folds": 10,
        "null_mean": cv.null_mean,
        "r_squared": cv.r_squared_at(cv.one_se_strength),
        "best_r_squared": cv.r_squared_at(cv.best_strength),
        "one_se_r_squared": cv.r_squared_at(cv.one_se_strength),
    }
    fit = replace(cv.one_se, named={"y": "progression"})  # the command line names the columns
    assert {name: told[name] for name in fit.to_dict()} == fit.to_dict()
    assert told["balance"] == fit.explain().to_dict()


def test_the_best_of_other_folds(document, diabetes):
    X, y, _ = read(diabetes, "progression")
    cv = eq.cross_validate(X, y, folds=4, l2=0.1)
    options = ("--choose", "best", "--folds", 4, "--l2", 0.1, "--no-standardize")
    told = document("fit", diabetes, "--target", "progression", *options)
    assert told["choice"]["method"] == "best"
    assert told["choice"]["folds"] == 4
    assert told["coef"] == cv.best.coef.tolist()
    assert told["l2"] == pytest.approx(0.1 * cv.best_strength)


def test_a_given_penalty_is_used_as_it_is(document, diabetes):
    X, y, _ = read(diabetes, "progression")
    fit = eq.fit(X, y, l1=300, l2=0.5, intercept=False)
    told = document(
        "fit",
        diabetes,
        "--target",
        "progression",
        "--l1",
        300,
        "--l2",
        0.5,
        "--no-standardize",
        "--no-intercept",
    )
    assert told["choice"] is None
    assert told["coef"] == fit.coef.tolist()
    assert told["with_intercept"] is False


def test_every_column_has_its_role(document, odd):
    X, y, table = read(odd, "y", "weight", "offset", "copy")
    fit = eq.fit(
        X,
        y,
        l1=5,
        standardize=True,
        sample_weight=read_column(table, "weight"),
        offset=read_column(table, "offset"),
        lower=0,
    )
    told = document(
        *("fit", odd, "--target", "y", "--l1", 5, "--weights", "weight", "--offset", "offset"),
        *("--drop", "copy", "--positive"),
    )
    assert told["features"] == list(fit.features)
    assert {"city=Bern", "city=Oslo", "city=Rome"} <= set(told["features"])
    assert not {"y", "weight", "offset", "copy"} & set(told["features"])
    assert told["coef"] == fit.coef.tolist()
    assert min(told["coef"]) == 0
    assert told["lower"] == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--features", "bmi,s5, bp"),
        ("--features", "bmi", "--features", "s5", "--features", "bp"),
        ("--features", "bmi,s5", "--features", "bp,age", "--drop", "age"),
    ],
)
def test_features_are_named_by_commas_or_repetition(document, diabetes, options):
    told = document("fit", diabetes, "--target", "progression", "--l1", 100, *options)
    assert told["features"] == ["bmi", "s5", "bp"]


def test_a_name_with_a_comma_is_one_column(document, odd):
    told = document("fit", odd, "--target", "y", "--l1", 1, "--features", "<b>a,b</b>")
    assert told["features"] == ["<b>a,b</b>"]


def test_a_query_is_a_source(document, diabetes):
    told = document(
        "fit", f"select bmi, s5, progression as y from '{diabetes}'", "--target", "y", "--l1", 100
    )
    X, y, _ = read(diabetes, "progression")
    fit = eq.fit(pick_columns(X, keep=["bmi", "s5"]), y, l1=100, standardize=True)
    np.testing.assert_allclose(told["coef"], fit.coef, rtol=1e-12)


def test_the_text_says_it_all(succeed, diabetes):
    printed = succeed("fit", diabetes, "--target", "progression")
    X, y, _ = read(diabetes, "progression")
    cv = eq.cross_validate(X, y, standardize=True)
    fit, sheet = cv.one_se, cv.one_se.explain()
    paragraphs = printed.split("\n\n")
    assert paragraphs[0] == f"442 rows × 10 features from {diabetes}; target progression"
    assert "10-fold cross-validation" in paragraphs[1]
    assert "one-se" in paragraphs[1]
    assert "\n\n".join(paragraphs[2:4]) in str(cv)
    assert paragraphs[4].startswith("5 of 10 features kept at l1 = 2578.03; intercept 152.133")
    assert [line.split()[0] for line in paragraphs[5].split("\n")[1:]] == ["bmi", "s5", "bp", "s3", "sex"]
    assert paragraphs[6].startswith("R² 0.4823 on its own rows; root mean squared error 55.4091, ")
    assert "5 explained away (others took the pull): s6, s4, s1, s2, age" in paragraphs[7]
    stories = " ".join(paragraphs[8].split())
    assert all(sheet.sentence(row.feature) in stories for row in sheet.closest(3))
    assert paragraphs[9] == f"{fit.certificate}\n"
    assert len(paragraphs) == 10


def test_the_text_has_no_colour_and_escapes_what_a_terminal_acts_upon(succeed, odd):
    printed = succeed("fit", odd, "--target", "y", "--choose", "best", "--weights", "weight")
    assert "\x1b" not in printed
    assert "esc\\x1b[31m" in printed
    assert "new\\nline" in printed
    assert "[red]x" in printed
    assert "60 rows × 11 features (9 columns)" in printed
    assert "weights weight" in printed
    assert "1 duplicate (a copy of a feature in the model): copy" in printed
    assert "1 constant (nothing to say that the intercept does not say): constant" in printed


def test_a_given_penalty_needs_no_words_on_a_choice(succeed, diabetes):
    printed = succeed("fit", diabetes, "--target", "progression", "--l1", 100)
    assert "cross-validation" not in printed
    assert "kept at l1 = 100;" in printed


def test_all_survivors_are_listed(succeed, tmp_path):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(100, 45))
    table = np.column_stack([X, X.sum(axis=1)])
    header = ",".join([*(f"x{j}" for j in range(45)), "y"])
    np.savetxt(tmp_path / "t.csv", table, delimiter=",", header=header, comments="")
    printed = succeed("fit", "t.csv", "--target", "y", "--l1", 0.001)
    assert {f"x{j}" for j in range(45)} <= set(printed.split())
    assert "zero, and why" not in printed


def test_the_saved_model_is_the_fit(succeed, document, diabetes, tmp_path):
    told = document("fit", diabetes, "--target", "progression", "--l1", 100, "--save", "model.json")
    model = eq.load(tmp_path / "model.json")
    assert model.coef.tolist() == told["coef"]
    printed = succeed("fit", diabetes, "--target", "progression", "--l1", 100, "--save", "model.json")
    assert printed.endswith("\n\nModel saved to model.json\n")


@pytest.mark.parametrize("batches", [(), ("--memory", "1GB")])
def test_a_column_may_say_the_folds(document, diabetes, tmp_path, batches):
    X, y, table = read(diabetes, "progression")
    fold = np.arange(len(y)) % 4
    table.append_column("part", [fold]).to_pandas().to_csv(tmp_path / "t.csv", index=False)
    told = document("fit", tmp_path / "t.csv", "--target", "progression", "--folds", "part", *batches)
    cv = eq.cross_validate(X, y, folds=fold, standardize=True)
    assert told["features"] == list(cv.one_se.features)
    assert told["choice"]["folds"] == 4
    assert told["choice"]["one_se_strength"] == pytest.approx(cv.one_se_strength)
    asked = ("--formula", "progression ~ bmi + bp", "--folds", "part")
    if not batches:
        assert document("fit", tmp_path / "t.csv", *asked)["choice"]["folds"] == 4


def test_a_column_of_folds_that_is_not_there(mistake, diabetes):
    asked = ("fit", diabetes, "--target", "progression", "--folds")
    assert "folds column 'part' is not a column of the table" in mistake(*asked, "part")
    assert "is named both as target and as folds" in mistake(*asked, "progression")


def test_an_arrow_file_of_numbers_stays_where_it_is(document, tmp_path):
    import pyarrow as pa
    import pyarrow.feather

    rng = np.random.default_rng(0)
    X = rng.integers(0, 3, size=(60, 400))
    table = pa.table({**{f"g{j}": X[:, j] for j in range(400)}, "y": X[:, 3] + 0.1 * rng.normal(size=60)})
    pa.feather.write_feather(table, tmp_path / "g.arrow", compression="uncompressed")
    table.to_pandas().to_csv(tmp_path / "g.csv", index=False)
    asked = ("--target", "y", "--l1", 5)
    found, there = (document("fit", tmp_path / name, *asked) for name in ("g.arrow", "g.csv"))
    assert found["features"] == there["features"]
    np.testing.assert_allclose(found["coef"], there["coef"], atol=1e-12)


def test_a_place_that_cannot_be_written_is_said_before_anything_is_read(mistake, tmp_path):
    (tmp_path / "broken.csv").write_text("a,y\n1\n")
    asked = ("fit", tmp_path / "broken.csv", "--target", "y", "--save")
    assert "there is no folder" in mistake(*asked, tmp_path / "none" / "m.json")
    assert "it is a folder" in mistake(*asked, tmp_path)


def test_a_target_of_two_values_is_named_once(run, tmp_path):
    (tmp_path / "yes.csv").write_text("a,b,y\n1,2,0\n2,1,1\n3,5,1\n4,4,0\n5,3,1\n6,1,1\n")
    for more in ((), ("--json",)):
        result = run("fit", "yes.csv", "--target", "y", "--l1", 0.1, *more)
        assert result.exit_code == 0
        assert result.stderr == (
            "equipoise: the target has two values, 0 and 1: under squared loss this is a linear probability "
            "model, whose predictions may lie beyond them; --loss binomial models the probability\n"
        )
        assert "linear probability" not in result.stdout
    for verb in ("path", "trace"):
        l1 = ("--l1", 0.1) if verb == "trace" else ()
        assert run(verb, "yes.csv", "--target", "y", *l1).stderr == ""


def test_a_choice_that_keeps_nothing_says_why(succeed, tmp_path):
    rng = np.random.default_rng(1)
    table = np.column_stack([rng.normal(size=(60, 3)), rng.normal(size=60)])
    np.savetxt(tmp_path / "noise.csv", table, delimiter=",", header="a,b,c,y", comments="")
    told = succeed("fit", "noise.csv", "--target", "y")
    assert told.count("one-se keeps no feature: no model beats the mean by one standard error") == 1
    assert "\n0 of 3 features kept" in told


def test_a_loss_by_which_the_strength_is_chosen(succeed, document, mistake, diabetes):
    words = ("fit", diabetes, "--target", "progression", "--scoring")
    X, y, _ = read(diabetes, "progression")
    cv = eq.cross_validate(X, y, standardize=True, scoring="absolute_error")
    assert cv.one_se_strength != eq.cross_validate(X, y, standardize=True).one_se_strength
    choice = document(*words, "absolute_error")["choice"]
    assert choice["scoring"] == "absolute_error"
    assert choice["strength"] == pytest.approx(cv.one_se_strength)
    printed = succeed(*words, "absolute_error")
    assert "chosen by 10-fold cross-validation by mean absolute error, standardising" in printed
    assert "loss of held-out rows: mean absolute error" in printed
    assert document(*words[:-1])["choice"]["scoring"] == "squared_error"
    assert "--scoring is 'absolute', which is no name of a loss" in mistake(*words, "absolute")
    assert "--scoring is 'accuracy', which does not score" in mistake(*words, "accuracy")
    assert "--scoring r2 needs the rows themselves" in mistake(*words, "r2", "--memory", "100MB")
    assert "--scoring is for choosing a strength, and --l1 gives one" in mistake(*words, "r2", "--l1", 3)


def test_the_squared_error_is_known_of_batches(document, diabetes):
    words = ("fit", diabetes, "--target", "progression", "--memory", "100MB", "--scoring")
    assert document(*words, "neg_mean_squared_error")["choice"]["scoring"] == "squared_error"


def test_a_best_strength_at_the_end_of_the_grid_is_told_with_the_option(run, document, tmp_path):
    """Of a line without noise the smallest penalty predicts best, whatever the grid."""
    x = np.arange(40.0)
    lines = "\n".join(f"{a},{3 * a + 1}" for a in x)
    (tmp_path / "line.csv").write_text(f"x,y\n{lines}\n")
    told = " ".join(run("fit", tmp_path / "line.csv", "--target", "y", "--ratio", 0.1).stdout.split())
    assert "The best strength is the weakest one tried" in told
    assert "go further down, by --ratio 1e-3 say." in told
    choice = document("fit", tmp_path / "line.csv", "--target", "y", "--ratio", 0.1)["choice"]
    assert choice["best_is_weakest"] is True
    sd = float(np.std(x))
    assert choice["best_strength"] == pytest.approx(0.1 * 3 * sd * 40)  # xᵀy of the standardised x is 3·n·sd


def test_features_that_separate_the_responses_are_named(run, tmp_path):
    rng = np.random.default_rng(8)
    sick = rng.integers(0, 2, 60)
    rows = "\n".join(
        f"{a:.4f},{b},{'yes' if b else 'no'}" for a, b in zip(rng.normal(size=60), sick, strict=True)
    )
    (tmp_path / "leak.csv").write_text(f"age,leaked,sick\n{rows}\n")
    told = " ".join(
        run("fit", tmp_path / "leak.csv", "--target", "sick", "--loss", "binomial").stdout.split()
    )
    assert "Feature 'leaked' separates the responses without an error" in told
    assert "weakest one tried" not in told
