"""The code that reproduces what a report shows."""

from __future__ import annotations

import numpy as np

from equipoise.setup.setup import Setup


def call_of(verb: str, setup: Setup, **more: object) -> str:
    """The call of a verb with the arguments of a setup; ``more`` adds arguments, or replaces l1 and l2."""
    asked: dict[str, object] = {"l1": setup.l1, "l2": setup.l2, **more}
    for name, default in (("l1", 1.0), ("l2", 0.0)):
        if isinstance(asked[name], float) and asked[name] == default and (name, verb) != ("l1", "fit"):
            del asked[name]
    for name, value, usual in (
        ("intercept", setup.intercept, True),
        ("standardize", setup.standardize, False),
        ("missing", "error" if setup.missing is None else setup.missing.policy, "error"),
    ):
        if value != usual:
            asked[name] = value
    gathered = setup.gathered
    text = [f"{name}={_literal(value)}" for name, value in asked.items()]
    if setup.weights is not None and gathered is None:
        text.append(f"sample_weight={_named(setup, 'sample_weight')}")
    if setup.offset is not None and not setup.offset_is_exposure:
        text.append(f"offset={_named(setup, 'offset')}")
    text += _loss_of(setup)
    for name, bound, free in (("lower", setup.lower, -np.inf), ("upper", setup.upper, np.inf)):
        if not (isinstance(bound, float) and bound == free):
            text.append(f"{name}={_literal(bound)}")
    y = setup.named.get("y")
    data = f"X, {'y' if y is None else repr(y)}" if gathered is None else f"eq.gather(…, {gathered.target!r})"
    return f"eq.{verb}({', '.join([data, *text])})"


def _loss_of(setup: Setup) -> list[str]:
    """The loss as code, with the event where it is not the second label in sorted order."""
    if setup.loss.squared:
        return []
    text = [f"loss={setup.loss.label!r}"]
    if setup.levels is not None and setup.levels != tuple(sorted(setup.levels, key=_by_kind)):
        text.append(f"event={setup.levels[1]!r}")
    return [*text, f"exposure={_named(setup, 'exposure')}"] if setup.exposed else text


def _by_kind(label: object) -> tuple[bool, object]:
    """Numbers before text, as labels of two kinds cannot be compared."""
    return isinstance(label, str), label


def _named(setup: Setup, role: str) -> str:
    """The name of the column of an argument as code; "…" for an array."""
    name = setup.named.get(role)
    return "…" if name is None else repr(name)


def _literal(value: object) -> str:
    """A value as code; an array of more than 20 numbers that is no geometric grid as "…"."""
    if not isinstance(value, np.ndarray):
        return repr(value)
    if len(value) > 2 and np.isfinite(value).all() and value.min() > 0:
        ends = float(value[0]), float(value[-1])
        if np.allclose(value, np.geomspace(*ends, len(value)), rtol=1e-12, atol=0):
            return f"np.geomspace({ends[0]!r}, {ends[1]!r}, {len(value)})"
    return repr(value.tolist()).replace("inf", "np.inf") if len(value) <= 20 else f"…  # {len(value)} numbers"
