"""Select the features that random halves of the rows agree on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.api.path import grid_of
from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.sizes import refuse_many
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.results.inference.stability import Stability
from equipoise.select.folds import groups_of
from equipoise.select.stability import (
    Assumption,
    Method,
    Rule,
    active,
    candidates,
    draw_halves,
    entered,
    refuse_one_class,
)
from equipoise.setup.set_up import Numbers, set_up
from equipoise.setup.setup import Setup

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Progress = Callable[[int], None] | None

CUTOFF, BOUND = 0.75, 1.0  # where they are neither given nor determined by the other two


@verb
def stability_selection(
    X: Any,
    y: Any,
    *,
    method: Method = "complementary pairs",
    pairs: int = 50,
    cutoff: float | None = None,
    q: int | None = None,
    bound: float | None = None,
    assumption: Assumption = "none",
    strengths: ArrayLike | None = None,
    groups: Any = None,
    l1: Numbers = 1.0,
    l2: Numbers = 0.0,
    intercept: bool = True,
    standardize: bool = True,
    sample_weight: Any = None,
    offset: Any = None,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
    loss: str = "squared",
    event: object = None,
    exposure: Any = None,
    random_state: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Stability:
    """Select the features that enter early in many random halves of the rows, and bound the false ones.

    Draws 2·pairs subsamples of ⌊n/2⌋ rows. Each selects the first q features to enter its path, exactly
    ordered (of another loss than the squared one by solutions at ever closer strengths); a feature's
    frequency is the share of subsamples that select it; those of at least ``cutoff`` are selected. With p
    candidates, the expected number of false selections is at most q²/((2·cutoff − 1)·p). Two of ``cutoff``,
    ``q`` and ``bound`` determine the third.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix or data frame
        Features.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    method : {"complementary pairs", "subsampling"}, default "complementary pairs"
        Whether the subsamples come in pairs that share no row (Shah & Samworth), whose bound needs no
        exchangeability, or each without regard to the others (Meinshausen & Bühlmann).
    pairs : int, default 50
        Half of the number of subsamples.
    cutoff : float, optional
        Smallest frequency of a selected feature, above ½ and at most 1; by default 0.75 or, where ``q`` and
        ``bound`` are both given, the smallest possible frequency that keeps the bound.
    q : int, optional
        How many features a subsample selects; by default the largest number that keeps the bound.
    bound : float, optional
        Largest expected number of false selections; 1 where neither it nor ``q`` is given.
    assumption : {"none", "unimodal"}, default "none"
        For complementary pairs, "unimodal" about halves the bound by assuming that the share of pairs that
        select a false feature twice has one mode.
    strengths : (m,) array, optional
        Select what is active at these strengths instead, multiplied by Σs_half/Σs in a half; the frequency
        is the largest over them, and q the average number active at one of them or more.
    groups : (n,) array or str, optional
        The group of each row, or the name of the column of X that holds it: a subsample then holds ⌊g/2⌋ of
        the g groups, each whole, for rows of a group are not independent.
    l1, l2 : float, (p,) array or dict of str to float
        Factors that each strength multiplies, as in :func:`path`. An unpenalised feature is in
        every model and no candidate.
    intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    standardize : bool, default True
        Penalise as if each column had unit standard deviation in the rows fitted to.
    sample_weight : (n,) array or str, optional
        Weights in fitting, or the name of the column of X that holds them; rows are drawn whatever their
        weight, unless it is 0.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients, as in :func:`fit`.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`; with "mean" each half takes the means of its own rows.
    loss, event, exposure : optional
        The loss of a row and what it needs, as in :func:`fit`. Where y has two classes, a subsample holds
        half of each, unless whole groups are drawn.
    random_state : int, default 0
        Seed of the draw.
    progress : callable, optional
        Called after each subsample with the number done.

    Returns
    -------
    Stability
        Frequencies (p,), the selected features, and what the bound says.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Notes
    -----
    A feature counts as false, for complementary pairs, if a random half selects it with a probability of at
    most q/p. Halves of each class are as good as random ones for the bound, given the classes. The tighter
    bound under r-concavity (Shah & Samworth, section 3.3) is not offered.

    References
    ----------
    Meinshausen & Bühlmann (2010), *JRSS B* 72, theorem 1; Shah & Samworth (2013), *JRSS B* 75, theorems 1
    and 2; Hofner, Boccuto & Göker (2015), *BMC Bioinformatics* 16, for two of three.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 20))
    >>> stability = eq.stability_selection(X, X[:, 3] + 0.1 * rng.normal(size=60), cutoff=0.8, bound=2)
    >>> stability.q, stability.selected
    (4, ('x4',))
    """
    _check(method, assumption, pairs, cutoff, q, bound, strengths is not None)
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept,
        standardize=standardize,
        sample_weight=sample_weight,
        offset=offset,
        lower=lower,
        upper=upper,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        loss=loss,
        event=event,
        exposure=exposure,
        groups=groups,
        rows_for="stability_selection",
        l1_default=1.0,
    )
    rule = _rule(setup, int(pairs), assumption)
    halves, units = _halves(setup, int(pairs), method, random_state)
    found = _select(setup, rule, halves, strengths, (cutoff, q, bound), progress)
    known: dict[str, Any] = {**vars(rule), **found._asdict()}
    return Stability(features=setup.features, method=method, units=units, frame=setup.frame, **known)


def _halves(setup: Setup, pairs: int, method: Method, random_state: int) -> tuple[list[Indices], str]:
    """The subsamples, and what they are drawn of: "rows" or "groups"."""
    rows, group = _rows(setup)
    halves = draw_halves(rows, pairs, method, random_state, group, _classes(setup, rows))
    refuse_one_class(setup, halves)
    return halves, "rows" if group is None else "groups"


def _rule(setup: Setup, pairs: int, assumption: Assumption) -> Rule:
    """What the bound is computed by, for the features that can be selected."""
    refuse_many("pairs", pairs, 8 * setup.rows, f"pairs of halves of {setup.rows} rows")
    rule = Rule(int(candidates(setup).sum()), pairs, assumption)
    if not rule.candidates:
        raise ValueError("no feature has an l1 above 0 and room to move: there is nothing to select from")
    return rule


class _Found(NamedTuple):
    """How often halves selected each feature, with cutoff, q and bound, one of them ``derived``."""

    frequency: Array
    cutoff: float
    q: float
    bound: float
    derived: str
    strengths: Array | None = None
    path_frequency: Array | None = None


def _select(
    setup: Setup,
    rule: Rule,
    halves: list[Indices],
    strengths: ArrayLike | None,
    asked: tuple[float | None, int | None, float | None],
    progress: Progress,
) -> _Found:
    """Each half selects the first features to enter its path, or what is active at some strengths."""
    if strengths is None:
        return _first_to_enter(setup, rule, halves, asked, progress)
    cutoff, _, bound = asked
    return _active_at(setup, rule, halves, strengths, (cutoff, bound), progress)


def _first_to_enter(
    setup: Setup,
    rule: Rule,
    halves: list[Indices],
    asked: tuple[float | None, int | None, float | None],
    progress: Progress,
) -> _Found:
    """Each half selects the first q features to enter its path."""
    cutoff, q, bound, derived = _complete(rule, *asked)
    frequency = entered(setup, halves, q, progress) / len(halves)
    frequency = np.where(candidates(setup), frequency, np.nan)
    return _Found(frequency, float(cutoff), q, float(bound), derived)


def _active_at(
    setup: Setup,
    rule: Rule,
    halves: list[Indices],
    strengths: ArrayLike,
    asked: tuple[float | None, float | None],
    progress: Progress,
) -> _Found:
    """Each half selects what is active at some strength of a grid; q is their average number."""
    grid = grid_of(setup, strengths, 1, None)
    order = np.argsort(-grid, kind="stable")
    count, average = active(setup, halves, grid[order], progress)
    frequency = np.empty(count.shape)
    frequency[:, order] = count / len(halves)
    frequency[~candidates(setup)] = np.nan
    cutoff, bound, derived = _complete_at(rule, average, *asked)
    return _Found(frequency.max(axis=1), float(cutoff), average, float(bound), derived, grid, frequency)


def _complete(
    rule: Rule, cutoff: float | None, q: int | None, bound: float | None
) -> tuple[float, int, float, str]:
    """The third of cutoff, q and bound from the other two."""
    p = rule.candidates
    if q is not None and q > p:
        raise ValueError(f"q is {q} but there are {p} candidates: pass a smaller number")
    if q is not None and bound is not None:
        found = rule.smallest_cutoff(q, bound)
        if found is None:
            raise ValueError(
                f"q = {q} of {p} candidates cannot keep the bound {bound:g} at any cutoff: "
                "lower q or raise the bound"
            )
        return found, q, bound, "cutoff"
    cutoff = CUTOFF if cutoff is None else cutoff
    if q is not None:
        return cutoff, q, rule.bound(q, cutoff), "bound"
    bound = BOUND if bound is None else bound
    q = rule.largest_q(cutoff, bound)
    if q == 0:
        raise ValueError(
            f"a bound of {bound:g} at cutoff {cutoff:g} leaves not even one of {p} candidates to a half: "
            "raise the bound or the cutoff"
        )
    return cutoff, q, bound, "q"


def _complete_at(
    rule: Rule, average: float, cutoff: float | None, bound: float | None
) -> tuple[float, float, str]:
    """Cutoff and bound, where the strengths fix how many features a half selects."""
    if bound is None:
        cutoff = CUTOFF if cutoff is None else cutoff
        return cutoff, rule.bound(average, cutoff), "bound"
    found = rule.smallest_cutoff(average, bound)
    if found is None:
        raise ValueError(
            f"at these strengths a half selects {average:.4g} of {rule.candidates} candidates on average, "
            f"which cannot keep the bound {bound:g} at any cutoff: pass larger strengths or a larger bound"
        )
    return found, bound, "cutoff"


def _rows(setup: Setup) -> tuple[Indices, NDArray[Any] | None]:
    """The rows of positive weight, from which halves are drawn, and their groups, if there are any."""
    n = len(setup.response)
    rows = np.arange(n) if setup.weights is None else np.flatnonzero(setup.weights)
    groups = groups_of(setup)
    units = None if groups is None else groups[rows]
    number = len(rows if units is None else np.unique(units))
    if number < 4:
        what = "rows" if units is None else "groups of rows"
        raise ValueError(f"X has {number} {what} of positive weight: halves of them need at least 4")
    return rows, units


def _classes(setup: Setup, rows: Indices) -> Array | None:
    """The classes of the rows, where their responses are of two; None of fractions and other numbers."""
    y = setup.response[rows]
    return y if setup.loss.takes_labels and bool(np.isin(y, (0.0, 1.0)).all()) else None


def _check(
    method: str,
    assumption: str,
    pairs: int,
    cutoff: float | None,
    q: int | None,
    bound: float | None,
    at_strengths: bool,
) -> None:
    if method not in ("complementary pairs", "subsampling"):
        raise ValueError(f"method is {method!r}: pass 'complementary pairs' or 'subsampling'")
    if assumption not in ("none", "unimodal"):
        raise ValueError(f"assumption is {assumption!r}: pass 'none' or 'unimodal'")
    if assumption == "unimodal" and method == "subsampling":
        raise ValueError(
            "assumption is 'unimodal', whose bound holds for complementary pairs only: "
            "leave it out or pass method='complementary pairs'"
        )
    if isinstance(pairs, bool) or not isinstance(pairs, int | np.integer) or pairs < 1:
        raise ValueError(f"pairs is {pairs!r}: pass a whole number, at least 1")
    if cutoff is not None and not 0.5 < cutoff <= 1.0:
        raise ValueError(f"cutoff is {cutoff!r}: pass a number above 0.5 and at most 1")
    if q is not None and (isinstance(q, bool) or not isinstance(q, int | np.integer) or q < 1):
        raise ValueError(f"q is {q!r}: pass a whole number, at least 1")
    if bound is not None and not 0.0 < bound < np.inf:
        raise ValueError(f"bound is {bound!r}: pass a number above 0, how many false selections to allow")
    if at_strengths and q is not None:
        raise ValueError("the strengths fix how many features are selected: pass q or strengths, not both")
    if all(value is not None for value in (cutoff, q, bound)) or (
        at_strengths and cutoff is not None and bound is not None
    ):
        raise ValueError("cutoff, q and bound determine each other: leave one of them out")
