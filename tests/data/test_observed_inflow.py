"""The inflow of the observed water years is what the record gives, and the record's own check of the method."""

from pathlib import Path

import pytest
from observed_inflow import derived, fill, generation, mean, stated, volume

from qhenergy.data.case import read_case
from qhenergy.data.inputs import Inputs, read_inputs
from qhenergy.model.catalogue import TABLES

ROOT = Path(__file__).resolve().parents[2]
#: Published of 2020: mean flow of January at the gauge [m3/s], volume of January to October [hm3].
JANUARY, TO_OCTOBER = 295.0, 30_380.0


@pytest.fixture(scope="module")
def qinghai() -> Inputs:
    return read_inputs(ROOT / "inputs" / "qinghai", TABLES)


def test_the_table_is_what_the_record_gives(qinghai):
    """Proves: every factor of the data set is the derived or stated one; nothing was adjusted by hand."""
    table = qinghai["water_year_months"]["factor"]
    for year, made in ((2020, stated(qinghai, 2020, JANUARY, TO_OCTOBER)), (2023, derived(qinghai, 2023))):
        assert table.loc[f"observed{year}"].tolist() == pytest.approx(made.tolist(), abs=0.0006)
        whole = qinghai["water_years"].at[f"observed{year}", "factor"]
        assert whole == pytest.approx(mean(qinghai, year, made), abs=0.0006)


def test_the_stated_volume_is_met(qinghai):
    """Proves: from January to October 2020 the table brings the published 303.8e8 m3."""
    table = qinghai["water_year_months"]["factor"].loc["observed2020"]
    assert volume(qinghai, 2020, table, 1, 10) == pytest.approx(TO_OCTOBER, rel=0.001)


def test_what_the_method_misses_of_a_flood(qinghai):
    """Proves the size of the error that is told: without the statements 2020 would be short by a fifth.

    Levels and generation do not see what is spilled; in January, without spill, they are 15 % short of the gauge.
    """
    made = derived(qinghai, 2020)
    assert volume(qinghai, 2020, made, 1, 10) / TO_OCTOBER == pytest.approx(0.793, abs=0.005)
    assert made[1] / qinghai["water_year_months"].at[("observed2020", 1), "factor"] == pytest.approx(0.86, abs=0.01)


def test_generation_rises_with_the_inflow(qinghai):
    """Proves: one factor belongs to one generation, up to full turbines."""
    power = generation(qinghai, 2023, 7, 7)
    assert (power[1:] >= power[:-1]).all()
    assert power[1000] > power[500]


@pytest.mark.parametrize("year", [2020, 2023])
def test_the_cases_start_and_end_at_the_recorded_level(qinghai, year):
    """Proves: the fills of the case are those of the levels at the turns of the year, to a tenth of a percent."""
    change = read_case(ROOT / "cases" / f"backcast-{year}.toml").change
    given = {address.split("/")[2].split(" ")[0]: value for address, value in change.items() if "_fill" in address}
    assert given["initial_fill"] == pytest.approx(100 * fill(qinghai, year - 1), abs=0.06)
    assert given["final_fill"] == pytest.approx(100 * fill(qinghai, year), abs=0.06)
