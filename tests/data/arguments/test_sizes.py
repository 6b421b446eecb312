"""Numbers that no memory holds are refused before anything is made for them."""

import tracemalloc

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.arguments.sizes import refuse_many


def test_what_fits_passes_and_one_more_is_refused_with_its_size():
    refuse_many("count", 2_000_000, 4000, "things")
    refuse_many("count", "many", 4000, "things")  # another check says what is wrong with it
    with pytest.raises(ValueError, match="count is 2000001: so many things take 8 GB; pass at most 2000000"):
        refuse_many("count", 2_000_001, 4000, "things")


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        (eq.path, {"count": 10**9}),
        (eq.cross_validate, {"count": np.int64(10**9)}),
        (eq.cross_validate, {"repeats": 10**12}),
        (eq.cross_validate, {"folds": 10**9}),
        (eq.relax, {"count": 10**9}),
        (eq.stability_selection, {"pairs": 10**12, "q": 2, "cutoff": 0.8}),
    ],
)
def test_verbs_refuse_what_no_memory_holds_at_once(verb, asked):
    rng = np.random.default_rng(0)
    X, (name, number) = rng.normal(size=(60, 9)), next(iter(asked.items()))
    verb(X, X[:, 0], **{name: 5})  # loads what there is to load
    tracemalloc.start()
    with pytest.raises(ValueError, match=rf"^{name} is {number}: .*pass at (most|least)"):
        verb(X, X[:, 0], **asked)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_the_sentence_of_a_path_says_what_would_be_kept():
    X = np.random.default_rng(1).normal(size=(30, 9))
    # 17 bytes for each of 9 features and the intercept: 170 GB, and 8 GB for 47,058,823.
    with pytest.raises(ValueError, match=r"solutions for 9 features take 170 GB; pass at most 47058823$"):
        eq.path(X, X[:, 0], count=10**9)
