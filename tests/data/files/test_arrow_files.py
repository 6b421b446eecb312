"""Files in Arrow's format: what is damaged is refused, and never ends the process."""

import io
import json
import random
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.files.arrow_files import arrow_batches
from equipoise.data.files.files import read_table

pa = pytest.importorskip("pyarrow")
ipc = pytest.importorskip("pyarrow.ipc")

ROWS, FILES = 40, 400


def variants():
    """The bytes of a table of numbers and of one of everything else, in each variant of the format."""
    rng = np.random.default_rng(0)
    numbers = {
        "a": rng.normal(size=ROWS),
        "b": pa.array([None if i % 7 == 0 else float(i) for i in range(ROWS)]),
        "y": rng.normal(size=ROWS),
    }
    texts = {
        "c": pa.array(["Oslo", "Rome", None, "Bergen"] * 10),
        "d": pa.array(["u", "v"] * 20).dictionary_encode(),
        "f": pa.array([True, False] * 20),
    }
    others = {
        "big": pa.array(["a text of some length"] * ROWS, pa.large_string()),
        "bytes": pa.array([b"x"] * ROWS),
        "lists": pa.array([[1, 2], [3]] * 20),
        "money": pa.array([1] * ROWS, pa.decimal128(10, 2)),
        "records": pa.array([{"p": 1}] * ROWS),
        "when": pa.array(range(ROWS), pa.timestamp("us")),
    }
    for columns in (numbers, {**numbers, **texts}, {**numbers, **texts, **others}):
        table = pa.table(columns)
        for compression in (None, "lz4", "zstd"):
            for new in (ipc.new_file, ipc.new_stream):
                sink = io.BytesIO()
                options = ipc.IpcWriteOptions(compression=compression)
                with new(sink, table.schema, options=options) as writer:
                    writer.write_table(table, max_chunksize=17)
                yield sink.getvalue()


