"""Results as text: what `print` shows of a fit, a path, a choice of strength."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from equipoise.data.arguments.messages import count, listed
from equipoise.show.tables import align, number

MOST = 30  # lines of coefficients shown
SHOWN = 8  # columns with missing values of which each has a line


class _Fit(Protocol):
    @property
    def coef(self) -> Any: ...
    @property
    def intercept(self) -> float: ...
    @property
    def features(self) -> tuple[str, ...]: ...
    @property
    def limits(self) -> Any: ...
    @property
    def certificate(self) -> Any: ...
    @property
    def l1(self) -> Any: ...
    @property
    def l2(self) -> Any: ...
    @property
    def missing(self) -> Any: ...


class _Path(Protocol):
    @property
    def strengths(self) -> Any: ...
    @property
    def features(self) -> tuple[str, ...]: ...
    @property
    def certificates(self) -> Any: ...
    @property
    def coef(self) -> Any: ...
    @property
    def missing(self) -> Any: ...


class _Choice(Protocol):
    @property
    def path(self) -> Any: ...
    @property
    def mean(self) -> Any: ...
    @property
    def standard_error(self) -> Any: ...
    @property
    def best_strength(self) -> float: ...
    @property
    def one_se_strength(self) -> float: ...


def fit_summary(fit: _Fit) -> str:
    """The survivors with their coefficients, and the certificate."""
    p = len(fit.features)
    order = sorted(
        (j for j in range(p) if fit.coef[j] != 0), key=lambda j: -abs(fit.coef[j] * (fit.limits[j] or 1))
    )
    penalty = penalty_text(fit.l1, fit.l2)
    lines = [f"{len(order)} of {p} features kept at {penalty}; intercept {number(fit.intercept)}"]
    if order:
        rows = [[fit.features[j], number(fit.coef[j])] for j in order[:MOST]]
        lines += ["", align(rows, ["feature", "coef"], right=[1])]
    if len(order) > MOST:
        lines.append(f"… and {len(order) - MOST} more")
    return "\n".join([*lines, *_after_gap(missing_text(fit.missing, fit.features)), "", str(fit.certificate)])


def missing_text(missing: Any, features: Sequence[str]) -> str:
    """What was done about missing values, a line each; nothing where there were none."""
    if missing is None or not missing.counts:
        return ""
    if missing.policy == "drop":
        rows = f"{missing.dropped} of {count(missing.rows, 'row')}"
        return f"{rows} dropped for missing values ({listed(missing.counts)})"
    mean = dict(zip(features, missing.means, strict=True))
    lines = []
    for column, number_missing in missing.counts[:SHOWN]:
        what = count(number_missing, "missing value")
        # A category is several features, each with the share of a level as its mean.
        by = f"its mean {number(mean[column])}" if column in mean else "the shares of its levels"
        lines.append(f"{column}: {what} replaced by {by}")
    rest = missing.counts[SHOWN:]
    if rest:
        total = count(sum(k for _, k in rest), "missing value")
        lines.append(f"… and {total} of {count(len(rest), 'other column')} likewise")
    return "\n".join(lines)


def _after_gap(text: str) -> list[str]:
    return ["", text] if text else []


def penalty_text(l1: Any, l2: Any) -> str:
    """The penalty in a few characters."""
    parts = [
        f"{name} = {number(value)}" if isinstance(value, float) else f"{name} by feature"
        for name, value in (("l1", l1), ("l2", l2))
        if not isinstance(value, float) or value != 0
    ]
    return ", ".join(parts) if parts else "no penalty"


def path_summary(path: _Path) -> str:
    """How many features are in the model at some of the strengths."""
    m = len(path.strengths)
    shown = range(m) if m <= 12 else sorted({round(i * (m - 1) / 11) for i in range(12)})
    kept = (path.coef != 0).sum(axis=1)
    measures = path.certificates.measures
    rows = [
        [
            number(path.strengths[i]),
            str(int(kept[i])),
            f"{measures.violation[i]:.0e}",
            f"{measures.relative_gap[i]:.0e}",
        ]
        for i in shown
    ]
    table = align(rows, ["strength", "kept", "violation", "relative gap"], right=[0, 1, 2, 3])
    balanced = int(measures.balanced.sum())
    return (
        f"{m} strengths, {len(path.features)} features; {balanced} of {m} points certified optimal\n\n"
        + "\n".join([table, *_after_gap(missing_text(path.missing, path.features))])
    )


def choice_summary(choice: _Choice) -> str:
    """The two strengths one chooses between."""
    strengths = choice.path.strengths
    kept = (choice.path.coef != 0).sum(axis=1)
    rows = []
    for name, strength in (("best", choice.best_strength), ("one-se", choice.one_se_strength)):
        i = int((strengths == strength).argmax())
        rows.append(
            [
                name,
                number(strength),
                number(choice.mean[i]),
                number(choice.standard_error[i]),
                str(int(kept[i])),
            ]
        )
    table = align(rows, ["choice", "strength", "mean loss", "standard error", "kept"], right=[1, 2, 3, 4])
    return "\n".join([table, *_after_gap(missing_text(choice.path.missing, choice.path.features))])
