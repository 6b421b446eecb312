"""Whatever shows a result tells what it holds: no data are read for it, and large ones are shown at once."""

import time

import numpy as np
import pandas as pd
import pytest

import equipoise as eq
from equipoise.results.plain import Shown, Tabular


def data(rows=40, columns=6, seed=2):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, columns))
    return X, 3 * X[:, 0] - 2 * X[:, 1] + X[:, 2] + rng.normal(size=rows)


def of_a_fit(X, y, factor=1.0):
    """What a fit and a path make of the data as they are held."""
    fit = eq.fit(X, y, l1=12.0 * np.asarray(factor))
    path = eq.path(X, y, l1=factor, count=12)
    return [
        fit,
        fit.certificate,
        fit.explain(),
        fit.what_if(l1=4.0 * np.asarray(factor)),
        fit.survivors(),
        fit.importance(),
        path,
        path.at(5.0),
        path.best(2),
        path.criteria(),
    ]


def everything(X, y):
    """A result of every kind."""
    cv = eq.cross_validate(X, y, folds=3, count=12)
    fit = eq.fit(X, y, l1=12.0)
    relaxed = eq.relax(X, y, folds=3, count=12)
    trace = eq.trace(X, y, l1=12.0)
    return [
        *of_a_fit(X, y),
        fit.score(X, y),
        cv,
        cv.held_out(),
        cv.one_se,
        eq.cross_validate(X, y, folds=3, count=12, repeats=2).frequency,
        eq.adapt(X, y, folds=3, count=12),
        relaxed,
        relaxed.best,
        eq.stability_selection(X, y, q=2, pairs=3),
        eq.debias(X, y, l1=12.0),
        eq.audit(X, y, fit.coef, fit.intercept, l1=12.0),
        trace,
        trace.beside(),
        eq.Lasso(alpha=0.3).fit(X, y).explain(),
    ]


def looks(results):
    """All that a terminal or a notebook shows of results."""
    return [
        (type(one).__name__, str(one), repr(one), getattr(one, "_repr_html_", lambda: "")())
        for one in results
    ]


def kinds(of=Shown):
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_kind_is_among_them():
    made = {type(one) for one in everything(*data()) if isinstance(one, Shown)}
    assert made == set(kinds()) - {Tabular}


@pytest.mark.parametrize("value", [np.nan, 7.0])
def test_data_that_have_changed_are_not_looked_at(value):
    X, y = data()
    given = X.copy(), y.copy()
    results, untouched = everything(*given), looks(everything(X, y))
    for array in given:
        array[:] = value
    for look, other in zip(looks(results), untouched, strict=True):
        assert look == other


@pytest.mark.parametrize("size", [(40, 6), (600, 250)])  # on both sides of where a path is walked at once
@pytest.mark.parametrize("unpenalised", [False, True])
def test_a_mapped_matrix_is_not_read(size, unpenalised, tmp_path, monkeypatch):
    X, y = data(*size)
    np.save(tmp_path / "x.npy", np.asfortranarray(X))
    mapped = eq.Mapped(tmp_path / "x.npy")
    results = of_a_fit(mapped, y, [0.0] + [1.0] * (size[1] - 1) if unpenalised else 1.0)
    before = mapped.passes
    assert before > 0
    looks(results)
    assert mapped.passes == before


def test_a_large_sheet_is_shown_at_once():
    X, y = data(1200, 800)
    y = y + X @ np.random.default_rng(3).normal(size=800)
    fit = eq.fit(X, y, l1=8.0)
    assert len(fit.support) > 600
    sheet = fit.explain()
    start = time.perf_counter()
    text = str(sheet)
    sheet._repr_html_()
    assert time.perf_counter() - start < 0.5
    assert "enters at" not in text
    assert "explain tells it of one that is named" in " ".join(text.split())
    # What was asked for by its name is the strength at which the feature enters.
    row = sheet["x5"]
    assert row.coef != 0
    above, below = (eq.fit(X, y, l1=row.enters_at * (1 + side * 1e-7)).coef[4] for side in (1, -1))
    assert above == 0 != below


def test_what_a_sheet_has_computed_it_shows():
    X, y = data(600, 250)
    sheet = eq.fit(X, y, l1=150.0).explain()
    assert "enters at" not in str(sheet)
    (name,) = (row.feature for row in sheet.closest(1))
    assert f"{name} is zero: its pull" in str(sheet)
    assert sheet.enters_at
    assert len(list(sheet)) == 250
    assert "enters at" in str(sheet)
    assert sheet.sentence(name)[:40] in str(sheet)


def test_names_that_are_long_or_blank_are_told_apart():
    X, y = data()
    long = "n" * 5000
    names = ["a" + long, "b" + long, " ", "short", long + "middle" + long, long + "mettle" + long]
    frame = pd.DataFrame(X, columns=names)
    fit = eq.fit(frame, y, l1=0.1)
    assert len(fit.support) == 6
    text = str(fit.explain()) + str(fit) + str(fit.survivors()) + fit.explain(names[0])
    assert "“ ”" in text
    rows = [line.split("  ")[0] for line in str(fit).split("\n")[3:9]]
    assert len(set(rows)) == 6
    assert "short" in rows
    frame = frame[names[:4]]
    few = eq.fit(frame, y, l1=0.1)
    for shown in (few, few.explain(), few.survivors(), few.importance(), eq.trace(frame, y, l1=0.1)):
        assert max(map(len, str(shown).split("\n"))) < 250
    assert names[0] in few.to_markdown()
    assert list(few.to_frame()["feature"]) == names[:4]
