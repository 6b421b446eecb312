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
    assert "Audit: optimal" in printed


def test_anything_else_fails_with_exit_code_1(run, three_rows, coefs):
    result = run("audit", coefs("x1,2"), three_rows, *THREE_ROWS)
    assert (result.exit_code, result.stderr) == (1, "")
    wanted = eq.audit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [2.0, 0.0], l1=1)
    assert result.stdout.endswith(f"\n\n{wanted}\n")
    assert "zero, but not at the solution: x2" in result.stdout


def test_the_document_is_the_audit(run, three_rows, coefs):
    import json

    result = run("audit", coefs("x2,0.1", "x1,2"), three_rows, *THREE_ROWS, "--json")
    X = {"x1": [1, 1, 0], "x2": [1, 0, 1]}
    pa = pytest.importorskip("pyarrow")
    wanted = eq.audit(pa.table(X), [3, 2, 1], [2.0, 0.1], l1=1)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == wanted.to_dict()


@pytest.mark.parametrize("name", ["(Intercept)", "intercept"])
def test_the_intercept_is_a_row_of_its_own(succeed, three_rows, coefs, name):
    fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=0.2)
    rows = (f"{name},{fit.intercept!r}", f"x1,{float(fit.coef[0])}", f"x2,{float(fit.coef[1])}")
    options = ("--target", "y", "--l1", 0.2, "--no-standardize")
    assert "Audit: optimal" in succeed("audit", coefs(*rows), three_rows, *options)


def test_a_column_called_intercept_is_a_feature(succeed, coefs, tmp_path):
    (tmp_path / "t.csv").write_text("intercept,y\n1,3\n1,2\n0,1\n")
    fit = eq.fit([[1], [1], [0]], [3, 2, 1], l1=1, intercept=False)
    source = coefs(f"intercept,{float(fit.coef[0])}")
    assert "Audit: optimal" in succeed("audit", source, "t.csv", *THREE_ROWS)


def test_a_model_brings_its_claim(succeed, run, odd):
    data = (odd, "--target", "y", "--weights", "weight", "--offset", "offset")
    succeed("fit", *data, "--l1", 5, "--l2", 0.1, "--positive", "--drop", "copy", "--save", "model.json")
    assert "Audit: optimal" in succeed("audit", "model.json", *data)
    assert run("audit", "model.json", *data, "--l1", 7).exit_code == 1


def test_a_point_of_a_written_path_passes(succeed, diabetes, tmp_path):
    succeed("path", diabetes, "--target", "progression", "--count", 5, "--output", "path.csv")
    strength = (tmp_path / "path.csv").read_text().splitlines()[-1].split(",")[0]
    point = f"select feature, coef from 'path.csv' where strength = '{strength}'::double"
    printed = succeed("audit", point, diabetes, "--target", "progression", "--l1", strength)
    assert "Audit: optimal" in printed
