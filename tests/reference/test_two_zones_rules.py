"""Every kind of clause on the built-in system of two zones, computed again by hand and from the dispatch.

Nothing may be built and nothing goes, so that what is about capacities is known beforehand: wind 100, PV 200 (150 of
them at the end of the base year), hydro 90 and 36, coal 150, pumped storage 20 MW for 7 h, no battery and no condenser.
What is about hours is added up here from the columns of the result, with no code of the clauses.
"""

import tomllib

import numpy as np
import pytest

from qhenergy import policy
from qhenergy.data.builtin import find
from qhenergy.data.case import parse_case
from qhenergy.data.inputs import read_inputs
from qhenergy.model.assemble import assemble, read_system
from qhenergy.model.catalogue import TABLES
from qhenergy.outcome.board import board
from qhenergy.outcome.result import solved
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import read_profile

FIXED = {
    **{f"{table}/{key}/room [MW]": 0 for table, key in (
        ("wind", "wind-north"), ("solar", "pv-south"), ("batteries", "battery-south"), ("pumped_storage", "psh-south"),
        ("corridors", "north-south"), ("condensers", "condenser-south"),
    )},
    "thermal/coal-north/retirable": "no",
}  # fmt: skip
WEIGHT = 8760 / 48
#: Kinds of clauses that the system of two zones has nothing for: it has no outlet, no withdrawals, no small hydro, no
#: sectors of demand, no fuel and no load that moves.
WITHOUT = {"spring_release", "dry_year_supplement", "water_ceiling", "small_hydro_exit"}
WITHOUT |= {"demand_growth", "fuel_output", "clean_matching", "response_power"}
#: The highest value of the January shape over its mean.
JANUARY = [0.972, 0.95, 0.929, 0.929, 0.95, 0.994, 1.08, 1.145, 1.145, 1.123, 1.102, 1.102, 1.08, 1.08, 1.08, 1.102]
JANUARY += [1.123, 1.166, 1.231, 1.253, 1.21, 1.145, 1.058, 0.994]
MEAN = sum(JANUARY) / 24
PEAK = 1.253 / MEAN


@pytest.fixture(scope="module")
def result():
    case = tomllib.loads(find("cases", "two-zones", suffix=".toml").read_text(encoding="utf-8"))
    case["targets"]["set"], case["change"] = "rules", FIXED
    made = parse_case(case, "two-zones.toml")
    inputs = read_inputs(find("inputs", "two-zones"), TABLES, made.change)
    assembled = assemble(read_system(inputs, made, []), workers=1)
    return solved(assembled, solve(assembled.problem, read_profile("simplex")), 0.5, 100.0)


@pytest.fixture(scope="module")
def rows(result):
    return {row.clause: row for row in board(result)}


def test_every_kind_has_a_row(rows) -> None:
    """Proves: the system of two zones has a clause of every kind that it has anything for.

    If it were broken, a new kind of clause would have no example that can be followed by hand.
    """
    kinds = {row.kind for row in rows.values()} | WITHOUT
    assert kinds == {module.KIND for module in policy.BUILT_IN}


@pytest.mark.parametrize(
    ("clause", "required", "achieved"),
    [
        ("wind-share", 100 * 100 / 250, 100 * 100 / 300),
        ("storage-in-step", 0, -0.1 * 50 / 1000),
        ("battery-grid-side", 2, 0),
        ("storage-layer-medium", 5, 2),
        ("land-north", 0.5 * (100 - 60 - 10), 100 * 0.2),
        ("backing-south", 3 * 8, (200 + 36) / 10),
        ("condensers", 0.1, 0),
        # 50 MW of PV were decided; five years allow 40.
        ("growth-variable", 5 * 8 / 10, 50 / 10),
        # A store of 7 h counts by half where 14 are asked; the dry year takes a fifth off hydro.
        ("adequacy", 1.15 * 30 * PEAK, (0.9 * 150 + 0.5 * 126 + 0.05 * 100 + 0.9 * 10) / 10),
        # The line takes nine tenths until 19 h, so that 18 h is the highest hour. The corridor brings 100 MW.
        ("adequacy-dry-evening-south", 20 * 1.231 / MEAN + 0.9 * 8, (0.4 * 36 + 0.9 * 10 + 100) / 10),
    ],
)
def test_capacities_by_hand(rows, clause, required, achieved) -> None:
    """Proves: what a clause asks of capacities, and what there is of it, are the numbers found on paper.

    If it were broken, stores would count in full, the base year be taken for the stage, or land not lose its redline.
    """
    assert rows[clause].required == pytest.approx(required, rel=1e-6)
    assert rows[clause].achieved == pytest.approx(achieved, rel=1e-6, abs=1e-9)


