"""Sparse regression with proof: exact lasso, ridge and elastic net, certified, every zero explained.

>>> import equipoise as eq
>>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
>>> fit.explain("x2")[:58]
'x2 is zero because others explain it away: alone the data '
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.api.adapting import adapt
    from equipoise.api.checking import audit, trace
    from equipoise.api.choosing import cross_validate
    from equipoise.api.fitting import fit, path
    from equipoise.api.formulas import formula
    from equipoise.api.gathering import gather
    from equipoise.api.inferring import debias, selective_intervals
    from equipoise.api.relaxing import relax
    from equipoise.api.stability import stability_selection
    from equipoise.data import conventions as strength
    from equipoise.data.mapped import Mapped
    from equipoise.design.gathered import Gathered
    from equipoise.estimators.cross_validated import ElasticNetCV, LassoCV, RidgeCV
    from equipoise.estimators.linear import ElasticNet, Lasso, Ridge
    from equipoise.objective.optimality import Certificate, Status
    from equipoise.results.adaptive import Adaptive
    from equipoise.results.audit import Audit
    from equipoise.results.balance import Balance, BalanceSheet
    from equipoise.results.choice import CrossValidation
    from equipoise.results.criteria import Criteria
    from equipoise.results.event import Event
    from equipoise.results.fit import Fit, load
    from equipoise.results.frequency import ChoiceFrequency
    from equipoise.results.intervals import Intervals
    from equipoise.results.path import Path
    from equipoise.results.relaxed import Relaxed, RelaxedFit
    from equipoise.results.stability import Stability
    from equipoise.results.survivors import Group, Survivor, Survivors
    from equipoise.results.trace import Trace
    from equipoise.results.what_if import WhatIf
    from equipoise.show.balance_display import BalanceDisplay
    from equipoise.show.cross_validation_display import CrossValidationDisplay
    from equipoise.show.path_display import PathDisplay
    from equipoise.show.trace_display import TraceDisplay
    from equipoise.solve.textbook import Step

__version__ = "0.1.0"

# Where everything is: nothing is imported before it is asked for.
_ROOMS = {
    "api.adapting": "adapt",
    "api.checking": "audit trace",
    "api.choosing": "cross_validate",
    "api.fitting": "fit path",
    "api.formulas": "formula",
    "api.gathering": "gather",
    "api.inferring": "debias selective_intervals",
    "api.relaxing": "relax",
    "api.stability": "stability_selection",
    "data.mapped": "Mapped",
    "design.gathered": "Gathered",
    "estimators.cross_validated": "ElasticNetCV LassoCV RidgeCV",
    "estimators.linear": "ElasticNet Lasso Ridge",
    "objective.optimality": "Certificate Status",
    "results.adaptive": "Adaptive",
    "results.audit": "Audit",
    "results.balance": "Balance BalanceSheet",
    "results.choice": "CrossValidation",
    "results.criteria": "Criteria",
    "results.event": "Event",
    "results.fit": "Fit load",
    "results.frequency": "ChoiceFrequency",
    "results.intervals": "Intervals",
    "results.path": "Path",
    "results.relaxed": "Relaxed RelaxedFit",
    "results.stability": "Stability",
    "results.survivors": "Group Survivor Survivors",
    "results.trace": "Trace",
    "results.what_if": "WhatIf",
    "show.balance_display": "BalanceDisplay",
    "show.cross_validation_display": "CrossValidationDisplay",
    "show.path_display": "PathDisplay",
    "show.trace_display": "TraceDisplay",
    "solve.textbook": "Step",
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names.split()}
_MODULES = {"strength": "data.conventions"}

__all__ = [
    "Adaptive",
    "Audit",
    "Balance",
    "BalanceDisplay",
    "BalanceSheet",
    "Certificate",
    "ChoiceFrequency",
    "Criteria",
    "CrossValidation",
    "CrossValidationDisplay",
    "ElasticNet",
    "ElasticNetCV",
    "Event",
    "Fit",
    "Gathered",
    "Group",
    "Intervals",
    "Lasso",
    "LassoCV",
    "Mapped",
    "Path",
    "PathDisplay",
    "Relaxed",
    "RelaxedFit",
    "Ridge",
    "RidgeCV",
    "Stability",
    "Status",
    "Step",
    "Survivor",
    "Survivors",
    "Trace",
    "TraceDisplay",
    "WhatIf",
    "adapt",
    "audit",
    "cross_validate",
    "debias",
    "fit",
    "formula",
    "gather",
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
