"""What is written is read again to the last bit, and nothing else is."""

from dataclasses import fields

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.sums.checkpoint import Checkpoint
from equipoise.sums.moments import Moments

ASKED = {"roles": ["y", None], "folds": 3}
PIECE = {"name": "a.parquet", "size": 120}


@pytest.fixture
def parts():
    rng = np.random.default_rng(0)
    made = [Dense(rng.normal(size=(5, 2)) + k).moments(rng.normal(size=5), None) for k in range(2)]
    return [made[0], None, made[1]]


def test_moments_come_back_bit_for_bit(tmp_path, parts):
    Checkpoint(tmp_path / "new" / "folder", ASKED).save(7, PIECE, 10, parts)
    rows, found = Checkpoint(tmp_path / "new" / "folder", ASKED).load(7, PIECE)
    assert rows == 10
    assert found[1] is None
    for k in (0, 2):
        for field in fields(Moments):
            one, other = getattr(found[k], field.name), getattr(parts[k], field.name)
            assert type(one) is type(other)
            np.testing.assert_array_equal(one, other)
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 1


def test_a_piece_that_was_not_read_is_none(tmp_path, parts):
    kept = Checkpoint(tmp_path, ASKED)
    kept.save(0, PIECE, 10, parts)
    assert kept.load(1, PIECE) is None


@pytest.mark.parametrize(
    ("asked", "piece"),
    [(ASKED | {"folds": 4}, PIECE), (ASKED, PIECE | {"size": 121}), ({"roles": ["y", None]}, PIECE)],
)
def test_another_question_or_other_data_is_refused(tmp_path, parts, asked, piece):
    Checkpoint(tmp_path, ASKED).save(0, PIECE, 10, parts)
    with pytest.raises(ValueError, match="of other data or of another question: choose another folder"):
        Checkpoint(tmp_path, asked).load(0, piece)


@pytest.mark.parametrize("place", [0, 31, 32, 200, -1])
def test_a_single_bit_that_changed_is_noticed(tmp_path, parts, place):
    kept = Checkpoint(tmp_path, ASKED)
    kept.save(0, PIECE, 10, parts)
    (file,) = tmp_path.iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged: delete it"):
        kept.load(0, PIECE)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"checkpoint .*file cannot be made"):
        Checkpoint(tmp_path / "file", ASKED)
