"""Systems whose results are looked at, and how a result is made of a solved one."""

from pathlib import Path

from small_system import STAGE, Small, Solved

from qhenergy.data.builtin import find
from qhenergy.data.case import read_case
from qhenergy.data.inputs import read_inputs
from qhenergy.model.assemble import assemble, read_system
from qhenergy.model.catalogue import TABLES
from qhenergy.outcome.result import Result, solved
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import read_profile


def result_of(small: Solved) -> Result:
    """The result of a solved small system."""
    return solved(small.assembled, small.solution, build_seconds=0.5, peak_memory_mb=100.0)


def two_zone_days() -> Result:
    """The built-in case of two zones and two days, in windows of 20 and 28 hours."""
    case = read_case(find("cases", "two-zones", suffix=".toml"))
    case = case.model_copy(update={"time": case.time.model_copy(update={"window_hours": 20})})
    inputs = read_inputs(find("inputs", case.inputs), TABLES, case.change)
    assembled = assemble(read_system(inputs, case, []), workers=1)
    return solved(assembled, solve(assembled.problem, read_profile("simplex")), 0.5, 100.0)


def cascade(folder: Path) -> Small:
    """A river of three stations over a year, the middle one not built yet; demand by day and night.

    Water takes 1.5 + 1 hours from the upper reservoir to the lower station. Wind blows in half of the days.
    """
    hours = 8760
    days = {"kind": "weeks", "periods": 3, "period_hours": 24, "extremes": []}
    small = Small(folder, hours, case={"time": days})
    small.zone("z", [20.0] * 8 + [60.0] * 12 + [30.0] * 4)
    small.station(
        "upper", 20, order=1, downstream="planned", travel_time=1.5, existing=40, live_storage=20, cycle="long"
    )
    small.station("planned", 3, order=2, downstream="lower", travel_time=1, existing=10, in_service_year=2035)
    small.station("lower", 1, order=3, existing=30, live_storage=0.5, cycle="short")
    small.add("wind", existing=30, series=[0.9 if (t // 24) % 2 else 0.1 * ((t // 24) % 5) for t in range(hours)])
    small.add("batteries", existing=5, duration=2, discharge_efficiency=0.9, self_discharge=0.001, cycle="medium")
    return small.add("thermal", existing=100)


def past_year(folder: Path) -> Small:
    """Demand of 30 MW, 20 MW of wind in January and 40 after, coal, and a dam that stays at 20 hm3; with a record."""
    small = Small(folder, 8760, case={"time": {"window_hours": 2190}})
    small.zone(demand=[30.0] * 24).add("thermal", existing=100)
    small.add("wind", existing=40, series=[0.5 if t < 31 * 24 else 1.0 for t in range(8760)])
    small.station("dam", 0, live_storage=40, initial_fill=0.5, existing=1)
    return recorded(small)


def recorded(small: Small) -> Small:
    """The record of a year: coal, wind, a dam, and two notes of which one is of another year."""
    small.group("thermal", "coal").group("breeze", "wind").group("nobody", "gas")
    generation = {"account": "all", "year": STAGE}
    for group, first, last, energy in (
        ("thermal", 1, 2, 40_000),
        ("thermal", 3, 3, 30_000),
        ("thermal", 1, 12, 300_000),
        ("breeze", 2, 2, 5_000),
        ("nobody", 1, 1, 1_000),
    ):
        small.add("published_generation", group=group, first_month=first, last_month=last, energy=energy, **generation)
    small.add("published_generation", group="thermal", first_month=1, last_month=1, energy=1, account="all", year=2024)
    for first, last, share in ((1, 1, 0.9), (1, 12, 0.8)):
        small.add(
            "published_utilisation", group="breeze", year=STAGE, first_month=first, last_month=last, utilisation=share
        )
    small.add("published_levels", station="dam", year=STAGE, month=1, level=107)
    small.add("published_levels", station="dam", year=STAGE, month=12, level=102)
    small.add("reservoir_curves", station="dam", level=100, volume=50).add(
        "reservoir_curves", station="dam", level=110, volume=90
    )
    words = {"difference_en": "d", "difference_zh": "差", "explanation_en": "e", "explanation_zh": "释"}
    small.add("backcast_notes", item="always", quantity="all", **words)
    return small.add("backcast_notes", item="then", year=2024, quantity="all", **words)
