import csv
import json

import pytest

ROWS = [
    (1, 2.5, "Oslo", 1),
    (2, 1.5, "Rome", 3),
    (3, 5.5, "Oslo", 2),
    (4, 4.5, "Rome", 5),
    (5, 3.5, "Oslo", 4),
] * 4
FIT = ("fit", "good.csv", "--target", "y")


@pytest.fixture(autouse=True)
def files(tmp_path):
    """A table of 20 rows with columns of folds, good and bad."""
    with open(tmp_path / "good.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["a", "b", "city", "y", "blood pressure", "one", "site", "measured"])
        for k, row in enumerate(ROWS):
            table.writerow([*row, k % 7, 3, k % 4, 0.5 + k])
    with open(tmp_path / "many.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["a", "y", "id", "patient"])
        table.writerows([k % 13, k % 5, k, k // 10] for k in range(600))


@pytest.mark.parametrize(
    "name", ["--lambda", "--alpha", "--lam", "--penalty", "-l", "--reg-lambda", "-lambda"]
)
def test_another_packages_penalty_is_answered_by_l1(mistake, name):
    told = mistake(*FIT, name, 1)
    assert told.startswith(f"there is no {name}: the penalty is --l1, of a sum over rows")
    assert "n times glmnet's lambda" in told
    assert "with --no-standardize, n times scikit-learn's alpha" in told
    assert told.startswith(f"there is no {name}: ")
    assert mistake(*FIT, f"{name}=1") == told


def test_what_is_said_of_scikit_learns_alpha_is_so(document):
    sklearn = pytest.importorskip("sklearn.linear_model")
    X, y = [[row[0], row[1]] for row in ROWS], [row[3] for row in ROWS]
    theirs = sklearn.Lasso(alpha=0.3, tol=1e-14, max_iter=100_000).fit(X, y)
    ours = document(*FIT, "--features", "a,b", "--l1", 0.3 * len(ROWS), "--no-standardize")
    assert ours["coef"] == pytest.approx(theirs.coef_.tolist(), abs=1e-8)


@pytest.mark.parametrize(
    ("args", "remedy"),
    [
        ((*FIT, "--C", 1), "the inverse of a penalty: give the penalty itself, by --l1"),
        ((*FIT, "-C1"), "the inverse of a penalty"),
        ((*FIT, "-l5"), "the penalty is --l1"),
        ((*FIT, "-l1", 5), "it is called --l1 here"),
        (
            ("path", *FIT[1:], "--l1", 1),
            "path, whose strengths are values of l1: fit with another by equipoise fit",
        ),
        (("trace", *FIT[1:], "--alpha", 1), "n times scikit-learn's alpha"),
        (("audit", "c.csv", *FIT[1:], "--alpha", 1), "give --glmnet-lambda or --sklearn-alpha"),
        (("explain", "m.json", *FIT[1:], "--alpha", 1), "explain, for the model has its own"),
        ((*FIT, "--sample-weight", "w"), "it is called --weights here"),
        ((*FIT, "--penalty_factor", "a=1"), "it is called --penalty-factor here"),
        ((*FIT, "--fit-intercept"), "it is called --intercept here"),
        ((*FIT, "--cv", 5), "it is called --folds here"),
        (("fit", "good.csv", "--response", "y"), "it is called --target here"),
        (("path", *FIT[1:], "--n-alphas", 5), "it is called --count here"),
    ],
)
def test_another_name_leads_to_the_option(mistake, args, remedy):
    assert remedy in mistake(*args)


@pytest.mark.parametrize(
    ("args", "remedy"),
    [
        ((*FIT, "--features", "a", "b"), "comma separated, without spaces: --features a,b"),
        ((*FIT, "--features", "a,", "b", ",city"), "--features a,b,city"),
        ((*FIT, "--features=a", "b"), "--features a,b"),
        (("fit", "--features", "a", "b", "good.csv", "--target", "y"), "--features a,b"),
        ((*FIT, "--features", "a", "blood pressure"), "--features 'a,blood pressure'"),
        ((*FIT, "--drop", "a", "b"), "--drop a,b"),
        (("what-if", "m.json", "good.csv", "--target", "y", "--without", "a", "b"), "--without a,b"),
        ((*FIT, "--l1", 1, 2), "--l1 takes one number, and '2' stands behind '1': keep one"),
        ((*FIT, "--folds", 5, 10), "--folds takes one value, and '10' stands behind '5'"),
        ((*FIT, "--lower", "a=1", "b=2"), "--lower takes one value each time: --lower a=1 --lower b=2"),
        (("fit", "good.csv", "--target", "blood", "pressure"), "in quotes, --target 'blood pressure'"),
        (("fit", "good.csv", "--formula", "y", "~", "a", "+", "b"), "in quotes, --formula 'y ~ a + b'"),
        (
            ("fit", "good.csv", "age"),
            "'age' is one word too many: fit takes FILE and then options, such as --target age",
        ),
        (("fit", "--json", "good.csv", "age"), "'age' is one word too many"),
        (
            ("predict", "m.json", "good.csv", "age"),
            "predict takes MODEL FILE and then options, each by its name",
        ),
    ],
)
def test_a_word_that_no_option_takes(mistake, args, remedy):
    assert remedy in mistake(*args)


def test_the_remedies_of_loose_words_work(document):
    assert document(*FIT, "--l1", 1, "--features", "a,blood pressure")["features"] == ["a", "blood pressure"]
    assert document("fit", "good.csv", "--target", "blood pressure", "--l1", 1)["features"][0] == "a"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (("--l1", 1, "--l1", 2), "--l1 is given twice, '1', '2': keep one"),
        (("--l1=1", "--l1", 1), "--l1 is given twice"),
        (("--target", "a"), "--target is given twice, 'y', 'a': keep one"),
        (("--choose", "best", "--choose", "one-se"), "--choose is given twice"),
        (("--json", "--json"), "--json is given twice: keep one"),
        (("--standardize", "--no-standardize"), "--standardize and --no-standardize contradict each other"),
        (("--memory", "1GB", "--memory", "2GB"), "--memory is given twice"),
    ],
)
def test_an_option_of_one_value_is_given_once(mistake, more, complaint):
    assert complaint in mistake(*FIT, *more)


def test_output_by_either_name_is_given_once(mistake):
    assert "-o is given twice" in mistake("report", *FIT[1:], "--output", "a.html", "-o", "b.html")


def test_options_of_several_values_may_be_repeated(document):
    found = document(
        *FIT, "--l1", 1, "--features", "a", "--features", "b", "--lower", "a=0", "--lower", "b=0"
    )
    assert found["features"] == ["a", "b"]


def test_words_that_look_like_options_are_values_where_one_is_wanted(succeed, document):
    assert document(*FIT, "--l1", 1, "--lower", "-1", "--drop", "city")["lower"] == -1
    assert succeed("fit", "--target", "y", "--l1", 1, "--", "good.csv").startswith("20 rows")
    assert "Usage" in succeed("fit", "--help", "-h")


@pytest.mark.parametrize(
    ("choice", "method"),
    [
        *((name, "best") for name in ("best", "min", "lambda.min")),
        *((name, "one-se") for name in ("one-se", "one_se", "1se", "1-SE", "lambda.1se")),
    ],
)
def test_the_choice_as_others_spell_it(document, choice, method):
    found = document(*FIT, "--folds", 4, "--choose", choice)["choice"]
    assert found["method"] == method
    assert found["strength"] == found["best_strength" if method == "best" else "one_se_strength"]


def test_a_choice_that_is_none_lists_them(run):
    told = run(*FIT, "--choose", "median")
    assert told.exit_code == 2
    assert "'median' is neither best nor one-se" in told.stderr


@pytest.mark.parametrize("verb", ["fit", "path", "report", "trace"])
def test_the_target_is_never_dropped_as_a_feature(mistake, verb):
    l1 = ("--l1", 1) if verb == "trace" else ()
    told = mistake(verb, "good.csv", "--target", "y", *l1, "--drop", "a,y")
    assert told == "column 'y' is the target, which is no feature: leave it out of --drop"
    told = mistake(verb, "good.csv", "--target", "y", *l1, "--features", "a,y")
    assert told == "column 'y' is the target: it cannot be a feature too"


def test_the_target_is_never_a_feature_in_batches_either(mistake):
    assert "column 'y' is the target" in mistake(*FIT, "--memory", "1GB", "--drop", "y")
    assert "column 'y' is the target" in mistake(*FIT, "--memory", "1GB", "--features", "y")


def test_a_name_with_a_comma_is_not_the_target(tmp_path, document):
    (tmp_path / "comma.csv").write_text('"a,y",b,y\n1,2,1\n2,1,3\n3,5,2\n')
    found = document("fit", "comma.csv", "--target", "y", "--l1", 0.1, "--features", "a,y")
    assert found["features"] == ["a,y"]


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ((*FIT, "--folds", "one"), "folds column 'one' holds 3 in every row"),
        ((*FIT, "--folds", "measured"), "folds column 'measured' has 20 values in 20 rows"),
        (
            ("fit", "many.csv", "--target", "y", "--folds", "id"),
            "folds column 'id' has 600 values in 600 rows",
        ),
    ],
)
def test_a_column_that_numbers_no_folds(mistake, args, complaint):
    told = mistake(*args)
    assert complaint in told
    assert "give a number of folds" in told


def test_columns_that_number_folds(document):
    assert document(*FIT, "--folds", "site", "--drop", "city")["choice"]["folds"] == 4
    found = document("fit", "many.csv", "--target", "y", "--folds", "patient", "--features", "a")
    assert found["choice"]["folds"] == 60  # ten rows each: so many patients there may be
    assert json.dumps(found)
