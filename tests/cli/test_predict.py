import csv
import datetime
import gzip
import io

import numpy as np
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
    assert predictions(succeed("predict", "model.json", odd)) == wanted.tolist(), "the model remembers it"
    bare = predictions(succeed("predict", "model.json", odd, "--offset", "0"))
    np.testing.assert_allclose(np.add(bare, read_column(table, "offset")), wanted, rtol=1e-12)


def test_an_offset_that_is_not_there_is_asked_for(succeed, mistake, odd, tmp_path):
    succeed("fit", odd, "--target", "y", "--offset", "offset", "--l1", 5, "--save", "model.json")
    query = f"""select * exclude ("offset") from '{odd}'"""
    assert mistake("predict", "model.json", query) == (
        "the model was fitted with an offset (column 'offset', which is not here): say --offset COLUMN, or "
        "--offset 0 on purpose"
    )
    succeed("predict", "model.json", query, "--offset", "0")
    succeed("predict", "model.json", query, "--offset", "weight")
    assert "'none' is not a column" in mistake("predict", "model.json", query, "--offset", "none")
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "a.parquet").write_bytes(odd.read_bytes())
    assert succeed("predict", "model.json", folder) == succeed("predict", "model.json", odd)
    (tmp_path / "zero.csv").write_text("a,0,y\n1,5,1\n2,6,2\n3,5,4\n")
    succeed("fit", "zero.csv", "--target", "y", "--offset", "0", "--l1", 0.1, "--save", "zero.json")
    at = predictions(succeed("predict", "zero.json", "zero.csv", "--offset", "0"))
    fit = eq.load(tmp_path / "zero.json")
    assert at == pytest.approx([fit.intercept + fit.coef[0] * a + o for a, o in ((1, 5), (2, 6), (3, 5))])


# ---- columns that are kept -----------------------------------------------------------------------

# What a reader of types would change, a writer of CSV must quote, or a reader of it take for missing.
ENTRIES = [
    ("007", "a,b", "x y"),
    ("NA", 'say "hi"', "  pad "),
    ("1e3", "two\nlines", ""),
    ("0x10", "é λ", "null"),
    ("2020-01-02", "'q'", "\t"),
]


def numbered(**dialect):
    """A CSV file of those entries and the features a and b, (0.5, 0), (1.5, 1), …"""
    text = io.StringIO()
    writer = csv.writer(text, **({"lineterminator": "\n"} | dialect))
    writer.writerow(["id", "name", "a", "note", "b"])
    for i, (first, second, third) in enumerate(ENTRIES):
        writer.writerow([first, second, i + 0.5, third, i])
    return text.getvalue().encode()


