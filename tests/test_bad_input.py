"""Bad input: one sentence that names the argument, what is wrong with it, where, and the remedy."""

import numpy as np
import pytest

import equipoise as eq

INF, NAN = np.inf, np.nan
X = np.arange(12.0).reshape(4, 3) ** 1.5
Y = np.array([1.0, -2.0, 3.0, 0.5])


def changed(array, place, value) -> np.ndarray:
    out = np.array(array, dtype=float)
    out[place] = value
    return out


VERBS = {
    "fit": lambda X, y, **rest: eq.fit(X, y, **({"l1": 1.0} | rest)),
    "path": lambda X, y, **rest: eq.path(X, y, **({"count": 3} | rest)),
    "cross_validate": lambda X, y, **rest: eq.cross_validate(X, y, **({"count": 3, "folds": 2} | rest)),
    "audit": lambda X, y, **rest: eq.audit(X, y, [0.0] * 3, 0.0, **({"l1": 1.0} | rest)),
}


def assert_told(caught: pytest.ExceptionInfo[Exception], *words: str) -> None:
    """One sentence with all of these words, and a remedy behind its colon."""
    told = str(caught.value)
    assert isinstance(caught.value, (ValueError, TypeError)), type(caught.value)
    assert "\n" not in told
    for word in words:
        assert word in told, told
    assert ":" in told.removesuffix(":") or "pass" in told, f"no remedy: {told}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None, (
        "a traceback of something else"
    )


# What every verb that takes data refuses: (X, y, other arguments), the error, words of the sentence.
DATA = {
    "NaN in X": ((changed(X, (2, 1), NAN), Y), ValueError, ("X", "'x2'", "1 NaN", "row 2")),
    "several NaN in X": ((changed(X, (slice(1, 4), 0), NAN), Y), ValueError, ("'x1'", "3 NaN", "row 1")),
    "infinity in X": ((changed(X, (0, 2), -INF), Y), ValueError, ("'x3'", "1 infinite value", "row 0")),
    "NaN in y": ((X, changed(Y, 3, NAN)), ValueError, ("y ", "1 NaN", "row 3")),
    "infinity in y": ((X, changed(Y, [0, 1], INF)), ValueError, ("y ", "2 infinite values", "row 0")),
    "y too short": ((X, Y[:3]), ValueError, ("y has 3 values", "X has 4 rows")),
    "y too long": ((X, np.append(Y, 1.0)), ValueError, ("y has 5 values", "X has 4 rows")),
    "y of two columns": ((X, np.column_stack([Y, Y])), ValueError, ("y has shape (4, 2)",)),
    "y a number": ((X, 1.0), ValueError, ("y is a single number",)),
    "no rows": ((np.empty((0, 3)), []), ValueError, ("X has no rows",)),
    "no columns": ((np.empty((4, 0)), Y), ValueError, ("X has no columns",)),
    "nothing": (([], []), ValueError, ("X",)),
    "X 1-D": ((Y, Y), ValueError, ("X is 1-D", "reshape")),
    "X 3-D": ((X[None], Y), ValueError, ("X is 3-D", "(1, 4, 3)")),
    "X a number": ((1.0, Y), ValueError, ("X is a single number",)),
    "X None": ((None, Y), TypeError, ("X",)),
    "y None": ((X, None), TypeError, ("y",)),
    "X ragged": (([[1, 2], [3]], [1, 2]), ValueError, ("X is ragged",)),
    "complex X": ((X + 1j, Y), TypeError, ("X", "complex")),
    "complex y": ((X, Y + 0j), TypeError, ("y", "complex")),
    "text in X": ((np.array([["a", "b", "c"]] * 4), Y), TypeError, ("X", "text", "'a'")),
    "text in y": ((X, ["a", "b", "c", "d"]), TypeError, ("y", "text", "'a'")),
    "objects in X": ((np.array([["a", 1, None]] * 4, dtype=object), Y), TypeError, ("X", "objects")),
    "numbers as objects": ((X.astype(object), Y), TypeError, ("X", "objects", "dtype=float")),
    "objects in y": ((X, np.array([1, None, 2, 3], dtype=object)), TypeError, ("y", "objects")),
    "dates": ((np.array([["2020-01-01"] * 3] * 4, dtype="M8[D]"), Y), TypeError, ("X", "dates")),
    "masked": ((np.ma.masked_greater(X, 10), Y), ValueError, ("X", "masked")),
    "squares overflow in X": ((X * 1e200, Y), ValueError, ("X", "'x", "squares")),
    "squares overflow in y": ((X, Y * 1e200), ValueError, ("y", "squares")),
    "overflow of longdouble": (
        (X.astype(np.longdouble) * np.longdouble("1e4000"), Y),
        ValueError,
        ("X", "infinite"),
    ),
    "a dict": (({"a": [1, 2]}, Y), TypeError, ("X",)),
    "a generator": ((iter(X), Y), TypeError, ("X",)),
}
if np.finfo(np.longdouble).max == np.finfo(float).max:
    del DATA["overflow of longdouble"]


