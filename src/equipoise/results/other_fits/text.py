"""Other fits as text: what changes without some features, what survivors and features are worth."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from equipoise.show.tables import align, names_text, number, paragraphs, printable, table_of

if TYPE_CHECKING:
    from equipoise.results.other_fits.importance import Importance
    from equipoise.results.other_fits.survivors import Group, Survivor, Survivors
    from equipoise.results.other_fits.what_if import WhatIf

MOST = 40  # rows of a table
GROUPS = 8  # groups of interchangeable features that have a line

COLUMNS = (
    "killed by: the limit at which the feature would be zero, all other penalties unchanged; cost: the rise "
    "of the objective when it is forbidden, and its share of what the model gains over the null model; "
    "stand-ins: the features that enter or take over when it is forbidden, and their correlations with it "
    "(small where it enters only because the others change)"
)


def what_if_text(what_if: WhatIf) -> list[str]:
    """The question and the changes in a paragraph, and a table of the features in either model."""
    header = ["feature", "before", "after", ""]
    table = table_of(
        what_if._rows(),
        lambda j: [
            what_if.before.features[j],
            number(what_if.before.coef[j]),
            number(what_if.after.coef[j]),
            what_if._change(j),
        ],
        header,
        right=[1, 2],
        most=MOST,
        rest="more with smaller coefficients",
    )
    return paragraphs(textwrap.fill(_story(what_if), 100), table or align([], header))


def _story(what_if: WhatIf) -> str:
    """What was asked, which features entered, left or changed sign, and the change of the loss."""
    moved = [
        f"{', '.join(map(printable, names[:8]))}{' …' if len(names) > 8 else ''} "
        f"{verb if len(names) > 1 else verb + 's'}{tail}"
        for names, verb, tail in (
            (what_if.entered, "enter", ""),
            (what_if.left, "leave", ""),
            (what_if.changed_sign, "change", " sign"),
        )
        if names
    ]
    return f"{question(what_if)}: {', '.join(moved) or 'the same features stay'}; {_cost(what_if)}"


def question(what_if: WhatIf) -> str:
    """What was asked: without which features, under which other penalty."""
    asked = [f"without {names_text(what_if.without, 8)}"] if what_if.without else []
    if what_if.alphas is not None:
        before, after = what_if.alphas
        if before != after:
            asked.append(f"with {what_if.called} = {number(after)} in place of {number(before)}")
        return " and ".join(asked) or "as it was"
    for name in ("l1", "l2"):
        old, new = what_if._of_kept(name)
        if np.array_equal(old, new):
            continue
        if (old == old[0]).all() and (new == new[0]).all():
            asked.append(f"with {name} = {number(float(new[0]))} in place of {number(float(old[0]))}")
        else:
            asked.append(f"with other {name}")
    return " and ".join(asked) or "as it was"


def _cost(what_if: WhatIf) -> str:
    """The change of the loss and, under the same penalty, of the objective."""
    before, after = number(what_if.loss_before), number(what_if.loss_after)
    way = "rises" if what_if.loss_after >= what_if.loss_before else "falls"
    setup = what_if.after.setup
    called = "the loss" if setup is None or setup.loss.squared else "half the deviance"
    loss = f"{called} {way} from {before} to {after}" if before != after else f"{called} stays at {after}"
    if what_if.cost:
        loss += f", the objective {'rises ' if before == after else ''}by {number(what_if.cost)}"
        if what_if.relative_cost is not None:
            share = number(100 * what_if.relative_cost, 3)
            loss += f" ({share} % of what the model gains over the null model)"
    return loss


def survivors_text(survivors: Survivors) -> list[str]:
    """A row for each survivor, and below them the groups of features that may stand in for each other."""
    if not survivors.rows:
        return ["no penalised feature is in the model"]

    def cells(row: Survivor) -> list[str]:
        return [
            row.feature,
            *map(number, (row.coef, row.limit, row.killed_by, row.cost)),
            f"{number(100 * row.relative_cost, 3)} %",
            names_text(
                [
                    f"{name} ({number(size, 2)})"
                    for name, size in zip(row.stand_ins, row.correlations, strict=True)
                ],
                4,
            ),
        ]

    header = ["feature", "coef", "limit", "killed by", "cost", "of the gain", "stand-ins"]
    table = table_of(
        range(len(survivors.rows)),
        lambda k: cells(survivors.rows[k]),
        header,
        right=[1, 2, 3, 4],
        most=MOST,
        rest="more that cost less",
    )
    groups = survivors.groups()
    alike = [textwrap.fill(_group(group, survivors), 100) for group in groups[:GROUPS]]
    if len(groups) > GROUPS:
        alike.append(f"… and {len(groups) - GROUPS} more groups")
    return paragraphs(table, alike, textwrap.fill(COLUMNS, 100))


def _group(group: Group, survivors: Survivors) -> str:
    """Which features can stand in for each other, and what it costs to do without one."""
    cheap = [row.feature for row in survivors.rows if row.relative_cost <= group.relative_cost]
    cheap = [name for name in cheap if name in group.kept]
    several = len(cheap) > 1
    without, most = ("one of ", "at most ") if several else ("", "")
    return (
        f"{names_text(group.features, 8)} can stand in for each other: without {without}"
        f"{names_text(cheap, 8)} the model loses {most}"
        f"{number(100 * group.relative_cost, 3)} % of what it gains over the null model."
    )


def importance_text(importance: Importance) -> list[str]:
    """A row for each feature of the model, the columns of text as a whole, and what the columns mean."""
    if not importance.features:
        return ["no feature is in the model"]
    header = ["feature", "coef", "sd", "coef × sd", "standardised", "of the gain"]
    numbers = [importance.coef, importance.sd, importance.effect, importance.standardized]
    if importance.response_sd is None:
        header[4:5] = [f"{importance.called} per sd"] if importance.called else []
        numbers[3:] = [importance.ratio] if importance.ratio is not None else []
    table = table_of(
        range(len(importance.features)),
        lambda k: [
            importance.features[k],
            *("–" if np.isnan(values[k]) else number(values[k]) for values in numbers),
            _percent(float(importance.share[k])),
        ],
        header,
        right=list(range(1, len(header))),
        most=MOST,
        rest="more with smaller effects",
    )
    whole = [
        f"{printable(name)} as a whole: {_percent(share)} of the gain"
        for name, share in importance.columns.items()
    ]
    no_sd = "– because y (less any offset) is the same in all rows, and has no standard deviation; "
    if importance.response_sd:
        sd = number(importance.response_sd)
        scaled = f"standardised: coef × sd ÷ {sd}, the standard deviation of y (less any offset); "
    elif importance.response_sd is not None:
        scaled = f"standardised: {no_sd}"
    elif importance.called:
        scaled = f"{importance.called} per sd: e to the power of coef × sd; "
    else:
        scaled = ""
    too = ", – where the null model has it, too" if np.isnan(importance.share).any() else ""
    meaning = textwrap.fill(
        f"{scaled}of the gain: the share of what the model gains over the null model that is lost without "
        f"the feature{too}",
        100,
    )
    return [table, *whole, "", meaning]


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{number(100 * share, 3)} %"