@pytest.fixture
def small(succeed, tmp_path):
    rows = "".join(f"{i % 7},{i % 3},{2 * (i % 7) - i % 3 + i % 2}\n" for i in range(20))
    (tmp_path / "train.csv").write_text("a,b,y\n" + rows)
    succeed("fit", "train.csv", "--target", "y", "--l1", 0.1, "--save", "model.json")
    fit = eq.load(tmp_path / "model.json")
    return [fit.intercept + fit.coef @ [i + 0.5, i] for i in range(5)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("new.csv", numbered()),
        ("crlf.csv", numbered(lineterminator="\r\n")),
        ("bom.csv", b"\xef\xbb\xbf" + numbered()),
        ("quoted.csv", numbered(quoting=csv.QUOTE_ALL)),
        ("new.tsv", numbered(delimiter="\t")),
        ("semicolons.csv", numbered(delimiter=";")),
        ("new.csv.gz", gzip.compress(numbered(), mtime=0)),
    ],
)
def test_kept_entries_are_those_of_the_file(succeed, small, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    printed = succeed("predict", "model.json", name, "--keep", "note,id", "--keep", "name")
    header, *lines = csv.reader(io.StringIO(printed, newline=""))
    assert header == ["note", "id", "name", "prediction"]
    assert [(first, second, note) for note, first, second, _ in lines] == ENTRIES
    assert [float(line[-1]) for line in lines] == pytest.approx(small)
    assert succeed("predict", "model.json", name, "--keep", "note,id,name", "--output", "out.csv") == ""
    assert (tmp_path / "out.csv").read_bytes().decode() == printed


def test_kept_entries_in_json_are_text_or_null(document, small, tmp_path):
    (tmp_path / "new.csv").write_bytes(numbered())
    told = document("predict", "model.json", "new.csv", "--keep", "id,note")
    assert list(told) == ["id", "note", "prediction"]
    assert told["id"] == [entry[0] for entry in ENTRIES]
    assert told["note"] == [entry[2] or None for entry in ENTRIES]
    assert told["prediction"] == pytest.approx(small)


def test_a_feature_can_be_kept_as_it_is_written(succeed, small, tmp_path):
    (tmp_path / "new.csv").write_text("b,a\n0,0.50\n1,1.500\n")
    lines = succeed("predict", "model.json", "new.csv", "--keep", "a").splitlines()
    assert [line.split(",")[0] for line in lines] == ["a", "0.50", "1.500"]
    assert [float(line.split(",")[1]) for line in lines[1:]] == pytest.approx(small[:2])


def test_standard_input_keeps_its_columns_too(invoke, small, tmp_path):
    asked = ["predict", "model.json", "-", "--keep"]
    found = invoke([*asked, "id"], input=numbered(), catch_exceptions=False)
    assert [line.split(",")[0] for line in found.stdout.splitlines()] == ["id", *(e[0] for e in ENTRIES)]
    wrong = invoke([*asked, "idd"], input=numbered(), catch_exceptions=False)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr == "equipoise: --keep names 'idd', which is no column: did you mean 'id'?\n"


def test_files_of_types_keep_their_values(succeed, document, small, tmp_path):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    values = {
        "id": [7, 2**60 + 1, None],
        "day": [datetime.date(2020, 1, 2), None, datetime.date(1999, 12, 31)],
        "ok": [True, False, None],
        "x": [0.1, float("nan"), 1e22],
    }
    table = pa.table({**values, "a": [0.5, 1.5, 2.5], "b": [0, 1, 2]})
    parquet.write_table(table, tmp_path / "new.parquet")
    kept = ("--keep", "id,day,ok,x")
    lines = succeed("predict", "model.json", "new.parquet", *kept).splitlines()
    assert [line.rpartition(",")[0] for line in lines] == [
        "id,day,ok,x",
        "7,2020-01-02,true,0.1",
        "1152921504606846977,,false,nan",
        ",1999-12-31,,1e+22",
    ]
    told = document("predict", "model.json", "new.parquet", *kept)
    assert told["id"] == values["id"]
    assert told["day"] == ["2020-01-02", None, "1999-12-31"]
    assert (told["ok"], told["x"]) == (values["ok"], [0.1, None, 1e22])
    query = "select id + 1 as next, a, b from 'new.parquet' where id is not null order by id desc"
    lines = succeed("predict", "model.json", query, "--keep", "next").splitlines()
    assert [line.split(",")[0] for line in lines] == ["next", "1152921504606846978", "8"]
    assert [float(line.split(",")[1]) for line in lines[1:]] == pytest.approx(small[1::-1])


def test_a_folder_of_files_of_all_kinds(succeed, small, tmp_path):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    folder = tmp_path / "parts"
    folder.mkdir()
    many = 3000  # more rows than are read at a time
    lines = "".join(f"{i:05d},{i % 5 + 0.5},{i % 5}\n" for i in range(many))
    (folder / "1.csv").write_text("id,a,b\n" + lines)
    (folder / "2.csv").write_text("b,a,id\n0,0.5,0000\n1,1.5,0001\n")
    table = pa.table({"a": [0.5], "b": [0], "id": ["x,y"]})
    parquet.write_table(table, folder / "3.parquet")
    printed = succeed("predict", "model.json", "parts", "--keep", "id")
    header, *rows = csv.reader(io.StringIO(printed, newline=""))
    assert header == ["id", "prediction"]
    assert [row[0] for row in rows] == [*(f"{i:05d}" for i in range(many)), "0000", "0001", "x,y"]
    wanted = [small[i % 5] for i in range(many)] + [small[0], small[1], small[0]]
    assert [float(row[1]) for row in rows] == pytest.approx(wanted)


def test_columns_that_cannot_be_kept(mistake, small, tmp_path):
    (tmp_path / "new.csv").write_text("id,a,b,prediction\n1,0.5,0,2\n")
    told = mistake("predict", "model.json", "new.csv", "--keep", "id,nme")
    assert told == "--keep names 'nme', which is no column: the columns are 'id', 'a', 'b', 'prediction'"
    assert "--keep names 'prediction', as the predictions" in mistake(
        "predict", "model.json", "new.csv", "--keep", "prediction"
    )


def test_a_path_is_not_one_model(mistake, tmp_path):
    X = [[1.0], [2.0], [4.0], [3.0], [0.5], [1.0]]
    y = [1.0, 2.0, 6.0, 4.0, 1.0, 0.0]
    eq.path(X, y, count=3).save(tmp_path / "path.json")
    eq.cross_validate(X, y, folds=3, count=3).save(tmp_path / "cv.json")
    for verb in ("predict", "explain", "score"):
        target = () if verb == "predict" else ("--target", "y")
        told = mistake(verb, "path.json", "new.csv", *target)
        assert told == (
            "path.json holds a path, not one model: save one of its models in Python, "
            "load('path.json').at(strength).save('model.json')"
        )
        assert "cv.json holds a cross-validation" in mistake(verb, "cv.json", "new.csv", *target)
