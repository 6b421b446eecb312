import json
from pathlib import Path

import numpy as np
import pytest

import equipoise as eq


@pytest.fixture
def coefs(tmp_path):
    """Write a table of coefficients."""

    def write(*rows, name="coefs.csv"):
        (tmp_path / name).write_text("\n".join(["feature,coef", *rows, ""]))
        return name

    return write


THREE_ROWS = ("--target", "y", "--l1", 1, "--no-standardize")


def test_the_solution_passes(succeed, three_rows, coefs):
    printed = succeed("audit", coefs(f"x1,{5 / 3!r}", f"x2,{2 / 3!r}"), three_rows, *THREE_ROWS)
    assert printed.startswith("3 rows × 2 features")
    assert "Audit: the solution" in printed


def test_anything_else_fails_with_exit_code_1(run, three_rows, coefs):
    result = run("audit", coefs("x1,2"), three_rows, *THREE_ROWS)
    assert (result.exit_code, result.stderr) == (1, "")
    wanted = eq.audit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [2.0, 0.0], l1=1)
    assert result.stdout.endswith(f"\n\n{wanted}\n")
    assert "zero, but not at the solution: x2" in result.stdout


def test_the_document_is_the_audit(run, three_rows, coefs):
    result = run("audit", coefs("x2,0.1", "x1,2"), three_rows, *THREE_ROWS, "--json")
    X = {"x1": [1, 1, 0], "x2": [1, 0, 1]}
    pa = pytest.importorskip("pyarrow")
    wanted = eq.audit(pa.table(X), [3, 2, 1], [2.0, 0.1], l1=1)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == wanted.to_dict()


@pytest.mark.parametrize(
    ("first", "second", "verdict", "code"),
    [
        (repr(5 / 3), repr(2 / 3), "the solution", 0),
        ("1.66667", "0.666667", "as good as its digits", 0),
        ("1.67", "0.667", "as good as its digits", 0),
        ("1.66667", "0.666", "not the solution", 1),
        ("1.66668", "0.666667", "not the solution", 1),
    ],
)
def test_text_document_and_exit_code_have_one_verdict(run, three_rows, coefs, first, second, verdict, code):
    asked = ("audit", coefs(f"x1,{first}", f"x2,{second}"), three_rows, *THREE_ROWS)
    text, document = run(*asked), run(*asked, "--json")
    assert (text.exit_code, document.exit_code) == (code, code)
    assert f"\n\nAudit: {verdict}" in text.stdout
    assert json.loads(document.stdout)["verdict"] == verdict


@pytest.mark.parametrize("name", ["(Intercept)", "intercept"])
def test_the_intercept_is_a_row_of_its_own(succeed, three_rows, coefs, name):
    fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=0.2)
    rows = (f"{name},{fit.intercept!r}", f"x1,{float(fit.coef[0])}", f"x2,{float(fit.coef[1])}")
    options = ("--target", "y", "--l1", 0.2, "--no-standardize")
    assert "Audit: the solution" in succeed("audit", coefs(*rows), three_rows, *options)


def test_a_column_called_intercept_is_a_feature(succeed, coefs, tmp_path):
    (tmp_path / "t.csv").write_text("intercept,y\n1,3\n1,2\n0,1\n")
    fit = eq.fit([[1], [1], [0]], [3, 2, 1], l1=1, intercept=False)
    source = coefs(f"intercept,{float(fit.coef[0])}")
    assert "Audit: the solution" in succeed("audit", source, "t.csv", *THREE_ROWS)


def test_a_model_brings_its_claim(succeed, run, odd):
    data = (odd, "--target", "y", "--weights", "weight", "--offset", "offset")
    succeed("fit", *data, "--l1", 5, "--l2", 0.1, "--positive", "--drop", "copy", "--save", "model.json")
    assert "Audit: the solution" in succeed("audit", "model.json", *data)
    assert run("audit", "model.json", *data, "--l1", 7).exit_code == 1


def test_a_point_of_a_written_path_passes(succeed, diabetes, tmp_path):
    succeed("path", diabetes, "--target", "progression", "--count", 5, "--output", "path.csv")
    strength = (tmp_path / "path.csv").read_text().splitlines()[-1].split(",")[0]
    point = f"select feature, coef from 'path.csv' where strength = '{strength}'::double"
    printed = succeed("audit", point, diabetes, "--target", "progression", "--l1", strength)
    assert "Audit: the solution" in printed


