"""scikit-learn's HTML for estimators, read by a parser: before and after fitting, in a pipeline."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq

NAMES = ["a", "<script>alert(1)</script>", "גיל", "d"]
RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(30, 4)), columns=NAMES)
Y = X["a"] + 0.3 * RNG.normal(size=30)

ESTIMATORS = {
    "Lasso": lambda: eq.Lasso(alpha=0.125),
    "ElasticNet": lambda: eq.ElasticNet(alpha=0.125),
    "Ridge": lambda: eq.Ridge(alpha=0.125),
    "LassoCV": lambda: eq.LassoCV(cv=3),
    "ElasticNetCV": lambda: eq.ElasticNetCV(cv=3),
    "RidgeCV": lambda: eq.RidgeCV(alphas=(0.125, 1.0)),
    "LassoIC": lambda: eq.LassoIC(criterion="aic"),
    "SelectNonzero": lambda: eq.SelectNonzero(eq.Lasso(alpha=0.125)),
}


class Page(HTMLParser):
    """The cells of a page's tables, row by row, and its other words."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.words, self._cell, self._raw, self.scripts = [], [], False, False, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self._raw = tag in ("style", "script")
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag):
        self._raw = False
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data):
        if self._cell:
            self.rows[-1][-1] += data.strip()
        elif not self._raw:
            self.words += data.split()

    def table(self):
        """The last cell of each row, by the one before it or, of three, by the first."""
        return {row[-2] if row[0] == "" else row[0]: row[-1] for row in self.rows if len(row) > 1}


def page(model):
    return Page(model._repr_html_())


@pytest.mark.parametrize("name", ESTIMATORS)
def test_before_and_after_the_fit(name):
    model = ESTIMATORS[name]()
    before = page(model)
    assert name in before.words
    assert "Not fitted" in " ".join(before.words)
    model.fit(X, Y)
    after = page(model)
    assert name in after.words
    assert "Not fitted" not in " ".join(after.words)
    assert after.scripts == before.scripts  # those of scikit-learn: no name is one


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_parameter_has_a_row(name):
    model = ESTIMATORS[name]()
    shown = page(model).table()
    for parameter, value in model.get_params(deep=False).items():
        assert shown[parameter].startswith(repr(value)[:6])


@pytest.mark.parametrize("name", ESTIMATORS)
def test_in_a_pipeline(name):
    last = ESTIMATORS[name]()
    model = make_pipeline(StandardScaler(), last)
    for one in (model, model.fit(X, Y)):
        words = page(one).words
        assert "StandardScaler" in words
        assert name in words


@pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 9), reason="what was fitted is shown since 1.9"
)
def test_what_was_fitted_is_shown():
    model = eq.Lasso(alpha=0.125).fit(X, Y)
    shown = page(model).table()
    assert shown["certificate_"].startswith("Certificate:")
    assert float(shown["intercept_"]) == pytest.approx(model.intercept_, rel=1e-3)
    assert "fits_" in shown


@pytest.mark.parametrize("name", [name for name in ESTIMATORS if name != "SelectNonzero"])
def test_coefficients_set_by_hand_are_shown_without_a_certificate(name):
    model = ESTIMATORS[name]().fit(X, Y)
    assert hasattr(model, "certificate_")
    model.coef_ = 2.0 * model.coef_
    assert not hasattr(model, "certificate_")
    assert "certificate_" not in page(model).table()
    with pytest.raises(ValueError, match="set by hand"):
        model.explain()
    with pytest.raises(ValueError, match="set by hand"):
        model.certificate_  # noqa: B018  a property that raises


def test_several_targets():
    model = eq.Lasso(alpha=0.125).fit(X, np.column_stack([Y, X["d"]]))
    assert "Lasso" in page(model).words
