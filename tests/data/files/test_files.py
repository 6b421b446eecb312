import gzip
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.data.files.files import open_batches, read_table
from equipoise.data.frames.features import read_features

pytest.importorskip("duckdb")

ROWS = {"a": [1, 2], "b": ["x", "y"]}


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", "a,b\n1,x\n2,y\n"),
        ("t.csv", "a,b\r\n1,x\r\n2,y\r\n"),
        ("t.csv", "a,b\n1,x\n2,y"),
        ("t.csv", "\n\na,b\n1,x\n2,y\n\n"),
        ("t.csv", "\ufeffa,b\n1,x\n2,y\n"),
        ("t.csv", '"a","b"\n"1","x"\n2,"y"\n'),
        ("t.csv", "a;b\n1;x\n2;y\n"),
        ("T.CSV", "a,b\n1,x\n2,y\n"),
        ("t.tsv", "a\tb\n1\tx\n2\ty\n"),
        ("t.txt", "a|b\n1|x\n2|y\n"),
        ("t.txt", "a b\n1 x\n2 y\n"),
        ("t.csv.gz", gzip.compress(b"a,b\n1,x\n2,y\n", mtime=0)),
        ("T.CSV.GZ", gzip.compress(b"a,b\n1,x\n2,y\n", mtime=0)),
        ("t.jsonl", '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n'),
        ("t.ndjson", '{"a":1,"b":"x"}\n{"b":"y","a":2}'),
        ("t.json", '[{"a":1,"b":"x"},{"a":2,"b":"y"}]'),
        ("t.json", '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n'),
        ("t.jsonl.gz", gzip.compress(b'{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n', mtime=0)),
        ('it\'s "quoted"; --.csv', "a,b\n1,x\n2,y\n"),
        ("naïve λ.csv", "a,b\n1,x\n2,y\n"),
    ],
)
def test_every_text_format_gives_the_same_rows(tmp_path, name, content):
    path = put(tmp_path, name, content)
    for source in (path, str(path)):
        table = read_table(source)
        assert isinstance(table, pa.Table)
        assert table.to_pydict() == ROWS


@pytest.mark.parametrize("name", ["t.parquet", "t.pq"])
def test_parquet_gives_the_same_rows(tmp_path, name):
    pq.write_table(pa.table(ROWS), tmp_path / name)
    assert read_table(tmp_path / name).to_pydict() == ROWS


def test_patterns_and_partitions_in_a_path_mean_nothing(tmp_path):
    folder = tmp_path / "year=2020"
    folder.mkdir()
    names = ("*.csv", "[ab].csv", "a.csv", "?.csv")
    for k, name in enumerate(names):
        put(folder, name, f"v\n{k}\n")
    for k, name in enumerate(names):
        assert read_table(folder / name).to_pydict() == {"v": [k]}


def test_a_relative_path_is_read_from_the_working_directory(tmp_path, monkeypatch):
    put(tmp_path, "t.csv", "a\n1\n")
    monkeypatch.chdir(tmp_path)
    assert read_table("t.csv").to_pydict() == {"a": [1]}


def test_one_missing_entry_leaves_a_column_of_numbers_numeric(tmp_path):
    entries = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", '""']
    path = put(tmp_path, "t.csv", "n,b\n" + "".join(f"{entry},1\n" for entry in entries) + "2.5,1\n")
    column = read_table(path)["n"]
    assert pa.types.is_floating(column.type)
    assert column.null_count == len(entries)
    with pytest.raises(ValueError, match=r"X column 'n' holds 8 missing values .*first at row 0"):
        read_features(read_table(path))


def test_types_are_told_from_every_row(tmp_path):
    path = put(tmp_path, "t.csv", "a,b\n" + "1,2\n" * 30_000 + "x,2.5\n")
    table = read_table(path)
    assert pa.types.is_string(table["a"].type)
    assert pa.types.is_floating(table["b"].type)


def test_types_are_told_from_every_json_line(tmp_path):
    path = put(tmp_path, "t.jsonl", '{"a":1}\n' * 30_000 + '{"a":2.5}\n')
    assert read_table(path)["a"][-1].as_py() == 2.5


