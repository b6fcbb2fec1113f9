"""Pumped storage."""

import pytest


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
    assert solved.column("pumped_storage/discharge")[1] == pytest.approx(given)
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
