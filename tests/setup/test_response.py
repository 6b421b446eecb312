"""Responses of two labels and exposures: every kind of label, what is missing, and what is refused."""

import datetime
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


@pytest.mark.parametrize("event", [1, "1", np.int64(1)])
def test_event_may_be_written_as_text_as_the_shell_does(event):
    assert read_event([1, 2, 1, 2, 2, 1], event)[1] == (2, 1)


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
    with pytest.raises(ValueError, match=r"y holds 1 NaN \(first at row 2, counting from 0\): pass missing="):
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
        (["a", "b", "c"], None, r"y holds 3 different values \('a', 'b', 'c'\): loss='binomial' takes two"),
        ([1, 2, 3], None, "y holds 3 different values"),
        (["a", "a"], None, "y holds only 'a': loss='binomial' needs two labels"),
        ([None, None], None, "y holds no value"),
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
