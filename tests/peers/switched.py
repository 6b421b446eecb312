"""A pytest plugin that puts our estimators and paths in the place of a peer's, and counts who fits.

``PEER`` in the environment names the peer, ``sklearn`` or ``celer``; without it nothing is switched. A name
is switched wherever a module of the peer holds it, before any test is imported, so that tests, helpers and
other estimators of the peer (a stacking's default, a dictionary learner's lasso) all get ours.
"""

import functools
import importlib
import os
import sys
import threading
from collections import Counter

import pytest
from expected import FITS

import equipoise as eq

fits: Counter[str] = Counter()  # "our" and "their"; not those that one fit makes of another
_running = threading.local()
LENT = {"_get_loss", "_get_scorer"}


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Switch the names of the peer that PEER names; none of a peer that is to be run as it is."""
    config.stash[FITS] = fits
    if peer := os.environ.get("PEER"):
        switch(peer)


def switch(peer):
    """Switch a peer's names, in every one of its modules that is loaded."""
    offering = importlib.import_module({"sklearn": "sklearn.linear_model"}.get(peer, peer))
    ours_for = {}
    for name, ours in names_of(peer).items():
        theirs = getattr(offering, name)
        lend(theirs, ours)
        ours_for[id(theirs)] = theirs, counting(theirs, ours)
    for name in [name for name in sys.modules if name.partition(".")[0] == peer]:
        for attribute, value in list(vars(sys.modules[name]).items()):
            theirs, ours = ours_for.get(id(value), (None, None))
            # A function is left to its own module, whose other models are made of it.
            if theirs is not None and (isinstance(theirs, type) or theirs.__module__ != name):
                setattr(sys.modules[name], attribute, ours)


def names_of(peer):
    """What takes the place of a peer's names."""
    if peer == "celer":
        return importlib.import_module("celer_names").NAMES
    names = "Lasso ElasticNet Ridge LassoCV ElasticNetCV RidgeCV lasso_path enet_path LogisticRegression "
    names += "LogisticRegressionCV PoissonRegressor GammaRegressor TweedieRegressor"
    return {name: getattr(eq, name) for name in names.split()}


def lend(theirs, ours):
    """Lend ours the private methods that tests ask for a loss or a scorer: they read parameters alone."""
    for name in LENT & set(dir(theirs)):
        setattr(ours, name, getattr(theirs, name))
        if name == "_get_loss":
            ours._base_loss = property(theirs._get_loss)  # there, fit keeps it


def counting(theirs, ours):
    """What takes the place of theirs: ours, counted. A fit that their class still makes is counted, too."""
    if not isinstance(ours, type):
        return counted(ours, "our")
    for whose, kind in (("our", ours), ("their", theirs)):
        owner = next(base for base in kind.__mro__ if "fit" in vars(base))
        if not hasattr(owner.fit, "counts"):
            owner.fit = counted(owner.fit, whose)
        owner.fit.counts.append(kind)
    return ours


def counted(function, whose):
    """Return a function that counts its calls, where it is a method those of the kinds in ``counts``."""
    kinds = []

    @functools.wraps(function)
    def call(*args, **kwargs):
        first = not getattr(_running, "fit", False)
        if not first or (kinds and not asked_of(args, kinds, whose)):
            return function(*args, **kwargs)
        fits[whose] += 1
        _running.fit = True
        try:
            return function(*args, **kwargs)
        finally:
            _running.fit = False

    call.counts = kinds
    return call


def asked_of(args, kinds, whose):
    """Whether a method is called of one of these kinds; a kind of ours may be inherited from in a test."""
    return isinstance(args[0], tuple(kinds)) if whose == "our" else type(args[0]) in kinds
