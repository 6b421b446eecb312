"""Responses of two labels and exposures: every kind of label, what is missing, and what is refused."""

import datetime
import decimal
import fractions
from functools import partial

import numpy as np
import pytest

import equipoise as eq
from equipoise.setup.response import read_event

CODED = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0]
X = np.arange(12.0).reshape(6, 2) ** 1.5
TEXT = ["no", "yes", "no", "yes", "yes", "no"]


def pandas_series(values, **kind):
    return pytest.importorskip("pandas").Series(values, **kind)


def ordered(levels):
    pd = pytest.importorskip("pandas")
    return pd.Series(TEXT).astype(pd.CategoricalDtype(levels, ordered=True))


def polars_enum(levels):
    pl = pytest.importorskip("polars")
    return pl.Series(TEXT, dtype=pl.Enum(levels))


def arrow(values):
    return pytest.importorskip("pyarrow").chunked_array([values[:2], values[2:]])


def objects(values):
    return np.array(values, dtype=object)


@pytest.mark.parametrize(
    ("y", "levels"),
    [
        (lambda: [0, 1, 0, 1, 1, 0], (0, 1)),
        (lambda: np.array(CODED), (0.0, 1.0)),
        (lambda: [False, True, False, True, True, False], (False, True)),
        (lambda: objects([False, True, False, True, True, False]), (False, True)),
        (lambda: [1, 2, 1, 2, 2, 1], (1, 2)),
        (lambda: [-1, 1, -1, 1, 1, -1], (-1, 1)),
        (lambda: np.array([-0.5, 3.0, -0.5, 3.0, 3.0, -0.5]), (-0.5, 3.0)),
        (lambda: TEXT, ("no", "yes")),
        (lambda: np.array(TEXT), ("no", "yes")),
        (lambda: np.array(TEXT, dtype=object)[:, None], ("no", "yes")),
        (lambda: np.array(TEXT, dtype="S3"), ("no", "yes")),
        (lambda: pandas_series(TEXT), ("no", "yes")),
        (lambda: pandas_series(TEXT, dtype="category"), ("no", "yes")),
        (lambda: ordered(["no", "yes"]), ("no", "yes")),
        (lambda: pandas_series(TEXT, dtype="category").array, ("no", "yes")),
        (lambda: pandas_series([0, 1, 0, 1, 1, 0], dtype="Int64"), (0, 1)),
        (lambda: pandas_series([1, 2, 1, 2, 2, 1], dtype="category"), (1, 2)),
        (lambda: polars_enum(["no", "yes"]), ("no", "yes")),
        (lambda: arrow(TEXT), ("no", "yes")),
        (lambda: arrow([False, True, False, True, True, False]), (False, True)),
    ],
)
def test_every_kind_of_label(y, levels):
    coded, found = read_event(y(), None)
    assert np.asarray(coded, dtype=float).ravel().tolist() == CODED
    assert found == levels
    assert [type(label) for label in found] == [type(label) for label in levels]


@pytest.mark.parametrize("y", [lambda: ordered(["yes", "no"]), lambda: polars_enum(["yes", "no"])])
def test_the_event_is_the_second_in_the_order_of_an_ordered_type(y):
    coded, found = read_event(y(), None)
    assert found == ("yes", "no")
    assert coded.tolist() == [1.0 - value for value in CODED]
    assert read_event(y(), "yes")[1] == ("no", "yes")


def test_dates_become_text():
    days = [datetime.date(2020, 1, 2), datetime.date(2020, 1, 3)]
    y = pandas_series([days[value == 1.0] for value in CODED])
    coded, found = read_event(y, None)
    assert (coded.tolist(), found) == (CODED, ("2020-01-02", "2020-01-03"))


@pytest.mark.parametrize(("event", "levels"), [("no", ("yes", "no")), ("yes", ("no", "yes"))])
def test_event_names_the_label_of_probability(event, levels):
    coded, found = read_event(TEXT, event)
    assert found == levels
    assert coded.tolist() == [float(label == event) for label in TEXT]


@pytest.mark.parametrize("event", [1, "1", np.int64(1), 1.0, "1.0"])
@pytest.mark.parametrize(("one", "two"), [(1, 2), (1.0, 2.0), ("1", "2"), (np.int8(1), np.int8(2))])
def test_event_may_be_written_as_text_or_as_a_number(event, one, two):
    coded, levels = read_event([one, two, one], event)
    assert (coded.tolist(), levels) == ([1.0, 0.0, 1.0], (two, one))


