"""Pumped storage, between basins of its own or above a reservoir of the river."""

import numpy as np
import pytest
from small_system import FLOW_HOUR, HEAD, hourly_inflow

from qhenergy.ground.faults import InputError


def basin(grid, **row):
    """Wind of 40 MW in hour 0 only against 20 MW in both hours, with coal and 10 MW of pumped storage."""
    small = grid(2, 20).add("wind", existing=40, series=[1, 0]).add("thermal", existing=100)
    return small.add("pumped_storage", **{"existing": 10, **row})


@pytest.mark.parametrize(
    ("row", "given"),
    [
        ({}, 10),
        ({"charge_efficiency": 0.9, "discharge_efficiency": 0.8}, 7.2),
        ({"charge_efficiency": 0.9, "discharge_efficiency": 0.8, "self_discharge": 0.1}, 6.48),
        ({"duration": 0.5}, 5),
        ({"duration": 0.5, "discharge_efficiency": 0.8}, 4),
        ({"existing": 30}, 20),
    ],
)
def test_energy_is_shifted_with_its_losses(grid, row, given):
    """Proves: pumping loses, keeping loses, generating loses; power, basin and surplus limit what is shifted.

    10 MW pumped for an hour: 9 MWh in the basin, 8.1 after an hour's loss, times 0.8 at the terminals; a basin of
    half an hour holds 5 MWh; with 30 MW the surplus of 20 is the limit.
    If it were broken, 7.2 would be 8 or 9 (one efficiency forgotten), 11.25 (divided), 6.48 would be 5.83 (lost twice).
    """
    solved = basin(grid, **row).solve()
    # Without a loss it costs nothing to pump and generate at once, so that only the net is determined.
    net = solved.column("pumped_storage/discharge") - solved.column("pumped_storage/charge")
    assert net[1] == pytest.approx(given)
    assert solved.objective == pytest.approx(4380 * (20 - given) * 100)


def test_variable_cost_is_paid_on_what_is_generated(grid):
    """Proves: variable O&M of a store counts discharged energy once.

    7.2 MWh discharged at 10 CNY/MWh and 12.8 MWh of coal.
    If it were broken, 100 would be paid (on charging) or 172 (both).
    """
    solved = basin(grid, charge_efficiency=0.9, discharge_efficiency=0.8).cost("pumped", variable_om=10).solve()
    assert solved.costs["variable O&M/pumped"] == pytest.approx(4380 * 72)
    assert solved.objective == pytest.approx(4380 * (72 + 1280))


def test_what_is_built_is_paid_with_its_basin(grid):
    """Proves: investment is power price plus duration times energy price.

    20 MW are worth building; 1,000 CNY/MW and 6 h of 100 CNY/MWh, a tenth a year: 160 CNY/MW.
    If it were broken, 100 CNY/MW (basin forgotten) or 110 (duration forgotten) would be paid.
    """
    solved = basin(grid, existing=0, room=50).cost("pumped", investment=1000, energy_investment=100).solve()
    assert solved.column("capacity/built") == pytest.approx([20])
    assert solved.costs["investment/pumped"] == pytest.approx(20 * 160)


def open_loop(grid, lake=100, lower=None, **row):
    """The basin above the reservoir of a dam of so many m3/s-hours, which serves nobody itself."""
    small = basin(grid, lower_station="lake", **{"head": HEAD, **row}).zone("far")
    station = {"zone": "far", "existing": 1, "live_storage": lake * FLOW_HOUR}
    return small.station("lake", **{**station, **(lower or {})})


@pytest.mark.parametrize(("head", "flow"), [(HEAD, 9), (HEAD / 3, 27)])
def test_open_loop_moves_the_water_it_lifts(grid, head, flow):
    """Proves: the lower reservoir loses what the pumps lift and gets back what the turbines use, by energy over head.

    10 MW pumped at 0.9 put 9 MWh into the basin: 9 m3/s for an hour at one MW per m3/s, 27 at a third of the head.
    7.2 MW generated at 0.8 take the 9 MWh out again, and the same water comes down.
    If it were broken, 10 or 11.1 m3/s would go up (efficiency forgotten or divided), and 7.2 or 5.76 come down.
    """
    solved = open_loop(grid, head=head, charge_efficiency=0.9, discharge_efficiency=0.8).solve()
    pumping, turbining = solved.column("hydro/level", "lake")
    assert turbining - pumping == pytest.approx(flow * FLOW_HOUR)
    assert solved.column("hydro/spilled", "lake") == pytest.approx(np.zeros(2), abs=1e-9)
    assert solved.objective == pytest.approx(4380 * 12.8 * 100)


@pytest.mark.parametrize(("lake", "given"), [(100, 7.2), (5, 4), (1, 0.8)])
def test_open_loop_lifts_no_more_than_there_is(grid, lake, given):
    """Proves: the water of the lower reservoir limits what can be stored above it.

    5 m3/s-hours in it are 5 MWh in the basin and 4 at the terminals.
    If it were broken, 7.2 would be given whatever lies below: a closed loop.
    """
    solved = open_loop(grid, lake, charge_efficiency=0.9, discharge_efficiency=0.8).solve()
    assert solved.column("pumped_storage/discharge")[1] == pytest.approx(given)