def test_decimal_commas_are_found_column_by_column(tmp_path):
    path = put(tmp_path, "t.csv", "a;b;c\n1,5;2;x,1\n-2,25;3;y\nNA;4;z\n")
    assert read_table(path).to_pydict() == {"a": [1.5, -2.25, None], "b": [2, 3, 4], "c": ["x,1", "y", "z"]}
    path = put(tmp_path, "t.csv", "a;b\n1.5;1,5\n2.5;2,5\n")
    assert read_table(path).to_pydict() == {"a": [1.5, 2.5], "b": [1.5, 2.5]}


def test_names_that_differ_in_case_only_stay_as_they_are(tmp_path):
    assert read_table(put(tmp_path, "t.csv", "a,A\n1,2\n")).column_names == ["a", "A"]


def test_a_comment_sign_is_data(tmp_path):
    assert read_table(put(tmp_path, "t.csv", "a,b\n#1,2\n3,4\n")).num_rows == 2


cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cells, st.integers(-(2**40), 2**40)), min_size=1, max_size=5))
def test_quoted_text_of_any_kind_survives(tmp_path, rows):
    lines = ['"te""xt",n'] + [
        '"{}",{}'.format(text.replace('"', '""') + "!", number) for text, number in rows
    ]
    table = read_table(put(tmp_path, "t.csv", "\n".join(lines) + "\n"))
    assert table.to_pydict() == {
        'te"xt': [text + "!" for text, _ in rows],
        "n": [number for _, number in rows],
    }


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.csv", "", "t.csv is empty: it needs column names and at least one row"),
        ("t.parquet", "", "t.parquet is empty"),
        ("t.jsonl", "", "t.jsonl is empty"),
        ("t.csv", "\n \n", "t.csv is empty"),
        ("t.csv.gz", gzip.compress(b"", mtime=0), "t.csv.gz is empty"),
        ("t.csv", "a,b\n", "t.csv has no rows: at least one is needed"),
        ("t.csv", "a,b", "t.csv has no rows"),
        ("t.csv", "a,b,c\n1,2,3\n4,5\n6,7,8\n", "line 3 has 2 values but the first line names 3 columns"),
        ("t.csv", "a,b,c\n1,2,3\n4,5,6,7\n", "line 3 has 4 values but the first line names 3 columns"),
        ("t.csv", "a,b\n1,2,3\n4,5,6\n", "line 2 has 3 values but the first line names 2 columns"),
        ("t.csv", "\n\na,b,c\n1,2,3\n4,5\n", "line 5 has 2 values"),
        (
            "t.csv",
            "a,b\n" + "1,2\n" * 9001 + "1\n",
            "line 9003 has 1 value but the first line names 2",
        ),
        ("t.csv", 'a,b\n"1,2\n3,4\n', "line 2 opens a quote that is never closed"),
        ("t.csv", "a,b,a\n1,2,3\n", "t.csv has two columns named 'a': rename one of them"),
        ("t.csv", bytes(range(256)) * 9, "t.csv is not a CSV file: it holds binary data"),
        ("t.csv", b"PAR1\0\0\0", "t.csv is not a CSV file but a Parquet file"),
        ("t.csv", b"PK\x03\x04\0\0", "t.csv is not a CSV file but a zip or Excel file"),
        ("t.csv", gzip.compress(b"a\n1\n", mtime=0), "t.csv is not a CSV file but a gzip file"),
        ("t.csv", "a,b\n1,2\n".encode("utf-16"), "t.csv is not a CSV file but UTF-16 text"),
        ("t.csv", "a,b\né,2\n".encode("latin-1"), "t.csv is not UTF-8 text: save it as UTF-8"),
        ("t.csv", b"a,b\n" + b"1,2\n" * 20_000 + b"\xe9,2\n", "line 20002 is not UTF-8 text"),
        ("t.csv", "a,b\r\n1,2\n3,4\r\n", "not well-formed CSV: look for stray quotes and mixed line endings"),
        ("t.csv.gz", b"a,b\n1,2\n", "t.csv.gz is not a gzip file, or a broken one"),
        (
            "t.csv.gz",
            gzip.compress(b"a,b\n1,2\n", mtime=0)[:12],
            "t.csv.gz is not a gzip file, or a broken one",
        ),
        (
            "t.parquet",
            "a,b\n1,2\n3,4\n5,6\n",
            "t.parquet is not a readable Parquet file, or was cut .*magic bytes",
        ),
        ("t.parquet", "ab", "t.parquet is not a readable Parquet file, or was cut short: .*smaller than"),
        ("t.jsonl", '{"a":1}\n{"a":\n', "t.jsonl is not a readable JSON lines file: .*Malformed JSON"),
        ("t.json", "a,b\n1,2\n", "t.json is not a readable JSON file: .*Malformed JSON"),
        ("t.json", "[1, 2]", "t.json is not a readable JSON file: it must hold objects such as"),
        ("t.json", "[]", "t.json is not a readable JSON file: it must hold objects such as"),
        ("t.xlsx", "abc", r"t.xlsx is of unknown type '.xlsx': save it as one of .csv, .tsv, .txt, .parquet"),
        ("t", "abc", "is of unknown type ''"),
        ("t.parquet.gz", "abc", "is of unknown type"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_one_line(tmp_path, name, content, words):
    with pytest.raises(ValueError, match=words) as caught:
        read_table(put(tmp_path, name, content))
    assert "\n" not in str(caught.value)


def test_a_parquet_file_without_rows_is_refused(tmp_path):
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), tmp_path / "t.parquet")
    with pytest.raises(ValueError, match=r"t.parquet has no rows"):
        read_table(tmp_path / "t.parquet")