@pytest.mark.parametrize("case", DATA)
@pytest.mark.parametrize("verb", VERBS)
def test_data(verb, case):
    given, error, words = DATA[case]
    with pytest.raises(error) as caught:
        VERBS[verb](*given)
    assert_told(caught, *words)


@pytest.mark.parametrize("case", [c for c in DATA if "overflow" not in c])
def test_data_of_trace(case):
    given, error, words = DATA[case]
    with pytest.raises(error) as caught:
        eq.trace(*given, l1=1.0)
    assert_told(caught, *words)


ARGUMENTS = {
    "weights too few": ({"sample_weight": [1.0, 2.0]}, ValueError, ("sample_weight has 2 values", "4 rows")),
    "weights NaN": ({"sample_weight": [1, NAN, 1, NAN]}, ValueError, ("sample_weight", "2 NaN", "row 1")),
    "weights infinite": (
        {"sample_weight": [1, 1, INF, 1]},
        ValueError,
        ("sample_weight", "1 infinite value", "row 2"),
    ),
    "weights negative": (
        {"sample_weight": [1, -2, 1, -1]},
        ValueError,
        ("sample_weight is negative in 2 rows", "-2", "row 1"),
    ),
    "weights all zero": ({"sample_weight": np.zeros(4)}, ValueError, ("sample_weight is 0 in every row",)),
    "weight zero": ({"sample_weight": 0}, ValueError, ("sample_weight is 0 in every row",)),
    "weights text": ({"sample_weight": ["a"] * 4}, TypeError, ("sample_weight", "text")),
    "weights complex": ({"sample_weight": np.ones(4) * 1j}, TypeError, ("sample_weight", "complex")),
    "weights 2-D": ({"sample_weight": np.ones((4, 2))}, ValueError, ("sample_weight has shape (4, 2)",)),
    "offset too long": ({"offset": np.zeros(5)}, ValueError, ("offset has 5 values", "4 rows")),
    "offset NaN": ({"offset": [0, 0, NAN, 0]}, ValueError, ("offset", "1 NaN", "row 2")),
    "offset text": ({"offset": ["a"] * 4}, TypeError, ("offset", "text")),
    "l1 negative": ({"l1": -1.0}, ValueError, ("l1 is -1", "0 or more")),
    "l1 NaN": ({"l1": NAN}, ValueError, ("l1 is NaN",)),
    "l1 of one negative": ({"l1": [1, -0.5, 1]}, ValueError, ("l1 of feature 'x2'", "-0.5")),
    "l1 of one NaN": ({"l1": [1, 1, NAN]}, ValueError, ("l1 of feature 'x3'", "NaN")),
    "l1 too few": ({"l1": [1, 1]}, ValueError, ("l1 has 2 values", "3 features")),
    "l1 2-D": ({"l1": np.ones((1, 3))}, ValueError, ("l1 has shape (1, 3)",)),
    "l1 complex": ({"l1": 1j}, TypeError, ("l1", "complex")),
    "l1 text": ({"l1": "large"}, TypeError, ("l1", "text")),
    "l1 None": ({"l1": None}, TypeError, ("l1",)),
    "l2 negative": ({"l2": -1e-300}, ValueError, ("l2 is -1e-300", "0 or more")),
    "l2 infinite": ({"l2": INF}, ValueError, ("l2 is inf", "finite")),
    "l2 NaN": ({"l2": NAN}, ValueError, ("l2 is NaN",)),
    "l2 of one infinite": ({"l2": [0, INF, 0]}, ValueError, ("l2 of feature 'x2'", "finite")),
    "l2 too many": ({"l2": np.ones(4)}, ValueError, ("l2 has 4 values", "3 features")),
    "bounds crossed": ({"lower": 1.0, "upper": 0.0}, ValueError, ("lower", "upper", "'x1'")),
    "bounds of one crossed": (
        {"lower": [-1, -1, 2], "upper": 1.0},
        ValueError,
        ("lower (2)", "upper (1)", "'x3'"),
    ),
    "lower NaN": ({"lower": NAN}, ValueError, ("lower is NaN",)),
    "upper NaN": ({"upper": [1, NAN, 1]}, ValueError, ("upper of feature 'x2'", "NaN")),
    "lower too few": ({"lower": [0, 0]}, ValueError, ("lower has 2 values", "3 features")),
    "lower plus infinity": ({"lower": INF}, ValueError, ("'x1'", "bound")),
    "upper minus infinity": ({"upper": [1, -INF, 1]}, ValueError, ("'x2'", "bound")),
    "upper text": ({"upper": "high"}, TypeError, ("upper", "text")),
    "excluded but not zero": ({"l1": [INF, 1, 1], "lower": 0.5}, ValueError, ("'x1'", "excluded")),
}


