"""The result of an audit: whether coefficients are optimal, and which of them are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.explain.audit import Findings
from equipoise.objective.certificate import Certificate, Status
from equipoise.results.audit.text import (
    GOOD_AS_DIGITS,
    NOT_SOLUTION,
    OFF,
    RIGHT,
    SHOULD_BE_ZERO,
    SHOULD_NOT_BE_ZERO,
    SOLUTION,
    audit_summary,
)
from equipoise.results.fit.result import Fit
from equipoise.results.plain import Tabular, to_frame, to_plain
from equipoise.setup.setup import Setup

if TYPE_CHECKING:
    from equipoise.show.plots import Drawing

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Audit(Tabular):
    """Whether coefficients are the solution, and what is wrong where they are not.

    Every attribute of :class:`Certificate` is an attribute here too.

    Parameters
    ----------
    certificate : Certificate
        The certificate of the coefficients under audit.
    coef : (p,) array
        The coefficients under audit.
    exact : Fit
        The exact solution.
    features : tuple of str
        Names of the p features.
    excess : (p,) array
        Distance of each pull to the interval in which it would balance.
    share : (p,) array
        ``excess`` ÷ ``limit``; ÷ ‖x_j‖‖y − o‖ where there is no limit, or one below the rounding of the pull.
    worst : str
        The feature with the largest share.
    wrong_zeros, wrong_nonzeros : tuple of str
        Features that are zero where the solution is not, and not zero where the solution is.
    lost : float
        Objective at these coefficients less that at the solution.
    pull, limit : (p,) array
        Pull of the residual that these coefficients leave, and the limit up to which the penalty holds it.
    violating : (p,) bool array
        Features whose pull is out of balance, by the rule of the certificate: by more than 1e-9 of l1_j and
        more than rounding.
    null : float
        Objective of the null model.
    half_unit : (p,) array
        Half a unit of the last digit in which each coefficient was given: by so much it may differ from the
        solution and still be right.

    Examples
    --------
    >>> import equipoise as eq
    >>> audit = eq.audit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [2.0, 0.0], l1=1)
    >>> audit.verdict, audit.wrong_zeros, audit.worst
    ('not the solution', ('x2',), 'x2')
    >>> audit.verdicts
    ('value off', 'should not be zero')
    """

    certificate: Certificate
    coef: Array
    exact: Fit
    features: tuple[str, ...]
    excess: Array
    share: Array
    worst: str
    wrong_zeros: tuple[str, ...]
    wrong_nonzeros: tuple[str, ...]
    lost: float
    pull: Array
    limit: Array
    violating: NDArray[np.bool_]
    null: float
    half_unit: Array

    @classmethod
    def of(cls, setup: Setup, coef: Array, found: Findings) -> Audit:
        """Put the findings of an audit in terms of feature names.

        Parameters
        ----------
        setup : Setup
            The data and the penalty of the problem that the coefficients are claimed to solve.
        coef : (p,) array
            The coefficients under audit.
        found : Findings
            What the audit of them found.
        """
        names = setup.features
        return cls(
            certificate=found.certificate,
            coef=coef,
            exact=Fit.of(setup, found.exact),
            features=names,
            excess=found.excess,
            share=found.share,
            worst=names[found.worst],
            wrong_zeros=tuple(names[j] for j in found.wrong_zeros),
            wrong_nonzeros=tuple(names[j] for j in found.wrong_nonzeros),
            lost=found.lost,
            pull=found.pull,
            limit=found.limit,
            violating=found.violating,
            null=found.null,
            half_unit=found.half_unit,
        )

    @property
    def verdict(self) -> str:
        """The verdict: "the solution", "as good as its digits" or "not the solution"."""
        if self.status is Status.ROUNDED:
            return GOOD_AS_DIGITS
        return SOLUTION if self.optimal else NOT_SOLUTION

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Each feature's verdict: "right", "value off", "should be zero" or "should not be zero"."""
        # Coefficients of a solution are right, also where it is one of several.
        apart = np.abs(self.coef - self.exact.coef)
        beyond = (apart > 1.000001 * self.half_unit) & (self.verdict == NOT_SOLUTION)
        off = beyond & (apart > 1e-9 * np.abs(self.exact.coef))
        off = off if off.any() else beyond
        wrong = dict.fromkeys(self.wrong_nonzeros, SHOULD_BE_ZERO)
        wrong |= dict.fromkeys(self.wrong_zeros, SHOULD_NOT_BE_ZERO)
        return tuple(
            wrong.get(name, OFF if far else RIGHT) for name, far in zip(self.features, off, strict=True)
        )

    @property
    def relative_lost(self) -> float:
        """``lost`` ÷ objective of the null model; 0 where that is 0."""
        return self.lost / self.null if self.null > 0 else 0.0

    @property
    def gap(self) -> float:
        """Upper bound on how much the objective could still fall."""
        return self.certificate.gap

    @property
    def relative_gap(self) -> float:
        """``gap`` ÷ objective of the null model."""
        return self.certificate.relative_gap

    @property
    def violation(self) -> float:
        """The certificate's: largest excess ÷ l1_j, or ÷ ‖x_j‖‖y − o‖ where l1_j = 0, also under a ridge."""
        return self.certificate.violation

    @property
    def intercept_violation(self) -> float:
        """``|Σ s_i r_i| / (√Σs · ‖y − o‖)``."""
        return self.certificate.intercept_violation

    @property
    def zeros_proved(self) -> NDArray[np.bool_]:
        """Features that are zero at every solution, as far as these coefficients prove it."""
        return self.certificate.zeros_proved

    @property
    def support_proved(self) -> bool:
        """Whether these coefficients prove every zero and non-zero of the solution."""
        return self.certificate.support_proved

    @property
    def unique(self) -> bool:
        """Whether the solution is proved to be the only one."""
        return self.certificate.unique

    @property
    def status(self) -> Status:
        """The certificate's status: optimal or not, and why."""
        return self.certificate.status

    @property
    def optimal(self) -> bool:
        """Whether the verdict is that they are the solution."""
        return self.certificate.optimal

    def to_dict(self) -> dict[str, Any]:
        """All attributes, JSON-able."""
        return {
            **self.certificate.to_dict(),
            "verdict": self.verdict,
            "features": list(self.features),
            "coef": to_plain(self.coef),
            "excess": to_plain(self.excess),
            "share": to_plain(self.share),
            "worst": self.worst,
            "wrong_zeros": list(self.wrong_zeros),
            "wrong_nonzeros": list(self.wrong_nonzeros),
            "lost": to_plain(self.lost),
            "relative_lost": to_plain(self.relative_lost),
            "pull": to_plain(self.pull),
            "limit": to_plain(self.limit),
            "violating": to_plain(self.violating),
            "verdicts": list(self.verdicts),
            "half_unit": to_plain(self.half_unit),
            "exact": self.exact.to_dict(),
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature (feature, coef, exact, pull, limit, excess, verdict), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns = {
            "feature": list(self.features),
            "coef": self.coef.tolist(),
            "exact": self.exact.coef.tolist(),
            "pull": self.pull.tolist(),
            "limit": self.limit.tolist(),
            "excess": self.excess.tolist(),
            "verdict": list(self.verdicts),
        }
        return to_frame(columns, like, self.exact.frame)

    def plot(self, ax: Any = None) -> Drawing:
        """Draw the coefficients under audit against the exact ones, the wrong ones marked.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Drawing
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.audit.display import draw_audit
        from equipoise.show.plots import Drawing

        return Drawing(draw_audit, self).plot(ax)

    def _shown(self) -> list[str]:
        return audit_summary(self)