@pytest.mark.parametrize("event", [True, np.True_, "True", "true", "TRUE", 1, "1", 1.0])
@pytest.mark.parametrize("labels", [(False, True), (0, 1), (0.0, 1.0), ("false", "true"), ("False", "True")])
def test_a_truth_value_is_0_or_1_however_it_is_written(event, labels):
    for asked, wanted in ((event, labels), (None, labels)):
        coded, levels = read_event([labels[1], labels[0]], asked)
        assert (coded.tolist(), levels) == ([1.0, 0.0], wanted)
        assert [type(label) for label in levels] == [type(label) for label in wanted]


@pytest.mark.parametrize("labels", [(1, 2), (-1, 1), ("no", "yes")])
@pytest.mark.parametrize("event", [True, "true"])
def test_a_truth_value_is_no_other_number(event, labels):
    with pytest.raises(ValueError, match=f"event is {event!r}, and y holds .* pass one of these"):
        read_event(list(labels), event)


def test_labels_that_are_one_number_are_told_apart_as_they_are_written():
    assert read_event(["1", "1.0"], "1.0")[1] == ("1", "1.0")
    assert read_event(["1", "1.0"], "1")[1] == ("1.0", "1")
    assert read_event([2**60, 2**60 + 1], 2**60)[1] == (2**60 + 1, 2**60)
    with pytest.raises(ValueError, match=r"event is '1\.00', and y holds '1' and '1\.0': pass one of these"):
        read_event(["1", "1.0"], "1.00")


@pytest.mark.parametrize(
    ("y", "event", "levels"),
    [
        (CODED, "0", (1.0, 0.0)),
        ([1.0, 2.0, 1.0, 2.0, 2.0, 1.0], "1", (2.0, 1.0)),
        ([False, True, False, True, True, False], "FALSE", (True, False)),
        (["FALSE", "TRUE", "FALSE", "TRUE", "TRUE", "FALSE"], False, ("TRUE", "FALSE")),
        (["0", "1", "0", "1", "1", "0"], 0.0, ("1", "0")),
        (np.array(TEXT, dtype="S3"), b"no", ("yes", "no")),
    ],
)
def test_an_event_is_the_label_of_its_value(y, event, levels):
    coded, found = read_event(y, event)
    assert (coded.tolist(), found) == ([1.0 - value for value in CODED], levels)


@pytest.mark.parametrize("kind", [decimal.Decimal, fractions.Fraction])
def test_exact_numbers_are_sorted_as_numbers(kind):
    """As text 10 would come before 9."""
    coded, found = read_event(objects([kind(9 + int(value)) for value in CODED]), None)
    assert (coded.tolist(), found) == (CODED, (9.0, 10.0))
    assert read_event(objects([kind(1) / 4, kind(0), kind(1)]), None)[0].tolist() == [0.25, 0.0, 1.0]


def test_complex_numbers_are_no_labels():
    with pytest.raises(TypeError, match="y holds complex numbers"):
        eq.fit(X, np.array(CODED) + 0j, l1=0.1, loss="binomial")


def test_event_0_of_numbers_turns_them_round():
    coded, found = read_event([0, 1, 0, 1, 1, 0], 0)
    assert (coded.tolist(), found) == ([1.0, 0.0, 1.0, 0.0, 0.0, 1.0], (1, 0))


def test_fractions_have_no_labels():
    y = np.array([0.2, 0.0, 1.0, 0.5])
    coded, found = read_event(y, None)
    assert (coded.tolist(), found) == (y.tolist(), None)


@pytest.mark.parametrize(
    "y",
    [
        lambda: objects(["no", None, "yes", "no"]),
        lambda: objects(["no", np.nan, "yes", "no"]),
        lambda: pandas_series(["no", None, "yes", "no"]),
        lambda: pandas_series(["no", None, "yes", "no"], dtype="category"),
        lambda: pandas_series([0, None, 1, 0], dtype="Int64"),
        lambda: pandas_series([False, None, True, False], dtype="boolean"),
        lambda: np.array([0.0, np.nan, 1.0, 0.0]),
        lambda: np.ma.masked_array([0.0, 7.0, 1.0, 0.0], mask=[0, 1, 0, 0]),
        lambda: arrow(["no", None, "yes", "no"]),
    ],
)
def test_a_missing_label_is_neither(y):
    coded, _ = read_event(y(), None)
    assert np.array_equal(coded, [0.0, np.nan, 1.0, 0.0], equal_nan=True)


