"""What `qhenergy check` shows: the case as it would be run."""

from __future__ import annotations

from collections import Counter

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from qhenergy.ground.faults import listed
from qhenergy.model.assemble import System
from qhenergy.model.size import Size
from qhenergy.solving.profile import Profile
from qhenergy.technologies.hydro_rules import months_unseen


def show(system: System, size: Size, profile: Profile, console: Console) -> None:
    """Print data, hours, clauses, solver and expected size of a case made ready."""
    case, chronology = system.case, system.chronology
    console.print(Text(case.title, "bold"))
    _show_data(system, console)
    steps = sum(len(s) for s in chronology.spans)
    short = case.time.steps_per_hour > 1
    counted = f"steps      {steps:,} of {case.time.step_minutes} minutes" if short else f"hours      {steps:,}"
    kind = "in a chain" if chronology.chained else f"standing for {len(chronology.sequence)} real periods"
    console.print(
        f"\n{counted} in {len(chronology.spans)} windows {kind}; "
        f"weights times hours = {sum(s.weight * len(s) for s in chronology.spans):,.0f}",
        highlight=False,
    )
    months = system.month[np.concatenate([s.hours for s in chronology.spans])].tolist()
    unseen = months_unseen(system.inputs, months)
    if unseen:
        which = sorted({m for of_station in unseen.values() for m in of_station})
        console.print(
            f"           no hour of month {listed([str(m) for m in which], 12)}: what the rules of "
            f"{listed(unseen)} say of it binds nothing",
            highlight=False,
        )
    _show_clauses(system, console)
    if case.variants:
        console.print(f"\nvariants   {listed(case.variants, 40)}", highlight=False, markup=False)
    console.print(f"\nsolver     {profile.title}", highlight=False)
    console.print(
        f"expecting  {size.columns:,} columns, {size.rows:,} rows, {size.nonzeros:,} nonzeros, "
        f"{size.memory_mb:,.0f} MB",
        highlight=False,
    )


def _show_data(system: System, console: Console) -> None:
    inputs = system.inputs
    table = Table("table", "rows", "high", "medium", "low", title=None, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    total: Counter[str] = Counter()
    for name, frame in inputs.frames.items():
        if frame.empty:
            continue
        counts = Counter(frame["confidence"]) if "confidence" in frame.columns else Counter()
        total += counts
        table.add_row(name, f"{len(frame):,}", *(str(counts[w] or "") for w in ("high", "medium", "low")))
    console.print(f"data       {inputs.folder.name}, all tables in order\n")
    console.print(table)
    console.print(
        f"confidence: {total['high']} rows high, {total['medium']} medium, {total['low']} low", highlight=False
    )


def _show_clauses(system: System, console: Console) -> None:
    console.print(f"clauses    target set {system.case.targets.set or '(none)'}", highlight=False)
    for clause in system.clauses:
        console.print(f"           {clause.strictness:<8} {clause.name} ({clause.kind})", highlight=False)
