"""Heading and tab of a page name the response and the data."""

import re
from html import unescape

import numpy as np
import pytest

import equipoise as eq

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
Y = X[:, 0] * 3 + RNG.normal(size=40)


def headed(page):
    """Response, data and finding of a page's heading; the same has to be the name of its tab."""
    target, source, finding = re.search(
        r"<h1><bdi>(.*?)</bdi> from <bdi>(.*?)</bdi>: (.*?)</h1>", page
    ).groups()
    tab = unescape(re.search(r"<title>(.*?)</title>", page).group(1))
    isolated = re.sub("[\u2068\u2069]", "", tab)
    assert isolated == unescape(f"{target} from {source}: {finding} – equipoise")
    return unescape(target), unescape(source), finding


def test_of_arrays():
    fit = eq.fit(X, Y, l1=10.0)
    kept = f"{len(fit.support)} of 3 features kept, 40 rows"
    assert headed(fit.report()) == ("y", "an array", kept)
    assert headed(eq.Lasso(alpha=0.25).fit(X, Y).report()) == ("y", "an array", kept)
    assert headed(eq.trace(X, Y, l1=10.0).report()) == (
        "y",
        "an array",
        "lasso step by step, 3 features, 40 rows",
    )


def test_of_sparse_data():
    sparse = pytest.importorskip("scipy.sparse")
    assert headed(eq.path(sparse.csc_array(X), Y).report())[:2] == ("y", "a sparse matrix")


def test_of_frames():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    series = pd.Series(Y, name="<yield>")
    assert headed(eq.fit(frame, series, l1=10.0).report())[:2] == ("<yield>", "a pandas frame")
    assert headed(eq.cross_validate(frame, series, folds=3).report())[:2] == ("<yield>", "a pandas frame")
    assert headed(eq.Lasso().fit(frame, series).report())[:2] == ("<yield>", "a data frame")
    assert headed(eq.LassoCV(cv=3).fit(frame, series).report())[:2] == ("<yield>", "a data frame")
    assert headed(eq.trace(frame, series, l1=1.0).report())[:2] == ("<yield>", "a pandas frame")
    assert headed(eq.fit(frame.assign(size=Y), "size", l1=1.0).report())[:2] == ("size", "a pandas frame")
    assert headed(eq.fit(frame, series.rename(7), l1=1.0).report())[0] == "y"
    assert headed(eq.fit(frame, series.rename(" "), l1=1.0).report())[0] == "y"
    polars = pl.DataFrame({"a": X[:, 0], "size": Y})
    assert headed(eq.path(polars, "size").report())[:2] == ("size", "a polars frame")


def test_of_files(tmp_path):
    pytest.importorskip("pyarrow")
    file = tmp_path / "the patients.csv"
    file.write_text("a,b,size\n" + "\n".join(f"{a},{b},{y}" for (a, b, _), y in zip(X, Y, strict=True)))
    gathered = eq.gather(str(file), "size")
    assert headed(eq.fit(gathered, l1=1.0).report())[:2] == ("size", "the patients.csv")


def test_a_name_from_right_to_left_keeps_to_itself_in_the_tab():
    pd = pytest.importorskip("pandas")
    page = eq.fit(X, pd.Series(Y, name="שכר (נטו)"), l1=1.0).report()
    assert "<title>\u2068שכר (נטו)\u2069 from an array: " in page
    assert "\u2068" not in eq.fit(X, pd.Series(Y, name="size"), l1=1.0).report()
