"""Hourly tables: dispatch, prices, levels, flows."""

import numpy as np
import pytest

from outcome.systems import result_of
from qhenergy.outcome import hourly


def test_dispatch_of_an_hour_adds_up_to_nothing(two_zones):
    """Proves: demand is one of the roles and signs are from the zone, in one zone and in all."""
    for zone in (None, *two_zones.inputs["zones"].index):
        table = hourly.dispatch(two_zones, 2025, zone)
        sums = table.groupby("hour_of_year")["power [MW]"].sum()
        assert len(sums) == 48
        assert sums.to_numpy() == pytest.approx(np.zeros(48), abs=1e-6)


def test_dispatch_of_one_window_is_its_part_of_the_year(two_zones):
    """Proves: a window can be asked for alone."""
    whole = hourly.dispatch(two_zones, 2025)
    part = hourly.dispatch(two_zones, 2025, window=1)
    assert part["hour_of_year"].min() == 20
    of_whole = whole[whole["window"] == 1].reset_index(drop=True)
    assert part["power [MW]"].to_numpy() == pytest.approx(of_whole["power [MW]"].to_numpy())


def test_price_is_the_cost_of_one_more_megawatthour(grid):
    """Proves: price = dual of the balance over the weight; gas at 300 sets it where coal at 100 is full.

    If it were broken, prices would be 4380 times too large.
    """
    small = grid(2, [50, 120]).add("fuels").add("fuels", fuel="gas", price=30).add("thermal", existing=100)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=100)
    table = hourly.prices(result_of(small.solve()))
    assert table["price [CNY/MWh]"].tolist() == pytest.approx([100, 300])


def test_levels_of_a_chained_year_are_what_is_held(two_zones):
    """Proves: nothing is added to an absolute level."""
    table = hourly.levels(two_zones, "hydro/level")
    assert table["level [hm3]"].to_numpy() == pytest.approx(two_zones.column("hydro/level")["upper"].to_numpy())
    assert table["hour_of_year"].tolist() == list(range(48))


@pytest.mark.parametrize(
    ("family", "member", "keep"), [("hydro/level", "upper", 1.0), ("battery/level", "cells", 0.999)]
)
def test_carried_levels_run_on_from_day_to_day(by_days, family, member, keep):
    """Proves: through all 365 days a carried level starts where the day before ended, and stays within its store.

    The first hour of a day is one hour's change away from the last hour of the day before.
    If it were broken, levels would jump at midnight, or lie below zero as relative ones do.
    """
    table = hourly.levels(by_days, family)
    unit = by_days.unit(family)
    held = table[table["member"] == member][f"level [{unit}]"].to_numpy()
    assert len(held) == 8760
    assert held.min() >= -1e-6
    relative = by_days.column(family)[member].to_numpy().reshape(3, 24)[by_days.spans.sequence]
    starts = hourly.period_starts(by_days, family, 2025)[member].to_numpy()
    ends = held.reshape(365, 24)[:, -1]
    assert starts[1:] == pytest.approx(ends[:-1], abs=1e-6)
    assert starts[0] == pytest.approx(ends[-1], abs=1e-6)
    assert held.reshape(365, 24)[:, 0] == pytest.approx(keep * starts + relative[:, 0], abs=1e-6)


def test_closed_levels_are_repeated_as_they_are(by_days):
    """Proves: a reservoir that closes within a day is drawn with the level of its representative."""
    table = hourly.levels(by_days, "hydro/level")
    held = table[table["member"] == "lower"]["level [hm3]"].to_numpy().reshape(365, 24)
    own = by_days.column("hydro/level")["lower"].to_numpy().reshape(3, 24)
    assert held == pytest.approx(own[by_days.spans.sequence])
    assert held.max() <= 0.5 + 1e-9


def test_corridor_use_by_hand(grid):
    """Proves: energies by direction, utilisation of both together, hours at the limit.

    30 MW over a line of 30 in one hour, 15 back in the other: 3/4 used, full half of the year.
    """
    small = grid(2).zone("a", [10, 45]).zone("b", [50, 5]).add("corridors", existing=30)
    small.add("thermal", zone="a", existing=40).add("thermal", asset="b-coal", zone="b", existing=20)
    table = hourly.corridors(result_of(small.solve()))
    line = table.iloc[0]
    assert line["forward [MWh/yr]"] == pytest.approx(4380 * 30)
    assert line["backward [MWh/yr]"] >= 4380 * 5 - 1e-6
    used = (line["forward [MWh/yr]"] + line["backward [MWh/yr]"]) / (30 * 8760)
    assert line["utilisation [-]"] == pytest.approx(used)
    assert line["full [h/yr]"] == pytest.approx(4380)


def test_send_out_beside_its_curve(grid):
    """Proves: delivered, received less the loss, asked by the curve, missing.

    A line of 40 asks 10 and 40; 30 MW stand: 10 are missing in the second hour.
    """
    small = grid(2).zone("z", 0).curve("steps", [0.25, 1.0]).add("thermal", existing=30)
    small.add("send_out", capacity=40, schedule="curve", curve="steps", loss=0.05)
    result = result_of(small.solve())
    line = hourly.send_out(result).iloc[0]
    assert line["sent [MWh/yr]"] == pytest.approx(4380 * 40)
    assert line["received [MWh/yr]"] == pytest.approx(4380 * 38)
    assert line["asked [MWh/yr]"] == pytest.approx(4380 * 50)
    assert line["missing [MWh/yr]"] == pytest.approx(4380 * 10)
    assert line["utilisation [h/yr]"] == pytest.approx(4380)
    assert (line["largest [MW]"], line["full [h/yr]"]) == (pytest.approx(30), 0)
    assert hourly.send_out_hours(result)["asked [MW]"].tolist() == pytest.approx([10, 40])


def test_send_out_by_energy_has_no_curve(grid):
    """Proves: a line with a yearly energy is measured by that, and asks nothing of single hours."""
    small = grid(2).zone("z", 0).add("thermal", existing=30)
    small.add("send_out", capacity=40, schedule="energy", yearly_energy=100_000)
    result = result_of(small.solve())
    line = hourly.send_out(result).iloc[0]
    assert line["asked [MWh/yr]"] == pytest.approx(100_000)
    assert hourly.send_out_hours(result)["asked [MW]"].isna().all()


def test_a_system_without_lines_has_empty_tables(grid):
    """Proves: no corridor and no send-out line give tables without a row."""
    result = result_of(grid(2, 50).add("thermal", existing=100).solve())
    assert hourly.send_out(result).empty
    assert hourly.corridors(result).empty
