"""The data of a model passed again: its problem and solution are set up anew and checked against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.named import NamedArray
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.objective.evaluate import evaluate
from equipoise.objective.measures import ROUNDINGS
from equipoise.objective.points import Points
from equipoise.objective.problem import EPS
from equipoise.results.fit.roles import missing_values_told, remembered_roles
from equipoise.setup.reading import read_for
from equipoise.setup.set_up import set_up
from equipoise.setup.setup import Setup
from equipoise.setup.unchanged import refuse_changed, same_pulls
from equipoise.sums.gathered import Gathered

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit


def asked_on(
    fit: Fit, X: object, y: object, sample_weight: object, offset: object, exposure: object = None
) -> tuple[Setup, Points]:
    """The setup and the solution of a model, on its own data or on data that are passed again.

    What is None is the column of X that held it at the fit, where X has one of that name. A ValueError
    refuses a model without data, data that have changed since the fit, or that it was not fitted to.
    """
    if X is None:
        if fit.setup is None or fit.points is None:
            raise ValueError("this model was loaded from a file, which holds no data: pass them, X=…, y=…")
        scale = fit.setup.problem.view.scale
        refuse_changed(fit.setup, fit.coef, fit.points.pull[0] * scale)
        return fit.setup, fit.points
    if isinstance(X, NamedArray) or not fit.kind.squared:
        X = read_for(X, fit.encoding)  # a file is read whole, where the rows are needed
    by_name = isinstance(X, NamedArray) and set(fit.features) <= set(X.names)
    if not isinstance(X, Gathered):
        roles = {"sample_weight": sample_weight, "offset": offset, "exposure": exposure}
        given = remembered_roles(fit, X, y=y, **roles)
        y, sample_weight, offset, exposure = given.values()
    if y is None and not isinstance(X, Gathered):
        raise ValueError("needs the response y beside X: pass both")
    with missing_values_told("leave out such rows"):
        setup = set_up(
            X,
            y,
            l1=fit.l1,
            l2=fit.l2,
            intercept=fit.with_intercept,
            standardize=fit.standardize,
            sample_weight=sample_weight,
            offset=offset,
            lower=fit.lower,
            upper=fit.upper,
            missing="error" if fit.missing is None or isinstance(X, Gathered) else fit.missing.policy,
            encoding=fit.encoding,
            columns=ColumnChoice(features=fit.features) if by_name else EVERY_COLUMN,
            loss=None if fit.kind.squared else fit.kind,
            exposure=exposure,
            levels=fit.levels,
        )
    if len(setup.features) != len(fit.coef):
        raise ValueError(f"X has {len(setup.features)} features but the model has {len(fit.coef)}")
    _refuse_other_names(fit, setup)
    # What is infinite does not balance.
    with missing_values_told("leave out such rows"), np.errstate(over="ignore", invalid="ignore"):
        points = evaluate(
            setup.problem,
            np.ones(1),
            (fit.coef * setup.problem.view.scale)[None],
            np.array([fit.intercept]) if fit.with_intercept else None,
        )
        as_at_the_fit = bool(points.measure().balanced[0]) or _no_worse(fit, points)
    if not as_at_the_fit:
        raise ValueError(
            "these are not the data the model was fitted to (its pulls do not balance on them): "
            "pass the same X, y, sample_weight and offset"
        )
    return setup, points


def _no_worse(fit: Fit, points: Points) -> bool:
    """Whether a model that did not balance at the fit has the same pulls here, or no larger violations."""
    if fit.certificate.optimal:
        return False
    if fit.points is not None and fit.setup is not None:
        before, after = (p.pull[0] * p.problem.view.scale for p in (fit.points, points))
        return same_pulls(points.problem, fit.coef, before, after)
    here = points.certify()
    return (
        here.violation <= 2.0 * fit.certificate.violation
        and here.intercept_violation <= 2.0 * fit.certificate.intercept_violation + ROUNDINGS * EPS
    )


def _refuse_other_names(fit: Fit, setup: Setup) -> None:
    """Refuse features of other names, or in another order, where names tell: positions would mix them up."""
    named = setup.gathered is not None and fit.encoding is not None
    if setup.features != fit.features and (named or set(setup.features) == set(fit.features)):
        j = next(j for j, name in enumerate(fit.features) if name != setup.features[j])
        raise ValueError(
            f"feature {j + 1} of X is {setup.features[j]!r} but of the model {fit.features[j]!r}: pass the "
            "model's features, in its order"
        )
