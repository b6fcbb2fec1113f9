"""Random small systems that always have an answer, drawn by hypothesis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from small_system import FLOW_HOUR, Small, Solved

from qhenergy.ground.units import HM3_PER_FLOW_HOUR

HOURS = 6


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers with two decimals."""
    return st.integers(round(low * 100), round(high * 100)).map(lambda n: n / 100)


def shapes(length: int = HOURS) -> st.SearchStrategy[list[float]]:
    """Hourly shares."""
    return st.lists(numbers(0, 1), min_size=length, max_size=length)


@st.composite
def mixed_systems(draw: st.DrawFn) -> dict[str, object]:
    """What `mixed` builds from: two zones with every kind of source, store and line."""
    return {
        "demand": [draw(st.lists(numbers(20, 100), min_size=HOURS, max_size=HOURS)) for _ in range(2)],
        "wind": draw(shapes()),
        "sun": draw(shapes()),
        "field": draw(shapes()),
        "inflow": [draw(st.lists(numbers(0, 20), min_size=HOURS, max_size=HOURS)) for _ in range(2)],
        "minimum": draw(numbers(0, 0.6)),
        "loss": draw(numbers(0, 0.2)),
        "efficiency": draw(numbers(0.7, 1)),
        "duration": draw(numbers(0.5, 4)),
        "travel": draw(numbers(0, 4)),
        "curve": draw(st.lists(numbers(0, 1), min_size=HOURS, max_size=HOURS)),
        "window": draw(st.sampled_from([1, 2, 3, 6])),
    }


def mixed(folder: Path, drawn: dict[str, object], window: int | None = None) -> Small:
    """A system of two zones with every technology."""
    small = Small(folder, HOURS, case={"time": {"window_hours": window or drawn["window"]}})
    first, second = drawn["demand"]
    small.zone("a", first).zone("b", second, 5000)
    small.add("wind", zone="a", existing=40, room=100, series=drawn["wind"]).cost("wind", investment=2e6)
    small.add("solar", zone="b", existing=50, series=drawn["sun"])
    small.add("csp", zone="a", existing=10, solar_multiple=2, store=3, heat_loss=0.01, series=drawn["field"])
    small.add("thermal", zone="a", existing=60, minimum_output=drawn["minimum"], start_cost=40, retirable="yes")
    small.cost("coal", fixed_om=50_000, variable_om=7)
    small.add("small_hydro", zone="b", existing=5)
    for month in range(1, 13):
        small.add("small_hydro_energy", asset="brooks", month=month, capacity_factor=0.4)
    eta = drawn["efficiency"]
    small.add(
        "batteries", zone="a", existing=8, duration=drawn["duration"], charge_efficiency=eta, discharge_efficiency=eta
    )
    small.add("pumped_storage", zone="b", room=20, charge_efficiency=eta, discharge_efficiency=eta)
    small.cost("pumped", investment=1e6)
    small.station("upper", zone="a", order=1, downstream="lower", travel_time=drawn["travel"], existing=15)
    small.rows["hydro_stations"][0]["live_storage"] = 10 * FLOW_HOUR
    small.station("lower", zone="b", order=2, existing=12, head=80, efficiency=0.9)
    small.add("corridors", existing=20, room=30, loss=drawn["loss"], length=150).cost("line", investment=1e5)
    small.add("ac_ties", zone="b", import_limit=5, import_price=300, export_limit=4, export_price=120, emission=0.3)
    small.curve("steps", drawn["curve"])
    small.add("send_out", zone="b", capacity=30, schedule="curve", curve="steps")
    return small


@st.composite
def rivers(draw: st.DrawFn) -> dict[str, object]:
    """What `cascade` builds from: up to five stations in a tree, with delays and reservoirs."""
    count = draw(st.integers(2, 5))
    return {
        "downstream": [draw(st.integers(0, i - 1)) if i else None for i in range(count)],
        "travel": [draw(numbers(0, 8)) for _ in range(count)],
        "storage": [draw(st.sampled_from([0, 5, 20])) for _ in range(count)],
        "inflow": [draw(st.lists(numbers(0, 20), min_size=HOURS, max_size=HOURS)) for _ in range(count)],
        "capacity": [draw(numbers(1, 30)) for _ in range(count)],
        "demand": draw(st.lists(numbers(10, 90), min_size=HOURS, max_size=HOURS)),
        "window": draw(st.sampled_from([1, 2, 3, 4])),
    }


def cascade(folder: Path, drawn: dict[str, object], window: int) -> Small:
    """The river alone against one zone; station 0 is the outlet."""
    small = Small(folder, HOURS, case={"time": {"window_hours": window}}).zone("z", drawn["demand"])
    for i, below in enumerate(drawn["downstream"]):
        small.station(
            f"s{i}",
            order=100 - i,
            downstream="" if below is None else f"s{below}",
            travel_time=drawn["travel"][i],
            live_storage=drawn["storage"][i] * FLOW_HOUR,
            existing=drawn["capacity"][i],
        )
    return small


def balances(solved: Solved) -> dict[str, np.ndarray]:
    """What every zone gains less its demand in every hour, recomputed from the joins [MWh]."""
    system = solved.assembled.system
    (stage,) = system.case.stages
    demand = solved.assembled.series[f"demand/{stage}"]
    left = {zone: -demand[zone].to_numpy(dtype=float) for zone in demand.columns}
    for join in solved.assembled.joins[stage]:
        left[join.zone] = left[join.zone] + join.coefficient * solved.column(join.family, join.member)
    return left


def water_left(solved: Solved, drawn: dict[str, object]) -> dict[str, np.ndarray]:
    """What every station of a cyclic river holds too much or too little in every hour, recomputed [hm3]."""
    count = len(drawn["downstream"])
    released = {
        i: solved.column("hydro/turbined", f"s{i}") + solved.column("hydro/spilled", f"s{i}") for i in range(count)
    }
    left = {}
    for i in range(count):
        arriving = np.zeros(HOURS)
        for u in range(count):
            if drawn["downstream"][u] == i:
                whole, part = divmod(drawn["travel"][u], 1.0)
                arriving += (1 - part) * np.roll(released[u], int(whole)) + part * np.roll(released[u], int(whole) + 1)
        net = HM3_PER_FLOW_HOUR * (np.array(drawn["inflow"][i]) + arriving - released[i])
        if drawn["storage"][i]:
            level = solved.column("hydro/level", f"s{i}")
            net = net - (level - np.roll(level, 1))
        left[f"s{i}"] = net
    return left
