"""Send-out lines: direct current to another province, on a given curve or with a yearly energy.

    send_out/schedule   sent[l,t] + shortfall[l,t] = curve[l,month,hour]*capacity[l]      [MW]
    send_out/energy     sum(sent[l,t], t of the year) + missing[l] >= yearly_energy[l]    [MWh]

With a curve, what is not sent is a shortfall with a price; with a yearly energy, `sent` is free
between the minimum output and the capacity and the missing energy has that price. `sent` is power at
the sending end; the receiving end gets it less the loss.
"""

from __future__ import annotations

import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.plan import Plan, annuity_factor
from qhenergy.algebra.window import Window
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.data.tables import HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text

LINES = Table(
    "send_out",
    "a direct-current line that leaves the system",
    (
        text("line", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        reference("technology", "technologies", "technology"),
        reference("zone", "zones", "zone of the sending converter"),
        text("receiving", "where it goes"),
        number("capacity", "power", "rated power", high=50_000),
        integer("in_service_year", "first full year, if no scenario says otherwise", low=1950, high=2100),
        number("length", "length", "length of the line", high=5000),
        number("loss", "share", "from sending to receiving end", high=0.5),
        number("minimum_output", "share", "least power, of rated", high=1),
        text("schedule", "what decides the power", choices=("curve", "energy")),
        reference("curve", "send_out_curves", "curve, for schedule = curve", default=""),
        number("yearly_energy", "energy", "sent in a year, for schedule = energy", default=0, high=1e9),
        number("shortfall_price", "money per energy", "price of what is not sent", high=1e6),
    ),
)

SCENARIOS = Table(
    "send_out_scenarios",
    "when a line is in service in a scenario",
    (
        text("scenario", "key"),
        reference("line", "send_out", "line"),
        integer("in_service_year", "first full year", low=1950, high=2100),
    ),
    keys=2,
)

CURVES = Table(
    "send_out_curves",
    "the power of a month's day, hour by hour, Beijing time",
    (
        text("curve", "key"),
        integer("month", "month", low=1, high=12),
        *(number(h, "share", "power over rated power in the hour that begins then", high=1) for h in HOURS_OF_DAY),
    ),
    keys=2,
)

TABLES = (LINES, SCENARIOS, CURVES)


def in_service_year(inputs: Inputs, case: Case) -> dict[str, int]:
    """First full year of every line in the scenario of the case.

    Raises:
        InputError: the scenario is not in send_out_scenarios.csv.
    """
    scenario = case.send_out.scenario
    table = inputs["send_out_scenarios"]
    known = list(dict.fromkeys(table.index.get_level_values(0)))
    if scenario and scenario not in known:
        expected = f"one of {listed(known)}" if known else "no scenario: send_out_scenarios.csv has none"
        remedy = nearest(scenario, known) or "Correct the case, or add rows to send_out_scenarios.csv."
        raise InputError([Fault("case, send_out.scenario", f'"{scenario}"', expected, remedy)], "the case")
    years = inputs["send_out"]["in_service_year"].to_dict()
    years |= {line: y for (s, line), y in table["in_service_year"].items() if s == scenario}
    return {str(line): int(y) for line, y in years.items()}


def standing(inputs: Inputs, case: Case, stage: int) -> list[str]:
    """Lines in service in a stage."""
    return [line for line, year in in_service_year(inputs, case).items() if year <= stage]


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Given power of every line with a curve, over rated power."""
    rows = hours.inputs["send_out"]
    faults, made = [], {}
    for line, row in rows.iterrows():
        if row["schedule"] != "curve":
            continue
        curves = hours.inputs["send_out_curves"]
        known = set(curves.index.get_level_values(0))
        if row["curve"] not in known:
            where, expected = f"send_out.csv ({line})", f"a curve of send_out_curves.csv: {listed(known) or 'none'}"
            faults.append(Fault(where, "schedule = curve without a curve", expected, "Fill the column curve."))
            continue
        curve = curves.loc[row["curve"]]
        missing = sorted(set(range(1, 13)) - set(curve.index))
        where = f"send_out_curves.csv ({row['curve']})"
        faults += [Fault(where, f"no month {m}", "12 months", "Add the row.") for m in missing]
        if not missing:
            table = curve.sort_index()[list(HOURS_OF_DAY)].to_numpy(dtype=float)
            made[str(line)] = table[hours.month - 1, hours.hour_of_day]
    if faults:
        raise InputError(faults, str(hours.inputs.folder))
    return {"send_out/curve": pd.DataFrame(made)}


def plan(plan: Plan) -> None:
    """Write what lines cost that came after the base year, and the energy of a year."""
    rows = plan.inputs["send_out"]
    years = in_service_year(plan.inputs, plan.case)
    for stage in plan.case.stages:
        lines = standing(plan.inputs, plan.case, stage)
        for line in lines:
            row = rows.loc[line]
            technology = row["technology"]

            def price(item: str, technology: str = technology, stage: int = stage) -> float:
                return plan.inputs.cost(technology, stage, item)

            annuity = annuity_factor(price("discount_rate"), price("lifetime"))
            # Its first full year after the base year means that it stood at the end of the base year.
            if years[line] > plan.case.base_year + 1:
                plan.cost(f"investment/{technology}", annuity * price("investment") * row["capacity"])
            plan.cost(f"fixed O&M/{technology}", price("fixed_om") * row["capacity"])
    # A line counts in the stages it stands in; its missing energy is a column of the plan.
    by_energy = [
        line
        for line in rows.index
        if rows.at[line, "schedule"] == "energy" and any(years[line] <= y for y in plan.case.stages)
    ]
    if not by_energy:
        return
    missing = plan.columns("send_out/missing", by_energy, "MWh", "energy of the year that is not sent")
    plan.rows(
        "send_out/energy",
        by_energy,
        "MWh",
        "sum(sent[l,t], t of the year) + missing[l] >= yearly_energy[l]",
        lambda line, y: plan.yearly("sent", line, y) + missing[line, y] >= rows.at[line, "yearly_energy"],
    )
    for line in by_energy:
        for stage in plan.case.stages:
            plan.cost("send-out shortfall", rows.at[line, "shortfall_price"] * missing[line, stage])


def operate(window: Window) -> None:
    """Write what is sent and what of the curve is missed."""
    rows = window.inputs["send_out"]
    lines = standing(window.inputs, window.case, window.stage)
    if not lines:
        return
    curve = window.series("send_out/curve")
    by_curve = [line for line in lines if rows.at[line, "schedule"] == "curve"]
    by_energy = [line for line in lines if line not in by_curve]
    sent = window.columns(
        "send_out/sent",
        lines,
        "MW",
        "power at the sending end",
        lower=lambda line, t: rows.at[line, "minimum_output"] * rows.at[line, "capacity"] if line in by_energy else 0.0,
        upper=lambda line, t: float(rows.at[line, "capacity"]),
    )
    shortfall = window.columns("send_out/shortfall", by_curve, "MW", "what the curve asks and is not sent")
    window.rows(
        "send_out/schedule",
        by_curve,
        "MW",
        "sent[l,t] + shortfall[l,t] = curve[l,month,hour]*capacity[l]",
        lambda line, t: sent[line, t] + shortfall[line, t] == curve[line][t] * rows.at[line, "capacity"],
    )
    for line in lines:
        rated = float(rows.at[line, "capacity"])
        least = [rows.at[line, "minimum_output"]] * len(window.hours)
        window.asked[line] = [rated * share for share in (curve[line] if line in by_curve else least)]
        window.join(rows.at[line, "zone"], "send_out/sent", sent, line, -1.0, "send_out", rows.at[line, "technology"])
    for line in by_curve:
        price = rows.at[line, "shortfall_price"]
        window.cost("send-out shortfall", price * sum(shortfall[line, t] for t in window.hours))
    for line in by_energy:
        window.meter("sent", line, "MWh", sum(sent[line, t] for t in window.hours))
