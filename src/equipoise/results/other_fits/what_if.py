"""A fit compared with another on the same data: without some features, or under another penalty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.results.other_fits.text import what_if_text
from equipoise.results.plain import Tabular, to_frame

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit
    from equipoise.show.plots import Display


@public
@dataclass(frozen=True, eq=False, repr=False)
class WhatIf(Tabular):
    """A fit beside the same fit without some features or under another penalty, solved exactly.

    Parameters
    ----------
    before, after : Fit
        The two fits; ``after`` has a certificate of its own.
    without : tuple of str
        Features that were forbidden.
    loss_before, loss_after : float
        Σ s_i ½ residual_i².
    objective_before, objective_after : float
        Loss plus penalty; each fit has its own penalty.
    gain : float
        Objective of the null model less ``objective_before``.
    alphas : (float, float) or None
        The penalty before and after, as an estimator counts it.
    called : str
        What the estimator calls it.

    Examples
    --------
    >>> import equipoise as eq
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
    >>> print(fit.what_if(without=["x1"]))
    without x1: x2 enters, x1 leaves; the loss rises from 3.8125 to 6.0625, the objective by 0.5 (88.9 %
    of what the model gains over the null model)
    <BLANKLINE>
    feature  before  after
    x1         0.75      0  leaves
    x2            0   0.25  enters
    """

    before: Fit
    after: Fit
    without: tuple[str, ...]
    loss_before: float
    loss_after: float
    objective_before: float
    objective_after: float
    gain: float
    alphas: tuple[float, float] | None = None
    called: str = "alpha"

    @property
    def entered(self) -> tuple[str, ...]:
        """Features that are in the model after, but not before."""
        return self._named((self.before.coef == 0) & (self.after.coef != 0))

    @property
    def left(self) -> tuple[str, ...]:
        """Features that are in the model before, but not after."""
        return self._named((self.before.coef != 0) & (self.after.coef == 0))

    @property
    def changed_sign(self) -> tuple[str, ...]:
        """Features whose coefficient has changed its sign."""
        return self._named(np.sign(self.before.coef) * np.sign(self.after.coef) < 0)

    @property
    def same_penalty(self) -> bool:
        """Whether the features that were not forbidden have the same penalty, so that objectives compare."""
        return all(np.array_equal(*self._of_kept(name)) for name in ("l1", "l2"))

    def _of_kept(self, penalty: str) -> tuple[Any, Any]:
        """The l1 or l2 of the features that were not forbidden, before and after."""
        kept = ~self._forbidden
        before, after = (
            np.broadcast_to(getattr(fit, penalty), kept.shape)[kept] for fit in (self.before, self.after)
        )
        return before, after

    @property
    def cost(self) -> float | None:
        """Rise of the objective; None under another penalty."""
        return max(self.objective_after - self.objective_before, 0.0) if self.same_penalty else None

    @property
    def relative_cost(self) -> float | None:
        """``cost`` ÷ ``gain``; None under another penalty, without a gain, or if an unpenalised feature left.

        The null model contains the unpenalised features: their part in the fit is no part of the gain.
        """
        free = (np.asarray(self.before.l1) == 0) & (np.asarray(self.before.l2) == 0)
        nothing = self.gain <= 1e-12 * (abs(self.objective_before) + self.gain)
        if self.cost is None or nothing or np.any(free & self._forbidden):
            return None
        return self.cost / self.gain

    @property
    def _forbidden(self) -> NDArray[np.bool_]:
        return np.array([name in self.without for name in self.before.features], dtype=bool)

    def _named(self, flags: Any) -> tuple[str, ...]:
        return tuple(self.before.features[int(j)] for j in np.flatnonzero(flags))

    def to_dict(self) -> dict[str, Any]:
        """What changed, and both fits, JSON-able."""
        return {
            "without": list(self.without),
            "entered": list(self.entered),
            "left": list(self.left),
            "changed_sign": list(self.changed_sign),
            "loss_before": self.loss_before,
            "loss_after": self.loss_after,
            "objective_before": self.objective_before,
            "objective_after": self.objective_after,
            "cost": self.cost,
            "relative_cost": self.relative_cost,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature that is in either model (feature, before, after, change), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        rows = self._rows()
        columns: dict[str, list[Any]] = {
            "feature": [self.before.features[j] for j in rows],
            "before": self.before.coef[rows].tolist(),
            "after": self.after.coef[rows].tolist(),
            "change": [self._change(j) for j in rows],
        }
        return to_frame(columns, like, self.before.frame)

    def _rows(self) -> list[int]:
        """Indices of the features in either model, the largest coefficient first."""
        size = np.maximum(np.abs(self.before.coef), np.abs(self.after.coef))
        either = np.flatnonzero(size)
        rows: list[int] = either[np.argsort(-size[either], kind="stable")].tolist()
        return rows

    def _change(self, j: int) -> str:
        before, after = self.before.coef[j], self.after.coef[j]
        if before == 0:
            return "enters"
        if after == 0:
            return "leaves"
        return "changes sign" if before * after < 0 else ""

    def plot(self, ax: Any = None) -> Display:
        """Draw the coefficients before and after, with marks of who enters, leaves or changes sign.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.other_fits.what_if_plot import draw_what_if
        from equipoise.show.plots import Drawing

        return Drawing(draw_what_if, self).plot(ax)

    def _shown(self) -> list[str]:
        return what_if_text(self)
