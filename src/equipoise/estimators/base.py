"""The base class of all estimators: reading the data, fitting, predicting and explaining."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass, replace
from functools import cache
from inspect import signature
from numbers import Number
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import config_context
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import r2_score
from sklearn.utils.validation import check_array, check_is_fitted, column_or_1d, validate_data

from equipoise.data.arguments.arrays import as_weights, default_names
from equipoise.data.arguments.by_name import by_name
from equipoise.data.arguments.floats import as_floats
from equipoise.data.arguments.named import NamedArray
from equipoise.data.arguments.sparse import is_sparse, refuse_invalid
from equipoise.data.disk.mapped import Mapped
from equipoise.estimators.explained import Explained
from equipoise.estimators.frames import checked_rows, refuse_categories, refuse_far, refuse_response
from equipoise.estimators.parameters import check_parameters
from equipoise.estimators.sparse_coef import as_dense
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.results.fit.result import Fit
from equipoise.results.fit.roles import Known, check_exposure
from equipoise.setup.reading import read_rows
from equipoise.setup.response import with_exposure
from equipoise.setup.set_up import set_up
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]


WITHOUT = {"offset": "offset=0 on purpose", "exposure": "exposure=1 for the rate"}
"""How to leave out what a model was fitted with."""


@dataclass(frozen=True)
class TrainingData:
    """Checked data: matrix (n, p), response (n, targets), weights (n,), offset (n, targets), name of y.

    ``levels`` are the two labels of a response of classes, which is 0 and 1 here.
    """

    matrix: Any
    response: Array
    weights: Array | None
    offset: Array | None
    called: str | None = None
    levels: tuple[Any, Any] | None = None

    @property
    def total_weight(self) -> float:
        """Sum of the weights, or the number of rows."""
        return float(self.matrix.shape[0] if self.weights is None else self.weights.sum())

    def response_and_offset(self, target: int) -> tuple[Array, Array | None]:
        """The response (n,) and the offset (n,) or None of one target."""
        return self.response[:, target], None if self.offset is None else self.offset[:, target]


class Estimator(Explained, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A model of any loss with penalties and bounds, as an estimator of scikit-learn."""

    fit_intercept: bool
    standardize: bool
    penalty_factor: Any
    lower: Any
    upper: Any
    positive: bool = False
    coef_: Array
    intercept_: Any
    dual_gap_: Any
    fits_: tuple[Fit, ...]

    _own_offset: Any = None  # of the only rows that are asked for, by a scorer, which knows of none
    _solvers: ClassVar[tuple[str, ...]] = ()  # names that `solver` may have
    _iterations: ClassVar[int] = 1  # the least that `max_iter` may be
    _y_numeric: ClassVar[bool] = True
    _several: ClassVar[str] = "MultiOutputRegressor"  # fits a model for each column of y

    def _kind(self) -> Loss:
        """The loss that is minimised."""
        return SQUARED

    def _numbers(self, y: Any) -> Array:
        """The response as numbers, from what scikit-learn has checked."""
        return np.asarray(y, dtype=np.float64)

    def _read(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        offset: Any,
        *,
        multi_output: bool,
        exposure: Any = None,
    ) -> tuple[TrainingData, bool]:
        """Check the data as scikit-learn does; the second value says whether y was 2-D."""
        called, names = getattr(y, "name", None), X.names if isinstance(X, NamedArray) else None
        if isinstance(X, Mapped):
            raise TypeError(
                "X is on disk and an estimator needs it in memory: pass it to equipoise.path or "
                "equipoise.cross_validate, or np.asarray(X) here"
            )
        check_parameters(self._own_parameters(), self._solvers, self._iterations)
        if is_sparse(X):
            refuse_invalid(X)
        refuse_categories(X)
        refuse_far(X, "X")
        refuse_response(y, type(self).__name__ if self._y_numeric else None)
        # Arrays of other libraries are taken as NumPy's: all that is computed here is NumPy's.
        with config_context(array_api_dispatch=False):
            numeric = self._y_numeric
            X, y = validate_data(
                self, X, y, accept_sparse="csc", dtype=np.float64, y_numeric=numeric, multi_output=True
            )
        if names is not None:
            self.feature_names_in_ = np.array(names, dtype=object)
        if not multi_output:
            if y.ndim == 2 and y.shape[1] > 1:
                raise ValueError(
                    f"y should be a 1d array, got an array of shape {y.shape} instead: fit one model for "
                    f"each column, as {self._several} does"
                )
            y = column_or_1d(y, warn=True)
        response = self._numbers(y)
        table = response.ndim == 2
        response = response if table else response[:, None]
        offset = self._read_known(offset, exposure, response, table)
        called = called if isinstance(called, str) else None
        return TrainingData(X, response, read_weights(sample_weight, len(response)), offset, called), table

    def _read_known(self, offset: Any, exposure: Any, response: Array, table: bool) -> Array | None:
        """The offset of every target, (n, targets), with the logarithm of an exposure."""
        given = {"offset": offset, "exposure": exposure}
        self._known = [role for role in given if given[role] is not None]
        if offset is not None:
            several = np.asarray(offset, dtype=np.float64)
            if several.shape == response.shape and table:
                columns = [read_rows(one, "offset", len(response)) for one in several.T]
            else:
                columns = [read_rows(offset, "offset", len(response))] * response.shape[1]
            offset = np.column_stack(columns)
        if exposure is None:
            return offset  # type: ignore[no-any-return]
        known = None if offset is None else offset[:, 0]
        return np.array(with_exposure(known, exposure, self._kind(), len(response), finite=True))[:, None]

    def _own_parameters(self) -> dict[str, Any]:
        """The parameters of this library's class; a subclass may mean something else by others."""
        own = _parameters_of(type(self))  # type: ignore[arg-type]  # a class is hashable
        return {name: value for name, value in self.get_params(deep=False).items() if name in own}

    def _penalty_factors(self, p: int) -> Array:
        """The penalty factors as an array, (p,), 1 by default."""
        if self.penalty_factor is None:
            return np.ones(p)
        given = self._per_feature("penalty_factor", p, 1.0)
        factors = as_floats(given, "penalty_factor").astype(np.float64)
        if factors.shape != (p,):
            raise ValueError(
                f"penalty_factor has shape {factors.shape} but X has {p} features: pass one number each"
            )
        if not np.all(factors >= 0):
            j = int(np.flatnonzero(~(factors >= 0))[0])
            raise ValueError(f"penalty_factor[{j}] is {factors[j]}: pass numbers that are not negative")
        return factors

    def _per_feature(self, name: str, p: int, default: float) -> Any:
        """A parameter given by names as a list of p numbers; any other value unchanged."""
        value = getattr(self, name)
        if not isinstance(value, Mapping):
            return value
        known = getattr(self, "feature_names_in_", None)
        names = default_names(p) if known is None else tuple(map(str, known))
        return by_name(value, name, names, default=default)

    def _fit_arguments(self, l1: float, l2: float, p: int) -> dict[str, Any]:
        """The keywords of a fit with the penalties l1 and l2 times the penalty factors."""
        factors = self._penalty_factors(p)
        excluded = np.isinf(factors)
        finite = np.where(excluded, 0.0, factors)
        lower = self._per_feature("lower", p, -np.inf)
        return {
            "l1": l1 if self.penalty_factor is None else np.where(excluded, np.inf, l1 * finite),
            "l2": l2 if self.penalty_factor is None else l2 * finite,
            "intercept": self.fit_intercept,
            "standardize": self.standardize,
            "lower": np.maximum(lower, 0.0) if self.positive else lower,
            "upper": self._per_feature("upper", p, np.inf),
        }

    def _set_up(self, data: TrainingData, target: int, l1: float, l2: float, folds: Any = None) -> Setup:
        """The data of one target under the penalties l1 and l2 times the penalty factors."""
        response, offset = data.response_and_offset(target)
        arguments = self._fit_arguments(l1, l2, data.matrix.shape[1])
        arguments |= {"sample_weight": data.weights, "offset": offset, "folds": folds, "loss": self._kind()}
        setup = set_up(data.matrix, response, **arguments)
        known = getattr(self, "feature_names_in_", None)
        names = setup.names if known is None else tuple(map(str, known))
        return replace(setup, names=names, called=data.called, levels=data.levels)

    def _solve(self, data: TrainingData, l1: Sequence[float], l2: Sequence[float], table: bool) -> None:
        """Fit every target, l1 and l2 having a number for each, and set the fitted attributes."""
        fits = []
        for k in range(data.response.shape[1]):
            setup = self._set_up(data, k, l1[k], l2[k])
            fits.append(Fit.of(setup, solve_point(setup.problem)))
        self._hold(data, fits, table, stacklevel=5)

    def _hold(self, data: TrainingData, fits: Sequence[Fit], table: bool, stacklevel: int = 4) -> None:
        """Set the fitted attributes from a fit for each target; a warning is the caller's of ``fit``."""
        self.fits_ = tuple(fits)
        for fit in fits:
            if not fit.certificate.status.optimal:
                warnings.warn(fit.certificate.status.value, ConvergenceWarning, stacklevel=stacklevel)
        # As in scikit-learn, a 2-D y of one column is one target, but with an intercept of shape (1,).
        coef = np.array([fit.coef for fit in fits])
        intercept = np.array([fit.intercept for fit in fits])
        gap = np.array([fit.certificate.gap for fit in fits]) / data.total_weight
        self.coef_ = coef if len(fits) > 1 else coef[0]
        self.intercept_ = intercept if table and self.fit_intercept else intercept[0]
        self.dual_gap_ = gap if len(fits) > 1 else gap[0]
        self.n_iter_ = 1 if len(fits) == 1 else [1] * len(fits)

    def _linear(self, X: Any, offset: Any = None, exposure: Any = None) -> Array:
        """The linear predictor with offset and exposure, (n,) or (n, targets)."""
        check_is_fitted(self)
        if is_sparse(X):
            refuse_invalid(X)
        refuse_categories(X)
        refuse_far(X, "X")
        with config_context(array_api_dispatch=False):
            X = checked_rows(self, X, ("csr", "csc"))
        eta = np.asarray(X @ as_dense(self.coef_).T + self.intercept_)
        offset = self._own_offset if offset is None else offset
        given = {"offset": offset, "exposure": exposure}
        for role in getattr(self, "_known", ()):  # nothing of coefficients set by hand
            if given[role] is None:
                raise ValueError(
                    f"this model was fitted with an {role}: pass {role}=, or {WITHOUT[role]}; a pipeline or "
                    f"a search passes it on after set_predict_request({role}=True) and, to score, "
                    f"set_score_request({role}=True)"
                )
        if exposure is not None:
            check_exposure(self._kind(), exposure)
            eta = eta + Known(exposure=exposure).on(len(eta))
        if offset is None:
            return eta
        shift = as_floats(offset, "offset")
        if not np.isfinite(shift).all():
            raise ValueError("offset holds values that are not finite: pass one finite number a row")
        if shift.ndim == 0:
            return np.asarray(eta + shift)
        if shift.shape not in (eta.shape, eta.shape[:1]):
            raise ValueError(
                f"offset has shape {shift.shape} but X has {len(eta)} rows: pass one number each"
            )
        return eta + (shift if shift.ndim == eta.ndim else shift[:, None])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def __copy__(self) -> Self:
        """Keep the training data, unlike a pickle, so that the copy explains itself."""
        copied = type(self).__new__(type(self))
        copied.__dict__.update(vars(self))
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Keep the training data, which deep copies share."""
        copied = memo[id(self)] = copy(self)
        copied.__dict__.update({name: deepcopy(value, memo) for name, value in vars(self).items()})
        return copied

    def __getstate__(self) -> dict[str, Any]:
        """Leave the training data out of pickles."""
        state = dict(super().__getstate__())
        if "fits_" in state:
            state["fits_"] = tuple(
                replace(fit, setup=None, points=None, origin=fit.provenance) for fit in state["fits_"]
            )
        return state


class Penalised(RegressorMixin, Estimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A linear model with penalties and bounds, as a regressor of scikit-learn."""

    def predict(self, X: Any, offset: Any = None) -> Array:
        """Predict the response.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features, with the names and in the order of the fit.
        offset : (n,) or (n, targets) array, or number, optional
            Added to the predictions. A model that was fitted with an offset needs one; 0 leaves it out.

        Returns
        -------
        (n,) or (n, targets) array
            Predictions.
        """
        return self._linear(X, offset)

    def score(self, X: Any, y: Any, sample_weight: Any = None, offset: Any = None) -> float:
        """R², the share of the response's variance that is explained.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) or (n, targets) array
            Response.
        sample_weight : (n,) array, optional
            Weights of the rows.
        offset : (n,) or (n, targets) array, optional
            As in :meth:`predict`.

        Returns
        -------
        float
            1 for perfect predictions, 0 for predictions no better than the mean of `y`.
        """
        # A subclass or a script may have a predict of its own, which need not know of an offset.
        prediction = self.predict(X) if offset is None else self.predict(X, offset=offset)
        return float(r2_score(y, prediction, sample_weight=sample_weight))


@cache
def _parameters_of(kind: type) -> frozenset[str]:
    """The names of the parameters of this library's class that a class is, or is made of."""
    ours = next(base for base in kind.__mro__ if base.__module__ == "equipoise")
    return frozenset(signature(ours).parameters)


def read_weights(sample_weight: Any, rows: int) -> Array | None:
    """Sample weights (rows,) from one number or a vector, as scikit-learn reads them."""
    if sample_weight is None:
        return None
    if isinstance(sample_weight, Number):
        weights = np.full(rows, sample_weight, dtype=np.float64)
    else:
        weights = check_array(
            sample_weight, ensure_2d=False, dtype=np.float64, order="C", input_name="sample_weight"
        )
    if weights.ndim != 1:
        raise ValueError(f"sample_weight is {weights.ndim}-D: pass one number, or one per row of X")
    if not weights.any():  # scikit-learn's own checks want the word "zero" in what is said
        raise ValueError("sample_weight is zero in every row: give at least one row a positive weight")
    return as_weights(weights, rows)
