"""A path of solutions over the strength of the penalty."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.objective.certificate import Certificate
from equipoise.objective.measures import Measures
from equipoise.objective.points import Points
from equipoise.objective.proofs import certify
from equipoise.results.event import Event
from equipoise.results.fit.result import Fit
from equipoise.results.path.text import path_summary
from equipoise.results.plain import to_frame, to_plain
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_point
from equipoise.solve.squares.homotopy import crossings

if TYPE_CHECKING:
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.path.criteria import Criteria
    from equipoise.results.path.display import PathDisplay

Array = NDArray[np.float64]


class Certificates(Sequence[Certificate]):
    """The certificates of a path.

    Violations, gaps and proved zeros of all points were computed with the path; uniqueness and the proof of
    non-zeros are worked out when a certificate is first read.
    """

    def __init__(self, setup: Setup, strengths: Array, coef: Array, measures: Measures) -> None:
        self.setup = setup
        self._strengths = strengths
        self._coef = coef
        self.measures = measures
        self._drawn: dict[int, Certificate] = {}

    def __len__(self) -> int:
        return len(self._strengths)

    @overload
    def __getitem__(self, index: int) -> Certificate: ...

    @overload
    def __getitem__(self, index: slice) -> list[Certificate]: ...

    def __getitem__(self, index: int | slice) -> Certificate | list[Certificate]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        i = range(len(self))[index]
        if i not in self._drawn:
            problem = self.setup.problem
            strength = float(self._strengths[i])
            self._drawn[i] = certify(problem, strength, self._coef[i] * problem.view.scale, self.measures, i)
        return self._drawn[i]


@public
@dataclass(frozen=True, eq=False)
class Path:
    """Exact solutions at a grid of strengths, and between them on request.

    Parameters
    ----------
    strengths : (m,) array
        The strengths as asked for; they multiply l1 and l2.
    intercept : (m,) array
        Intercept at each strength.
    setup : Setup
        The data and the arguments of the verb.
    ever : (k,) index array
        Indices of the features that are non-zero at some strength, ascending.
    values : (m, k) array
        Coefficients of these features in original units.
    measures : Measures
        Violations, gaps and proved zeros of all points.

    Examples
    --------
    >>> import equipoise as eq
    >>> path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False, count=3)
    >>> path.strengths
    array([5.e+00, 5.e-02, 5.e-04])
    >>> [(event.feature, event.kind, round(event.strength, 9)) for event in path.events]
    [('x1', 'enters', 5.0), ('x2', 'enters', 3.0)]
    """

    strengths: Array
    intercept: Array
    setup: Setup = field(repr=False)
    ever: NDArray[np.intp] = field(repr=False)
    values: Array = field(repr=False)
    measures: Measures = field(repr=False)

    @classmethod
    def of(cls, setup: Setup, strengths: Array, order: NDArray[np.intp], batches: Iterable[Points]) -> Path:
        """Measure and store the points of a solver as they come.

        Parameters
        ----------
        setup : Setup
            The data and the arguments of the verb.
        strengths : (m,) array
            The grid as asked for.
        order : (m,) index array
            Indices that sort the grid descending, the order in which the points come.
        batches : iterable of Points
            The solver's points, some at a time.
        """
        parts: list[tuple[NDArray[np.intp], Array]] = []
        measures: list[Measures] = []
        zeros = np.empty((len(order), len(setup.names)), dtype=bool)
        done = 0
        for points in batches:
            found = points.measure()
            points.mark_zeros(found, zeros, order[done : done + len(points.strengths)])
            done += len(points.strengths)
            measures.append(found)
            used = np.flatnonzero(points.coef.any(axis=0))
            parts.append((used if points.columns is None else points.columns[used], points.coef[:, used]))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        scale, mean = setup.problem.view.scale, setup.problem.view.mean
        ever = np.unique(np.concatenate([nonzero for nonzero, _ in parts])).astype(np.intp)
        values = np.zeros((len(order), len(ever)))
        row = 0
        for nonzero, coef in parts:
            values[row : row + len(coef), np.searchsorted(ever, nonzero)] = coef / scale[nonzero]
            row += len(coef)
        values = values[place]
        intercept = np.zeros(len(values))
        if setup.intercept:
            intercept = setup.problem.response_mean - values @ mean[ever]
        return cls(strengths, intercept, setup, ever, values, Measures.join(measures, place, zeros))

    @property
    def missing(self) -> Missing | None:
        """Record of what was done about missing values; None if they are refused."""
        return self.setup.missing

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        return self.setup.features

    @property
    def coef(self) -> Array:
        """Coefficients in original units, (m, p); only columns that are ever non-zero are stored."""
        out = np.zeros((len(self.strengths), len(self.setup.names)))
        out[:, self.ever] = self.values
        return out

    @cached_property
    def certificates(self) -> Certificates:
        """The certificate of every point."""
        return Certificates(self.setup, self.strengths, self.coef, self.measures)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Exact strengths at which a feature enters, leaves or changes sign; computed on first access."""
        found = crossings(self.setup.problem, float(self.strengths.max()), float(self.strengths.min()))
        return tuple(Event(c.strength, self.features[c.feature], c.kind, c.sign) for c in found)

    def at(self, strength: float) -> Fit:
        """The exact solution at any strength, solved and certified, never interpolated.

        Parameters
        ----------
        strength : float
            Multiplies l1 and l2; not negative.
        """
        if not np.isfinite(strength) or strength < 0:
            raise ValueError(f"strength is {strength}: pass a number that is not negative")
        return Fit.of(self.setup, solve_point(self.setup.problem, float(strength)))

    def criteria(self, *, gamma: float = 1.0, variance: float | None = None) -> Criteria:
        """AIC, BIC, EBIC and Mallows' Cp at every strength.

        Weights count rows: a weight of 2 is two rows, and n is Σs. Weights that are inverse variances should
        first be rescaled to add up to the number of rows.

        With as many features as rows or more, AIC and BIC without a variance tend to choose the end of the
        path, where the residual vanishes: take the EBIC, cross-validate, or pass a variance.

        Parameters
        ----------
        gamma : float, default 1
            gamma of the EBIC, which adds ``2·gamma·log C(p, k)`` for the choice of k out of p features; 0
            makes it the BIC. With 1 it is consistent however fast p grows, as a power of n; 0.5 penalises
            less and needs p to grow more slowly than n.
        variance : float, optional
            σ² of the noise (for a row of weight 1), if it is known: all criteria then use it. By default Cp
            uses the estimate of least squares on all features, and the others maximise the likelihood.

        Returns
        -------
        Criteria
            The criteria (m,), their degrees of freedom, and ``best("bic")``.

        Raises
        ------
        ValueError
            If gamma or variance cannot be used; ``criteria.cp`` raises one if variance has to be passed.

        References
        ----------
        Akaike (1974), *IEEE Trans. Automat. Contr.* 19; Schwarz (1978), *Ann. Statist.* 6; Mallows (1973),
        *Technometrics* 15; Chen & Chen (2008), *Biometrika* 95, for the EBIC; Zou, Hastie & Tibshirani
        (2007), *Ann. Statist.* 35, and Tibshirani & Taylor (2012), *Ann. Statist.* 40, for the degrees of
        freedom.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
        >>> path = eq.path(X, X[:, 0] + np.arange(12) % 2, count=20)
        >>> [int(df) for df in path.criteria().degrees_of_freedom[[0, 1, -1]]]
        [1, 2, 3]
        """
        from equipoise.results.path.criteria import Criteria

        return Criteria.of(self, gamma, variance)

    def __len__(self) -> int:
        return len(self.strengths)

    def __getitem__(self, index: int) -> Fit:
        return self.at(float(self.strengths[index]))

    def __iter__(self) -> Iterator[Fit]:
        return (self[i] for i in range(len(self)))

    def to_dict(self) -> dict[str, Any]:
        """Strengths, coefficients, intercepts, events and certificates, JSON-able."""
        return {
            "features": list(self.features),
            "strengths": to_plain(self.strengths),
            "coef": to_plain(self.coef),
            "intercept": to_plain(self.intercept),
            "certificates": [certificate.to_dict() for certificate in self.certificates],
            "events": [event.to_dict() for event in self.events],
            "missing": None if self.missing is None else self.missing.to_dict(),
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per non-zero coefficient (strength, feature, coef), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        rows, columns = np.nonzero(self.values)
        return to_frame(
            {
                "strength": self.strengths[rows].tolist(),
                "feature": [self.features[self.ever[k]] for k in columns],
                "coef": self.values[rows, columns].tolist(),
            },
            like,
            self.setup.frame,
        )

    def plot(
        self,
        ax: Any = None,
        *,
        events: bool | Literal["auto"] = "auto",
        top: int = 10,
        mark: float | Mapping[str, float] | None = None,
        per_sd: bool = False,
    ) -> PathDisplay:
        """Draw the coefficients over the strength, the largest in colour and named at the end of their lines.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        events : bool or "auto", default "auto"
            Whether to mark exact entries and exits; "auto" does so if finding them takes about a second.
        top : int, default 10
            How many features to draw in colour and to name.
        mark : float or dict of str to float, optional
            A strength to mark, or several by name.
        per_sd : bool, default False
            Whether to draw coefficients times the standard deviation of their feature.

        Returns
        -------
        PathDisplay
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.path.display import PathDisplay

        return PathDisplay.from_path(self, ax=ax, events=events, top=top, mark=mark, per_sd=per_sd)

    def report(
        self, path: str | os.PathLike[str] | None = None, *, strength: float | None = None
    ) -> str | None:
        """Tell everything about this path on one page that works offline, with a slider over the strength.

        Parameters
        ----------
        path : str or path, optional
            The file to write; an existing one is replaced at once or left alone.
        strength : float, optional
            The strength whose solution is explained in sentences; by default the middle one of the path.

        Returns
        -------
        str or None
            The page as HTML where no file is named.

        Examples
        --------
        >>> import equipoise as eq
        >>> path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False)
        >>> "1 of 2 features kept" in path.report(strength=3.5)
        True
        """
        from equipoise.results.path.about import about_path
        from equipoise.results.report.pages import write_report

        return write_report(about_path(self, strength), path)

    def __str__(self) -> str:
        return path_summary(self)

    def __repr__(self) -> str:
        return f"<Path: {len(self)} strengths, {len(self.ever)} of {len(self.features)} features ever in>"
