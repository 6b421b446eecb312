"""A fitted model: coefficients, certificate, explanation, and its file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.data.files.documents import write_document
from equipoise.data.frames.encoding import Encoding
from equipoise.explain.balance import BalanceColumns
from equipoise.objective.certificate import Certificate
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.objective.points import Points
from equipoise.results.balance.ratio import response_text
from equipoise.results.balance.result import BalanceSheet
from equipoise.results.fit.again import asked_on
from equipoise.results.fit.alternatives import Alternatives
from equipoise.results.fit.goodness import Deviances, Goodness
from equipoise.results.fit.model_file import model_arguments, model_record, to_record
from equipoise.results.fit.predictions import Predictor
from equipoise.results.fit.roles import columns_of_roles
from equipoise.results.fit.text import fit_summary
from equipoise.results.plain import INTERCEPT, Tabular, to_frame
from equipoise.setup.response import Levels
from equipoise.setup.setup import PerFeature, Setup

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.balance.display import BalanceDisplay

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Fit(Predictor, Goodness, Alternatives, Tabular):
    """An exact, certified solution.

    Parameters
    ----------
    coef : (p,) array
        Coefficients in original units.
    intercept : float
        Intercept of the model; 0 where it has none.
    l1, l2 : float or (p,) array
        The penalty as passed (times the strength, for a point of a path).
    limits : (p,) array
        l1 of each feature, times its standard deviation if the fit is standardised.
    features : tuple of str
        Names of the p features.
    certificate : Certificate
        The proof of optimality.
    standardize, with_intercept : bool
        As passed.
    lower, upper : float or (p,) array
        The bounds of the coefficients, as passed.
    encoding : Encoding, Formula or None
        How the columns of a frame became features; used again in predictions.
    missing : Missing or None
        What was done about missing values, with the means that replace them in predictions too; None where
        they are refused.
    null_link : float
        Linear predictor without any feature, at offset 0, which makes ``null_prediction``: of squared loss
        the mean of y − offset in the training data; 0 without an intercept. NaN for a model of an earlier
        release, which did not keep it.
    offset, exposure : bool
        Whether the model was fitted with an offset, and with an exposure, which predictions then need.
    named : dict of str to str
        The columns that were given by name, by their arguments: y, sample_weight, offset, exposure.
    kind : Loss
        The loss of a row; its name is ``loss``.
    levels : pair of bool, int, float or str, or None
        The two labels of the response, the event second: ``classes``. None where it has none.
    origin : dict or None
        What ``provenance`` returns for a model that was loaded, or fitted from the command line.
    setup : Setup or None
        The data and the arguments of the fit; None for a model that was loaded from a file.
    points : Points or None
        The solution with its residual and pulls; None for a model that was loaded from a file.
    errors : (float, float) or None
        Root mean squared errors of a model that was loaded, and of its null model, as its file holds them.
    deviances : Deviances or None
        The same of a loss other than squared loss.

    Examples
    --------
    >>> import equipoise as eq
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
    >>> fit.coef
    array([1.66666667, 0.66666667])
    >>> fit.certificate.optimal
    True
    >>> round(fit.r_squared, 3)  # 1 − (2/3) / 14: without an intercept the null model predicts 0
    0.952
    """

    coef: Array
    intercept: float
    l1: PerFeature
    l2: PerFeature
    limits: Array
    features: tuple[str, ...]
    certificate: Certificate
    standardize: bool = False
    with_intercept: bool = True
    lower: PerFeature = -np.inf
    upper: PerFeature = np.inf
    encoding: Encoding | Formula | None = None
    missing: Missing | None = None
    null_link: float = 0.0
    offset: bool = False
    exposure: bool = False
    named: Mapping[str, str] = field(default_factory=dict)
    origin: Mapping[str, Any] | None = None
    setup: Setup | None = None
    points: Points | None = None
    errors: tuple[float, float] | None = None
    kind: Loss = SQUARED
    levels: Levels | None = None
    deviances: Deviances | None = None

    @classmethod
    def of(cls, setup: Setup, points: Points, index: int = 0) -> Fit:
        """Make a fit of one solved point: coefficients in original units, with a certificate.

        Parameters
        ----------
        setup : Setup
            The data and the arguments of the verb.
        points : Points
            The solver's points.
        index : int
            Position of the point among them.
        """
        problem, strength = setup.problem, float(points.strengths[index])
        one = points.single(index)
        coef = points.coef[index] / problem.view.scale
        l1, l2 = setup.penalties_at(strength)
        limits = setup.limits_at(strength)
        for array in (coef, limits):
            array.setflags(write=False)
        return cls(
            coef=coef,
            intercept=one.intercept,
            l1=l1,
            l2=l2,
            limits=limits,
            features=setup.features,
            certificate=one.certify(),
            standardize=setup.standardize,
            with_intercept=setup.intercept,
            lower=setup.lower,
            upper=setup.upper,
            encoding=setup.encoding,
            missing=setup.missing,
            null_link=float(problem.null_intercept),
            offset=(setup.offset is not None and not setup.offset_is_exposure)
            if setup.gathered is None
            else setup.gathered.offset,
            exposure=setup.exposed,
            named=setup.named if setup.gathered is None else setup.gathered.named,
            setup=setup,
            points=one,
            kind=setup.loss,
            levels=setup.levels,
        )

    @property
    def support(self) -> NDArray[np.intp]:
        """Indices of the non-zero coefficients."""
        return np.flatnonzero(self.coef)

    @property
    def frame(self) -> object:
        """The data frame that X came in; None for an array or a loaded model."""
        return None if self.setup is None else self.setup.frame

    @property
    def columns(self) -> dict[str, str | None]:
        """The columns that held a role at the fit, of those that were given by name."""
        return columns_of_roles(self.named)

    @cached_property
    def provenance(self) -> Mapping[str, Any] | None:
        """Version, call or command line, source, rows and time (UTC) of the fit; None if a file has none."""
        if self.setup is None or self.origin is not None:
            return self.origin
        from equipoise.results.fit.provenance import provenance_of

        return provenance_of(self, self.setup)

    @overload
    def explain(
        self,
        feature: str,
        X: Any = ...,
        y: Any = ...,
        *,
        sample_weight: Any = ...,
        offset: Any = ...,
        exposure: Any = ...,
    ) -> str: ...

    @overload
    def explain(
        self,
        feature: Any = ...,
        X: Any = ...,
        y: Any = ...,
        *,
        sample_weight: Any = ...,
        offset: Any = ...,
        exposure: Any = ...,
    ) -> BalanceSheet: ...

    def explain(
        self,
        feature: Any = None,
        X: Any = None,
        y: Any = None,
        *,
        sample_weight: Any = None,
        offset: Any = None,
        exposure: Any = None,
    ) -> BalanceSheet | str:
        """Explain every coefficient, or one of them as a sentence.

        ``explain()`` returns the balance sheet and ``explain("name")`` a sentence. A model that was loaded
        from a file needs its data again: ``explain(X, y)`` or ``explain("name", X, y)``. X is kept by
        reference: if it was written to after the fit, a ValueError names a feature that has changed.

        Parameters
        ----------
        feature : str, optional
            The feature to explain, or a column of text and so all its features, a line each.
        X : (n, p) array, scipy.sparse matrix, data frame, Gathered or a source of rows, optional
            The data the model was fitted to, if it was loaded from a file.
        y : (n,) array or str, optional
            The response or its column's name; gathered data have their own.
        sample_weight, offset, exposure : (n,) array or str, optional
            As they were at the fit. By default these and y are the columns that held them at the fit.
        """
        if feature is not None and not isinstance(feature, str):
            feature, X, y = None, feature, X
        sheet = self._sheet if X is None else self._sheet_on(X, y, sample_weight, offset, exposure)
        if feature is not None:
            return sheet.sentence(feature)
        sheet.columns.prepare()
        return sheet

    @cached_property
    def _sheet(self) -> BalanceSheet:
        if self.setup is None or self.points is None:
            raise ValueError("this model was loaded from a file, which holds no data: call explain(X, y)")
        return self._sheet_of(self.setup, self.points, self.setup.l1)

    def _sheet_on(
        self, X: object, y: object, sample_weight: object, offset: object, exposure: object
    ) -> BalanceSheet:
        return self._sheet_of(*asked_on(self, X, y, sample_weight, offset, exposure), self.l1)

    def _sheet_of(self, setup: Setup, points: Points, l1: PerFeature) -> BalanceSheet:
        unit = l1 if isinstance(l1, float) and l1 > 0 else None
        columns = BalanceColumns(points, setup=setup)
        return BalanceSheet(
            self.features,
            unit,
            columns,
            setup.frame,
            self.standardize,
            setup.encoding,
            response=response_text(self.named.get("y") or setup.target, setup.levels),
        )

    def to_dict(self) -> dict[str, Any]:
        """All attributes but ``provenance``, JSON-able: per-feature ones in order, infinities as None."""
        return to_record(self)

    def to_frame(self, like: object = None) -> Any:
        """One row per feature (feature, coef, limit), as a data frame.

        Of a loss whose coefficients are of a logarithm there is e to the coefficient, too: the odds ratio,
        rate ratio or ratio of means of one unit of the feature, in the column of that name.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        ratio = {} if self.ratios is None else {str(self.kind.words.ratio): self.ratios.tolist()}
        columns = {
            "feature": list(self.features),
            "coef": self.coef.tolist(),
            **ratio,
            "limit": self.limits.tolist(),
        }
        return to_frame(columns, like, self.frame)

    @property
    def ratios(self) -> Array | None:
        """E to the coefficients, (p,): odds ratios or ratios of means of one unit; None of squared loss.

        ∞ where the coefficient is too large for float64.
        """
        if self.kind.words.ratio is None:
            return None
        with np.errstate(over="ignore"):
            return np.exp(self.coef)

    def for_paper(self) -> dict[str, list[Any]]:
        """The same as a dict of lists, below the intercept if the model has one."""
        table: dict[str, list[Any]] = self.to_frame(dict)
        if not self.with_intercept:
            return table
        first = {"feature": INTERCEPT, "coef": self.intercept}
        return {name: [first.get(name), *column] for name, column in table.items()}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write ``to_dict()`` and ``provenance``, not the data, as JSON.

        Parameters
        ----------
        path : str or path
            The file.
        """
        write_document(path, "model", model_record(self), model_arguments)

    def plot(
        self, ax: Any = None, *, relative: bool | Literal["auto"] = "auto", closest: int = 5
    ) -> BalanceDisplay:
        """Draw every pull against the dead zone of the penalty: why each coefficient is what it is.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        relative : bool or "auto", default "auto"
            Divide every pull by its feature's limit; "auto" does where the limits differ or are tiny.
        closest : int, default 5
            How many of the closest calls to name, where features are too many to have a row each.

        Returns
        -------
        BalanceDisplay
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.balance.display import BalanceDisplay

        return BalanceDisplay.from_balance_sheet(self.explain(), ax=ax, relative=relative, closest=closest)

    def report(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Tell everything about this fit on one page that works offline, with a slider over the penalty.

        Parameters
        ----------
        path : str or path, optional
            The file to write; an existing one is replaced at once or left alone.

        Returns
        -------
        str or None
            The page as HTML where no file is named.

        Raises
        ------
        ValueError
            If the model was loaded from a file, which holds no data.

        Examples
        --------
        >>> import equipoise as eq
        >>> page = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False).report()
        >>> page.startswith("<!doctype html>"), "https://" in page
        (True, False)
        """
        from equipoise.results.fit.about import about_fit
        from equipoise.results.report.pages import write_report

        return write_report(about_fit(self), path)

    def _shown(self) -> list[str]:
        return fit_summary(self)
