"""Whatever a verb returns can be copied, compared, hashed and kept in a file, and goes on as before."""

import copy
import dataclasses
import inspect
import pickle
from html.parser import HTMLParser

import numpy as np
import pytest

import equipoise as eq

RNG = np.random.default_rng(4)
X = RNG.normal(size=(40, 5))
Y = X[:, 0] - 0.5 * X[:, 1] + 0.3 * RNG.normal(size=40)


def results():
    """One of every public record, by the name of its class."""
    fit = eq.fit(X, Y, l1=8.0)
    path = eq.path(X, Y, count=5)
    cv = eq.cross_validate(X, Y, folds=4, count=5)
    relaxed = eq.relax(X, Y, folds=4, count=4)
    many = eq.cross_validate(X, Y, folds=4, count=5, repeats=2)
    trace = eq.trace(X, Y, l1=8.0)
    survivors = fit.survivors()
    found = [fit, path, cv, relaxed, trace, survivors, fit.certificate, fit.explain(), fit.explain()["x1"]]
    found += [fit.what_if(without=["x1"]), fit.importance(), fit.score(X, Y), path.criteria(), path.events[0]]
    found += [survivors.rows[0], trace.steps[0], relaxed.best, many.frequency]
    found += [eq.adapt(X, Y, folds=4, count=4), eq.selective_intervals(X, Y, l1=8.0)]
    found += [eq.audit(X, Y, fit.coef, intercept=fit.intercept, l1=8.0), eq.gather(_frame(), y="y")]
    found += [eq.stability_selection(X, Y, pairs=3), eq.strength.from_sklearn(0.1, n=40)]
    found += [eq.Group(("x1", "x2"), ("x1",), 0.5), fit.certificate.status]
    return {type(one).__name__: one for one in found}


def _frame():
    import pandas as pd

    return pd.DataFrame(X, columns=list("abcde")).assign(y=Y)


FOUND = results()
RECORDS = {name: getattr(eq, name) for name in eq.__all__ if dataclasses.is_dataclass(getattr(eq, name))} | {
    "Strength": eq.strength.Strength,
    "Status": eq.Status,
}
NUMBERS = [  # records of numbers, compared by value; the others hold data, and are compared by identity
    *("Certificate", "Strength", "Status", "Event", "Balance", "Survivor", "Group", "Score", "Step")
]


def test_every_public_record_is_here():
    assert set(FOUND) == set(RECORDS)
    assert all(inspect.isclass(kind) for kind in RECORDS.values())


@pytest.mark.parametrize("name", RECORDS)
def test_comparing_and_hashing_raise_nothing(name):
    one = FOUND[name]
    assert one == one
    assert one in {one: None}
    assert one in [None, 1.0, one]
    assert one != 1.0
    assert FOUND["Trace" if name != "Trace" else "Fit"] != one


@pytest.mark.parametrize("name", NUMBERS)
def test_records_of_numbers_are_equal_where_the_numbers_are(name):
    one, again = FOUND[name], results()[name]
    assert one == again
    assert len({one, again}) == 1
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.deepcopy(one) == one


def test_certificates_of_other_fits_are_others():
    other = eq.fit(X, Y, l1=9.0).certificate
    assert other != FOUND["Certificate"]
    assert other not in [FOUND["Certificate"]]
    assert len({other, FOUND["Certificate"]}) == 2


def test_strengths_of_features_compare():
    one = eq.strength.from_sklearn(0.1, n=40)
    per_feature = eq.strength.Strength(l1=np.array([1.0, 2.0]))
    assert per_feature == eq.strength.Strength(l1=np.array([1.0, 2.0]))
    assert per_feature != eq.strength.Strength(l1=np.array([1.0, 3.0]))
    assert one != per_feature


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("name", RECORDS)
def test_pickles_say_the_same(name, protocol):
    again = pickle.loads(pickle.dumps(FOUND[name], protocol))
    assert repr(again) == repr(FOUND[name])


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("name", RECORDS)
def test_copies_say_the_same(name, way):
    again = way(FOUND[name])
    assert type(again) is RECORDS[name]
    assert repr(again) == repr(FOUND[name])
    assert str(again) == str(FOUND[name])


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy])
def test_copies_can_be_asked_as_the_originals(way):
    fit, path, cv = way(FOUND["Fit"]), way(FOUND["Path"]), way(FOUND["CrossValidation"])
    fresh = eq.fit(X, Y, l1=8.0)
    assert fit.explain("x5") == fresh.explain("x5")
    without = fit.what_if(without=["x1"]).after.coef[1:]
    np.testing.assert_allclose(without, eq.fit(X[:, 1:], Y, l1=8.0).coef, rtol=1e-12)
    np.testing.assert_array_equal(path.at(8.0).coef, fresh.coef)
    np.testing.assert_array_equal(cv.best.coef, FOUND["CrossValidation"].best.coef)


def test_a_deep_copy_shares_the_training_data_and_nothing_that_can_be_written_to():
    fit = eq.fit(X, Y, l1=8.0)
    again = copy.deepcopy(fit)
    assert again.setup is fit.setup
    assert not np.shares_memory(again.coef, fit.coef)
    assert not np.shares_memory(again.certificate.zeros_proved, fit.certificate.zeros_proved)


ROWS = {"Event", "Balance", "Survivor", "Group", "Step", "Strength"}  # of a sequence: a line each
PLAIN = {"Certificate", "Gathered", "Status"}  # a few lines of text


@pytest.mark.parametrize("name", FOUND)
def test_the_prompt_shows_what_print_shows(name):
    one = FOUND[name]
    if name != "Status":  # an enumeration, whose value is its sentence
        assert repr(one) == str(one)
    assert ("\n" in repr(one)) == (name not in {*ROWS, "Status", "Gathered"})
    assert len(repr(one)) < 5000


class Words(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found, self.tables = [], 0
        self.feed(html)

    def handle_data(self, data):
        self.found += data.split()

    def handle_starttag(self, tag, attrs):
        self.tables += tag == "table"


@pytest.mark.parametrize("name", sorted(set(FOUND) - ROWS - PLAIN))
def test_a_notebook_shows_what_print_shows(name):
    read = Words(FOUND[name]._repr_html_())
    assert read.found == str(FOUND[name]).split()
    assert read.tables or name == "Audit"  # of the solution there is nothing to list


@pytest.mark.parametrize("name", sorted(ROWS | PLAIN))
def test_a_notebook_shows_the_text_of_the_others(name):
    assert not hasattr(FOUND[name], "_repr_html_")