def damaged(content, rng):
    """The content with some bytes changed, cut out, or missing at the end."""
    content = bytearray(content)
    at = rng.randrange(len(content))
    how = rng.random()
    if how < 0.7:
        for _ in range(rng.choice([1, 1, 1, 4, 16])):
            content[rng.randrange(len(content))] = rng.choice([0, 255, rng.randrange(256)])
    elif how < 0.8:
        del content[at:]
    elif how < 0.9:
        content[at : at + 64] = rng.randbytes(len(content[at : at + 64]))
    elif how < 0.95:
        at -= at % 4
        content[at : at + 4] = rng.choice([b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\xff\xff\xff\xff"])
    else:
        del content[at : at + 8]
    return bytes(content)


def complaint_of(read):
    """What a reader complains of, None if it does not; any other error ends the process."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read()
    except (ValueError, TypeError) as error:
        return f"{type(error).__module__} {error}"
    return None


def fit(path):
    from equipoise.cli.reading import read_data

    data = read_data(path, "y", missing="mean")
    eq.fit(data.X, data.y, l1=1.0, missing="mean").predict(data.X)


def child(path, first):
    """Read damaged files from the given number on: print that number before, and the outcome after."""
    contents = list(variants())
    readers = (
        lambda: read_table(path).to_pydict(),  # each entry
        lambda: eq.Mapped(path),
        lambda: eq.gather(path, "y", drop=["b"]),
        lambda: fit(path),
    )
    for number in range(first, FILES):
        print(number, flush=True)
        Path(path).write_bytes(damaged(contents[number % len(contents)], random.Random(number)))
        complaints = [complaint_of(read) for read in readers]
        for said in filter(None, complaints):
            assert said.startswith("builtins "), (number, said)
            assert "\n" not in said, (number, said)
        print("read" if complaints[0] is None else "refused", flush=True)


def run(*arguments):
    return subprocess.run([sys.executable, __file__, *map(str, arguments)], capture_output=True, text=True)


def test_damaged_files_are_read_or_refused_and_never_end_the_process(tmp_path):
    done = run("child", tmp_path / "t.arrow", 0)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"{done.returncode} at {lines[-1]}: {done.stderr[-1000:]}"
    assert lines.count("read") + lines.count("refused") == FILES
    assert lines.count("read") > FILES // 20  # where a number alone, or nothing that matters, was changed
    assert lines.count("refused") > FILES // 2


def complaints(*paths):
    """What is said of each file, in a process of its own; None of a file that is read."""
    done = run("complaints", *paths)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def array_of(kind, buffers, length=3):
    return pa.Array.from_buffers(kind, length, [None, *map(pa.py_buffer, buffers)])


@pytest.mark.parametrize("new", [ipc.new_file, ipc.new_stream])
def test_entries_that_point_outside_are_refused(tmp_path, new):
    offsets = np.array([0, 5, 1 << 30, 3], dtype=np.int32)
    indices = pa.array([0, 1, 1 << 20], pa.int32())
    wrong = {
        "text": array_of(pa.string(), [offsets.tobytes(), b"abcde"]),
        "index": pa.DictionaryArray.from_arrays(indices, ["u", "v"], safe=False),
        "not_utf8": array_of(pa.string(), [np.arange(4, dtype=np.int32).tobytes(), b"\xff\xfe\xfd"]),
    }
    paths = [tmp_path / f"{name}.arrow" for name in wrong]
    for path, (name, array) in zip(paths, wrong.items(), strict=True):
        table = pa.Table.from_arrays([array], names=[name])
        with pa.OSFile(str(path), "wb") as file, new(file, table.schema) as writer:
            writer.write_table(table)
    for path, said in zip(paths, complaints(*paths), strict=True):
        assert f"{path} is not a readable Arrow file, or was cut short: " in (said or ""), path


def test_a_footer_that_points_outside_the_file_is_refused(tmp_path):
    content = next(variants())
    length = int.from_bytes(content[-10:-6], "little")
    paths = [tmp_path / f"{i}.feather" for i in range(5)]
    for path, wrong in zip(paths, (length + 8, 1 << 30, (1 << 31) - 1, 0, len(content)), strict=True):
        path.write_bytes(content[:-10] + wrong.to_bytes(4, "little") + content[-6:])
    for path, said in zip(paths, complaints(*paths), strict=True):
        assert f"{path} is not a readable Arrow file" in (said or ""), path


def test_garbage_behind_the_magic_bytes_is_refused(tmp_path):
    garbage = (b"", b"\0" * 100, b"\xff" * 100, random.Random(0).randbytes(1000))
    contents = [b"ARROW1\0\0" + middle + end for middle in garbage for end in (b"", b"ARROW1")]
    paths = [tmp_path / f"{i}.arrow" for i in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    for path, said in zip(paths, complaints(*paths), strict=True):
        assert f"{path} is not a readable Arrow file" in (said or ""), path


def test_names_of_columns_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "t.arrow"
    table = pa.table({"price": [1.0, 2.0]})
    with pa.OSFile(str(path), "wb") as file, ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    path.write_bytes(path.read_bytes().replace(b"price", b"pr\xff\xfee"))
    [said] = complaints(path)
    assert "is not a readable Arrow file, or was cut short: 'utf-8' codec can't decode" in said


def test_numbers_are_not_read_when_a_file_is_opened(tmp_path):
    before = pa.total_allocated_bytes()
    table = pa.table({"a": np.arange(100_000.0), "b": pa.array([None, 2.0] * 50_000)})
    with pa.OSFile(str(tmp_path / "t.arrow"), "wb") as file, ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    expected = table.to_pydict()
    del table
    batches = list(arrow_batches(tmp_path / "t.arrow"))
    assert pa.total_allocated_bytes() - before < 10_000
    assert pa.Table.from_batches(batches).to_pydict() == expected


if __name__ == "__main__":
    what, *names = sys.argv[1:]
    if what == "child":
        child(names[0], int(names[1]))
    else:
        print(json.dumps([complaint_of(lambda name=name: read_table(name).to_pydict()) for name in names]))