@pytest.mark.parametrize("named", [False, True])
def test_missing_labels_under_each_policy(named):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["a", "b"])
    frame["y"] = ["no", "yes", None, "yes", "no", "no"]
    data = (frame, "y") if named else (frame[["a", "b"]], frame["y"])
    who = "y 'y'" if named else "y"
    told = rf"{who} holds 1 missing value \(NaN or null; first at row 2, counting from 0\): pass missing="
    with pytest.raises(ValueError, match=told):
        eq.fit(*data, l1=0.1, loss="binomial")
    whole = frame.dropna()
    wanted = eq.fit(whole[["a", "b"]], whole["y"], l1=0.1, loss="binomial")
    for policy in ("drop", "mean"):
        found = eq.fit(*data, l1=0.1, loss="binomial", missing=policy)
        np.testing.assert_allclose(found.coef, wanted.coef, rtol=1e-7, atol=1e-9)
        assert found.levels == ("no", "yes")


@pytest.mark.parametrize(
    ("y", "event", "told"),
    [
        (["a", "b", "a", "c"], None, r"y holds 3 different values \('a', 'b', 'c'; the third first in row 3"),
        ([1, 2, 3], None, "y holds 3 different values .*; of counts of successes give the fractions"),
        ([[1, 2], [3, 2]], None, r"y has shape \(2, 2\): pass one value a row; of counts of successes give"),
        (["a", "a"], None, "y holds only 'a': loss='binomial' needs two labels"),
        ([None, None], None, "y holds no value"),
        ([0.0, np.inf, 0.0], None, r"y holds inf in row 1 \(counting from 0\), which is no label: leave out"),
        ([0.2, 0.0, 1.0], 1, "event is 1, and y holds fractions, of which it names none: leave out event"),
        (["no", "yes"], "maybe", "event is 'maybe', and y holds 'no' and 'yes': pass one of these"),
    ],
)
def test_what_has_not_two_labels_is_refused(y, event, told):
    with pytest.raises(ValueError, match=told):
        read_event(y, event)


def test_another_label_than_the_model_knows_is_refused():
    with pytest.raises(ValueError, match=r"y holds 'maybe' in row 1 .*the model knows 'no' and 'yes'"):
        read_event(["no", "maybe"], None, ("no", "yes"))
    assert read_event(["yes"], None, ("no", "yes"))[0].tolist() == [1.0]
    assert read_event([0.0, 1.0], None, (1, 0))[0].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("verb", [lambda *a, **k: eq.fit(*a, l1=1.0, **k), eq.path, eq.cross_validate])
@pytest.mark.parametrize("named", [False, True])
def test_two_labels_without_a_loss_say_what_to_do(verb, named):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["a", "b"]).assign(y=TEXT)
    data = (frame, "y") if named else (frame[["a", "b"]], frame["y"])
    told = "y holds two labels, 'no' and 'yes': pass loss='binomial' to model the probability of 'yes', or 0"
    with pytest.raises(TypeError, match=told):
        verb(*data)
    with pytest.raises(ValueError, match=r"event is for loss='binomial', .*: pass that too, or leave it out"):
        verb(X, CODED, event=1)
    with pytest.raises(ValueError, match=r"event is for loss='binomial', .*apart: leave it out"):
        verb(X, CODED, event=1, loss="poisson")


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("verb", [eq.debias, partial(eq.selective_intervals, l1=1.0)])
def test_intervals_of_labels_are_refused_with_what_can_be_done(verb, named):
    frame = pytest.importorskip("pandas").DataFrame(X, columns=["a", "b"]).assign(y=TEXT)
    data = (frame, "y") if named else (frame[["a", "b"]], frame["y"])
    told = "y holds two labels, 'no' and 'yes', and .* is for squared loss alone: penalised odds ratios have"
    with pytest.raises(
        TypeError, match=told + " no intervals here. stability_selection with loss='binomial'"
    ):
        verb(*data)
    with pytest.raises(TypeError, match="not numeric"):
        verb(frame[["a", "b"]], [*"abcabc"])


