"""Send-out lines: direct current to another province, on a given curve or with a yearly energy.

    send_out/schedule   sent[l,t] + shortfall[l,t] = curve[l,month,hour]*capacity[l]      [MW]
    send_out/energy     sum(sent[l,t], t of the year) + missing[l] >= yearly_energy[l]    [MWh]

With a curve, what is not sent is a shortfall with a price; with a yearly energy, `sent` is free
between the minimum output and the capacity and the missing energy has that price. `sent` is power at
the sending end; the receiving end gets it less the loss.

A line may need another one (R29): in_service_year[l] >= in_service_year[prerequisite[l]] + lag[l]. Both years are
data of the scenario, so that this is checked, in every scenario and whatever the stage, and is no row.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import WayOut
from qhenergy.algebra.plan import Plan, yearly_payment
from qhenergy.algebra.window import Window
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.data.lines import in_service_year, standing
from qhenergy.data.tables import HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError, listed
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
        reference("prerequisite", "send_out", "line that must be in service before", default=""),
        integer("lag", "years it must be in service before, at least", default=1, low=1, high=100),
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

PEAKS = Table(
    "receiving_peaks",
    "hours of the day, Beijing time, in which the receiving province needs a line most",
    (
        reference("line", "send_out", "line"),
        integer("month", "month", low=1, high=12),
        integer("first_hour", "hour of the day in which the peak begins", low=0, high=23),
        integer("last_hour", "last hour of the day of the peak", low=0, high=23),
    ),
    keys=2,
)

TABLES = (LINES, SCENARIOS, CURVES, PEAKS)


def _out_of_order(inputs: Inputs, case: Case) -> Iterator[Fault]:
    """Lines that the scenario of the case puts in service before, or too soon after, the line they need."""
    rows, years = inputs["send_out"], in_service_year(inputs, case)
    for line, row in rows.iterrows():
        first = str(row["prerequisite"])
        if first and years[str(line)] < years[first] + row["lag"]:
            earliest = f"{years[first] + row['lag']:g}"
            scenario = f' in scenario "{case.send_out.scenario}"' if case.send_out.scenario else ""
            found = f"in service in {years[str(line)]}{scenario}"
            expected = f"{earliest} or later: {row['lag']:g} years after {first}, which comes in {years[first]}"
            remedy = "Correct send_out_scenarios.csv, or the years, prerequisite or lag of send_out.csv."
            yield Fault(f"send_out.csv ({line})", found, expected, remedy)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Given power of every line with a curve, over rated power.

    Raises:
        InputError: a line with schedule = curve has none of 12 months, or comes before the line it needs.
    """
    rows = hours.inputs["send_out"]
    faults, made = list(_out_of_order(hours.inputs, hours.case)), {}
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
    """Write what lines cost that came after the base year, say what they carry, and the energy of a year."""
    rows = plan.inputs["send_out"]
    years = in_service_year(plan.inputs, plan.case)
    for stage in plan.case.stages:
        lines = standing(plan.inputs, plan.case, stage)
        for line in lines:
            row = rows.loc[line]
            technology = row["technology"]
            plan.ways_out.append(WayOut(str(row["zone"]), line, stage, float(row["capacity"])))
            # Its first full year after the base year means that it stood at the end of the base year.
            if years[line] > plan.case.base_year + 1:
                # At the prices of the first stage it stands in, from which on it is paid for.
                since = next(y for y in plan.case.stages if years[line] <= y)
                payment = yearly_payment(plan.inputs, technology, since) * row["capacity"]
                plan.cost(f"investment/{technology}", payment, stage)
            fixed_om = plan.inputs.cost(technology, stage, "fixed_om")
            plan.cost(f"fixed O&M/{technology}", fixed_om * row["capacity"], stage)
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
        lambda line, y: (
            plan.yearly("sent", line, y) + missing[line, y] >= rows.at[line, "yearly_energy"]
            if years[line] <= y
            else SKIP
        ),
    )
    for line in by_energy:
        for stage in (y for y in plan.case.stages if years[line] <= y):
            plan.cost("send-out shortfall", rows.at[line, "shortfall_price"] * missing[line, stage], stage)


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
