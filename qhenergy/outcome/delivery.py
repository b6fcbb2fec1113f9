"""What a send-out line delivers of what it is asked, what it misses and why, and what a MWh of it costs.

The causes of what is missed are those of `binding_limits`, found by the walk of `dual_walk` from the other side: the
next MWh of the line would be worth the price of its shortfall. If limits on the line itself (a clause, a reserve for
the loss of a pole) stand between that and the price of its zone, they are the causes. Otherwise the zone is short, and
with it every zone, store, reservoir and hour that could give a MWh free of any limit: around them stand what could give
more if it were relieved: sun and wind at their potential, a full corridor, an empty store, plants at full output,
reservoirs whose water is given out. Each weighs what one unit of it earns; the MWh missed is shared in proportion, and
the parts sum to the whole. Where a plant or a tie has room and is only dearer than the shortfall, nothing binds, and
the cause is the price alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.standby import UP, Call
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.outcome.curtailment_causes import curtailed, positions
from qhenergy.outcome.dual_walk import Walk
from qhenergy.outcome.measures import total_capacity
from qhenergy.outcome.result import Result
from qhenergy.outcome.standby import standby_of

Array = NDArray[np.float64]
#: A shortfall below this is what a solver leaves [MW].
LEAST_MW = 1e-2
#: Shares of the hours that firm power is told for [-].
FIRM = (0.95, 0.99, 1.0)
CAUSES = ("stage", "hour", "cause", "limit", "energy [MWh]")


def hours_of_line(result: Result, line: str, stage: int) -> pd.DataFrame:
    """What a line is asked and sends in every hour.

    Args:
        result: with hours that are a chained year or a part of it.
        line: key of send_out.csv, with `schedule = "curve"`.
        stage: year.

    Returns:
        Rows of `Result.hours` of the stage: its columns, and asked, sent, missed [MW] at the sending end, received
        [MW], cost [CNY/MWh], the marginal cost of the delivered MWh (the dual of its schedule), and price [CNY/MWh] of
        the zone it begins in.

    Raises:
        InputError: no such line, or one without a curve in the stage.
    """
    rows = result.inputs["send_out"]
    known = list(result.column("send_out/sent").columns) if result.has("send_out/sent") else []
    if line not in known or rows.at[line, "schedule"] != "curve":
        expected = f"a line in service in {stage} that is on a curve: {listed(known) or 'there is none'}"
        raise InputError([Fault("line", f'"{line}"', expected, nearest(line, known))], "the schedule")
    part, row = result.of_stage(stage), rows.loc[line]
    made = result.hours.iloc[part].copy()
    made["asked"] = result.series["send_out/curve"][line].to_numpy()[part] * float(row["capacity"])
    made["sent"] = result.column("send_out/sent")[line].to_numpy()[part]
    missed = made["asked"] - made["sent"]
    made["missed"] = missed.where(missed > LEAST_MW, 0.0)
    made["received"] = made["sent"] * (1.0 - float(row["loss"]))
    made["cost"] = result.row_dual("send_out/schedule")[line].to_numpy()[part] / made["weight"]
    made["price"] = result.row_dual("balance/energy")[str(row["zone"])].to_numpy()[part] / made["weight"]
    return made


def missed_causes(result: Result, line: str, stage: int) -> pd.DataFrame:
    """Every MWh that a line misses, with its cause.

    Returns:
        Columns `CAUSES`; `hour` is the row of `Result.hours`, `limit` the key of what binds, and energy that of one
        hour, not weighted. The parts of an hour sum to what is missed in it.
    """
    table = hours_of_line(result, line, stage)
    short = table[table["missed"] > 0]
    if short.empty:
        return pd.DataFrame(columns=list(CAUSES))
    walk, columns = Walk(result, missing=True), positions(result, "send_out/sent", line)
    rows = [
        (stage, int(hour), limit.cause, limit.name, share * missed)
        for hour, missed in short["missed"].items()
        for limit, share in walk.shares(columns[int(hour)]).items()
    ]
    made = pd.DataFrame(rows, columns=list(CAUSES))
    return made.groupby(list(CAUSES[:-1]), sort=False, as_index=False)["energy [MWh]"].sum()


def months(hours: pd.DataFrame) -> pd.DataFrame:
    """Asked, sent, missed [MWh/yr], hours with a miss [h/yr] and the largest miss [MW] of every month."""
    weight = hours["weight"].to_numpy()
    table = hours[["asked", "sent", "missed"]].mul(weight, axis=0)
    table["hours"] = weight * (hours["missed"].to_numpy() > 0)
    made = table.groupby(hours["month"]).sum()
    made["largest"] = hours.groupby("month")["missed"].max()
    return made


def utilisation(result: Result, line: str, hours: pd.DataFrame) -> float:
    """Hours at rated power that what is sent makes [h/yr]."""
    return float(hours["weight"] @ hours["sent"]) / float(result.inputs["send_out"].at[line, "capacity"])


def mean_cost(hours: pd.DataFrame) -> float:
    """Marginal cost of the delivered MWh on the mean of what is sent [CNY/MWh]; NaN if nothing is."""
    energy = float(hours["weight"] @ hours["sent"])
    return float((hours["weight"] * hours["sent"]) @ hours["cost"]) / energy if energy > 0 else float("nan")


def at_peak(result: Result, line: str, hours: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each hour is one of the receiving province's peak, by receiving_peaks.csv; none without rows."""
    table = result.inputs["receiving_peaks"]
    found = np.zeros(len(hours), dtype=bool)
    for (of_line, month), row in table.iterrows():
        if of_line == line:
            first, last = int(row["first_hour"]), int(row["last_hour"])
            day = hours["hour_of_day"].to_numpy()
            inside = (day >= first) & (day <= last) if first <= last else (day >= first) | (day <= last)
            found |= inside & (hours["month"].to_numpy() == int(month))
    return found


