"""What is written is read again to the last bit, and nothing else is."""

import hashlib
import io
import json
from dataclasses import fields

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.sums.checkpoint import VERSION, Checkpoint
from equipoise.sums.moments import Moments

ASKED = {"roles": ["y", None], "folds": 3}
PIECE = {"name": "a.parquet", "size": 120}
GAPS = np.array([2, 1, 0, 2, 0, 0])  # rows dropped, two columns, y, offset, weights
NO_GAPS = np.zeros(6, dtype=int)


@pytest.fixture
def parts():
    rng = np.random.default_rng(0)
    made = [Dense(rng.normal(size=(5, 2)) + k).moments(rng.normal(size=5), None) for k in range(2)]
    return [made[0], None, made[1]]


def test_moments_come_back_bit_for_bit(tmp_path, parts):
    Checkpoint(tmp_path / "new" / "folder", ASKED, 2, 2).save(7, PIECE, 12, parts, GAPS)
    rows, found, gaps = Checkpoint(tmp_path / "new" / "folder", ASKED, 2, 2).load(7, PIECE)
    assert rows == 12
    assert gaps.tolist() == GAPS.tolist()
    assert found[1] is None
    for k in (0, 2):
        for field in fields(Moments):
            one, other = getattr(found[k], field.name), getattr(parts[k], field.name)
            assert type(one) is type(other)
            np.testing.assert_array_equal(one, other)
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 1


def test_a_piece_that_was_not_read_is_none(tmp_path, parts):
    kept = Checkpoint(tmp_path, ASKED, 2, 2)
    kept.save(0, PIECE, 10, parts, NO_GAPS)
    assert kept.load(1, PIECE) is None


@pytest.mark.parametrize(
    ("asked", "piece"),
    [(ASKED | {"folds": 4}, PIECE), (ASKED, PIECE | {"size": 121}), ({"roles": ["y", None]}, PIECE)],
)
def test_another_question_or_other_data_is_refused(tmp_path, parts, asked, piece):
    Checkpoint(tmp_path, ASKED, 2, 2).save(0, PIECE, 10, parts, NO_GAPS)
    with pytest.raises(ValueError, match="of other data or of another question: choose another folder"):
        Checkpoint(tmp_path, asked, 2, 2).load(0, piece)


@pytest.mark.parametrize("place", [0, 31, 32, 200, -1])
def test_a_single_bit_that_changed_is_noticed(tmp_path, parts, place):
    kept = Checkpoint(tmp_path, ASKED, 2, 2)
    kept.save(0, PIECE, 10, parts, NO_GAPS)
    (file,) = tmp_path.iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged: delete it"):
        kept.load(0, PIECE)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"checkpoint .*file cannot be made"):
        Checkpoint(tmp_path / "file", ASKED, 2, 2)


# ---- files whose checksum is right, whoever wrote them -------------------------------------------


@pytest.fixture
def kept(tmp_path, parts):
    """A checkpoint with one file, and a function that writes the file anew with a checksum that is right."""
    checkpoint = Checkpoint(tmp_path, ASKED, 2, 2)
    checkpoint.save(0, PIECE, 10, parts, NO_GAPS)
    (file,) = tmp_path.iterdir()

    def forge(change=None, content=None, write=np.savez):
        if content is None:
            with np.load(io.BytesIO(file.read_bytes()[32:])) as held:
                members = {name: held[name] for name in held.files}
            change(members)
            stream = io.BytesIO()
            write(stream, **members)
            content = stream.getvalue()
        file.write_bytes(hashlib.sha256(content).digest() + content)

    checkpoint.forge = forge
    return checkpoint


def refused(kept, match):
    with pytest.raises(ValueError, match=match) as caught:
        kept.load(0, PIECE)
    told = str(caught.value)
    assert type(caught.value) is ValueError
    assert told.startswith(f"checkpoint {kept.folder}")
    assert "piece-000000.moments" in told
    assert "delete" in told
    assert "\n" not in told


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive", bytes(4096), b"\x93NUMPY"])
def test_what_is_no_archive_is_refused(kept, content):
    kept.forge(content=content)
    refused(kept, "is none that equipoise wrote")


def test_an_archive_that_is_cut_or_compressed_is_refused(kept):
    (file,) = kept.folder.iterdir()
    content = file.read_bytes()[32:]
    kept.forge(lambda _: None, write=np.savez_compressed)
    refused(kept, "is none that equipoise wrote .it is compressed")
    for share in (0.3, 0.9, 0.999):
        kept.forge(content=content[: int(share * len(content))])
        refused(kept, "is none that equipoise wrote")


def test_a_file_of_an_earlier_release_is_told_so(kept):
    earlier = json.dumps({"version": VERSION - 1, **ASKED}, sort_keys=True)
    kept.forge(lambda members: members.update(asked=np.array(earlier)))
    refused(kept, f"is of version {VERSION - 1}, and this release writes version {VERSION}: choose another")


def put(name, value):
    return lambda members: members.update({name: np.asarray(value)})


