"""The run in print: a table a cell, and the targets at the end."""

from __future__ import annotations

from benchmarks.cells import Cell
from benchmarks.record import OURS, Record, find
from benchmarks.targets import Verdict

HEAD = (
    f"{'':14}{'tolerance':>10}{'best ms':>11}{'median ms':>11}{'calls':>6}"
    f"{'÷ ours':>9}{'rel. gap':>10}{'violation ÷ t':>15}"
)


def cell_table(cell: Cell, records: list[Record]) -> str:
    """Time and precision of every package on a cell, a line each."""
    ours = find(records, cell.name, OURS)
    base = ours.best if ours is not None and ours.times else None
    lines = ["", _title(cell), HEAD]
    for record in records:
        lines.append(_line(record, base))
        for note in record.notes:
            lines.append(f"{'':16}{note}")
        if record.counters:
            lines.append(f"{'':16}{_counters(record.counters)}")
    return "\n".join(lines)


def _title(cell: Cell) -> str:
    title = f"{cell.name}   n {cell.n}, p {cell.p}, seed {cell.seed}, "
    if cell.count == 1:
        title += f"one strength, {cell.ratio:g} of the largest"
    else:
        title += f"{cell.count} strengths down to {cell.ratio:g} of the largest"
    if cell.relative_gap is not None:
        title += f"; peers tightened to a relative gap ≤ {cell.relative_gap:g}"
    return title


def _line(record: Record, base: float | None) -> str:
    asked = "exact" if record.tolerance is None else f"{record.tolerance:.0e}"
    if record.failure:
        return f"{record.tool:14}{asked if record.tolerance else '':>10}  {record.failure}"
    ratio = "" if base is None else f"{record.best / base:.2f}"
    line = (
        f"{record.tool:14}{asked:>10}{1e3 * record.best:>11.3f}{1e3 * record.median:>11.3f}"
        f"{len(record.times):>6}{ratio:>9}"
    )
    if record.precision is None:
        return line + f"{'–':>10}{'–':>15}"
    line += f"{record.precision.relative_gap:>10.0e}{record.precision.violation:>15.0e}"
    if record.curve_error is not None:
        line += f"   curve off by {record.curve_error:.0e}"
    return line


def _counters(counters: dict[str, float]) -> str:
    calls = ", ".join(f"{key[6:]} {value:g}" for key, value in counters.items() if key.startswith("calls "))
    return (
        f"passes over X {counters['passes']:.1f} ({calls}), kernel solves {counters['solves']:g}, "
        f"Gram columns {counters['gram_columns']:g}, peak memory {counters['peak']:.2f} × X"
    )


def target_table(verdicts: list[Verdict]) -> str:
    """Target against achieved, a line each; what is missed says by how much."""
    lines = ["", f"{'target':58}{'goal':>10}{'stretch':>9}{'achieved':>11}"]
    for verdict in verdicts:
        sign = "≤" if verdict.at_most else "≥"
        stretch = "" if verdict.stretch is None else f"{verdict.stretch:g}"
        said = "" if verdict.met else f"   missed by a factor of {verdict.missed_by:.2f}"
        lines.append(
            f"{verdict.cell + ': ' + verdict.what:58}{sign + f'{verdict.goal:.3g}':>10}{stretch:>9}"
            f"{verdict.achieved:>11.3g}{said}"
        )
    missed = sum(not verdict.met for verdict in verdicts)
    lines.append(f"{len(verdicts) - missed} of {len(verdicts)} targets met, {missed} missed")
    return "\n".join(lines)