@pytest.mark.parametrize("case", ARGUMENTS)
@pytest.mark.parametrize("verb", VERBS)
def test_arguments(verb, case):
    given, error, words = ARGUMENTS[case]
    with pytest.raises(error) as caught:
        VERBS[verb](X, Y, **given)
    assert_told(caught, *words)


PATH = {
    "strengths negative": ({"strengths": [1.0, -1.0]}, ValueError, ("strengths", "-1", "position 1")),
    "strengths NaN": ({"strengths": [NAN, 1.0]}, ValueError, ("strengths", "nan", "position 0")),
    "strengths infinite": ({"strengths": [INF]}, ValueError, ("strengths", "inf", "position 0")),
    "no strengths": ({"strengths": []}, ValueError, ("strengths",)),
    "strengths a number": ({"strengths": 1.0}, ValueError, ("strengths",)),
    "strengths 2-D": ({"strengths": [[1.0]]}, ValueError, ("strengths",)),
    "strengths text": ({"strengths": ["a"]}, (ValueError, TypeError), ("strengths",)),
    "strengths complex": ({"strengths": [1j]}, TypeError, ("strengths",)),
    "count zero": ({"count": 0}, ValueError, ("count is 0",)),
    "count negative": ({"count": -5}, ValueError, ("count is -5",)),
    "count a fraction": ({"count": 2.5}, (ValueError, TypeError), ("count",)),
    "ratio zero": ({"ratio": 0.0}, ValueError, ("ratio is 0",)),
    "ratio above one": ({"ratio": 2.0}, ValueError, ("ratio is 2",)),
    "ratio NaN": ({"ratio": NAN}, ValueError, ("ratio is nan",)),
    "nothing to start from": ({"l1": 0.0}, ValueError, ("l1", "pass strengths")),
    "all excluded": ({"l1": INF}, ValueError, ("l1", "pass strengths")),
    "ridge": ({"l1": 0.0, "l2": 1.0}, ValueError, ("l1", "pass strengths")),
}


