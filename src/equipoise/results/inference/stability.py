"""Stability selection: how often each feature is selected, and how many false ones to expect."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.results.inference.text import bound_sentence, stability_summary
from equipoise.results.plain import Tabular, to_frame, to_plain

if TYPE_CHECKING:
    from equipoise.show.plots import Display

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Stability(Tabular):
    """How often each feature is selected in random halves of the rows, and a bound on false selections.

    Parameters
    ----------
    features : tuple of str
        Names of the p features.
    frequency : (p,) array
        Share of the halves that select each feature; if strengths were given, the largest over these. NaN for
        a feature that is no candidate: unpenalised ones are in every model, excluded ones in none.
    cutoff : float
        The smallest frequency at which a feature counts as selected.
    q : float
        Number of features that a half selects; the average if strengths were given.
    bound : float
        Upper bound on the expected number of false selections; ∞ if the theorem gives none.
    derived : str
        Which of ``cutoff``, ``q`` and ``bound`` follows from the other two.
    method : str
        "complementary pairs" or "subsampling".
    assumption : str
        "none" or "unimodal".
    pairs : int
        Half of the number of halves drawn.
    candidates : int
        Number of features that a half can select from.
    strengths : (m,) array or None
        As passed; None if each half selects the first q features to enter its path.
    path_frequency : (p, m) array or None
        The frequency at each strength.
    units : {"rows", "groups"}, default "rows"
        What is drawn: rows, or whole groups of them.
    frame : object, optional
        The data frame that X came in; ``to_frame`` returns one of the same library.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 20))
    >>> stability = eq.stability_selection(X, X[:, 3] + 0.1 * rng.normal(size=60), pairs=10)
    >>> stability.selected
    ('x4',)
    """

    features: tuple[str, ...]
    frequency: Array
    cutoff: float
    q: float
    bound: float
    derived: str
    method: str
    assumption: str
    pairs: int
    candidates: int
    strengths: Array | None = None
    path_frequency: Array | None = None
    units: str = "rows"
    frame: object = None

    @cached_property
    def support(self) -> NDArray[np.intp]:
        """Indices of the selected features."""
        # Frequencies are multiples of 1/(2·pairs): a cutoff that rounding put above one of them is met.
        return np.flatnonzero(self.frequency >= self.cutoff - 1e-9)

    @property
    def _ranked(self) -> list[int]:
        """Indices of the features that some half selects, the most frequent first."""
        return sorted(np.flatnonzero(self.frequency > 0).tolist(), key=lambda j: -self.frequency[j])

    @cached_property
    def selected(self) -> tuple[str, ...]:
        """Names of the selected features, the most frequent first."""
        order = sorted(self.support.tolist(), key=lambda j: -self.frequency[j])
        return tuple(self.features[j] for j in order)

    @property
    def statement(self) -> str:
        """The bound on false selections as a sentence, with its assumptions."""
        return bound_sentence(self)

    def to_dict(self) -> dict[str, Any]:
        """All attributes and the statement, JSON-able."""
        return {
            "features": list(self.features),
            "frequency": to_plain(self.frequency),
            "selected": list(self.selected),
            "cutoff": self.cutoff,
            "q": self.q,
            "bound": to_plain(self.bound),
            "derived": self.derived,
            "method": self.method,
            "assumption": self.assumption,
            "pairs": self.pairs,
            "candidates": self.candidates,
            "units": self.units,
            "strengths": to_plain(self.strengths),
            "path_frequency": to_plain(self.path_frequency),
            "statement": self.statement,
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature (feature, frequency, selected), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        selected = np.zeros(len(self.features), dtype=bool)
        selected[self.support] = True
        columns = {
            "feature": list(self.features),
            "frequency": self.frequency.tolist(),
            "selected": selected.tolist(),
        }
        return to_frame(columns, like, self.frame)

    def plot(self, ax: Any = None) -> Display:
        """Draw the frequencies against the cutoff: as bars, or as lines over the strengths if given.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.inference.stability_plot import draw_stability
        from equipoise.show.plots import Drawing

        return Drawing(draw_stability, self).plot(ax)

    def _shown(self) -> list[str]:
        return stability_summary(self)
