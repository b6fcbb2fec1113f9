"""Thermal plants: clusters of units that start, run above a minimum and burn fuel.

    thermal/online_limit  online[a,t] <= factor[a,t] * capacity[a], factor = availability              [MW]
    thermal/commitment    online[a,t] = online[a,t-1] + started[a,t] - stopped[a,t]                    [MW]
    thermal/maximum       output[a,t] <= online[a,t]                                                   [MW]
    thermal/minimum       output[a,t] >= minimum_output[a]*online[a,t]                                 [MW]
    thermal/minimum_up    sum(started[a,s], t-up[a] < s <= t) <= online[a,t]                           [MW]
    thermal/minimum_down
        sum(stopped[a,s], t-down[a] < s <= t) <= availability[a]*capacity[a] - online[a,t]             [MW]
    thermal/ramp_up       output[a,t] - output[a,t-1] <= h*ramp[a]*online[a,t-1] + top[a]*started[a,t] [MW]
    thermal/ramp_down     output[a,t-1] - output[a,t] <= h*ramp[a]*online[a,t] + top[a]*stopped[a,t]   [MW]
    thermal/whole_units   online[a,t] = availability[a]*size[a]*units[a,t]                             [MW]

    h is the length of a step [h]; up and down are counted in steps, a part of one as a whole
    top = max(minimum_output, h*ramp): what a starting or stopping unit may jump.

A retrofit (R09) is an asset of its own with the performance of the unit after it, which replaces another asset:
what stands of it must have been retired there, and what is retired there may stand as any of its replacements.

    thermal/replacement    sum(added[b,y], b replaces a) <= retired[a,y]                               [MW]
    thermal/replaced_only  sum(added[b,y], b replaces a) = retired[a,y]                                [MW]

The second is for what may not go unless something takes its place, as a plant that heats a city. Capacity of a
replacement is counted at the rating of the unit it was made from: where its own consumption grows, as by the
capture of CO2, its availability is lower. `capture` is the share of the CO2 that does not reach the air; transport
and storage of it are part of the variable O&M of its technology.

What is captured, capture*emission of the fuel, flows into the `captured_co2` of the zone [t], of which a fuel plant may
take; what is burnt flows out of the balance of its fuel, output / efficiency [MWh], which `fuel_supply` settles.

Commitment of a cluster follows Palmintier and Webster (2016), doi:10.1109/TPWRS.2015.2480391: `online`
is the capacity that runs. With `commitment = "linear"` it is any amount, with `"whole"` whole units. These have the
unit_size of their plant, or, where its capacity is given, are as many equal ones as that takes: 470 MW of units of
50 MW are ten of 47.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qhenergy.algebra.joins import Feed
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import DOWN, UP
from qhenergy.algebra.units import number_of, recent
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.ground.units import GJ_PER_MWH

ASSETS = Table(
    "thermal",
    "thermal units of one class in one zone",
    (
        *ASSET,
        reference("fuel", "fuels", "fuel"),
        number("efficiency", "share", "net, per lower heating value", low=0.1, high=1),
        number("minimum_output", "share", "least output of a running unit", high=1),
        number("ramp", "share per hour", "most the output of running units changes an hour", low=0.01),
        number("unit_size", "power", "capacity of one unit; a given plant has equal ones", low=0.1, high=5000),
        number("start_cost", "money per power", "cost of a start", high=1e5),
        number("minimum_up", "time", "hours a unit stays on", high=168),
        number("minimum_down", "time", "hours a unit stays off", high=168),
        number("availability", "share", "of capacity, after outages and maintenance", high=1),
        number("capture", "share", "of the CO2, captured and stored", default=0, high=1),
        reference(
            "replaces", "thermal", "plant a retrofit is made from: what stands of it is retired there", default=""
        ),
        text("replaced_only", "whether it is retired only as far as replaced", default="no", choices=("yes", "no")),
    ),
)

TABLES = (ASSETS,)


def register(plan: Plan) -> None:
    """Register the plants.

    Raises:
        InputError: a replacement that can stand, of a plant that cannot be retired, of itself, in another zone.
    """
    rows = plan.inputs["thermal"]
    plan.assets.add_table("thermal", rows)
    faults = [fault for b in rows.index if _stands(plan, b) for fault in _misplaced(plan, b, rows.at[b, "replaces"])]
    if faults:
        raise InputError(faults, "thermal.csv")


def _stands(plan: Plan, replacement: str) -> bool:
    """Whether any of a replacement can be added in a stage of the case."""
    asset = plan.assets[replacement]
    return any(_committed(plan, replacement, y) or asset.room[y] > 0 for y in plan.case.stages)


def _committed(plan: Plan, asset: str, stage: int) -> float:
    """Capacity decided since the base year [MW]."""
    return plan.assets[asset].committed(stage)


def _misplaced(plan: Plan, b: str, a: str) -> Iterator[Fault]:
    """What is wrong with b in the place of a."""
    if not a:
        return
    where, found = f"thermal.csv ({b})", f'replaces "{a}"'
    old, new = plan.assets[a], plan.assets[b]
    if a == b or plan.inputs["thermal"].at[a, "replaces"]:
        remedy = "Name the plant the retrofit is made from."
        yield Fault(where, f"{found}, a replacement", "a plant that stood in the base year", remedy)
    elif not old.retirable or old.existing == 0:
        why = "cannot be retired" if old.existing else "has no existing capacity"
        remedy = f'Set retirable of "{a}" to yes; replaced_only keeps it from going for nothing.'
        yield Fault(where, f"{found}, which {why}", "a plant that may be retired", remedy)
    if old.zone != new.zone:
        remedy = "Correct the zone."
        yield Fault(where, f'{found} of zone "{old.zone}", in zone "{new.zone}"', "both in one zone", remedy)


def plan(plan: Plan) -> None:
    """Retire what is replaced."""
    rows = plan.inputs["thermal"]
    old = [str(a) for a in rows.index if plan.assets[str(a)].retirable]
    by_old = {a: [str(b) for b in rows.index if rows.at[b, "replaces"] == a] for a in old}
    bound = [a for a in old if rows.at[a, "replaced_only"] == "yes"]

    def added(a: str, y: int) -> Any:
        return sum(_committed(plan, b, y) + plan.added(b, y) for b in by_old[a])

    plan.rows(
        "thermal/replacement",
        [a for a in old if by_old[a] and a not in bound],
        "MW",
        "sum(added[b,y], b replaces a) <= retired[a,y]",
        lambda a, y: added(a, y) - plan.retired(a, y) <= 0,
    )
    plan.rows(
        "thermal/replaced_only",
        bound,
        "MW",
        "sum(added[b,y], b replaces a) = retired[a,y]",
        lambda a, y: added(a, y) - plan.retired(a, y) == 0,
    )


def operate(window: Window) -> None:
    """Write commitment, output, fuel and emissions."""
    rows = window.inputs["thermal"]
    plants = window.in_service("thermal")
    if not plants:
        return
    availability = rows["availability"].to_dict()
    online = window.limited("thermal/online", plants, "MW", "capacity that is running", lambda a, t: availability[a])
    output = window.columns("thermal/output", plants, "MW", "output to the grid")
    started = window.columns("thermal/started", plants, "MW", "capacity that starts in the hour")
    stopped = window.columns("thermal/stopped", plants, "MW", "capacity that stops in the hour")

    def before(family: str, variable: Any, a: str, t: int) -> Any:
        return window.at(f"thermal/{family}", variable, a, t - 1)

    def commitment(a: str, t: int) -> Any:
        return online[a, t] - before("online", online, a, t) - started[a, t] + stopped[a, t] == 0

    window.rows(
        "thermal/commitment",
        plants,
        "MW",
        "online[a,t] = online[a,t-1] + started[a,t] - stopped[a,t]",
        commitment,
    )
    window.rows(
        "thermal/maximum",
        plants,
        "MW",
        "output[a,t] <= online[a,t]",
        lambda a, t: output[a, t] - online[a, t] <= 0,
    )
    least = rows["minimum_output"].to_dict()
    window.rows(
        "thermal/minimum",
        [a for a in plants if least[a] > 0],
        "MW",
        "output[a,t] >= minimum_output[a]*online[a,t]",
        lambda a, t: output[a, t] - least[a] * online[a, t] >= 0,
    )
    _write_times(window, plants, online, started, stopped)
    _write_ramps(window, plants, online, output, started, stopped)
    if window.case.commitment == "whole":
        size = {a: _size(window, a) for a in plants}
        units = window.columns("thermal/units", plants, "-", "units that are running", whole=True)
        window.rows(
            "thermal/whole_units",
            plants,
            "MW",
            "online[a,t] = availability[a]*size[a]*units[a,t]",
            lambda a, t: online[a, t] - availability[a] * size[a] * units[a, t] == 0,
        )
    for a in plants:
        window.turn(a, lambda t, a=a: online[a, t])
        window.stand_by(a, UP, ("thermal/online", a, 1.0), ("thermal/output", a, -1.0))
        window.stand_by(a, DOWN, ("thermal/output", a, 1.0), ("thermal/online", a, -least[a]))
    _write_costs(window, plants, output, started)


def _size(window: Window, a: str) -> float:
    """Capacity of a unit of a plant [MW]."""
    size, capacity = float(window.inputs["thermal"].at[a, "unit_size"]), window.capacity(a)
    if not isinstance(capacity, (int, float)) or capacity == 0:
        return size
    return capacity / max(number_of(window, a, size), 1)


def _write_times(window: Window, plants: list[str], online: Any, started: Any, stopped: Any) -> None:
    rows = window.inputs["thermal"]
    # A slow unit must not start and stop within a step to get round its ramp: a step is the least time.
    slow = _slow(window, plants)
    window.rows(
        "thermal/minimum_up",
        [a for a in plants if rows.at[a, "minimum_up"] > window.step or a in slow],
        "MW",
        "sum(started[a,s], t-up[a] < s <= t) <= online[a,t]",
        lambda a, t: recent(window, "thermal/started", started, a, t, rows.at[a, "minimum_up"]) - online[a, t] <= 0,
    )
    window.rows(
        "thermal/minimum_down",
        [a for a in plants if rows.at[a, "minimum_down"] > window.step or a in slow],
        "MW",
        "sum(stopped[a,s], t-down[a] < s <= t) <= availability[a]*capacity[a] - online[a,t]",
        lambda a, t: (
            recent(window, "thermal/stopped", stopped, a, t, rows.at[a, "minimum_down"])
            + online[a, t]
            - rows.at[a, "availability"] * window.capacity(a)
            <= 0
        ),
    )


def _slow(window: Window, plants: list[str]) -> list[str]:
    """Plants whose units cannot cross their whole range in a step; others have no ramp to speak of."""
    rows = window.inputs["thermal"]
    return [a for a in plants if window.step * rows.at[a, "ramp"] < 1.0 - rows.at[a, "minimum_output"]]


def _write_ramps(window: Window, plants: list[str], online: Any, output: Any, started: Any, stopped: Any) -> None:
    rows = window.inputs["thermal"]
    slow = _slow(window, plants)
    ramp = (window.step * rows["ramp"]).to_dict()
    top = {a: max(ramp[a], rows.at[a, "minimum_output"]) for a in slow}

    def up(a: str, t: int) -> Any:
        was, ran = window.at("thermal/output", output, a, t - 1), window.at("thermal/online", online, a, t - 1)
        return output[a, t] - was - ramp[a] * ran - top[a] * started[a, t] <= 0

    def down(a: str, t: int) -> Any:
        was = window.at("thermal/output", output, a, t - 1)
        return was - output[a, t] - ramp[a] * online[a, t] - top[a] * stopped[a, t] <= 0

    window.rows(
        "thermal/ramp_up",
        slow,
        "MW",
        "output[a,t] - output[a,t-1] <= h*ramp[a]*online[a,t-1] + top[a]*started[a,t]",
        up,
    )
    window.rows(
        "thermal/ramp_down",
        slow,
        "MW",
        "output[a,t-1] - output[a,t] <= h*ramp[a]*online[a,t] + top[a]*stopped[a,t]",
        down,
    )


def _write_costs(window: Window, plants: list[str], output: Any, started: Any) -> None:
    rows = window.inputs["thermal"]
    for a in plants:
        asset = window.assets[a]
        heat = GJ_PER_MWH / rows.at[a, "efficiency"]
        fuel = rows.at[a, "fuel"]
        price = window.inputs.fuel(fuel, window.stage, "price")
        emission = (1.0 - rows.at[a, "capture"]) * window.inputs.fuel(fuel, window.stage, "emission")
        variable_om = window.inputs.cost(asset.technology, window.stage, "variable_om")
        energy = sum(output[a, t] for t in window.hours)
        window.join(asset.zone, "thermal/output", output, a, 1.0, "generation", asset.technology)
        window.cost(f"fuel/{asset.technology}", heat * price * energy)
        window.cost(f"variable O&M/{asset.technology}", variable_om * energy)
        starting = rows.at[a, "start_cost"] * sum(started[a, t] for t in window.hours)
        window.cost_of_events(f"starts/{asset.technology}", starting)
        if emission:
            factor = heat * emission
            window.account("co2", factor * energy, lambda t, a=a, factor=factor: factor * output[a, t])
        held = heat * float(rows.at[a, "capture"]) * window.inputs.fuel(fuel, window.stage, "emission")
        if held:
            window.pour(Feed("captured_co2", asset.zone, "thermal/output", a, held, "capture", asset.technology))
        per = 1.0 / float(rows.at[a, "efficiency"])
        window.feed("fuel", str(fuel), lambda t, a=a, per=per: -per * output[a, t])
