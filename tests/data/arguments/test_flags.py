import inspect

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.arguments.flags import as_flag

VERBS = ["adapt", "audit", "cross_validate", "debias", "fit", "path", "relax", "selective_intervals"]
VERBS += ["stability_selection", "trace"]
FLAGS = [
    (verb, name)
    for verb in VERBS
    for name, parameter in inspect.signature(getattr(eq, verb)).parameters.items()
    if isinstance(parameter.default, bool)
]


def made():
    X = np.random.default_rng(3).normal(size=(12, 3))
    return X, X[:, 0] + 0.1 * X[:, 1]


@pytest.mark.parametrize("value", ["yes", "false", "", 1, 0, 2.0, None, [True], np.array([True, False])])
@pytest.mark.parametrize(("verb", "name"), FLAGS)
def test_what_is_neither_true_nor_false_is_refused_by_every_verb(verb, name, value):
    X, y = made()
    more = {"l1": 0.5} if verb in ("audit", "debias", "fit", "selective_intervals") else {}
    more |= {"coef": np.zeros(3)} if verb == "audit" else {}
    if verb == "trace":
        more = {"l1": 0.5}
    with pytest.raises(TypeError, match=f"{name} is .*: pass True or False"):
        getattr(eq, verb)(X, y, **more, **{name: value})


def test_numpys_booleans_are_booleans():
    assert as_flag(np.True_, "x") is True
    assert as_flag(np.False_, "x") is False
    X, y = made()
    assert eq.fit(X, y, l1=0.1, intercept=np.False_).intercept == 0.0
