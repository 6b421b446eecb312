import re

import numpy as np
import pytest

import equipoise as eq

TOY = ([[1, 1], [1, 0], [0, 1]], [3, 2, 1])


def value(text):
    """What a line of the blackboard works out to, by Python's own arithmetic."""
    return eval(re.sub("[·÷−]", lambda sign: {"·": "*", "÷": "/", "−": "-"}[sign[0]], text))


def lines(text, term):
    return [line.split(term)[1].strip() for line in text.splitlines() if line.strip().startswith(term)]


@pytest.mark.parametrize(("l1", "l2"), [(1, 0), (3, 0), (0, 2), (1, 0.5)])
def test_every_sum_on_the_board_is_right(l1, l2):
    rng = np.random.default_rng(4)
    X, y = rng.integers(-3, 4, (4, 3)), rng.integers(-5, 6, 4)
    trace = eq.trace(X, y, l1=l1, l2=l2)
    text = trace.worked(len(trace.steps))
    pulls, coefs = lines(text, "its pull"), lines(text, "coefficient")
    assert len(pulls) == len(coefs) == len(trace.steps)
    for pull, coef, step in zip(pulls, coefs, trace.steps, strict=True):
        _, product, result = pull.split(" = ")
        assert value(product) == pytest.approx(float(result), abs=3e-4)
        assert float(result) == pytest.approx(step.partial_pull, rel=1e-5, abs=1e-9)
        formula = coef.removeprefix("w = ").split(", was ")[0]
        if " = " in formula:
            formula, result = formula.split(" = ")
            assert value(formula) == pytest.approx(float(result), rel=1e-3, abs=1e-5)
            assert float(result) == pytest.approx(step.after, rel=1e-5)
        else:
            assert float(formula) == step.after == 0


def test_the_document_s_example():
    text = eq.trace(*TOY, l1=3).worked()
    assert "x1ᵀr = 1·3 + 1·2 + 0·1 = 5" in text
    assert "|5| > 3: kept" in text
    assert "w = (5 − 3) ÷ 2 = 1, was 0" in text
    assert "|3| ≤ 3: killed" in text
    assert "x2 = 0   |pull 3| ≤ 3: gradient kill" in text


def test_ridge_kills_nothing():
    text = eq.trace(*TOY, l1=0, l2=1).worked()
    assert "killed:" not in text
    assert "gradient kill" not in text
    assert "no dead zone" in text


def test_the_end_is_always_there_and_what_is_left_out_is_counted():
    trace = eq.trace(*TOY, l1=1)
    text = trace.worked(3)
    total = len(trace.steps)
    assert re.findall(r"^Step (\d+)", text, flags=re.MULTILINE) == ["1", "2", "3", str(total)]
    assert f"{total - 4} more steps" in text
    assert "more step" not in trace.worked(total - 1)


def test_a_run_cut_short_says_so():
    assert "Not yet in balance after 1 sweep" in eq.trace(*TOY, l1=1, max_sweeps=1).worked()


def test_long_vectors_are_cut_and_long_sums_left_out():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 8))
    text = eq.trace(X, X[:, 0] + rng.normal(size=50), l1=5, intercept=True).worked()
    assert "… 50 numbers)" in text
    assert "·" not in lines(text, "its pull")[0]
    assert "columns and y less their means" in text
    assert max(map(len, text.splitlines())) <= 110


def test_names_do_no_harm():
    pd = pytest.importorskip("pandas")
    text = eq.trace(pd.DataFrame({"a\x1b[31m": [1.0, 2.0, 4.0]}), [1.0, 2.0, 3.0], l1=1).worked()
    assert "\x1b" not in text
    assert "a\\x1b[31m" in text


def test_steps_are_counted_from_one():
    with pytest.raises(ValueError, match="steps is 0"):
        eq.trace(*TOY, l1=1).worked(0)