@pytest.fixture
def glmnet(tmp_path):
    """Data on which R's glmnet was run, as a file, and what it found by the name of its call."""
    document = json.loads((Path(__file__).parents[1] / "strength" / "stored" / "glmnet.json").read_text())
    lines = ["a,b,c,d,e,f,y"]
    for row, y in zip(document["X"], document["y"], strict=True):
        lines.append(",".join(map(repr, [*row, y])))
    (tmp_path / "data.csv").write_text("\n".join([*lines, ""]))
    found = {}
    for case in document["cases"]:
        rows = [f"(Intercept),{case['intercept']!r}"]
        found[case["name"]] = rows + [f"{n},{v!r}" for n, v in zip("abcdef", case["coef"], strict=True)]
    return found


@pytest.mark.parametrize(
    ("call", "options"),
    [
        ("lasso", ("--glmnet-lambda", 0.3)),
        ("elastic net", ("--glmnet-lambda", 0.5, "--glmnet-alpha", 0.3)),
        ("ridge", ("--glmnet-lambda", 0.7, "--glmnet-alpha", 0)),
        ("elastic net, as it stands", ("--glmnet-lambda", 0.5, "--glmnet-alpha", 0.3, "--no-standardize")),
        ("lasso, as it stands", ("--sklearn-alpha", 0.3)),
    ],
)
def test_another_package_is_asked_in_its_own_words(succeed, run, coefs, glmnet, call, options):
    source = coefs(*glmnet[call])
    assert "Audit: the solution" in succeed("audit", source, "data.csv", "--target", "y", *options)
    changed = (options[0], options[1] * 1.01, *options[2:])
    assert run("audit", source, "data.csv", "--target", "y", *changed).exit_code == 1


def test_the_elastic_net_of_scikit_learn(succeed, coefs, glmnet):
    from sklearn.linear_model import ElasticNet

    data = np.loadtxt("data.csv", delimiter=",", skiprows=1)
    model = ElasticNet(alpha=0.3, l1_ratio=0.4, tol=1e-15, max_iter=1_000_000).fit(data[:, :-1], data[:, -1])
    rows = [f"{n},{v!r}" for n, v in zip("abcdef", model.coef_.tolist(), strict=True)]
    source = coefs(f"(Intercept),{float(model.intercept_)!r}", *rows)
    options = ("--sklearn-alpha", 0.3, "--sklearn-l1-ratio", 0.4)
    assert "Audit: the solution" in succeed("audit", source, "data.csv", "--target", "y", *options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "--l1 is missing"),
        (("--glmnet-alpha", 1), "--glmnet-lambda is missing beside --glmnet-alpha"),
        (("--sklearn-l1-ratio", 1), "--sklearn-alpha is missing beside --sklearn-l1-ratio"),
        (("--glmnet-lambda", 1, "--l1", 1), "more than one convention"),
        (("--glmnet-lambda", 1, "--sklearn-alpha", 1), "more than one convention"),
        (("--sklearn-alpha", 1, "--standardize"), "scikit-learn does not standardise"),
        (("--sklearn-alpha", 1, "--sklearn-l1-ratio", 2), "l1_ratio is 2: pass a number from 0 to 1"),
    ],
)
def test_claims_that_contradict_are_refused(mistake, three_rows, coefs, options, sentence):
    assert sentence in mistake("audit", coefs("x1,2"), three_rows, "--target", "y", *options)


@pytest.mark.parametrize(
    "how",
    [
        ("--formula", "y ~ a + a:b", "--missing", "drop"),
        ("--target", "y", "--missing", "mean"),
        ("--target", "y", "--missing", "drop"),
    ],
)
def test_a_model_is_audited_as_it_was_fitted(run, succeed, tmp_path, how):
    (tmp_path / "gaps.csv").write_text("a,b,y\n1,2,3\n,3,4\n4,1,2\n5,7,8\n2,2,8\n3,0,1\n")
    run("fit", "gaps.csv", *how, "--l1", 1, "--save", "model.json")
    data = "gaps.csv"
    if how[0] == "--formula":  # a formula's features are made of whole rows
        data = "whole.csv"
        (tmp_path / data).write_text("a,b,y\n1,2,3\n4,1,2\n5,7,8\n2,2,8\n3,0,1\n")
    assert "Audit: the solution" in succeed("audit", "model.json", data, "--target", "y")


@pytest.fixture
def gappy(tmp_path):
    rng = np.random.default_rng(5)
    X = rng.normal(size=(30, 3))
    y = X @ [2.0, -1.0, 0.0] + rng.normal(size=30)
    X[4, 1] = X[9, 2] = np.nan
    rows = [
        "a,b,c,y",
        *(
            ",".join("" if np.isnan(v) else repr(float(v)) for v in (*row, t))
            for row, t in zip(X, y, strict=True)
        ),
    ]
    (tmp_path / "gappy.csv").write_text("\n".join([*rows, ""]))
    return X, y


