"""Every result with a frame has tables for papers, which hold what the frame holds."""

import inspect

import numpy as np
import pandas as pd
import pytest
from markdown_it import MarkdownIt

import equipoise as eq


def results():
    """One result of every kind that has a frame."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(40, 4)), columns=["age", "b_mi", "R&D", "s|1"])
    y = X["age"] + rng.normal(size=40)
    fit = eq.fit(X, y, l1=4.0)
    cv = eq.cross_validate(X, y, folds=4, count=6)
    relaxed = eq.relax(X, y, folds=4, count=4)
    return [
        fit,
        fit.explain(),
        fit.survivors(),
        fit.importance(),
        fit.what_if(l1=1.0),
        cv,
        cv.path,
        cv.path.criteria(),
        relaxed,
        relaxed.best,
        eq.adapt(X, y, folds=4, count=4),
        eq.debias(X, y),
        eq.stability_selection(X, y, q=2, pairs=5),
        eq.audit(X, y, fit.coef, fit.intercept, l1=4.0),
        eq.trace(X, y, l1=4.0, max_sweeps=2),
    ]


RESULTS = results()


def test_every_public_result_with_a_frame_is_looked_at():
    public = [getattr(eq, name) for name in eq.__all__]
    with_frames = {thing for thing in public if inspect.isclass(thing) and hasattr(thing, "to_frame")}
    assert with_frames - {type(result) for result in RESULTS} <= {eq.ChoiceFrequency}
    assert all(hasattr(thing, "to_markdown") and hasattr(thing, "to_latex") for thing in with_frames)


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_tables_hold_what_the_frame_holds(result):
    frame = result.to_frame("pandas")
    rows = []
    for token in MarkdownIt("commonmark").enable("table").parse(result.to_markdown(digits=15)):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children))
    assert rows[0] == list(frame.columns)
    if isinstance(result, eq.Fit):  # the intercept has a row in papers
        assert rows[1] == ["(Intercept)", f"{result.intercept:.15g}", "–"]
        del rows[1]
    assert len(rows) == len(frame) + 1
    for name, cells in zip(rows[0], zip(*rows[1:], strict=True), strict=True):
        for value, cell in zip(frame[name], cells, strict=True):
            if isinstance(value, str):
                assert cell == value
            elif value is None or np.isnan(value):
                assert cell == "–"
            elif isinstance(value, (bool, np.bool_)):
                assert cell == ("yes" if value else "no")
            else:
                assert float(cell) == pytest.approx(float(value), rel=1e-14)
    assert result.to_latex().count(r"\\") == len(frame) + 1 + isinstance(result, eq.Fit)


@pytest.mark.parametrize("digits", [0, 18, -1, 2.5, "3", True, None])
def test_digits_are_a_whole_number(digits):
    fit = RESULTS[0]
    for table in (fit.to_markdown, fit.to_latex):
        with pytest.raises(ValueError, match=r"^digits is .*: pass a whole number from 1 to 17$"):
            table(digits=digits)


def test_a_fit_without_an_intercept_has_no_row_of_it():
    fit = eq.fit([[1.0, 1], [1, 0]], [3.0, 2], l1=1, intercept=False)
    assert "Intercept" not in fit.to_markdown() + fit.to_latex()
    assert "Intercept" in eq.fit([[1.0, 1], [1, 0]], [3.0, 2], l1=1).to_latex()
