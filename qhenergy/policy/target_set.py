"""Target sets: which clauses bind together, and how strictly. A case picks one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import ModuleType

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import Clause

TABLE = Table(
    "target_sets",
    "a clause of a target set",
    (
        text("target_set", "key of the set"),
        text("clause", "key of a row of a clause table"),
        text("strictness", "how strictly it binds", choices=("hard", "priced", "watched")),
        integer("until", "last year in force; every year after its first if blank", default=None, low=1950, high=2100),
        number("penalty", "share", "price of a unit missed, for a priced clause [CNY per MW, MWh or t]", default=0),
    ),
    keys=2,
)


def chosen(inputs: Inputs, case: Case, modules: Sequence[ModuleType]) -> list[Clause]:
    """Clauses of a case, with the strictness of its target set or of the case itself.

    Raises:
        InputError: an unknown set, an unknown clause, or a clause named in two tables.
    """
    rows, faults = {}, []
    for module in modules:
        for name, row in inputs[module.TABLE.name].iterrows():
            if name in rows:
                where = f"{module.TABLE.name}.csv"
                faults.append(Fault(where, f'clause "{name}"', "a key no other clause has", "Rename one of the two."))
            rows[str(name)] = (module.KIND, row)
    sets = inputs["target_sets"]
    known = list(dict.fromkeys(sets.index.get_level_values(0)))
    if case.targets.set and case.targets.set not in known:
        expected = f"one of {listed(known)}" if known else "no set: target_sets.csv has none"
        remedy = nearest(case.targets.set, known) or "Correct the case, or add rows to target_sets.csv."
        faults.append(Fault("case, targets.set", f'"{case.targets.set}"', expected, remedy))
    strictness: dict[str, tuple[str, float, float]] = {
        c: (str(r["strictness"]), float(r["penalty"]), float(r["until"]))
        for (s, c), r in sets.iterrows()
        if s == case.targets.set
    }
    for name, word in case.targets.clauses.items():
        strictness[name] = (word, *strictness.get(name, ("", 0.0, math.nan))[1:])
    for name, (word, penalty, _) in strictness.items():
        if name not in rows:
            expected = f"one of {listed(rows, 30)}" if rows else "no clause: no table of clauses has a row"
            remedy = nearest(name, rows) or "Correct the name, or add a row to a table of clauses."
            faults.append(Fault("target set", f'clause "{name}"', expected, remedy))
        elif word == "priced" and penalty <= 0:
            where, remedy = f"target_sets.csv ({name})", "Fill the column penalty."
            faults.append(Fault(where, "priced without a penalty", "a penalty above zero", remedy))
    if faults:
        raise InputError(faults, "the target set")
    return [
        Clause(name, rows[name][0], word, penalty, rows[name][1], None if math.isnan(until) else int(until))
        for name, (word, penalty, until) in strictness.items()
        if word != "off"
    ]
