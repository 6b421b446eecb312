import csv
import gzip

import pytest

pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")

from equipoise.data.files.files import open_batches, read_table  # noqa: E402


def put(folder, content, name="t.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "first",
    [
        "1,2,3",
        "1.5,-2,3e5",
        "0,1",
        "2019,2020,2021",
        ",4,5",
        "1;2,5;3",
        "2020-01-01,1.5,2",
        '"1","2"',
        "1,1,2",
        "7",
    ],
)
def test_a_first_line_of_numbers_is_refused(tmp_path, first):
    path = put(tmp_path, f"{first}\n{first}\n{first}\n")
    for read in (read_table, lambda source: list(open_batches(source, None, rows=2))):
        with pytest.raises(ValueError, match="names no columns: its first line holds only numbers") as caught:
            read(path)
        assert str(path) in str(caught.value)
        assert "write a line of names above it" in str(caught.value)


@pytest.mark.parametrize(
    ("first", "names"),
    [
        ("a,1,2", ["a", "1", "2"]),
        ("x1,x2,x3", ["x1", "x2", "x3"]),
        ("city,2019,2020", ["city", "2019", "2020"]),
        ("0,1,2", ["0", "1", "2"]),  # what pandas writes for columns without names
    ],
)
def test_a_first_line_of_names_is_read(tmp_path, first, names):
    assert read_table(put(tmp_path, f"{first}\n4,5,6\n7,8,9\n")).column_names == names


@pytest.mark.parametrize("declared", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;", "\n\nsep=;"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_delimiter_that_a_spreadsheet_is_told(tmp_path, declared, end):
    content = end.join([declared.replace("\n", end), "a;b;y", "1;2;3", "2;1;4", ""])
    for path in (put(tmp_path, content), put(tmp_path, gzip.compress(content.encode()), "t.csv.gz")):
        assert read_table(path).to_pydict() == {"a": [1, 2], "b": [2, 1], "y": [3, 4]}
        batches = pa.Table.from_batches(open_batches(path, None, rows=5))  # text, as it stands there
        assert batches.to_pydict() == {"a": ["1", "2"], "b": ["2", "1"], "y": ["3", "4"]}


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ":", "~"])
def test_any_delimiter_that_is_declared(tmp_path, delimiter):
    rows = [["a", "b;c", "y"], ["1", "2", "3"], ["2", "1", "4"]]
    path = tmp_path / "t.csv"
    with open(path, "w", newline="") as file:
        file.write(f"sep={delimiter}\n")
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    assert read_table(path).to_pydict() == {"a": [1, 2], "b;c": [2, 1], "y": [3, 4]}


def test_a_row_that_differs_is_found_in_its_line(tmp_path):
    path = put(tmp_path, "sep=;\na;b\n1;2\n1;2;3\n")
    with pytest.raises(ValueError, match="line 4 has 3 values but the first line names 2"):
        read_table(path)


def test_numbers_below_a_declared_delimiter_are_refused_too(tmp_path):
    with pytest.raises(ValueError, match="holds only numbers"):
        read_table(put(tmp_path, "sep=;\n1;2\n3;4\n"))


def test_a_column_called_sep_is_a_name(tmp_path):
    assert read_table(put(tmp_path, "sep,oct\n1,2\n3,4\n")).column_names == ["sep", "oct"]
