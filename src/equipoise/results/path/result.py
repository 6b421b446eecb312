"""A path of solutions over the strength of the penalty."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.data.files.documents import write_document
from equipoise.objective.certificate import Certificate
from equipoise.objective.evaluate import stored
from equipoise.objective.measures import Measures
from equipoise.objective.points import Points
from equipoise.results.event import Event, event_of
from equipoise.results.fit.result import Fit
from equipoise.results.path.best import fit_with_at_most
from equipoise.results.path.criteria import Criteria
from equipoise.results.path.path_file import Kept, data_of, knows_events, path_record
from equipoise.results.path.predict import PathPredictor
from equipoise.results.path.solved import Certificates, collect, separating_features, solution_at
from equipoise.results.path.text import path_summary
from equipoise.results.plain import Tabular, to_frame, to_plain
from equipoise.setup.setup import Setup
from equipoise.solve.events import crossings

if TYPE_CHECKING:
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.path.display import PathDisplay

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Path(PathPredictor, Tabular):
    """Exact solutions at a grid of strengths, and between them on request.

    Parameters
    ----------
    strengths : (m,) array
        The strengths as asked for; they multiply l1 and l2.
    intercept : (m,) array
        Intercept at each strength.
    setup : Setup or None
        The data and the arguments of the verb; None for a path that was loaded from a file.
    ever : (k,) index array
        Indices of the features that are non-zero at some strength, ascending.
    values : (m, k) array
        Coefficients of these features in original units.
    measures : Measures
        Violations, gaps and proved zeros of all points.
    kept : Kept or None
        What a path that was loaded from a file has in place of its data.

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
    setup: Setup | None
    ever: NDArray[np.intp]
    values: Array
    measures: Measures
    kept: Kept | None = None

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
        ever, values, intercept, measures = collect(setup, order, batches)
        intercept, measures = stored(setup.problem, strengths, values, ever, intercept, measures)
        return cls(strengths, intercept, setup, ever, values, measures)

    @property
    def asked(self) -> Setup | Fit:
        """What was asked: names, encoding and penalty, of the data or of the file that was loaded."""
        if self.setup is not None:
            return self.setup
        assert self.kept is not None
        return self.kept.model

    @property
    def missing(self) -> Missing | None:
        """Record of what was done about missing values; None if they are refused."""
        return self.asked.missing

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        return self.asked.features

    @property
    def sd(self) -> Array:
        """Standard deviations of the features that are ever non-zero, (k,)."""
        if self.setup is not None:
            return self.setup.problem.view.sd[self.ever]
        return data_of(self, "sd").problem.view.sd if self.kept is None else self.kept.sd

    @property
    def coef(self) -> Array:
        """Coefficients in original units, (m, p); only columns that are ever non-zero are stored."""
        out = np.zeros((len(self.strengths), len(self.features)))
        out[:, self.ever] = self.values
        return out

    @cached_property
    def certificates(self) -> Sequence[Certificate]:
        """The certificate of every point."""
        if self.setup is None:
            return () if self.kept is None else self.kept.certificates
        return Certificates(self.setup, self.strengths, self.coef, self.intercept, self.measures)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Exact strengths at which a feature enters, leaves or changes sign; computed on first access."""
        if self.kept is not None and self.kept.events is not None:
            return self.kept.events
        problem = data_of(self, "events, unless they were read before it was saved,").problem
        found = crossings(problem, float(self.strengths.max()), float(self.strengths.min()))
        return tuple(event_of(crossing, self.features) for crossing in found)

    @cached_property
    def separating(self) -> tuple[str, ...]:
        """Features of the last model that together separate the responses; none where its features do not.

        Their coefficients grow without an end as the penalty falls. Squared loss separates nothing.
        """
        if self.setup is None or self.kind.squared:
            return () if self.kept is None else self.kept.separating
        last = int(np.argmin(self.strengths))
        names = separating_features(data_of(self, "separating"), self, last)
        return tuple(self.features[j] for j in names)

    def at(self, strength: float) -> Fit:
        """The exact solution at any strength, solved and certified, never interpolated.

        At a strength of the path it is the path's own solution, also where others are as good. A path that
        was loaded from a file, which holds no data, has these alone.

        Parameters
        ----------
        strength : float
            Multiplies l1 and l2; not negative.
        """
        if not np.isfinite(strength) or strength < 0:
            raise ValueError(f"strength is {strength}: pass a number that is not negative")
        if self.kept is not None and strength in self.strengths:
            return self.kept.fit_at(self, float(strength))
        setup = data_of(self, f"the strength {strength}, which is none of its own,")
        return solution_at(self, setup, float(strength))

    def best(self, k: int) -> Fit:
        """The fit with the weakest penalty down to which at most k features are in the model.

        It stands at the exact strength at which one more would enter, whose coefficient is still zero there;
        at the smallest strength of the path if none does. If features leave further down, there may be weaker
        penalties with at most k features, too. All non-zero coefficients count, unpenalised ones as well.

        Parameters
        ----------
        k : int
            The largest number of features.

        Examples
        --------
        >>> import equipoise as eq
        >>> path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False)
        >>> path.best(1).l1, path.best(1).coef
        (3.0, array([1., 0.]))
        """
        return fit_with_at_most(self, k)

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
        return Criteria.of(self, gamma, variance)

    def __len__(self) -> int:
        return len(self.strengths)

    def __getitem__(self, index: int) -> Fit:
        return self.at(float(self.strengths[index]))

    def __iter__(self) -> Iterator[Fit]:
        return (self[i] for i in range(len(self)))

    def to_dict(self) -> dict[str, Any]:
        """Loss, strengths, coefficients, intercepts, certificates, events (None if not loaded), JSON-able."""
        events = self.events if self.kept is None or knows_events(self) else None
        return {
            "loss": self.loss,
            "levels": to_plain(self.levels),
            "features": list(self.features),
            "strengths": to_plain(self.strengths),
            "coef": to_plain(self.coef),
            "intercept": to_plain(self.intercept),
            "certificates": [certificate.to_dict() for certificate in self.certificates],
            "events": None if events is None else [event.to_dict() for event in events],
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
        found = {
            "strength": self.strengths[rows].tolist(),
            "feature": [self.features[self.ever[k]] for k in columns],
            "coef": self.values[rows, columns].tolist(),
        }
        return to_frame(found, like, self.asked.frame)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the path, not its data, as JSON; an existing file is replaced at once or left alone.

        :func:`load` reads it: a path that predicts, prints and draws itself, with its certificates, and with
        its models at its own strengths. ``events`` are written if they were read before, for finding them can
        take long.

        Parameters
        ----------
        path : str or path
            The file.

        Examples
        --------
        >>> import equipoise as eq, tempfile, pathlib
        >>> path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False, strengths=[4, 2])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path.save(pathlib.Path(folder, "path.json"))
        ...     eq.load(pathlib.Path(folder, "path.json")).at(2).coef
        array([1.33333333, 0.33333333])
        """
        write_document(path, "path", path_record(self))

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

    def _shown(self) -> list[str]:
        return path_summary(self)
