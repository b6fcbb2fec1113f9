"""Strength of the grid: what leans on a node, against what turns there."""

import pytest
from outcome.systems import result_of

from qhenergy.ground.faults import InputError
from qhenergy.outcome.board import board


def sending(grid, strictness="hard", penalty=0.0, hours=1, **clause):
    """A line of 100 MW that wants all of it, at 1,000 CNY/MWh missed, and 200 MW of sun for nothing."""
    small = grid(hours).add("solar", existing=200, series=[1] * hours).zone(demand=0)
    small.curve("full", [1]).add("send_out", capacity=100, schedule="curve", curve="full")
    small.add("short_circuit_ratios", **{"send_out": "dc", "factor": 2, **clause})
    return small.target("strength", strictness, penalty)


def test_a_line_is_held_back_by_strength(grid):
    """Proves: 10 MVA that turn carry 20 MW at two MW per MVA.

    80 MW are missed at 1,000.
    If it were broken, nothing (no clause) or 90 MW (rating taken for the limit) would be missed.
    """
    solved = sending(grid).add("condensers", existing=10).add("synchronous_machines").solve()
    assert solved.column("send_out/sent") == pytest.approx([20])
    assert solved.objective == pytest.approx(8760 * 80_000)


def test_a_condenser_frees_it_at_its_exact_cost(grid):
    """Proves: the plan builds as much rating as the line needs, and the price of an hour is what a MW of it costs.

    50 MVA carry 100 MW: 40 built at 100 CNY/MVA a year, and one MW more in every hour takes half a MVA.
    If it were broken, 90 MVA (factor one) or none would be built.
    """
    small = sending(grid, hours=2).add("condensers", existing=10, room=500).add("synchronous_machines")
    solved = small.cost("condenser", investment=1000).solve()
    assert solved.column("capacity/built") == pytest.approx([40])
    assert solved.objective == pytest.approx(4000)
    assert solved.dual("short_circuit/hourly").sum() == pytest.approx(50)


def test_thermal_units_count_while_they_run(grid):
    """Proves: what is on line counts, not what is given, nor what stands.

    40 MW on line at 1.25 MVA per MW carry 100 MW; their minimum is half: 20 MW at 100 CNY/MWh.
    If it were broken, 4,000 an hour (output counts) or nothing (capacity does) would be paid instead of 2,000.
    """
    small = sending(grid).add("thermal", existing=100, minimum_output=0.5)
    solved = small.add("synchronous_machines", technology="coal", rating=1.25).solve()
    assert solved.column("thermal/online") == pytest.approx([40])
    assert solved.objective == pytest.approx(8760 * 2000)


@pytest.mark.parametrize(("mode", "sent"), [("", 10), ("hydro", 50)])
def test_hydro_counts_as_it_turbines_or_in_condenser_mode_with_all_of_it(grid, mode, sent):
    """Proves: 10 m3/s turn 10 MW of 50; units that turn without water as well count with all 50.

    If it were broken, both would carry the same.
    """
    small = sending(grid, factor=1, condenser_mode=mode).station(inflow=10, existing=50).group("hydro", "hydro")
    solved = small.add("synchronous_machines", technology="hydro").solve()
    assert solved.column("send_out/sent") == pytest.approx([sent])


def test_pumps_and_turbines_both_count(grid):
    """Proves: a pumped-storage plant counts while it pumps and while it turbines.

    Sun in the first hour only: it pumps 60 MW and gives them back in the second, where 60 are demanded.
    If it were broken, an hour would show no strength.
    """
    small = grid(2, [0.0, 60.0]).add("solar", existing=60, series=[1, 0]).add("pumped_storage", existing=60)
    small.add("synchronous_machines", technology="pumped", rating=1.1).group("pv", "pv")
    small.add("short_circuit_ratios", group="pv", zones="z").target("strength", "watched")
    solved = small.solve()
    assert solved.column("short_circuit/room") == pytest.approx([66 - 60, 66])


def test_renewables_of_its_zones_lean_on_it(grid):
    """Proves: the output of a group in the zones of the clause is held below their strength, that of others is not.

    30 MVA in a carry 30 MW of the 100 of wind there: coal gives 70 at 100 CNY/MWh. Wind in b is free.
    If it were broken, 100 MW of wind would run in a, or 30 in both zones together.
    """
    small = grid(1).zone("a", 100).zone("b", 100).group("wind", "wind").add("synchronous_machines")
    small.add("wind", asset="here", zone="a", existing=100, series=[1]).add("condensers", zone="a", existing=30)
    small.add("wind", asset="there", zone="b", existing=100, series=[1]).add("thermal", zone="a", existing=100)
    solved = small.add("short_circuit_ratios", group="wind", zones="a").target("strength").solve()
    assert solved.column("wind/output", "here") == pytest.approx([30])
    assert solved.column("wind/output", "there") == pytest.approx([100])
    assert solved.objective == pytest.approx(8760 * 7000)


@pytest.mark.parametrize(
    ("strictness", "penalty", "cost", "status"),
    [("priced", 10, 800, "missed"), ("watched", 0, 0, "watched: missed")],
)
def test_priced_and_watched(grid, strictness, penalty, cost, status):
    """Proves: priced below what the line pays it is missed at its price; watched it is measured and costs nothing.

    80 MW are missing in every hour of the year.
    If it were broken, the line would be held at 20 MW, or the room would not be -80.
    """
    small = sending(grid, strictness, penalty, hours=2).add("condensers", existing=10).add("synchronous_machines")
    solved = small.solve()
    assert solved.objective == pytest.approx(8760 * cost)
    assert solved.column("short_circuit/room") == pytest.approx([-80, -80])
    row = board(result_of(solved))[0]
    assert (row.status, row.slack, row.hours_missed) == (status, pytest.approx(-8), pytest.approx(8760))


def test_a_line_still_to_come_has_nothing_to_measure(grid):
    """Proves: before its line stands a clause measures nothing, and says so.

    If it were broken, it would be met.
    """
    small = sending(grid).add("condensers", existing=10).add("synchronous_machines")
    small.rows["send_out"][0]["in_service_year"] = 2030
    assert board(result_of(small.solve()))[0].status == "nothing to measure"


def test_what_leans_on_nothing_is_refused(grid):
    """Proves: an unknown zone, zones without a machine, and a row without zones are faults, all at once.

    If it were broken, the line would be held at nothing, or at nothing in particular.
    """
    small = sending(grid, zones="y | z").add("condensers", existing=10).group("wind", "wind")
    small.add("short_circuit_ratios", clause="nowhere", factor=1).target("nowhere")
    with pytest.raises(InputError) as refused:
        small.solve()
    assert [fault.found for fault in refused.value.faults] == [
        'zone "y"',
        "no synchronous machine in y, z in 2025",
        "neither a line nor a group",
        "neither a line nor zones",
        "no synchronous machine in no zone in 2025",
    ]
