"""Systems whose results are looked at, and how a result is made of a solved one."""

from pathlib import Path

from small_system import Small, Solved

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