def table(coefs, fit):
    rows = [f"{name},{float(w)!r}" for name, w in zip("abc", fit.coef, strict=True)]
    return coefs(f"(Intercept),{fit.intercept!r}", *rows)


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_with_bounds_factors_and_gaps(succeed, run, coefs, gappy, missing):
    X, y = gappy
    whole = ~np.isnan(X).any(axis=1)
    filled = np.where(np.isnan(X), np.nanmean(X, axis=0), X)
    X, y = (X[whole], y[whole]) if missing == "drop" else (filled, y)
    fit = eq.fit(X, y, l1=[2.0, 0.0, 6.0], lower=[-1, -0.5, -1], upper=[1.5, 9, 9])
    args = ("audit", table(coefs, fit), "gappy.csv", "--target", "y", "--l1", 2, "--no-standardize")
    box = ("--lower", "b=-0.5", "--lower", "a=-1", "--lower", "c=-1", "--upper", "a=1.5")
    more = ("--penalty-factor", "b=0", "--penalty-factor", "c=3", "--missing", missing)
    assert "Audit: the solution" in succeed(*args, *box, *more)
    assert run(*args, *more).exit_code == 1  # without the bounds it is no solution
    assert run(*args, *box, "--missing", missing).exit_code == 1  # nor without the factors


def test_factors_as_glmnet_counts_them(succeed, coefs, gappy):
    X, y = gappy
    X = np.where(np.isnan(X), np.nanmean(X, axis=0), X)
    factors = np.array([1.0, 0.0, 3.0])
    fit = eq.fit(X, y, l1=len(y) * 0.1 * factors * 3 / factors.sum() / 1.0, standardize=True)
    args = ("--penalty-factor", "b=0", "--penalty-factor", "c=3", "--missing", "mean")
    printed = succeed("audit", table(coefs, fit), "gappy.csv", "--target", "y", "--glmnet-lambda", 0.1, *args)
    assert "Audit: the solution" in printed


def test_of_a_formula(succeed, coefs, gappy):
    pytest.importorskip("formulaic")
    X, y = gappy
    whole = ~np.isnan(X[:, :2]).any(axis=1)
    X, y = X[whole], y[whole]
    A = np.column_stack([X[:, 0], X[:, 1], X[:, 0] * X[:, 1]])
    fit = eq.fit(A, y, l1=2.0)
    names = ("a", "b", "a:b")
    rows = [f"{name},{float(w)!r}" for name, w in zip(names, fit.coef, strict=True)]
    source = coefs(f"(Intercept),{fit.intercept!r}", *rows)
    args = ("--formula", "y ~ a * b", "--l1", 2, "--no-standardize", "--missing", "drop")
    assert "Audit: the solution" in succeed("audit", source, "gappy.csv", *args)


def test_what_does_not_go_together(mistake, succeed, coefs, three_rows):
    args = ("audit", coefs("x1,2"), three_rows, "--target", "y")
    factor = ("--penalty-factor", "x1=2")
    assert "scikit-learn has one for all" in mistake(*args, "--sklearn-alpha", 1, *factor)
    assert "no feature" in mistake(*args, "--l1", 1, "--penalty-factor", "z=2")
    assert "drop either" in mistake(*args, "--l1", 1, "--lower", 0, "--positive")
    assert "--target is missing" in mistake("audit", coefs("x1,2"), three_rows, "--l1", 1)
    succeed("fit", three_rows, "--target", "y", "--l1", 1, "--save", "model.json")
    assert "knows the penalty" in mistake("audit", "model.json", three_rows, "--target", "y", *factor)


R = Path(__file__).parents[1] / "data" / "stored" / "coefficients"  # written in R by write.R
OF_R = (R / "data.csv", "--target", "y")


@pytest.mark.parametrize("name", ["glmnet", "glmnet2", "tidy", "tidy_zeros"])
def test_what_r_wrote(succeed, run, name):
    source = R / f"{name}.csv"
    assert "Audit: the solution" in succeed("audit", source, *OF_R, "--glmnet-lambda", 0.1)
    assert run("audit", source, *OF_R, "--glmnet-lambda", 0.11).exit_code == 1
    assert run("audit", source, *OF_R, "--glmnet-lambda", 0.1, "--no-standardize").exit_code == 1


