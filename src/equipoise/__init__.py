"""Sparse regression with proof: exact lasso, ridge and elastic net, certified, every zero explained.

>>> import equipoise as eq
>>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
>>> fit.explain("x2")[:58]
'x2 is zero because others explain it away: alone the data '
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise import datasets, strength
    from equipoise.api.adapt import adapt
    from equipoise.api.audit import audit
    from equipoise.api.cross_validate import cross_validate
    from equipoise.api.debias import debias
    from equipoise.api.fit import fit
    from equipoise.api.formula import formula
    from equipoise.api.gather import gather
    from equipoise.api.load import load
    from equipoise.api.path import path
    from equipoise.api.read import read
    from equipoise.api.relax import relax
    from equipoise.api.selective_intervals import selective_intervals
    from equipoise.api.stability_selection import stability_selection
    from equipoise.api.trace import trace
    from equipoise.course.learn import learn
    from equipoise.data.disk.mapped import Mapped
    from equipoise.estimators.elastic_net_cv import ElasticNetCV
    from equipoise.estimators.generalized import GammaRegressor, PoissonRegressor, TweedieRegressor
    from equipoise.estimators.information_criterion import LassoIC
    from equipoise.estimators.lasso_cv import LassoCV
    from equipoise.estimators.linear import ElasticNet, Lasso, Ridge
    from equipoise.estimators.logistic import LogisticRegression
    from equipoise.estimators.logistic_cv import LogisticRegressionCV
    from equipoise.estimators.paths import enet_path, lasso_path
    from equipoise.estimators.ridge_cv import RidgeCV
    from equipoise.estimators.select_nonzero import SelectNonzero
    from equipoise.objective.certificate import Certificate, Status
    from equipoise.results.audit.result import Audit
    from equipoise.results.balance.display import BalanceDisplay
    from equipoise.results.balance.result import Balance, BalanceSheet
    from equipoise.results.choice.adaptive import Adaptive
    from equipoise.results.choice.display import CrossValidationDisplay
    from equipoise.results.choice.frequency import ChoiceFrequency
    from equipoise.results.choice.relaxed import Relaxed, RelaxedFit
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.event import Event
    from equipoise.results.fit.result import Fit
    from equipoise.results.fit.score import Score
    from equipoise.results.inference.intervals import Intervals
    from equipoise.results.inference.stability import Stability
    from equipoise.results.other_fits.importance import Importance
    from equipoise.results.other_fits.survivors import Group, Survivor, Survivors
    from equipoise.results.other_fits.what_if import WhatIf
    from equipoise.results.path.criteria import Criteria
    from equipoise.results.path.display import PathDisplay
    from equipoise.results.path.result import Path
    from equipoise.results.trace.display import TraceDisplay
    from equipoise.results.trace.result import Trace
    from equipoise.solve.steps import Step
    from equipoise.sums.gathered import Gathered

    __version__: str

# The public names of each module, which is imported when one of them is first used.
_HOLDS = {
    "api.adapt": "adapt",
    "api.audit": "audit",
    "api.cross_validate": "cross_validate",
    "api.debias": "debias",
    "api.fit": "fit",
    "api.formula": "formula",
    "api.gather": "gather",
    "api.load": "load",
    "api.path": "path",
    "api.read": "read",
    "api.relax": "relax",
    "api.selective_intervals": "selective_intervals",
    "api.stability_selection": "stability_selection",
    "api.trace": "trace",
    "course.learn": "learn",
    "data.disk.mapped": "Mapped",
    "estimators.elastic_net_cv": "ElasticNetCV",
    "estimators.generalized": "GammaRegressor PoissonRegressor TweedieRegressor",
    "estimators.information_criterion": "LassoIC",
    "estimators.lasso_cv": "LassoCV",
    "estimators.linear": "ElasticNet Lasso Ridge",
    "estimators.logistic": "LogisticRegression",
    "estimators.logistic_cv": "LogisticRegressionCV",
    "estimators.paths": "enet_path lasso_path",
    "estimators.ridge_cv": "RidgeCV",
    "estimators.select_nonzero": "SelectNonzero",
    "objective.certificate": "Certificate Status",
    "results.audit.result": "Audit",
    "results.balance.display": "BalanceDisplay",
    "results.balance.result": "Balance BalanceSheet",
    "results.choice.adaptive": "Adaptive",
    "results.choice.display": "CrossValidationDisplay",
    "results.choice.frequency": "ChoiceFrequency",
    "results.choice.relaxed": "Relaxed RelaxedFit",
    "results.choice.result": "CrossValidation",
    "results.event": "Event",
    "results.fit.result": "Fit",
    "results.fit.score": "Score",
    "results.inference.intervals": "Intervals",
    "results.inference.stability": "Stability",
    "results.other_fits.importance": "Importance",
    "results.other_fits.survivors": "Group Survivor Survivors",
    "results.other_fits.what_if": "WhatIf",
    "results.path.criteria": "Criteria",
    "results.path.display": "PathDisplay",
    "results.path.result": "Path",
    "results.trace.display": "TraceDisplay",
    "results.trace.result": "Trace",
    "solve.steps": "Step",
    "sums.gathered": "Gathered",
}
_MODULE_OF = {name: module for module, names in _HOLDS.items() for name in names.split()}
_SUBMODULES = {"datasets", "strength"}

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
    "GammaRegressor",
    "Gathered",
    "Group",
    "Importance",
    "Intervals",
    "Lasso",
    "LassoCV",
    "LassoIC",
    "LogisticRegression",
    "LogisticRegressionCV",
    "Mapped",
    "Path",
    "PathDisplay",
    "PoissonRegressor",
    "Relaxed",
    "RelaxedFit",
    "Ridge",
    "RidgeCV",
    "Score",
    "SelectNonzero",
    "Stability",
    "Status",
    "Step",
    "Survivor",
    "Survivors",
    "Trace",
    "TraceDisplay",
    "TweedieRegressor",
    "WhatIf",
    "adapt",
    "audit",
    "cross_validate",
    "datasets",
    "debias",
    "enet_path",
    "fit",
    "formula",
    "gather",
    "lasso_path",
    "learn",
    "load",
    "path",
    "read",
    "relax",
    "selective_intervals",
    "stability_selection",
    "strength",
    "trace",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name == "__version__":
        from equipoise.show.page.version import version

        value: Any = version()
    elif name in _SUBMODULES:
        value = import_module(f"equipoise.{name}")
    elif name in _MODULE_OF:
        value = getattr(import_module(f"equipoise.{_MODULE_OF[name]}"), name)
    else:
        raise AttributeError(f"module 'equipoise' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
