"""Held-out loss along a path as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.flags import as_flag
from equipoise.data.arguments.public import public
from equipoise.results.path.from_estimator import cross_validation_of
from equipoise.results.path.text import strength_name
from equipoise.select.scorers import loss_words
from equipoise.show.labels import LITERAL, note, room
from equipoise.show.plots import BLUE, DARK, GREEN, GREY, ORANGE, Display, axes_for, keep_axes, over_strength
from equipoise.show.strengths import share_of
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.choice.result import CrossValidation

Array = NDArray[np.float64]

LABELS = {"best": "best", "one-se": "one SE"}
# The unit of a loss, in that of the response.
UNITS = {"squared_error": " (y²)", "absolute_error": " (y)", "median_absolute_error": " (y)"}
COUNTS = 8  # largest number of counts of features along the top


@public
class CrossValidationDisplay(Display):
    """Mean held-out loss with its standard error over the strength of the penalty, the two choices named.

    Along the top stand the numbers of features kept. Make one with ``from_cross_validation``,
    ``from_estimator`` or ``CrossValidation.plot``; it holds its data, and ``plot`` draws them again.

    Parameters
    ----------
    strengths : (m,) array
        Strengths of the penalty.
    mean : (m,) array
        Mean held-out loss.
    standard_error : (m,) array
        Its standard error.
    kept : (m,) array
        Number of features kept on all rows.
    chosen : dict of str to float
        The strengths chosen, by name; "best" and "one SE" have fixed colours and places.
    fold_loss : (m, folds) array, optional
        Held-out loss of each fold.
    strength_name : str
        Label of the axis of strengths.
    scoring : str
        Name of the loss.
    loss : str, optional
        The loss in words; by default those of its name.

    Attributes
    ----------
    ax_, figure_ : matplotlib axes and figure
        What it was drawn on.
    line_ : matplotlib line
        The mean loss.
    band_ : matplotlib collection or None
        One standard error to each side of the mean; None after one split of the rows, which has none.
    fold_lines_ : list of matplotlib lines
        A line for each fold, if asked for.
    choices_ : dict of str to matplotlib line
        Vertical lines at the strengths chosen.
    labels_ : dict of str to matplotlib text
        Name, strength and number of features of each choice.
    counts_ : matplotlib axis
        Numbers of features kept, on top.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), *The Elements of Statistical Learning*, section 7.10.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> from matplotlib.figure import Figure
    >>> X = np.arange(12.0).reshape(6, 2) % 5
    >>> cv = eq.cross_validate(X, X[:, 0], folds=3, count=5)
    >>> display = eq.CrossValidationDisplay.from_cross_validation(cv, ax=Figure().subplots())
    >>> display.labels_["best"].get_text()
    'best: 0.00133, 1 feature'
    """

    def __init__(
        self,
        *,
        strengths: ArrayLike,
        mean: ArrayLike,
        standard_error: ArrayLike,
        kept: ArrayLike,
        chosen: Mapping[str, float],
        fold_loss: ArrayLike | None = None,
        strength_name: str = "strength of the penalty",
        scoring: str = "squared_error",
        loss: str | None = None,
    ) -> None:
        self.strengths = np.asarray(strengths, dtype=np.float64)
        self.mean = np.asarray(mean, dtype=np.float64)
        self.standard_error = np.asarray(standard_error, dtype=np.float64)
        self.kept = np.asarray(kept, dtype=np.intp)
        self.chosen = {name: float(t) for name, t in chosen.items()}
        self.fold_loss = None if fold_loss is None else np.asarray(fold_loss, dtype=np.float64)
        self.strength_name = strength_name
        self.scoring = scoring
        self.loss = loss
        self._check_lengths(("mean", "standard_error", "kept"), len(self.strengths), "strengths")

    @classmethod
    def from_cross_validation(
        cls, cv: CrossValidation, *, ax: Any = None, folds: bool = False
    ) -> CrossValidationDisplay:
        """Draw a cross-validation.

        Parameters
        ----------
        cv : CrossValidation
            What ``equipoise.cross_validate`` returned.
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        folds : bool, default False
            Whether to draw the loss of every fold, too.

        Returns
        -------
        CrossValidationDisplay
            The picture.
        """
        return cls._of(cv, strength_name(cv.path.asked)).plot(ax, folds=folds)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any = None,
        y: Any = None,
        *,
        ax: Any = None,
        folds: bool = False,
        **params: Any,
    ) -> CrossValidationDisplay:
        """Draw the cross-validation of an estimator, against scikit-learn's alpha.

        Parameters
        ----------
        estimator : LassoCV or ElasticNetCV
            A fitted estimator of equipoise.
        X : (n, p) array or data frame, optional
            The training data; needed only for an unpickled estimator, which does not hold them.
        y : (n,) array, optional
            The training response.
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        folds : bool, default False
            Whether to draw the loss of every fold, too.
        **params : dict
            What the fit was passed beside X and y, such as ``sample_weight``, where they are needed.

        Returns
        -------
        CrossValidationDisplay
            The picture.
        """
        cv, _ = cross_validation_of(estimator, X, y, display=cls.__name__, **params)
        display = cls._of(cv, "alpha")
        display.chosen["best" if estimator.choice == "best" else "one SE"] = float(estimator.alpha_)
        return display.plot(ax, folds=folds)

    @classmethod
    def _of(cls, cv: CrossValidation, name: str) -> CrossValidationDisplay:
        return cls(
            strengths=cv.path.strengths,
            mean=cv.mean,
            standard_error=cv.standard_error,
            kept=np.count_nonzero(cv.path.values, axis=1),
            chosen={LABELS[name]: strength for name, strength in cv.choices.items()},
            fold_loss=cv.fold_loss,
            strength_name=name,
            scoring=cv.scoring,
            loss=cv.loss,
        )

    def plot(self, ax: Any = None, *, folds: bool = False) -> CrossValidationDisplay:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        folds : bool, default False
            Whether to draw the loss of every fold, too.

        Returns
        -------
        CrossValidationDisplay
            The display itself.
        """
        ax = axes_for(ax)
        keep_axes(self, ax)
        order = np.argsort(-self.strengths, kind="stable")
        t, mean, error = (v[order] for v in (self.strengths, self.mean, self.standard_error))
        over_strength(ax, self.strengths, self.strength_name)
        unit = UNITS.get(self.scoring, "")
        words = loss_words(self.scoring) if self.loss is None else self.loss
        ax.set_ylabel(f"held-out {words}{unit}", **LITERAL)
        self.fold_lines_ = []
        if as_flag(folds, "folds") and self.fold_loss is not None:
            self.fold_lines_ = ax.plot(t, self.fold_loss[order], color=GREY, linewidth=0.6, alpha=0.7)
        self.band_ = None
        if not np.isnan(error).all():
            self.band_ = ax.fill_between(t, mean - error, mean + error, color=BLUE, alpha=0.2, linewidth=0)
        (self.line_,) = ax.plot(t, mean, color=BLUE, linewidth=1.6, marker="o" if len(t) == 1 else None)
        if t[0] > t[-1]:
            ax.set_xlim(t[0], t[-1])
        self._count()
        told = "one split of the rows" if self.band_ is None else "mean over the folds ± its standard error"
        note(ax, told + ("; grey: each fold" if self.fold_lines_ else ""))
        self._choose()
        return self

    def _count(self) -> None:
        """Write numbers of features kept along the top, at strengths evenly spaced on the axis."""
        ax = self.ax_
        positive = np.unique(self.strengths[self.strengths > 0])
        if not len(positive):
            positive = self.strengths[:1]
        low, high = np.log(positive[[0, -1]]) if positive[0] > 0 else (0.0, 0.0)
        wanted = np.exp(np.linspace(low, high, COUNTS)) if high > low else positive[:1]
        nearest = sorted({int(np.argmin(np.abs(self.strengths - t))) for t in wanted})
        top = ax.secondary_xaxis("top")
        top.set_xticks(self.strengths[nearest], [f"{count:,}" for count in self.kept[nearest]])
        top.minorticks_off()
        top.set_xlabel("features kept")
        top.spines["top"].set_visible(False)
        top.tick_params(length=2)
        self.counts_ = top

    def _choose(self) -> None:
        """Draw a line at each strength chosen, and name it in room made for that below the curve."""
        ax = self.ax_
        styles = {"best": (ORANGE, "--", "o"), "one SE": (GREEN, ":", "s")}
        low, high = ax.get_ylim()
        ax.set_yticks([tick for tick in ax.get_yticks() if low <= tick <= high])
        rows = len(self.chosen)
        height = room(ax, 9.0)
        share = min(height * (rows + 0.5), 0.5)
        ax.set_ylim(low - (high - low) * share / (1.0 - share), high)
        self.choices_, self.labels_ = {}, {}
        for row, (name, t) in enumerate(self.chosen.items()):
            colour, line, marker = styles.get(name, (DARK, "-.", "D"))
            at = int(np.argmin(np.abs(self.strengths - t)))
            self.choices_[name] = ax.axvline(t, color=colour, linestyle=line, linewidth=1.3)
            ax.plot([t], [self.mean[at]], marker, color=colour, markersize=6, zorder=3)
            count = int(self.kept[at])
            text = f"{name}: {number(t, 3)}, {count:,} feature{'' if count == 1 else 's'}"
            self.labels_[name] = self._label(text, t, height * (rows - row - 0.4), name == "best")
        if {"best", "one SE"} <= set(self.chosen):
            self._threshold()

    def _label(self, text: str, strength: float, height: float, right: bool) -> Any:
        """Write text beside the line at a strength, on its right or left, wherever it fits."""
        ax = self.ax_
        place = share_of(ax, strength)
        label = ax.annotate(
            text,
            (place, height),
            xycoords="axes fraction",
            xytext=(5, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            zorder=4,
            **LITERAL,
        )
        width = (label.get_window_extent().width + 12.0) / ax.get_window_extent().width
        if (right and place + width > 1.0) or (not right and width <= place):
            label.set(ha="right", position=(-5, 0))
        return label

    def _threshold(self) -> None:
        """Draw the level one standard error above the smallest mean, between the two strengths chosen."""
        best, sparse = self.chosen["best"], self.chosen["one SE"]
        at = int(np.argmin(np.abs(self.strengths - best)))
        level = self.mean[at] + self.standard_error[at]
        self.ax_.plot([sparse, best], [level, level], color=DARK, linewidth=0.9, linestyle=(0, (1, 2)))
