"""Sparse regression with proof: exact lasso, ridge and elastic net, certified, every zero explained.

>>> import equipoise as eq
>>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
>>> fit.explain("x2")[:58]
'x2 is zero because others explain it away: alone the data '
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.api import (
        adapt,
        audit,
        cross_validate,
        debias,
        fit,
        formula,
        path,
        relax,
        selective_intervals,
        stability_selection,
        trace,
    )
    from equipoise.data import conventions as strength
    from equipoise.estimators import ElasticNet, ElasticNetCV, Lasso, LassoCV, Ridge, RidgeCV
    from equipoise.objective.optimality import Certificate, Status
    from equipoise.results import (
        Adaptive,
        Audit,
        Balance,
        BalanceSheet,
        ChoiceFrequency,
        Criteria,
        CrossValidation,
        Event,
        Fit,
        Intervals,
        Path,
        Relaxed,
        RelaxedFit,
        Stability,
        Trace,
    )
    from equipoise.results.fit import load
    from equipoise.solve.textbook import Step

__version__ = "0.1.0"

_HOME = {
    "formula": "api",
    "Adaptive": "results",
    "adapt": "api",
    "RelaxedFit": "results",
    "Relaxed": "results",
    "ChoiceFrequency": "results",
    "Criteria": "results",
    "relax": "api",
    "ElasticNet": "estimators",
    "ElasticNetCV": "estimators",
    "Lasso": "estimators",
    "LassoCV": "estimators",
    "Ridge": "estimators",
    "RidgeCV": "estimators",
    "fit": "api",
    "path": "api",
    "cross_validate": "api",
    "stability_selection": "api",
    "debias": "api",
    "selective_intervals": "api",
    "trace": "api",
    "audit": "api",
    "load": "results.fit",
    "Fit": "results",
    "Path": "results",
    "Event": "results",
    "CrossValidation": "results",
    "Stability": "results",
    "Intervals": "results",
    "Trace": "results",
    "Audit": "results",
    "Balance": "results",
    "BalanceSheet": "results",
    "Certificate": "objective.optimality",
    "Status": "objective.optimality",
    "Step": "solve.textbook",
}

_MODULES = {"strength": "data.conventions"}

__all__ = [
    "Adaptive",
    "Audit",
    "Balance",
    "BalanceSheet",
    "Certificate",
    "ChoiceFrequency",
    "Criteria",
    "CrossValidation",
    "ElasticNet",
    "ElasticNetCV",
    "Event",
    "Fit",
    "Intervals",
    "Lasso",
    "LassoCV",
    "Path",
    "Relaxed",
    "RelaxedFit",
    "Ridge",
    "RidgeCV",
    "Stability",
    "Status",
    "Step",
    "Trace",
    "adapt",
    "audit",
    "cross_validate",
    "debias",
    "fit",
    "formula",
    "load",
    "path",
    "relax",
    "selective_intervals",
    "stability_selection",
    "strength",
    "trace",
]


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is first used."""
    if name in _MODULES:
        value: Any = import_module(f"equipoise.{_MODULES[name]}")
    elif name in _HOME:
        value = getattr(import_module(f"equipoise.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module 'equipoise' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
