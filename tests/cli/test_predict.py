import pytest

import equipoise as eq
from equipoise.data.frames.columns import read_column


@pytest.fixture
def model(succeed, diabetes, tmp_path):
    succeed("fit", diabetes, "--target", "progression", "--l1", 500, "--save", "model.json")
    return eq.load(tmp_path / "model.json")


def predictions(text):
    header, *lines = text.splitlines()
    assert header == "prediction"
    return [float(line) for line in lines]


def test_the_lines_are_the_predictions_to_the_last_digit(succeed, document, model, diabetes, tmp_path):
    from equipoise.data.files.files import read_table

    wanted = model.predict(read_table(diabetes)).tolist()
    assert predictions(succeed("predict", "model.json", diabetes)) == wanted
    assert document("predict", "model.json", diabetes) == {"prediction": wanted}
    assert succeed("predict", "model.json", diabetes, "--output", "out.csv") == ""
    assert predictions((tmp_path / "out.csv").read_text()) == wanted


def test_columns_are_found_by_name_and_others_ignored(succeed, model, diabetes):
    source = f"select s6, 'text' as note, * exclude (progression, s6) from '{diabetes}'"
    assert succeed("predict", "model.json", source) == succeed("predict", "model.json", diabetes)


def test_a_category_that_the_fit_did_not_see(succeed, mistake, tmp_path):
    (tmp_path / "old.csv").write_text("city,y\nOslo,1\nOslo,2\nRome,7\nRome,9\n")
    (tmp_path / "new.csv").write_text("city\nOslo\nBern\n")
    succeed("fit", "old.csv", "--target", "y", "--l1", 0.1, "--save", "model.json")
    assert "'Bern'" in mistake("predict", "model.json", "new.csv")
    fit = eq.load(tmp_path / "model.json")
    printed = succeed("predict", "model.json", "new.csv", "--unseen", "zero")
    assert predictions(printed)[1] == fit.intercept


def test_the_offset_is_added(succeed, odd, tmp_path):
    from equipoise.data.files.files import read_table

    succeed("fit", odd, "--target", "y", "--offset", "offset", "--l1", 5, "--save", "model.json")
    table = read_table(odd)
    wanted = eq.load(tmp_path / "model.json").predict(table, offset=read_column(table, "offset"))
    assert predictions(succeed("predict", "model.json", odd, "--offset", "offset")) == wanted.tolist()