def firm_power(hours: pd.DataFrame, where: NDArray[np.bool_], shares: Sequence[float] = FIRM) -> dict[float, float]:
    """Power that reaches the receiving end in at least a share of some hours [MW]; nothing without hours."""
    received = np.sort(hours["received"].to_numpy()[where])[::-1]
    if not len(received):
        return {}
    # The least of the best hours that make up the share.
    return {s: float(received[max(int(np.ceil(s * len(received) - 1e-9)), 1) - 1]) for s in shares}


def margin(result: Result, stage: int) -> Array:
    """What the whole system could still raise, stores for an hour at least, in every hour [MW].

    Thermal units count whether they are on line or not, up to their availability.
    """
    rows, hours, installed = result.inputs["thermal"], result.of_stage(stage), total_capacity(result, stage)
    plants = [a for a in rows.index if installed.get(str(a), 0.0) > 0]
    others = frozenset(s.technology for s in result.standbys[stage] if s.asset not in rows.index)
    made = standby_of(result, stage, Call(UP, others, 1.0))
    for plant in plants:
        most = float(rows.at[plant, "availability"]) * installed[str(plant)]
        made = made + np.maximum(most - result.column("thermal/output")[plant].to_numpy()[hours], 0.0)
    return made


def worst_days(result: Result, line: str, stage: int, count: int = 10) -> pd.DataFrame:
    """The days on which the line does worst: by energy missed, then by the least margin of the system.

    Returns:
        One row a day: day (of the year, from 0), missed [MWh], largest miss [MW], margin [MW], first and last row of
        `Result.hours`.
    """
    hours = hours_of_line(result, line, stage)
    table = pd.DataFrame(
        {
            "day": hours["hour_of_year"] // 24,
            "missed": hours["missed"],
            "largest": hours["missed"],
            "margin": margin(result, stage),
            "first": hours.index,
            "last": hours.index,
        }
    )
    how = {"missed": "sum", "largest": "max", "margin": "min", "first": "min", "last": "max"}
    days = table.groupby("day", as_index=False).agg(how)
    # A crumb of the solver must not decide between two days without a miss.
    order = np.lexsort((days["day"], days["margin"].round(3), -days["missed"].round(3)))
    return days.iloc[order[:count]].reset_index(drop=True)


def curtailment_difference(with_line: Result, without: Result, stage: int) -> pd.DataFrame:
    """Curtailment of two results of one fleet by technology: columns with, without, difference [MWh/yr]."""
    made = {}
    for name, result in (("with", with_line), ("without", without)):
        power = curtailed(result, stage)
        energy = pd.Series(result.weights(stage) @ power.to_numpy(), index=power.columns)
        made[name] = energy.groupby("technology", sort=False).sum()
    table = pd.DataFrame(made).fillna(0.0)
    table["difference"] = table["with"] - table["without"]
    return table
