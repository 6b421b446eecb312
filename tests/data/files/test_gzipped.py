"""Gzipped tables: what is broken or made to do harm is refused, and nothing is filled with it."""

import gzip
import os
import time

import pytest

from equipoise.data.files import gzipped
from equipoise.data.files.files import open_batches, read_table

resource = pytest.importorskip("resource")


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_truncated_gzip_file_is_refused(tmp_path):
    content = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i % 1009) for i in range(100_000)))
    for name in ("t.csv.gz", "t.jsonl.gz"):
        with pytest.raises(
            ValueError, match=f"{name} is not a gzip file, or a broken one: compress it again"
        ):
            read_table(put(tmp_path, name, content[:-5000]))


@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz"])
def test_a_wrong_checksum_is_refused(tmp_path, name):
    content = bytearray(gzip.compress(b"a,b\n" + b"1,2\n" * 1000))
    for at in (-8, -4, len(content) // 2):
        broken = content.copy()
        broken[at] ^= 1
        with pytest.raises(ValueError, match=f"{name} is not a gzip file, or a broken one: compress it"):
            read_table(put(tmp_path, name, broken))


def test_files_in_several_parts_are_read(tmp_path):
    parts = [gzip.compress(part) for part in (b"a,b\n1,2\n", b"3,4\n")]
    path = put(tmp_path, "t.csv.gz", b"".join(parts))
    assert read_table(path).to_pydict() == {"a": [1, 3], "b": [2, 4]}


@pytest.fixture(scope="module")
def bomb(tmp_path_factory):
    """6 MB that expand to 6 GB: one part of 64 MB of zeros, repeated."""
    zeros = gzip.compress(b"0" * (1 << 26), 9)
    path = tmp_path_factory.mktemp("bomb") / "t.csv.gz"
    with path.open("wb") as file:
        file.write(gzip.compress(b"a\n"))
        for _ in range(90):
            file.write(zeros)
    return path


def test_a_bomb_is_refused_before_it_goes_off(bomb):
    assert bomb.stat().st_size < 6_500_000
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    said = (
        f"{bomb} expands to more than 200 times its size and 1 GB, .*: if you trust it, decompress it first"
    )
    with pytest.raises(ValueError, match=said):
        read_table(bomb)
    assert time.monotonic() - start < 60
    with pytest.raises(ValueError, match=said):
        next(open_batches(bomb, None, rows=10))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB
    assert os.listdir(bomb.parent) == ["t.csv.gz"]


def test_the_bound_is_both_a_size_and_a_ratio(tmp_path, monkeypatch):
    table = b"a\n" + b"0\n" * 100_000  # shrinks to less than 1/200
    path = put(tmp_path, "t.csv.gz", gzip.compress(table))
    assert len(table) > 200 * path.stat().st_size
    assert read_table(path).num_rows == 100_000
    monkeypatch.setattr(gzipped, "HARMLESS", len(table) - 1)
    with pytest.raises(ValueError, match="expands to more than 200 times its size"):
        read_table(path)
    monkeypatch.setattr(gzipped, "RATIO", 1 + len(table) // path.stat().st_size)
    assert read_table(path).num_rows == 100_000
