"""Random rivers with everything that takes or gives water, drawn by hypothesis, and their water counted again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from small_system import FLOW_HOUR, HEAD, YEAR, Small, Solved

from properties.random_system import numbers
from qhenergy.ground.units import HM3_PER_FLOW_HOUR

MODES = ("turbine", "reversible", "pump")
Drawn = dict[str, object]


def waves(hours: int, most: float) -> st.SearchStrategy[list[float]]:
    """Hourly values that rise and fall, drawn by a few numbers."""

    def wave(drawn: tuple[float, float, int]) -> list[float]:
        mean, swing, period = drawn
        return [round(mean * (1 + swing * np.sin(2 * np.pi * t / period)), 4) for t in range(hours)]

    return st.tuples(numbers(0, most), numbers(0, 1), st.integers(2, hours)).map(wave)


@st.composite
def full_rivers(draw: st.DrawFn, hours: int) -> Drawn:
    """What `full_river` builds from: a tree of stations; hubs, canals and basins at some of them.

    Station 0 is the outlet; station i points at one before it.
    """
    count = draw(st.integers(2, 5))
    stations = range(count)

    def somewhere(first: int = 0) -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(first, count - 1), min_size=1, max_size=3)

    return {
        "hours": hours,
        "downstream": [draw(st.integers(0, i - 1)) if i else None for i in stations],
        "travel": [draw(numbers(0, 8)) for _ in stations],
        "storage": [draw(st.sampled_from([0, 5, 20, 300])) for _ in stations],
        "cycle": [draw(st.sampled_from(["short", "long"])) for _ in stations],
        "inflow": [draw(waves(hours, 20)) for _ in stations],
        "capacity": [draw(numbers(1, 30)) for _ in stations],
        "hubs": [(i, draw(st.sampled_from(MODES)), draw(numbers(1, 30))) for i in draw(somewhere(1))],
        "canals": [(i, draw(numbers(1, 15)), draw(st.sampled_from([1e3, 1e6]))) for i in draw(somewhere())],
        "basins": [(i, draw(numbers(1, 15)), draw(numbers(0.5, 2))) for i in draw(somewhere())],
        "demand": [draw(numbers(0, 90)) for _ in range(24)],
        "wind": draw(waves(hours, 0.5)),
        "cut": draw(st.lists(st.integers(1, hours - 1), min_size=1, max_size=14, unique=True)),
    }


def full_river(folder: Path, drawn: Drawn, window: int) -> Small:
    """The river against one zone with wind and coal."""
    hours = drawn["hours"]
    small = Small(folder, hours, case={"time": {"window_hours": window}})
    small.zone("z", [v + 1 for v in drawn["demand"]]).add("thermal", existing=40)
    small.add("wind", existing=80, series=[min(v, 1.0) for v in drawn["wind"]])
    for i, below in enumerate(drawn["downstream"]):
        small.station(
            f"s{i}",
            order=100 - i,
            downstream="" if below is None else f"s{below}",
            travel_time=drawn["travel"][i],
            live_storage=drawn["storage"][i] * FLOW_HOUR,
            cycle=drawn["cycle"][i],
            existing=drawn["capacity"][i],
        )
    for n, (i, mode, capacity) in enumerate(drawn["hubs"]):
        small.add(
            "hydro_hubs",
            asset=f"hub{n}",
            mode=mode,
            upper=f"s{i}",
            existing=capacity,
            turbine_efficiency=0.9,
            pump_efficiency=0.8,
        )
    for n, (i, flow, price) in enumerate(drawn["canals"]):
        small.add(
            "withdrawals",
            withdrawal=f"canal{n}",
            station=f"s{i}",
            yearly_volume=flow * YEAR * FLOW_HOUR,
            shortage_price=price,
        )
    for n, (i, capacity, head) in enumerate(drawn["basins"]):
        small.add(
            "pumped_storage",
            asset=f"basin{n}",
            existing=capacity,
            lower_station=f"s{i}",
            head=head * HEAD,
            charge_efficiency=0.9,
            discharge_efficiency=0.8,
        )
    return small


def delayed(flow: np.ndarray, hours: float) -> np.ndarray:
    """What arrives of a flow that closes on itself."""
    whole, part = divmod(hours, 1.0)
    return (1 - part) * np.roll(flow, int(whole)) + part * np.roll(flow, int(whole) + 1)


def water_kept(solved: Solved, drawn: Drawn) -> dict[str, np.ndarray]:
    """Water in less water out less what the reservoir gained, of every station and hour [hm3].

    It is counted from the drawing and from values by their names, not from what the program says of them.
    """
    stations = range(len(drawn["downstream"]))
    own = {f: {i: solved.column(f"hydro/{f}", f"s{i}") for i in stations} for f in ("turbined", "spilled")}
    released = {i: own["turbined"][i] + own["spilled"][i] for i in stations}
    beside = {i: np.zeros(drawn["hours"]) for i in stations}
    for n, (i, mode, _) in enumerate(drawn["hubs"]):
        if mode != "pump":
            released[i] = released[i] + solved.column("hydro_hub/turbined", f"hub{n}")
        if mode != "turbine":
            lifted = solved.column("hydro_hub/pumped", f"hub{n}")
            beside[i] += lifted
            beside[drawn["downstream"][i]] -= lifted
    for n, (i, *_) in enumerate(drawn["canals"]):
        beside[i] -= solved.column("withdrawal/taken", f"canal{n}")
    for n, (i, _, head) in enumerate(drawn["basins"]):
        beside[i] -= 0.9 * solved.column("pumped_storage/charge", f"basin{n}") / head
        beside[i] += solved.column("pumped_storage/discharge", f"basin{n}") / 0.8 / head
    left = {}
    for i in stations:
        arriving = sum(delayed(released[u], drawn["travel"][u]) for u in stations if drawn["downstream"][u] == i)
        net = HM3_PER_FLOW_HOUR * (np.array(drawn["inflow"][i]) + arriving - released[i] + beside[i])
        if drawn["storage"][i]:
            level = solved.column("hydro/level", f"s{i}")
            net = net - (level - np.roll(level, 1))
        left[f"s{i}"] = net
    return left
