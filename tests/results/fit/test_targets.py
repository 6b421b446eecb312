"""Targets in tables: numbers or labels, as the loss takes them."""

import numpy as np
import pytest

import equipoise as eq
from equipoise.results.fit.targets import LOSSES, Target, coded, target_of_model

pa = pytest.importorskip("pyarrow")
TABLE = pa.table({"x": [1.0, 2.0, 3.0, 4.0], "well": ["no", "yes", None, "yes"], "n": [1, 0, 2, 3]})
WHOLE = pa.table({"x": [1.0, 2.0, 3.0], "well": ["no", "yes", "yes"]})


def test_numbers_are_read_as_numbers_and_labels_as_they_are():
    assert Target("poisson").read(TABLE, "n").tolist() == [1.0, 0.0, 2.0, 3.0]
    assert Target("binomial").read(TABLE, "well").to_pylist() == ["no", "yes", None, "yes"]
    assert np.array_equal(coded(Target("binomial").read(TABLE, "well")), [0, 1, np.nan, 1], equal_nan=True)


def test_only_a_verb_that_has_losses_names_one():
    with pytest.raises(TypeError, match="y holds two labels, 'no' and 'yes': pass loss='binomial'"):
        Target("squared").read(TABLE, "well")
    with pytest.raises(TypeError, match="target 'well' is not numeric"):
        Target().read(TABLE, "well")
    with pytest.raises(ValueError, match="target 'wel' is not a column of the table: did you mean 'well'"):
        Target("binomial").read(TABLE, "wel")


def test_sums_will_do_for_squared_loss_alone():
    assert not Target("squared").needs_rows
    assert Target("gamma").needs_rows
    assert {"squared", "binomial", "poisson"} <= {*LOSSES}


def test_the_target_of_a_model_is_coded_by_its_labels():
    fit = eq.fit([[1.0], [2.0], [3.0]], ["yes", "no", "no"], l1=0.1, loss="binomial", event="no")
    assert target_of_model(fit, WHOLE, "well").tolist() == [1.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="target 'well' holds 1 NaN"):
        target_of_model(fit, TABLE, "well")