def test_open_loop_takes_part_in_the_river(grid):
    """Proves: water of an open loop is in the balance of its station beside inflow, turbines and what comes below.

    Without a reservoir below, 4 of the 10 m3/s that flow in hour 0 must pass: 6 go up, none of them turbined by the
    station; they come back in hour 1 and are turbined there with the 10 of that hour. 6 MW from the basin and 16 from
    the station serve the 40 of hour 1 with 18 of coal; in hour 0 there is wind enough.
    If it were broken, 10 would go up and coal make 10, or the station would turbine 10 in hour 1 and coal make 24.
    """
    small = grid(2, [10, 40]).add("wind", existing=50, series=[1, 0]).add("thermal", existing=100)
    small.add("pumped_storage", existing=10, lower_station="lake", head=HEAD)
    small.station("lake", existing=50).rule("lake", minimum_release=4)
    solved = small.solve(hourly_inflow(lake=[10, 10]))
    assert solved.column("pumped_storage/charge") == pytest.approx(np.array([6, 0]), abs=1e-9)
    assert solved.column("hydro/turbined")[1] == pytest.approx(16)
    assert solved.objective == pytest.approx(4380 * (40 - 6 - 16) * 100)


@pytest.mark.parametrize("late", [True, False])
def test_open_loop_does_not_stand_before_its_lower_reservoir(grid, late):
    """Proves: a plant above a station that comes after the year is not there, whatever its own capacity.

    If it were broken, it would give 10 MW and coal make 10 in both cases.
    """
    solved = open_loop(grid, lower={"in_service_year": 2035 if late else 2025}).solve()
    assert solved.has("columns", "pumped_storage/charge") == (not late)
    assert solved.objective == pytest.approx(4380 * (20 if late else 10) * 100)


@pytest.mark.parametrize(
    ("row", "lower", "said"),
    [
        ({"head": ""}, {}, "found a lower station and no head; expected the head between the basins. Fill head"),
        (
            {"self_discharge": 0.01},
            {},
            "found a self-discharge of 0.01 an hour; expected none: water of the river would vanish. Set",
        ),
        (
            {},
            {"existing": 0},
            'found lower_station "lake"; expected a station that stands. Name a station with capacity',
        ),
        ({}, {"zone": ""}, 'found lower_station "lake"; expected a station that stands. Name a station with capacity'),
    ],
)
def test_faults_of_an_open_loop(grid, row, lower, said):
    """Proves: an open loop has a head, loses no water, and lies above a station that stands.

    If it were broken, water would vanish, or be lifted out of nowhere: coal would make 10.
    """
    with pytest.raises(InputError, match="pumped_storage.csv, row basin: " + said):
        open_loop(grid, lower=lower, **row).solve()


@pytest.mark.parametrize("capacity", [{"existing": 10}, {"room": 10}])
def test_pumping_and_generating_share_the_machines(grid, capacity):
    """Proves: a plant cannot burn surplus by pumping and generating at once with all of its power.

    5 of 20 MW of wind have no use, and none may be curtailed beyond what is priced at 200 CNY/MWh. Half is lost on the
    way round: 10 MW in and 5 out would burn 5; 10 MW together are 6.67 in and 3.33 out, which burn 3.33.
    If it were broken, nothing would be curtailed, and nothing paid.
    """
    small = grid(1, 15).add("wind", existing=20, series=[1]).group("variable", "wind")
    small.add("pumped_storage", discharge_efficiency=0.5, **capacity).add("curtailment_ceilings", ceiling=0)
    solved = small.target("ceiling", "priced", 200).solve()
    pumped, made = solved.column("pumped_storage/charge")[0], solved.column("pumped_storage/discharge")[0]
    assert (pumped, made) == pytest.approx((20 / 3, 10 / 3))
    assert solved.objective == pytest.approx(8760 * (5 - 10 / 3) * 200)


def _basin(grid, wind, asked, **row):
    """Two hours: free wind in the first, `asked` MW and a tie at 100 CNY/MWh in the second; 20 MW in whole units."""
    small = grid(2, [0, asked], case={"commitment": "whole"}).add("wind", existing=wind, series=[1, 0])
    small.add("ac_ties", import_limit=100, import_price=100, availability_series=[0, 1])
    return small.add("pumped_storage", existing=20).add("unit_commitments", asset="basin", **row)


@pytest.mark.parametrize(("least", "bought"), [(1, 10), (0.5, 10), (0.4, 6)])
def test_a_pump_has_a_least_power_and_no_turbine_helps_it(grid, least, bought):
    """Proves: pumps of 10 MW that take all or nothing cannot take 4 MW of wind, though turbines could give 6 back.

    Pumps of variable speed from 40 % on can: 4 of 10 MW asked later come from the basin.
    If it were broken, 6 MW would be bought in all three (pumping and generating at once, or no least power).
    """
    solved = _basin(grid, 4, 10, pump_minimum=least).solve()
    assert solved.objective == pytest.approx(4380 * bought * 100)


@pytest.mark.parametrize(("minimum", "cost", "paid"), [(0.2, 5, 100), (0.5, 5, 300), (0.2, 20, 300)])
def test_turbines_have_a_least_output_and_both_ways_cost_a_start(grid, minimum, cost, paid):
    """Proves: 3 MW are too little for a unit of 10 MW from 50 % on; a pump and a turbine start for 100 together.

    3 MW bought cost 300; at 20 CNY/MW two starts cost 400.
    If it were broken, 50 (one start) or 0 would be paid in the first, and 0 in the second.
    """
    small = _basin(grid, 10, 3, minimum_output=minimum, start_cost=cost, pump_minimum=0.2)
    assert small.solve().objective == pytest.approx(4380 * paid)
