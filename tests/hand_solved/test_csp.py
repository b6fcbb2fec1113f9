"""Concentrating solar power: field, heat store, turbine."""

import pytest


def tower(grid, demand, **row):
    """Ten MW with a field twice the turbine and sun in hour 0 only, beside coal."""
    row = {"existing": 10, "solar_multiple": 2, "series": [1, 0], **row}
    return grid(2, demand).add("csp", **row).add("thermal", existing=100)


@pytest.mark.parametrize(("store", "coal"), [(0, 10), (0.5, 5), (1, 0), (4, 0)])
def test_heat_of_noon_runs_the_turbine_at_night(grid, store, coal):
    """Proves: the field gives solar multiple * turbine, the store holds full-load hours of the turbine.

    The field offers 20 MWh of electricity in hour 0, the turbine takes 10 of it, the store at most store * 10.
    If it were broken, one hour of store would leave coal at 5 (efficiency counted twice: 10 MWh of heat for 5)
    or half an hour would leave 0 (the store in heat taken as electricity).
    """
    solved = tower(grid, 10, store=store).solve()
    assert solved.column("csp/output") == pytest.approx([10, 10 - coal])
    assert solved.objective == pytest.approx(4380 * coal * 100)
    assert solved.column("csp/collected")[0] == pytest.approx(20 + 2 * (10 - coal))


def test_stored_heat_is_lost_hour_by_hour(grid):
    """Proves: heat kept is (1 - heat_loss) an hour, also over the turn of the cyclic year.

    20 MWh of heat stored, 10 % lost in the hour: 18 MWh of heat make 9 MWh; coal makes 1.
    If it were broken, coal would make 0 (no loss) or 2 (loss counted in hour 0 and hour 1).
    """
    solved = tower(grid, 10, store=1, heat_loss=0.1).solve()
    assert solved.objective == pytest.approx(4380 * 1 * 100)


def test_ramp_limits_both_ways(grid):
    """Proves: output changes at most ramp * capacity an hour, up and down, over the turn of the year as well.

    Without a store hour 1 gives nothing, so hour 0 may give 3 of 10 MW: coal makes 7 + 10.
    If it were broken, coal would make 10 (no ramp) or 7 + 7.
    """
    solved = tower(grid, 10, store=0, ramp=0.3).solve()
    assert solved.column("csp/output") == pytest.approx([3, 0])
    assert solved.objective == pytest.approx(4380 * 17 * 100)


def test_plan_sizes_field_store_and_turbine_together(grid):
    """Proves: all limits scale with the built capacity, and efficiency is that of the turbine.

    Sun in hour 0 only, multiple 2, one hour of store: a built MW serves one MW in both hours. At 500,000 CNY/MW a
    year against 2 * 4,380 * 100 = 876,000 saved, the 30 MW of demand are built and nothing else runs.
    If it were broken, 15, 60 or 0 MW would be built.
    """
    small = tower(grid, 30, existing=0, room=100, store=1, turbine_efficiency=0.4)
    solved = small.cost("csp", investment=5e6).solve()
    assert solved.column("capacity/built") == pytest.approx([30])
    assert solved.objective == pytest.approx(30 * 500_000)


@pytest.mark.parametrize(("heater", "gain", "given"), [(0, 1, 0), (1, 1, 5), (1, 0.9, 4.5), (2, 1, 10), (4, 1, 10)])
def test_heater_turns_surplus_into_output_of_the_night(grid, heater, gain, given):
    """Proves: the heater takes its share of the turbine's power from the grid, and the turbine's efficiency is paid.

    No sun. 10 MW of heater take 10 MWh of wind in hour 0, the turbine makes 5 of the heat in hour 1; a heater of 20 MW
    makes it 10, which is what the turbine can.
    If it were broken, 10 (rated in heat of the turbine, or no efficiency) or 0 (not in the heat) would be given.
    """
    small = tower(grid, [0, 20], series=[0, 0], store=2, heater=heater, heater_efficiency=gain)
    solved = small.add("wind", existing=1000, series=[1, 0]).solve()
    assert solved.column("csp/output").sum() == pytest.approx(given, abs=1e-9)
    assert solved.objective == pytest.approx(4380 * (20 - given) * 100)


def test_heater_takes_its_electricity_from_the_zone(grid):
    """Proves: what the heater takes is in the balance of energy: heat from coal never pays at an efficiency of a half.

    If it were broken, heat would be free and coal would make less than 40 MWh.
    """
    solved = tower(grid, 20, series=[0, 0], store=2, heater=1).solve()
    assert solved.column("csp/heated") == pytest.approx([0, 0])
    assert solved.objective == pytest.approx(4380 * 40 * 100)


@pytest.mark.parametrize(("cost", "starts", "coal"), [(10, 200, 600), (40, 400, 800), (150, 0, 1800)])
def test_units_start_where_it_pays(grid, cost, starts, coal):
    """Proves: two turbines of 10 MW give 5 each at least, and start as many as pay.

    3, 12, 3 MW asked and sun for all of it; coal at 100 CNY/MWh gives the 3 MW. At 10 CNY/MW two starts cost 200 and
    save 1,200; at 40 the second one costs 400 and saves 200; at 150 the first one costs 1,500.
    If it were broken, coal would give nothing (no minimum), or starts cost 20, 80 (by the unit, not its size).
    """
    small = grid(3, [3, 12, 3], case={"commitment": "whole"})
    small.add("csp", existing=20, store=10, minimum_output=0.5, series=[1, 1, 1]).add("thermal", existing=100)
    solved = small.add("unit_commitments", asset="tower", start_cost=cost).solve()
    assert solved.costs.get("starts/csp", 0.0) == pytest.approx(2920 * starts)
    assert solved.costs["fuel/coal"] == pytest.approx(2920 * coal)


def test_the_last_unit_may_be_smaller_and_a_plant_may_be_planned(grid):
    """Proves: 15 MW are two units of 10 MW that give 15 together; so they do where the plan builds them.

    15 MW asked, a minimum of 0.5: both units run. Built at 1,000 CNY/MW over ten years: 15 MW.
    If it were broken, one unit would run and 5 MW be missed, or what is built have no units.
    """
    for row in ({"existing": 15}, {"room": 15, "existing": 0}):
        small = grid(1, 15, case={"commitment": "whole"}).cost("csp", investment=1000)
        small.add("csp", store=10, minimum_output=0.5, series=[1], **row).add("unit_commitments", asset="tower")
        solved = small.solve()
        assert solved.column("csp/output") == pytest.approx([15])
        assert solved.column("csp/running") == pytest.approx([2])