def test_three_labels_do_not_name_a_loss():
    with pytest.raises(TypeError, match="y is not numeric"):
        eq.fit(X, ["a", "b", "c", "a", "b", "c"], l1=1.0)


@pytest.mark.parametrize(
    ("exposure", "error", "told"),
    [
        (2.0, TypeError, "exposure is 2.0: pass one number a row, or the name of a column of X"),
        (
            [1, 2, 3, 4, 5, 0],
            ValueError,
            r"exposure holds 0 in row 5 \(counting from 0\): pass numbers",
        ),
        ([1, 2, 3, 4, -5, 6], ValueError, "exposure holds -5 in row 4"),
        ([1, 2, np.inf, 4, 5, 6], ValueError, "exposure holds 1 infinite value"),
        (
            [1, 2, np.nan, 4, 5, 6],
            ValueError,
            r"exposure holds 1 NaN \(first at row 2.*pass missing='drop'",
        ),
    ],
)
def test_an_exposure_that_cannot_be_used(exposure, error, told):
    with pytest.raises(error, match=told):
        eq.fit(X, [1, 2, 0, 3, 4, 1], l1=0.1, loss="poisson", exposure=exposure)


@pytest.mark.parametrize("loss", ["squared", "binomial"])
def test_a_loss_without_a_logarithm_has_no_exposure(loss):
    with pytest.raises(ValueError, match=f"exposure was given, but loss='{loss}' has no logarithm"):
        eq.fit(X, CODED, l1=0.1, loss=loss, exposure=np.ones(6))


def test_a_row_that_misses_its_exposure_is_dropped():
    y, time = np.array([1, 2, 0, 3, 4, 1]), np.array([1.0, 2.0, np.nan, 1.0, 5.0, 2.0])
    found = eq.fit(X, y, l1=0.1, loss="poisson", exposure=time, missing="drop")
    whole = ~np.isnan(time)
    wanted = eq.fit(X[whole], y[whole], l1=0.1, loss="poisson", exposure=time[whole])
    np.testing.assert_allclose(found.coef, wanted.coef, rtol=1e-12)


def test_exposure_is_its_logarithm_beside_the_offset():
    y, time, offset = [1, 2, 0, 3, 4, 1], np.array([1.0, 2.0, 3.0, 1.0, 5.0, 2.0]), np.linspace(-1, 1, 6)
    found = eq.fit(X, y, l1=0.1, loss="poisson", exposure=time, offset=offset)
    wanted = eq.fit(X, y, l1=0.1, loss="poisson", offset=offset + np.log(time))
    np.testing.assert_allclose(found.coef, wanted.coef, rtol=1e-12)
    assert (found.offset, found.exposure, wanted.exposure) == (True, True, False)
    alone = eq.fit(X, y, l1=0.1, loss="poisson", exposure=time)
    assert (alone.offset, alone.exposure) == (False, True)


def test_a_file_is_read_whole_where_the_loss_needs_its_rows(tmp_path):
    pytest.importorskip("duckdb")
    lines = ["a,b,y", *(f"{a},{b},{label}" for (a, b), label in zip(X.tolist(), TEXT, strict=True))]
    (tmp_path / "rows.csv").write_text("\n".join(lines))
    found = eq.fit(str(tmp_path / "rows.csv"), "y", l1=0.1, loss="binomial")
    wanted = eq.fit(X, TEXT, l1=0.1, loss="binomial")
    assert (found.levels, found.named["y"]) == (("no", "yes"), "y")
    with pytest.raises(
        TypeError, match=r"column 'y' holds 'no', .*, or pass loss='binomial' if it holds two"
    ):
        eq.fit(str(tmp_path / "rows.csv"), "y", l1=0.1)
    np.testing.assert_allclose(found.coef, wanted.coef, rtol=1e-9)


@pytest.mark.parametrize("gap", [float("nan"), None])
def test_what_is_missing_in_a_list_of_text_is_no_label(gap):
    fit = eq.fit(X, ["no", gap, "yes", "no", "yes", "no"], l1=0.1, loss="binomial", missing="drop")
    assert fit.levels == ("no", "yes")
    assert fit.setup.rows == 5


def test_a_short_exposure_is_named():
    with pytest.raises(ValueError, match="exposure has 2 values but X has 6 rows"):
        eq.fit(X, [1, 0, 2, 0, 1, 0], l1=0.1, loss="poisson", exposure=[1, 2])