def change(name, place, value):
    def do(members):
        members[name] = members[name].copy()
        members[name][place] = value

    return do


@pytest.mark.parametrize(
    ("forged", "match"),
    [
        (lambda members: members.pop("asked"), "it lacks 'asked'"),
        (put("asked", 7), "'asked' is of type int64"),
        (put("asked", "no JSON"), "is none that equipoise wrote"),
        (put("asked", "[1]"), "is none that equipoise wrote"),
        (put("asked", "[" * 5000), "is none that equipoise wrote"),
        (put("piece", ["a", "b"]), "'piece' is of type"),
        (put("rows", np.array(None, dtype=object)), "is none that equipoise wrote"),
        (lambda members: members.pop("rows"), "it lacks 'rows'"),
        (lambda members: members.pop("2.xy"), "it lacks '2.xy'"),
        (lambda members: members.pop("0.rows"), "it has '0.offset_x', which is nothing known"),
        (put("more", 1.0), "it has 'more', which is nothing known"),
        (lambda members: members.pop("gaps"), "it lacks 'gaps'"),
        (put("gaps", NO_GAPS[1:]), r"'gaps' is of type int64 and shape \(5,\), not \(6,\)"),
        (put("gaps", np.zeros(6)), "'gaps' is of type float64"),
        (put("gaps", [0, -1, 1, 0, 0, 0]), r"0 rows dropped for \[-1, 1, 0, 0, 0\] missing values"),
        (put("gaps", [2, 1, 0, 0, 0, 0]), "2 rows dropped for"),
        (put("gaps", [1, 2, 0, 0, 0, 0]), "1 rows dropped for"),
        (put("gaps", [11, 11, 0, 0, 0, 0]), "11 rows dropped for"),
        (put("gaps", [1, 1, 0, 0, 0, 0]), "its folds have 10 rows of 9"),
        (put("folds", 10**9), "it has 1000000000 folds"),
        (put("folds", -1), "it has -1 folds"),
        (put("folds", 3.0), "'folds' is of type float64"),
        (put("folds", 2), "it has '2.offset_x'"),
        (put("rows", -10), "and -10 rows"),
        (put("rows", 9), "its folds have 10 rows of 9"),
        (put("rows", [10]), r"'rows' is of type int64 and shape \(1,\)"),
        (put("0.rows", 0), "fold 0 has 0 rows"),
        (put("0.rows", True), "'0.rows' is of type bool"),
        (put("0.weight", 0.0), "rows of weight 0"),
        (put("0.weight", -1.0), "rows of weight -1"),
        (put("0.weight", np.nan), "'0.weight' has numbers that are not finite"),
        (put("0.weight", 5), "'0.weight' is of type int64"),
        (put("0.yy", -1.0), "sums of products that exceed"),
        (put("0.yy", np.inf), "'0.yy' has numbers that are not finite"),
        (put("0.xy", np.zeros(3)), r"'0.xy' is of type float64 and shape \(3,\), not \(2,\)"),
        (put("0.xx", np.ones(2)), r"shape \(2,\), not \(2, 2\)"),
        (put("0.shift_x", np.zeros(2, dtype="f4")), "'0.shift_x' is of type float32"),
        (put("0.shift_x", np.array(["a", "b"])), "'0.shift_x' is of type <U1"),
        (put("0.shift_x", np.array([1, None])), "is none that equipoise wrote"),
        (change("0.xx", (0, 1), np.nan), "'0.xx' has numbers that are not finite"),
        (change("0.xx", (0, 1), 0.25), "XᵀX that is not symmetric"),
        (change("0.xx", (0, 0), -1.0), "sums of products that exceed"),
        (change("0.xx", ([0, 1], [1, 0]), 1e3), "sums of products that exceed"),
        (change("0.xy", 1, -1e3), "sums of products that exceed"),
    ],
)
def test_what_no_rows_have_is_refused(kept, forged, match):
    kept.forge(forged)
    refused(kept, match)


def test_an_array_that_claims_to_be_larger_than_the_file_is_refused(kept):
    """The header of 0.xx says (2, 2); nine digits more would be 32 exabytes."""
    (file,) = kept.folder.iterdir()
    kept.forge(content=file.read_bytes()[32:].replace(b"(2, 2), }         ", b"(2000000000, 2), }"))
    refused(kept, "is none that equipoise wrote")


@pytest.mark.parametrize("far", [0.0, 1e3, -1e6])
def test_moments_of_rows_far_from_zero_pass_with_their_rounding(tmp_path, far):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(500, 4)) * [1.0, 1e-3, 1e3, 0.0] + far
    X[:, 1] = X[:, 0]
    part = Dense(X).moments(2 * X[:, 0], rng.uniform(size=500))
    kept = Checkpoint(tmp_path, ASKED, 4, 4)
    kept.save(0, PIECE, 1000, [part + part], np.zeros(8, dtype=int))
    _, (found,), _ = kept.load(0, PIECE)
    np.testing.assert_array_equal(found.xx, (part + part).xx)