def hydro(result):
    """Power of the two dams [MW]: heads of 100 and 40 m at an efficiency of 0.9."""
    turbined = result.column("hydro/turbined")
    return [9.81e-3 * head * 0.9 * turbined[dam].to_numpy() for dam, head in (("upper", 100), ("lower", 40))]


def test_hours_added_up(result, rows) -> None:
    """Proves: what clauses say of hours and of the year is what the dispatch adds up to.

    A MWh of coal is 9 GJ at 0.0946 t. The run is the second day; of both days each hour stands for 182.5.
    If it were broken, weights would be left out, the first day be taken, or unserved energy count as consumed.
    """
    coal = result.column("thermal/output")["coal-north"].to_numpy()
    online = result.column("thermal/online")["coal-north"].to_numpy()
    sent = result.column("send_out/sent")["dc-south"].to_numpy()
    wind = result.column("wind/output")["wind-north"].to_numpy()
    sun = result.column("solar/output")["pv-south"].to_numpy()
    upper, lower = hydro(result)
    unserved = result.column("demand/unserved").to_numpy().sum(axis=1)
    co2 = WEIGHT * coal.sum() * 9 * 0.0946
    served = WEIGHT * (48 * 300 - unserved.sum())
    expected = {
        "coal-off": WEIGHT * coal.sum() / 1e5,
        "green-run-1d": WEIGHT * coal[24:].sum() / 1e5,
        "co2-price": co2 / 1e4,
        "co2-cap": co2 / 1e4,
        "zero-carbon": co2 / 1e4,
        "co2-intensity": co2 / served,
        "dc-south-full-load": WEIGHT * sent.sum() / 1e5,
        "domestic-first": -unserved.max() / 10,
        # Units on line stand by with what they lack to their capacity.
        "reserve-up": (online - coal).min() / 10 - 4,
    }
    clean = WEIGHT * (wind + sun + upper + lower).sum()
    expected["certificates"] = 100 * WEIGHT * sent.sum() / clean
    expected["home-share"] = 100 * (clean - WEIGHT * sent.sum()) / (WEIGHT * 48 * 300)
    expected["local-share"] = 100 * (clean - WEIGHT * sent.sum()) / clean
    missed = result.column("demand/unserved")["south"].sum()
    expected["supply-south"] = 100 * (1 - missed / (48 * 200))
    expected["strength-north"] = (2 * (1.18 * online + 1.11 * upper) - wind).min() / 10
    found = {name: rows[name].achieved for name in expected}
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert {row.status for row in rows.values()} <= {"watched: met", "watched: missed", "watched: not paid"}


def test_clean_line_by_what_there_is(result, rows) -> None:
    """Proves: a line is clean where the clean power of the hour covers it, and misses at least what no hour could give.

    In every hour more clean power is made in the south than the line takes here.
    If it were broken, the watched clause would show a line that is not backed.
    """
    sent = result.column("send_out/sent")["dc-south"].to_numpy()
    clean = result.column("solar/output")["pv-south"].to_numpy() + hydro(result)[1]
    assert np.all(sent <= clean + 1e-9)
    assert rows["dc-south-clean-only"].achieved == pytest.approx(0, abs=1e-9)