def test_a_missing_file_names_its_neighbours(tmp_path):
    put(tmp_path, "diabetes.csv", "a\n1\n")
    put(tmp_path, "diabetes.md", "")
    with pytest.raises(
        FileNotFoundError, match=r"there is no file .*diabets.csv: did you mean 'diabetes.csv'\?$"
    ):
        read_table(tmp_path / "diabets.csv")
    with pytest.raises(FileNotFoundError, match=r"zzz.parquet: the tables are 'diabetes.csv'$"):
        read_table(tmp_path / "zzz.parquet")
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*none either"):
        read_table(tmp_path / "none" / "t.csv")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is a folder: name a file in it"):
        read_table(tmp_path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = put(tmp_path, "t.csv", "a\n1\n")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match=r"t.csv cannot be read: no permission"):
        read_table(path)


@pytest.mark.parametrize("compression", ["uncompressed", "lz4"])
def test_arrow_files(tmp_path, compression):
    import pyarrow.feather

    table = pa.table({"a": range(10), "city": ["Oslo", "Rome"] * 5, "y": [0.5] * 10})
    pyarrow.feather.write_feather(table, tmp_path / "t.feather", compression=compression, chunksize=6)
    with pa.OSFile(str(tmp_path / "t.arrow"), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=6)
    for name in ("t.feather", "t.arrow"):
        assert read_table(tmp_path / name).equals(table)
        batches = list(open_batches(tmp_path / name, ["y", "a"], rows=4))
        assert [batch.num_rows for batch in batches] == [4, 2, 4]
        assert pa.Table.from_batches(batches).equals(table.select(["y", "a"]))
        with pytest.raises(ValueError, match=f"{name} has no column 'b'"):
            list(open_batches(tmp_path / name, ["b"], rows=4))
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-150])
        with pytest.raises(ValueError, match=f"{name} is not a readable Arrow file, or was cut short"):
            read_table(tmp_path / name)


@pytest.mark.parametrize("package", ["duckdb", "pyarrow"])
def test_without_a_package_that_reads_files_the_remedy_is_named(tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=rf'reading files needs {package}: pip install "equipoise\[cli\]"'):
        read_table(put(tmp_path, "t.csv", "a\n1\n"))
