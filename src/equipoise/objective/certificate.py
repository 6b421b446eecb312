"""The certificate of coefficients: how near they are to a solution, what is proved, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.data.arguments.public import public
from equipoise.data.records import ByValue

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

BALANCED = 1.000001e-9  # no violation that counts as balanced is larger, rounded as it may be


@public
class Status(Enum):
    """The verdict of a certificate; its value is a sentence of advice.

    Examples
    --------
    >>> import equipoise as eq
    >>> eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1).certificate.status.name
    'OPTIMAL'
    """

    OPTIMAL = "optimal: every pull is balanced to within 1e-9 of its limit, and no other solution exists"
    NOT_UNIQUE = (
        "optimal, but it is not proved to be the only solution: other coefficients may fit as well; "
        "add a little l2 or drop duplicate columns to make the choice unique"
    )
    SATURATED = (
        "optimal, and the model fits every row all but exactly: a smaller penalty only makes the "
        "coefficients larger, without an end"
    )
    AT_PRECISION = (
        "optimal as far as float64 can tell: the limits are so small beside the data that rounding decides "
        "the last digits; a larger penalty or fewer near-copies among the columns sharpen it"
    )
    NUMERICAL = (
        "not certified: rounding keeps some pulls from balancing to within 1e-9 of their limits; "
        "look for columns that are almost copies of each other, or use a larger penalty"
    )
    ROUNDED = (
        "as good as its digits: a solution, rounded to the digits that these coefficients show, gives them; "
        "with more digits the pulls balance"
    )
    NOT_OPTIMAL = "not the solution: the objective can still be lowered"

    @property
    def optimal(self) -> bool:
        """Whether the coefficients are a solution."""
        return self not in (Status.NUMERICAL, Status.ROUNDED, Status.NOT_OPTIMAL)

    @classmethod
    def _missing_(cls, value: object) -> Status | None:
        return cls.__members__.get(str(value))

    def __reduce__(self) -> tuple[type[Status], tuple[str]]:
        """Write files by name, which lasts longer than a sentence; of pickle and of skops alike."""
        return type(self), (self.name,)

    def __reduce_ex__(self, protocol: object) -> tuple[type[Status], tuple[str]]:
        return self.__reduce__()


@public
@dataclass(frozen=True, eq=False)
class Certificate(ByValue):
    """Proof that coefficients solve their problem, and how far it reaches.

    Parameters
    ----------
    gap : float
        Upper bound on how much the objective could still fall, rounding included.
    relative_gap : float
        ``gap`` ÷ objective of the null model (0 where both are 0).
    violation : float
        Largest distance of a pull to its subgradient interval, ÷ l1_j, or ÷ ‖x_j‖‖y − o‖ where l1_j = 0.
    intercept_violation : float
        ``|Σ s_i r_i| / (√Σs · ‖y − o‖)``; 0 without an intercept.
    zeros_proved : (p,) bool array
        Features that are zero at *every* solution. A constant column is held at zero by convention, since it
        is collinear with the intercept; ``unique`` too takes it as held.
    support_proved : bool
        All zeros and all non-zeros are proved.
    unique : bool
        The solution is proved to be the only one.
    status : Status
        The verdict; its value is a sentence.

    References
    ----------
    Fercoq, Gramfort & Salmon (2015), *ICML*; Ndiaye, Fercoq, Gramfort & Salmon (2017), *JMLR* 18, for the
    gap-safe sphere.

    Examples
    --------
    >>> import equipoise as eq
    >>> certificate = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).certificate
    >>> certificate.zeros_proved
    array([False,  True])
    >>> certificate.optimal, certificate.support_proved, certificate.unique
    (True, True, True)
    """

    gap: float
    relative_gap: float
    violation: float
    intercept_violation: float
    zeros_proved: Flags
    support_proved: bool
    unique: bool
    status: Status

    @property
    def optimal(self) -> bool:
        """Whether every condition holds: each distance ≤ max(1e-9·l1_j, 64·eps·‖x_j‖‖y − o‖)."""
        return self.status.optimal

    def to_dict(self) -> dict[str, Any]:
        """All attributes, JSON-able."""
        return {
            "gap": _finite(self.gap),
            "relative_gap": _finite(self.relative_gap),
            "violation": _finite(self.violation),
            "intercept_violation": self.intercept_violation,
            "zeros_proved": self.zeros_proved.tolist(),
            "support_proved": self.support_proved,
            "unique": self.unique,
            "status": self.status.value,
            "optimal": self.optimal,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Certificate:
        """Rebuild what :meth:`to_dict` wrote.

        Parameters
        ----------
        data : dict
            The attributes.

        Raises
        ------
        ValueError
            If `data` has other entries, or a verdict that its own numbers contradict.
        """
        known = {*cls.__dataclass_fields__, "optimal"}
        if not isinstance(data, dict) or data.keys() != known:
            raise ValueError("the certificate has not the entries that one has")
        values = {name: _bound(data[name], name) for name in ("gap", "relative_gap", "violation")}
        values["intercept_violation"] = _bound(data["intercept_violation"], "intercept_violation")
        if data["intercept_violation"] is None:
            raise ValueError("the certificate's intercept_violation is null")
        for name in ("support_proved", "unique", "optimal"):
            if type(data[name]) is not bool:
                raise ValueError(f"the certificate's {name} is neither true nor false")
        zeros, status = data["zeros_proved"], next((s for s in Status if s.value == data["status"]), None)
        if not isinstance(zeros, list) or not all(type(zero) is bool for zero in zeros):
            raise ValueError("the certificate's zeros_proved is no list of true and false")
        if status is None:
            raise ValueError("the certificate's status is none of those that there are")
        found = cls(
            **values,
            zeros_proved=np.array(zeros, dtype=bool),
            support_proved=data["support_proved"],
            unique=data["unique"],
            status=status,
        )
        if data["optimal"] != status.optimal or not found._agrees():
            raise ValueError(f"the certificate's status is {status.name}, which its other entries contradict")
        return found

    def _agrees(self) -> bool:
        """Whether the verdict can be that of these numbers, whatever the data."""
        match self.status:
            case Status.OPTIMAL | Status.NOT_UNIQUE | Status.SATURATED:
                return self.violation <= BALANCED and self.unique == (self.status is not Status.NOT_UNIQUE)
            case Status.AT_PRECISION:
                return self.violation > BALANCED / 2 or self.relative_gap > BALANCED / 2
        return True

    def __str__(self) -> str:
        zeros = int(self.zeros_proved.sum())
        return "\n".join(
            (
                f"Certificate: {self.status.value}.",
                f"  relative duality gap ≤ {self.relative_gap:.1e}; largest violation {self.violation:.1e} "
                "of its limit;",
                f"  {count(zeros, 'zero')} proved for every solution; support "
                f"{'proved' if self.support_proved else 'not proved'}; "
                f"solution {'proved unique' if self.unique else 'not proved unique'}.",
            )
        )

    __repr__ = __str__


def _bound(value: Any, name: str) -> float:
    """A number of a certificate from JSON, in which None stands for one that is not bounded."""
    if value is None:
        return np.inf
    if type(value) is not float or not value >= 0:
        raise ValueError(f"the certificate's {name} is no number that is not negative")
    return value


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