@pytest.mark.parametrize("case", PATH)
@pytest.mark.parametrize("verb", ["path", "cross_validate"])
def test_grids(verb, case):
    given, error, words = PATH[case]
    with pytest.raises(error) as caught:
        VERBS[verb](X, Y, **given)
    assert_told(caught, *words)


@pytest.mark.parametrize("strength", [-1.0, NAN, INF])
def test_a_point_of_a_path(strength):
    path = eq.path(X, Y, count=3)
    with pytest.raises(ValueError, match="strength is") as caught:
        path.at(strength)
    assert_told(caught)


AUDIT = {
    "too few": ([0.0, 0.0], ValueError, ("coef has 2 values", "3 features")),
    "NaN": ([0.0, NAN, 0.0], ValueError, ("coef of feature 'x2'", "NaN")),
    "infinite": ([0.0, 0.0, INF], ValueError, ("coef of feature 'x3'",)),
    "complex": ([0.0, 0.0, 1j], TypeError, ("coef", "complex")),
    "text": (["a", "b", "c"], TypeError, ("coef", "text")),
    "unknown name": ({"x1": 1.0, "x4": 1.0}, ValueError, ("coef", "'x4'")),
    "2-D": (np.zeros((1, 3)), ValueError, ("coef has shape (1, 3)",)),
}


@pytest.mark.parametrize("case", AUDIT)
def test_coefficients_to_audit(case):
    coef, error, words = AUDIT[case]
    with pytest.raises(error) as caught:
        eq.audit(X, Y, coef, 0.0, l1=1.0)
    assert_told(caught, *words)


def test_other_arguments_of_audit():
    for intercept in (NAN, INF):
        with pytest.raises(ValueError, match="intercept is") as caught:
            eq.audit(X, Y, [0.0] * 3, intercept, l1=1.0)
        assert_told(caught)
    with pytest.raises(ValueError, match="bounds") as caught:
        eq.audit(X, Y, [-1.0, 0.0, 0.0], 0.0, l1=1.0, lower=0.0)
    assert_told(caught, "coef", "'x1'")


@pytest.mark.parametrize("tol", [-1.0, NAN])
def test_the_tolerance_of_trace(tol):
    with pytest.raises(ValueError, match="tol is") as caught:
        eq.trace(X, Y, l1=1.0, tol=tol)
    assert_told(caught)


def test_prediction():
    found = eq.fit(X, Y, l1=1.0)
    for given, error, words in (
        (X[:, :2], ValueError, ("X has 2 columns", "3 features")),
        (X[0], ValueError, ("X is 1-D",)),
        (changed(X, (1, 1), NAN), ValueError, ("'x2'", "1 NaN")),
        (X + 1j, TypeError, ("X", "complex")),
        (X.astype(str), TypeError, ("X", "text")),
    ):
        with pytest.raises(error) as caught:
            found.predict(given)
        assert_told(caught, *words)
    with pytest.raises(ValueError, match="offset has 3 values") as caught:
        found.predict(X, offset=[0.0] * 3)
    assert_told(caught)


def test_a_feature_that_is_not_there():
    with pytest.raises(ValueError, match="'x7'") as caught:
        eq.fit(X, Y, l1=1.0).explain("x7")
    assert_told(caught)


def test_a_name_that_is_not_public():
    with pytest.raises(AttributeError, match="no attribute 'lasso'"):
        eq.lasso  # noqa: B018


def test_penalties_have_no_default():
    with pytest.raises(TypeError, match="l1"):
        eq.fit(X, Y)


def test_nothing_given_is_changed_by_a_refusal():
    wild = changed(X, (2, 1), NAN)
    with pytest.raises(ValueError, match="NaN"):
        eq.fit(wild, Y, l1=1.0)
    assert np.isnan(wild[2, 1])
    assert np.array_equal(np.delete(wild, 2, axis=0), np.delete(X, 2, axis=0))
