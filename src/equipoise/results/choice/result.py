"""Cross-validation: a path, the held-out loss of every fold, and the two strengths that it suggests."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.folds import Rows
from equipoise.data.arguments.public import public
from equipoise.data.files.documents import write_document
from equipoise.results.choice.frequency import ChoiceFrequency
from equipoise.results.choice.held_out import predicted_by
from equipoise.results.choice.text import choice_summary
from equipoise.results.fit.deviance_score import DevianceScore, held_out_score
from equipoise.results.fit.result import Fit
from equipoise.results.path.result import Path
from equipoise.results.plain import Tabular, to_frame, to_plain
from equipoise.select.one_standard_error import best_and_one_se, known, mean_loss, standard_error
from equipoise.select.scorers import loss_words

if TYPE_CHECKING:
    from equipoise.results.choice.display import CrossValidationDisplay

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class CrossValidation(Tabular):
    """Held-out loss along a path.

    Parameters
    ----------
    path : Path
        The path on all rows.
    fold_loss : (m, folds) array
        Loss of each fold's held-out rows at each strength, by default their weighted mean unit deviance: of
        squared loss the mean squared error.
    fold_weight : (folds,) array
        Σ s of the held-out rows.
    repetition : (folds,) index array, optional
        Which repetition of the cross-validation each fold belongs to; None for a single one.
    scoring : str
        The loss: "squared_error", "deviance", another name passed, or that of a function, with ``()``.
    null_fold_loss : (folds,) array, optional
        Loss of each fold's held-out rows by the null model, which knows no feature: the intercept that fits
        the fold's *training* rows best (of squared loss the weighted mean of y − offset), plus the offset;
        without an intercept the offset, or 0. None for another ``scoring`` than the deviance of the loss.
    masks : list of pairs of (n,) arrays, optional
        Training and held-out rows of each fold: masks, or how often each row stands. None of sums of rows,
        of penalties that each fold adapts, and in a file.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(12.0).reshape(6, 2) % 5
    >>> cv = eq.cross_validate(X, X[:, 0], folds=3, count=5)
    >>> cv.fold_loss.shape
    (5, 3)
    >>> cv.r_squared.shape, bool(cv.r_squared.max() <= 1)
    ((5,), True)
    >>> cv.one_se.certificate.optimal
    True
    """

    path: Path
    fold_loss: Array
    fold_weight: Array
    repetition: NDArray[np.intp] | None = None
    scoring: str = "squared_error"
    null_fold_loss: Array | None = None
    masks: list[tuple[Rows, Rows]] | None = None

    @property
    def loss(self) -> str:
        """The loss in words, such as "mean absolute error"."""
        return loss_words(self.scoring, self.path.kind)

    @cached_property
    def mean(self) -> Array:
        """Mean loss over the folds, weighted by their Σ s, (m,)."""
        return mean_loss(self.fold_loss, self.fold_weight)

    @cached_property
    def standard_error(self) -> Array:
        """√(Σ W_k (loss_k − mean)² / ΣW / (K − 1)) over the K folds, (m,).

        The folds of every repetition score the same rows, so that the K·R losses are not independent: with R
        repetitions this is the root of the mean of their squared standard errors. It does not shrink as R
        grows: repeating averages over the ways in which rows fall into folds, not over samples of rows. One
        split of the rows has none: NaN.
        """
        return standard_error(self.fold_loss, self.fold_weight, self.repetition)

    @property
    def null_mean(self) -> float | None:
        """Mean loss of the null model over the folds, weighted as ``mean`` is; None where it is unknown."""
        if self.null_fold_loss is None:
            return None
        return float(mean_loss(self.null_fold_loss[None], self.fold_weight)[0])

    @property
    def r_squared(self) -> Array | None:
        """Held-out R² at each strength, (m,): ``deviance_explained`` of squared loss; None of another."""
        return self.deviance_explained if self.path.kind.squared else None

    @property
    def deviance_explained(self) -> Array | None:
        """Deviance explained of rows held out at each strength, ``1 − mean / null_mean``, (m,).

        From the losses that choose; of squared loss it is R². The null model is fitted in the same training
        rows as the model, so that nothing leaks from the rows held out. None for another ``scoring`` than the
        deviance of the loss, and where the null model leaves none.
        """
        return 1.0 - self.mean / self.null_mean if self.null_mean else None

    def r_squared_at(self, strength: float | None) -> float | None:
        """Held-out R² at one of the strengths; of another loss than the squared one None.

        Parameters
        ----------
        strength : float or None
            One of the path's, such as ``best_strength``; None if there is none.

        Returns
        -------
        float or None
            None where ``strength`` or ``r_squared`` is.
        """
        return self.deviance_explained_at(strength) if self.path.kind.squared else None

    def deviance_explained_at(self, strength: float | None) -> float | None:
        """Deviance explained of rows held out, at one of the strengths.

        Parameters
        ----------
        strength : float or None
            One of the path's, such as ``best_strength``; None if there is none.

        Returns
        -------
        float or None
            None where ``strength`` or ``deviance_explained`` is.
        """
        explained = self.deviance_explained
        if explained is None or strength is None:
            return None
        at = np.flatnonzero(self.path.strengths == strength)
        if not len(at):
            raise ValueError(f"strength is {strength}: pass one of path.strengths")
        return float(explained[at[0]])

    @cached_property
    def _choice(self) -> tuple[int, int | None]:
        return best_and_one_se(self.path.strengths, self.mean, self.standard_error)

    @property
    def choices(self) -> dict[str, float]:
        """The strengths suggested, by "best" and "one-se"; one split of the rows suggests the best alone."""
        best, one_se = self._choice
        found = {"best": best} if one_se is None else {"best": best, "one-se": one_se}
        return {name: float(self.path.strengths[at]) for name, at in found.items()}

    @cached_property
    def best_strength(self) -> float:
        """The strength of the smallest mean loss; the largest one of a tie."""
        return float(self.path.strengths[self._choice[0]])

    @property
    def best_is_weakest(self) -> bool:
        """Whether the best strength is the smallest one tried, above 0: a smaller ``ratio`` may do better."""
        strengths = self.path.strengths
        return bool(len(strengths) > 1 and 0 < self.best_strength == strengths.min() < strengths.max())

    @cached_property
    def one_se_strength(self) -> float:
        """The largest strength whose mean loss is within one standard error of the smallest.

        A ValueError after one split of the rows, which has no standard error.
        """
        return float(self.path.strengths[known(self._choice[1])])

    @cached_property
    def frequency(self) -> ChoiceFrequency:
        """What each repetition would have chosen by itself, and how often each feature is kept."""
        once = np.zeros(len(self.fold_weight), dtype=np.intp)
        repetition = once if self.repetition is None else self.repetition
        return ChoiceFrequency.of(self.path, self.fold_loss, self.fold_weight, repetition)

    @cached_property
    def best(self) -> Fit:
        """The fit on all rows at the strength of the smallest mean loss."""
        return self.path.at(self.best_strength)

    @cached_property
    def one_se(self) -> Fit:
        """The sparsest fit on all rows that is within one standard error of the best."""
        return self.path.at(self.one_se_strength)

    def predict(
        self,
        X: object,
        *,
        choose: Literal["one-se", "best"] = "one-se",
        kind: Literal["mean", "link", "class"] = "mean",
        offset: object = None,
        exposure: object = None,
        unseen: Literal["error", "zero"] = "error",
        missing: Literal["error", "nan"] = "error",
    ) -> NDArray[Any]:
        """Predict the response with one of the two fits, (n,).

        Parameters
        ----------
        X : (n, p) array, scipy.sparse matrix, data frame, file or Mapped
            Read as :meth:`Fit.predict` reads it.
        choose : {"one-se", "best"}, default "one-se"
            Which of the two fits predicts: ``one_se`` or ``best``.
        kind : {"mean", "link", "class"}, default "mean"
            As in :meth:`Fit.predict`.
        offset, exposure : (n,) array, number or str, optional
            As in :meth:`Fit.predict`.
        unseen : {"error", "zero"}, default "error"
            How to read a category that the fit did not see: refuse it, or code it 0 in all levels.
        missing : {"error", "nan"}, default "error"
            As in :meth:`Fit.predict`.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> X = np.arange(12.0).reshape(6, 2) % 5
        >>> cv = eq.cross_validate(X, X[:, 0], folds=3, count=5)
        >>> bool(np.all(cv.predict(X, choose="best") == cv.best.predict(X)))
        True
        """
        return self.chosen(choose).predict(
            X, kind=kind, offset=offset, exposure=exposure, unseen=unseen, missing=missing
        )

    def chosen(self, choose: str) -> Fit:
        """One of the two fits by its name.

        Parameters
        ----------
        choose : {"one-se", "best"}
            ``one_se`` or ``best``.
        """
        return self.best if self._choose(choose) == "best" else self.one_se

    def _choose(self, choose: str) -> str:
        if choose not in ("one-se", "best"):
            raise ValueError(f"choose is {choose!r}: pass 'one-se' or 'best'")
        return choose

    def held_out(self, choose: str = "one-se") -> DevianceScore:
        """Measure one of the two models by predictions of rows that its folds hold out.

        Every fold is solved again at the strength chosen and predicts the rows that it was not fitted to.
        These are measured together; predictions of a row that is held out several times share its weight. A
        ValueError for a cross-validation from a file, of sums of rows, or with penalties that folds adapt.

        Parameters
        ----------
        choose : {"one-se", "best"}, default "one-se"
            Which of the two strengths.

        Returns
        -------
        DevianceScore
            Its null model is that of each fold's training rows.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
        >>> cv = eq.cross_validate(X, X[:, 0] > 2, loss="binomial", folds=3, count=20)
        >>> cv.held_out("best").auc
        1.0
        """
        strength = self.best_strength if self._choose(choose) == "best" else self.one_se_strength
        setup, found = self.path.setup, predicted_by(self, strength)
        if setup is None or found is None:
            raise ValueError(
                "rows held out can be predicted only by cross_validate with the rows themselves, not from a "
                "file, sums of rows, or penalties that each fold adapts: cross-validate again, or read mean"
            )
        return held_out_score(setup, found)

    def to_dict(self) -> dict[str, Any]:
        """Strengths, losses and the two choices, JSON-able."""
        name = "r_squared" if self.path.kind.squared else "deviance_explained"
        return {
            "strengths": to_plain(self.path.strengths),
            "scoring": self.scoring,
            "fold_loss": to_plain(self.fold_loss),
            "mean": to_plain(self.mean),
            "standard_error": to_plain(self.standard_error),
            "null_mean": self.null_mean,
            name: None if self.deviance_explained is None else to_plain(self.deviance_explained),
            "best_strength": self.best_strength,
            "one_se_strength": self.choices.get("one-se"),
            "best_is_weakest": self.best_is_weakest,
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per strength (strength, mean, standard_error), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns = {
            "strength": self.path.strengths.tolist(),
            "mean": self.mean.tolist(),
            "standard_error": self.standard_error.tolist(),
        }
        return to_frame(columns, like, self.path.asked.frame)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything but the data as JSON; an existing file is replaced at once or left alone.

        :func:`load` reads it: losses, choices and the path, whose models predict.

        Parameters
        ----------
        path : str or path
            The file.

        Examples
        --------
        >>> import numpy as np, equipoise as eq, tempfile, pathlib
        >>> X = np.arange(12.0).reshape(6, 2) % 5
        >>> cv = eq.cross_validate(X, X[:, 0], folds=3, count=5)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     cv.save(pathlib.Path(folder, "cv.json"))
        ...     loaded = eq.load(pathlib.Path(folder, "cv.json"))
        >>> loaded.best_strength == cv.best_strength
        True
        """
        from equipoise.results.choice.choice_file import choice_record

        write_document(path, "cross-validation", choice_record(self))

    def plot(self, ax: Any = None, *, folds: bool = False) -> CrossValidationDisplay:
        """Draw the mean loss over the strength, with its standard error and the two choices.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        folds : bool, default False
            Whether to draw the loss of every fold, too.

        Returns
        -------
        CrossValidationDisplay
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.choice.display import CrossValidationDisplay

        return CrossValidationDisplay.from_cross_validation(self, ax=ax, folds=folds)

    def report(
        self, path: str | os.PathLike[str] | None = None, *, choose: Literal["one-se", "best"] = "one-se"
    ) -> str | None:
        """Tell everything about this choice on one page that works offline, with a slider over the strength.

        Parameters
        ----------
        path : str or path, optional
            The file to write; an existing one is replaced at once or left alone.
        choose : {"one-se", "best"}, default "one-se"
            Which of the two fits is explained in sentences.

        Returns
        -------
        str or None
            The page as HTML where no file is named.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
        >>> cv = eq.cross_validate(X, X[:, 0] + np.arange(12) % 2, folds=3, count=20)
        >>> "3-fold cross-validation" in cv.report(choose="best")
        True
        """
        from equipoise.results.choice.about import about_choice
        from equipoise.results.report.pages import write_report

        return write_report(about_choice(self, choose), path)

    def _shown(self) -> list[str]:
        return choice_summary(self)
