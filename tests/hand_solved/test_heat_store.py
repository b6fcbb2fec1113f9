"""A store of heat: charged in the cheap hour, cooled by its loss, sized by what it saves."""

import pytest

from hand_solved.test_chronology import three_periods
from hand_solved.test_heat import YEAR, town


def windy(grid, **row):
    """10 MW of heat in both hours; wind for nothing in hour 0, coal at 100 CNY in hour 1, boilers of 100 MW."""
    small = town(grid).add("wind", existing=100, series=[1, 0]).add("electric_heaters", existing=100)
    return small.add("heat_stores", **{"existing": 20, **row})


@pytest.mark.parametrize(
    ("row", "coal"),
    [({}, 0), ({"existing": 4}, 6), ({"duration": 0.25}, 5), ({"self_discharge": 0.5, "existing": 12}, 4),
     ({"duration": 0.5, "depth": 0.8}, 2)],
)  # fmt: skip
def test_charged_in_the_cheap_hour(grid, row, coal):
    """Proves: heat of the windy hour serves the other one, within power, energy, depth and loss of the store.

    Power of 4 brings 4 over; 20 MW of a quarter hour 5; 12 MWh charged leave 6 after an hour at one half; eight tenths
    of 10 MWh are 8.
    If it were broken, coal would make 10 (nothing stored) or none with the small ones.
    """
    solved = windy(grid, **row).solve()
    assert solved.column("thermal/output").sum() == pytest.approx(coal, abs=1e-6)
    assert solved.objective == pytest.approx(4380 * 100 * coal, abs=1e-3)


@pytest.mark.parametrize(("price", "built"), [(0.99, 10), (1.01, 0)])
def test_energy_is_bought_at_its_break_even(grid, price, built):
    """Proves: a store is sized by energy at its own price: a MWh moved each of 4,380 times saves 438,000 CNY a year.

    If it were broken, the investment would be per power, or the saving be of one use.
    """
    small = windy(grid, existing=0, room=100, duration="", minimum_duration=0.1, maximum_duration=100)
    solved = small.cost("pit", energy_investment=4_380_000 * price).solve()
    assert solved.column("capacity/energy", "pit") == pytest.approx([built], abs=1e-6)


@pytest.mark.parametrize(("cycle", "coal"), [("long", 0), ("short", 40)])
def test_a_long_store_is_carried_over_real_periods(grid, cycle, coal):
    """Proves: summer heat serves winter where the store is long, and each period stands alone where it is short.

    Two periods of wind and one without, each of two hours; 20 MWh of heat are asked in every hour of the calm one.
    If it were broken, coal would make 40 in both or in neither.
    """
    small = town(grid, 0.0, demand=(0,) * 6, yearly=40 / 6 * YEAR, shape="calm")
    for month in range(1, 13):
        small.add("demand_shapes", shape="calm", month=month, **{f"hour_{h}": float(h in (2, 3)) for h in range(24)})
    small.add("wind", existing=100, series=[1, 1, 0, 0, 1, 1]).add("electric_heaters", existing=100)
    small.add("heat_stores", existing=50, cycle=cycle)
    assert small.solve(three_periods).objective == pytest.approx(coal * 100, abs=1e-6)
