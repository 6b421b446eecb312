"""What is summed up of batches is in rational arithmetic what the rows say, and what is wrong has its row."""

import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.sums.accumulate import Sums, add_sums, refuse_large

N = 30
COLUMNS = {
    "a": np.arange(N) % 7 / 4.0,
    "b": (np.arange(N) * 5 % 11) / 8.0,
    "y": np.arange(N) % 5 - 1.5,
    "s": np.arange(N) % 3 / 2.0,
    "o": np.arange(N) % 4 / 2.0,
    "k": np.arange(N) % 2,
}


def in_batches(columns, *lengths):
    table = pa.table(columns)
    cuts = np.cumsum((0, *lengths))
    batches = [table.slice(a, b - a).combine_chunks().to_batches()[0] for a, b in pairwise(cuts)]
    return pa.RecordBatchReader.from_batches(table.schema, batches)


def test_moments_by_fold_are_exact_sums_about_exact_means():
    told = []
    asked = {"weights": "s", "offset": "o", "folds": "k", "progress": told.append}
    data = eq.gather(in_batches(COLUMNS, 4, 1, 12, 13), "y", **asked)
    assert told == [4, 1, 12, 13]
    assert (data.rows, data.features) == (N, ("a", "b"))
    exact = {name: [Fraction(float(v)) for v in column] for name, column in COLUMNS.items()}
    for k, found in enumerate(data.moments):
        there = [i for i in range(N) if COLUMNS["k"][i] == k]
        s = [exact["s"][i] for i in there]
        of = {
            "a": exact["a"],
            "b": exact["b"],
            "r": [y - o for y, o in zip(exact["y"], exact["o"], strict=True)],
        }
        mean = {name: sum(w * v[i] for w, i in zip(s, there, strict=True)) / sum(s) for name, v in of.items()}

        def product(one, other, s=s, there=there, of=of, mean=mean):
            terms = zip(s, there, strict=True)
            return float(sum(w * (of[one][i] - mean[one]) * (of[other][i] - mean[other]) for w, i in terms))

        assert found.weight == float(sum(s))
        np.testing.assert_allclose(found.mean_x, [float(mean["a"]), float(mean["b"])], rtol=1e-14)
        assert found.mean_y == pytest.approx(float(mean["r"]), rel=1e-14)
        np.testing.assert_allclose(
            found.xx, [[product(a, b) for b in "ab"] for a in "ab"], rtol=1e-13, atol=1e-13
        )
        np.testing.assert_allclose(found.xy, [product("a", "r"), product("b", "r")], rtol=1e-12, atol=1e-13)
        assert found.yy == pytest.approx(product("r", "r"), rel=1e-13)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("a", np.nan, "row 9 (counting from 0): column 'a' holds no value"),
        ("y", -np.inf, "row 9 (counting from 0): column 'y' holds an infinite value"),
        ("o", np.nan, "row 9 (counting from 0): column 'o' holds no value"),
        ("s", -0.5, "row 9 (counting from 0): column 's' is -0.5: weights are not negative"),
        ("k", 0.5, "row 9 (counting from 0): column 'k' is 0.5: folds are numbered 0, 1, 2"),
        ("k", -1.0, "row 9 (counting from 0): column 'k' is -1: folds are numbered"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_row_across_batches(column, value, said):
    columns = {name: np.array(values, dtype=float) for name, values in COLUMNS.items()}
    columns[column][9] = value
    with pytest.raises(ValueError, match=re.escape(said)):
        eq.gather(in_batches(columns, 4, 3, 23), "y", weights="s", offset="o", folds="k")


def test_a_row_of_weight_zero_is_read_like_others():
    columns = {name: np.array(values, dtype=float) for name, values in COLUMNS.items()}
    columns["a"][3] = np.nan  # its weight is 0
    with pytest.raises(ValueError, match=r"row 3 .* column 'a' holds no value"):
        eq.gather(in_batches(columns, 10, 20), "y", weights="s")


def test_sums_of_pieces_add_up_fold_by_fold():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 2)), rng.normal(size=12)
    one, two, three = (Dense(X[k : k + 4]).moments(y[k : k + 4], None) for k in (0, 4, 8))
    some, others = Sums(4, [one, None], np.arange(6)), Sums(8, [two, None, three], np.ones(6, dtype=int))
    rows, parts, gaps = add_sums(some, others)
    assert rows == 12
    assert gaps.tolist() == [1, 2, 3, 4, 5, 6]
    assert parts[1] is None
    assert parts[2] is three
    expected = Dense(X[:8]).moments(y[:8], None)
    np.testing.assert_allclose(parts[0].xx, expected.xx, rtol=1e-13)
    assert parts[0].rows == 8


def test_what_needs_more_memory_than_is_allowed_is_refused():
    """p + 1 columns, of each fold, of one being added and of their sum."""
    features, folds = 99, 10
    needed = 8 * (features + 1) ** 2 * (folds + 2)
    refuse_large(features, folds, needed)
    with pytest.raises(ValueError, match="more than memory allows"):
        refuse_large(features, folds, needed - 1)
    with pytest.raises(ValueError, match=r"99 features in 10 folds need 938 KiB of moments, .* \(10 bytes\)"):
        refuse_large(features, folds, 10)