def test_one_point_of_what_r_wrote(succeed, mistake):
    claim = (*OF_R, "--glmnet-lambda", 0.2)
    for name, query in (
        ("path", "select #1 as feature, s1 as coef from '{}'"),
        ("tidy_path", "select * from '{}' where step = 2"),
    ):
        source = R / f"{name}.csv"
        said = mistake("audit", source, *claim)
        assert said.startswith(str(source))
        assert f", by the query {query.split('{')[0].replace('s1', 's0')}" in said
        assert "Audit: the solution" in succeed("audit", query.format(source), *claim)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("no_intercept_TRUE", ("--glmnet-alpha", 0.6)),
        ("no_intercept_FALSE", ("--glmnet-alpha", 0.6, "--no-standardize")),
    ],
)
def test_without_an_intercept(succeed, run, mistake, name, more):
    args = ("audit", R / f"{name}.csv", *OF_R, "--glmnet-lambda", 0.1, *more)
    assert "Audit: the solution" in succeed(*args, "--no-intercept")
    assert run(*args).exit_code == 1
    said = mistake("audit", R / "glmnet.csv", *OF_R, "--glmnet-lambda", 0.1, "--no-intercept")
    assert "(--no-intercept) says that there is no intercept, but" in said
    assert "glmnet.csv has one, 4.74694: drop either" in said


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("lm", ("--l1", 0), "lm.csv has no number for 'f' (NaN or NA, which R gives to a column"),
        ("tidy_lm", ("--l1", 0), "tidy_lm.csv has no number for 'f'"),
        ("glmnet", ("--glmnet-lambda", 0.1, "--drop", "g"), "glmnet.csv names 'gu', which is no feature"),
        ("data", ("--l1", 0), "data.csv needs the columns 'feature' and 'coef', broom's 'term' and"),
    ],
)
def test_what_r_wrote_of_another_model_is_refused(mistake, name, options, sentence):
    assert sentence in mistake("audit", R / f"{name}.csv", *OF_R, *options)


def test_zeros_are_listed_of_all_or_none(succeed, mistake, tmp_path):
    wider = tmp_path / "wider.csv"
    lines = (R / "data.csv").read_text().splitlines()
    wider.write_text("\n".join(["id," + lines[0], *(f"{k},{line}" for k, line in enumerate(lines[1:]))]))
    said = mistake("audit", R / "glmnet.csv", wider, "--target", "y", "--glmnet-lambda", 0.1)
    assert "lists zeros too but not 'id', which the data have: leave it out of the data (--drop" in said
    args = (wider, "--target", "y", "--glmnet-lambda", 0.1, "--drop", "id")
    assert "Audit: the solution" in succeed("audit", R / "glmnet.csv", *args)


def test_a_model_under_another_penalty_keeps_the_rest_of_its_claim(succeed, run):
    succeed("fit", *OF_R, "--l1", 2, "--l2", 0.5, "--upper", "a=0.5", "--drop", "k", "--save", "model.json")
    wanted = eq.load("model.json")
    assert "Audit: the solution" in succeed("audit", "model.json", *OF_R)
    assert "Audit: the solution" in succeed("audit", "model.json", *OF_R, "--l1", 2)
    assert "Audit: the solution" in succeed("audit", "model.json", *OF_R, "--l2", 0.5, "--standardize")
    assert run("audit", "model.json", *OF_R, "--no-standardize").exit_code == 1
    found = json.loads(run("audit", "model.json", *OF_R, "--l1", 3, "--json").stdout)
    assert (found["exact"]["l1"], found["exact"]["l2"]) == (3.0, 0.5)
    assert found["features"] == list(wanted.features)


def test_a_model_remembers_the_columns_of_its_fit(succeed, tmp_path):
    rows = [f"{i % 7},{i % 5},{1 + i % 3},{i % 2 + 1},{(i * i) % 5}" for i in range(40)]
    (tmp_path / "visits.csv").write_text("\n".join(["a,b,months,w,visits", *rows, ""]))
    asked = ("--target", "visits", "--loss", "poisson", "--exposure", "months", "--weights", "w")
    succeed("fit", "visits.csv", *asked, "--l1", 0.5, "--save", "model.json")
    told = succeed("audit", "model.json", "visits.csv")
    assert "Audit: the solution" in told
    assert told == succeed("audit", "model.json", "visits.csv", *asked)
    succeed("fit", "visits.csv", "--formula", "visits ~ a + b", "--l1", 0.5, "--save", "formula.json")
    assert "Audit: the solution" in succeed("audit", "formula.json", "visits.csv")


def test_the_alpha_of_the_lasso_is_not_that_of_another_loss(mistake, three_rows, coefs):
    asked = ("audit", coefs("x1,0", "x2,0"), three_rows, "--target", "x1", "--loss", "binomial")
    told = mistake(*asked, "--sklearn-alpha", 0.1)
    assert told.startswith("--sklearn-alpha is that of Lasso and ElasticNet, and --loss is binomial: say --")
    # What it names are options that there are.
    assert "'" not in told
