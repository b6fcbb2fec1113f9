"""Proves that the sectors of the built-in data add up to what is published of the province, by year and by month."""

import numpy as np
import pandas as pd
import pytest

from qhenergy.algebra.hours import Hours
from qhenergy.data import sectors
from qhenergy.data.builtin import find
from qhenergy.data.case import Case, parse_case
from qhenergy.data.inputs import Inputs, read_inputs
from qhenergy.model.catalogue import TABLES
from qhenergy.profiles.calendar import MONTH
from qhenergy.technologies import demand

#: Consumption of the province [TWh], statistics.
PUBLISHED = {2020: 74.2, 2021: 85.8, 2022: 92.2, 2023: 101.8, 2024: 105.35}
#: Of its months, where all twelve are published [TWh, rounded there to 0.1].
MONTHS = {
    2021: [7.4, 6.9, 6.7, 7.1, 7.1, 6.6, 7.0, 7.1, 7.6, 7.0, 7.8, 7.5],
    2022: [7.7, 6.9, 7.8, 7.5, 7.7, 7.5, 7.7, 7.5, 7.4, 8.2, 8.0, 8.3],
}
#: Shares of January to June 2023, published by sector of the statistics.
TERTIARY, RESIDENTIAL = 0.0642, 0.0477


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(find("inputs", "qinghai"), TABLES)


def case(stage: int, scenario: str = "") -> Case:
    content = {"title": "sectors", "inputs": "qinghai", "base_year": stage - 1, "stages": [stage]}
    return parse_case({**content, "demand": {"scenario": scenario}}, "sectors.toml")


def series(inputs: Inputs, stage: int, scenario: str = "") -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Total of the zones, and every sector with the rest, hours x zones [MW]."""
    made = demand.series(Hours(inputs, case(stage, scenario)))
    named = {s: made[f"sector_demand/{s}/{stage}"] for s in sectors.named(inputs)}
    total = made[f"demand/{stage}"]
    return total, {**named, sectors.rest(inputs): total - sum(named.values())}


@pytest.mark.parametrize("year", PUBLISHED)
def test_sectors_add_up_to_what_is_published(inputs: Inputs, year: int) -> None:
    """Proves: sectors together are the consumption of the year to a thousandth, and none is below zero in any hour.

    If it were broken, named sectors would come on top of the total, or the rest would make up for too much.
    """
    total, by_sector = series(inputs, year)
    together = sum(float(frame.to_numpy().sum()) for frame in by_sector.values()) / 1e6
    assert together == pytest.approx(PUBLISHED[year], rel=1e-3)
    assert all((frame.to_numpy() >= -1e-6).all() for frame in by_sector.values())
    assert total.to_numpy().sum() / 1e6 == pytest.approx(together)


@pytest.mark.parametrize("year", MONTHS)
def test_months_are_the_published_ones(inputs: Inputs, year: int) -> None:
    """Proves: each month takes its published share of the year, within the rounding of the publisher (0.05 TWh).

    If it were broken, the assumed months of sectors would move the total.
    """
    total, _ = series(inputs, year)
    months = np.array([total.to_numpy()[month == MONTH].sum() for month in range(1, 13)]) / 1e6
    published = np.array(MONTHS[year])
    assert months / months.sum() * published.sum() == pytest.approx(published, abs=0.05)


def test_shares_of_2023_are_the_published_ones(inputs: Inputs) -> None:
    """Proves: tertiary and residential sectors take what is published, to half a point; half of heat is in each.

    If it were broken, services without transport and data centres would be 5.0 % of consumption.
    """
    of = {s: sectors.energy(inputs, case(2023), s, 2023) / 101.8e6 for s in sectors.named(inputs)}
    tertiary = of["services"] + of["data-centres"] + of["transport"] + of["heat"] / 2
    assert tertiary == pytest.approx(TERTIARY, abs=0.005)
    assert of["households"] + of["heat"] / 2 == pytest.approx(RESIDENTIAL, abs=0.005)


@pytest.mark.parametrize(
    ("scenario", "to_2030", "to_2035"), [("low", 1.035, 1.02), ("plan", 1.05, 1.03), ("high", 1.07, 1.045)]
)
def test_scenarios_grow_as_they_say(inputs: Inputs, scenario: str, to_2030: float, to_2035: float) -> None:
    """Proves: the province grows from 2024 by the rates of its scenario, and aluminium is held in all of them.

    If it were broken, factors would be of the year before, or aluminium would grow with the rest.
    """
    totals = {2030: 105.35 * to_2030**6, 2035: 105.35 * to_2030**6 * to_2035**5}
    for year, expected in totals.items():
        total, by_sector = series(inputs, year, scenario)
        assert total.to_numpy().sum() / 1e6 == pytest.approx(expected, rel=1e-3)
        assert by_sector["aluminium"].to_numpy().sum() / 1e6 == pytest.approx(40.5, rel=1e-3)


def test_shapes_say_what_they_rest_on(inputs: Inputs) -> None:
    """Proves: every shape of a sector is marked as of low confidence and its note says that it is assumed.

    If it were broken, an assumed shape would pass for a measured one.
    """
    table = inputs["demand_shapes"]
    used = set(inputs["sector_demand"]["shape"])
    rows = table[table.index.get_level_values(0).isin(used)]
    assert set(rows["confidence"]) == {"low"}
    assert rows["note"].str.contains("[Aa]ssumed").all()
