"""Electric boilers and heat pumps: which is built, and how the air decides it."""

import numpy as np
import pytest

from hand_solved.test_heat import YEAR, town
from qhenergy.algebra.hours import Hours
from qhenergy.profiles.heat_pump import cop

AIR = {"wind_speed_10m": 3, "wind_speed_100m": 5, "weibull_shape": 2, "pressure": 70_000}


@pytest.mark.parametrize(("price", "pump"), [(1_460_000 * 0.999, 10 / 3), (1_460_000 * 1.001, 0)])
def test_heat_pump_against_boiler_at_break_even(grid, price, pump):
    """Proves: a pump is built where the electricity it saves pays its annuity, counted per electric power.

    10 MW of heat take 10 MW of boiler at 10,000 CNY a year each, or 3.33 of pump. A MW of heat costs 876,000 + 10,000
    by the boiler; by the pump a third of its electricity and of its annuity x: the same at
    x = 3*886,000 - 876,000 = 1,782,000 CNY a year.
    If it were broken, the annuity would be of heat: 594,000 + 10,000.
    """
    share = price / 1_460_000
    small = town(grid).add("electric_heaters", existing=0, room=100)
    small.add("electric_heaters", asset="pump", technology="pump", existing=0, room=100, efficiency=3)
    small.cost("boiler", investment=100_000).cost("pump", investment=17_820_000 * share)
    solved = small.solve()
    assert solved.column("capacity/built", "pump") == pytest.approx([pump], abs=1e-6)
    assert solved.column("capacity/built", "boiler") == pytest.approx([10 - 3 * pump], abs=1e-6)


def test_cop_by_the_air(grid):
    """Proves: the fit gives 2.83 at a lift of 50 K, 4.84 at one of 15 K and no more below.

    6.08 - 4.5 + 1.25 = 2.83 at 50 K; 6.08 - 1.35 + 0.1125 = 4.8425 at 15 K and below; 6.08 - 8.1 + 4.05 = 2.03 at 90 K.
    If it were broken, warm air would give 6, or the sign of the lift be turned.
    """
    assert cop(np.array([0.0, 50.0, 60.0, -40.0]), 50.0) == pytest.approx([2.83, 4.8425, 4.8425, 2.03])


def test_heat_pump_follows_the_weather(grid):
    """Proves: a pump with a site gives the heat of the hour's COP, less what operation loses.

    Air of 0 degC on average and a sink of 50 give 2.83 or so, and eight tenths of it.
    If it were broken, 0.8 or 2.83 would be given per MWh, or a mean be taken of all hours.
    """
    small = town(grid, 10).add("electric_heaters", existing=100, efficiency=0.8, site="here", sink=50)
    small.add("sites", site="here", zone="z", latitude=36, longitude=100, altitude=3000)
    for month in range(1, 13):
        small.add("climate", site="here", month=month, ghi=2.5, dni=2.5, air_temperature=0, **AIR)
    system = small.system()
    given = system.series["electric_heat/given"]["boiler"].to_numpy()
    air = town_air(system)
    assert given == pytest.approx(0.8 * cop(air[:2], 50.0))
    assert small.solve().column("electric_heat/taken") == pytest.approx(10 / given)


def town_air(system):
    """Air temperature of the site, as the weather has it."""
    return Hours(system.inputs, system.case).weather.air_temperature["here"].to_numpy()


def test_electricity_is_of_the_zone(grid):
    """Proves: what heaters take is supplied by the zone, variable O&M is paid on it, and demand comes beside it.

    5 of demand and 10 of heat at one half: 25 MW of coal, 20 of them for heat at 3 CNY.
    If it were broken, 15 or 5 would be supplied, or O&M be paid on heat.
    """
    small = town(grid, demand=(5, 5)).add("electric_heaters", existing=100, efficiency=0.5)
    solved = small.cost("boiler", variable_om=3).solve()
    assert solved.column("thermal/output") == pytest.approx([25, 25])
    assert solved.costs["variable O&M/boiler"] == pytest.approx(YEAR * 60)
