"""Rules of steps and the days of the model year, as data."""

import math
from collections import Counter
from datetime import date

import pytest
from small_system import Small

from qhenergy.data import day_types
from qhenergy.data.builtin import root
from qhenergy.data.day_types import calendar_of, day_of_year, month_and_day, of_year, week_days
from qhenergy.data.inputs import read_inputs
from qhenergy.data.step_rules import StepRules, months_of, rules_of
from qhenergy.ground.faults import InputError
from qhenergy.model.catalogue import TABLES
from qhenergy.profiles import calendar


@pytest.fixture(scope="module")
def built_in():
    return read_inputs(root() / "inputs" / "qinghai", TABLES)


def small(folder, **row):
    made = (
        Small(folder / "small", 24)
        .zone(demand=1)
        .curve("flat", [1])
        .add("send_out", capacity=8000, minimum_output=0.2, schedule="curve", curve="flat")
    )
    return made.add("send_out_rules", **row) if row else made


def read(made):
    return read_inputs(made.write(), TABLES)


def test_rules_in_megawatts(tmp_path):
    """Proves: shares become MW of the line's rating, blank cells ask nothing, months become seasons."""
    found = rules_of(read(small(tmp_path, minimum_power=0.1, levels=3, dwell=2, ramp=0.75)), "dc")
    assert found == StepRules("dc", minimum_power=800, levels=3, dwell=2, ramp=6000)
    assert found.largest_step == math.inf
    row = {"allowed_levels": "1 | 0.5", "changes": 4, "largest_step": 0.5, "same_days": "yes"}
    found = rules_of(read(small(tmp_path, seasons="3-5 | 6-9 | 10 11 | 12-2", **row)), "dc")
    assert found.allowed_levels == (4000, 8000)
    assert (found.changes, found.largest_step, found.same_days, found.levels) == (4, 4000, True, None)
    assert found.seasons == (3, 3, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3)


def test_line_without_rules_has_its_least_output(tmp_path):
    """Proves: a line without a row is asked for its least output and nothing else."""
    assert rules_of(read(small(tmp_path)), "dc") == StepRules("dc", minimum_power=1600)


def test_faults_of_cells(tmp_path):
    """Proves: a level in MW, a month twice, and a line that there is not, are refused, each with its place."""
    with pytest.raises(InputError) as caught:
        rules_of(read(small(tmp_path, allowed_levels="0.5 | 4000", seasons="1-6 | 6-12")), "dc")
    levels, seasons = map(str, caught.value.faults)
    assert levels.startswith('send_out_rules.csv (dc), "allowed_levels": found "4000"; expected a share from 0 to 1')
    assert "month 6 twice" in seasons
    with pytest.raises(InputError, match="no month 12"):
        rules_of(read(small(tmp_path, seasons="1-6 | 7-11")), "dc")
    with pytest.raises(InputError, match='found "cd"'):
        rules_of(read(small(tmp_path)), "cd")


@pytest.mark.parametrize(
    ("text", "months"),
    [("3-5", [3, 4, 5]), ("12-2", [12, 1, 2]), ("6 7,8", [6, 7, 8]), ("4", [4]), ("13", None), ("", None)],
)
def test_months_of_a_season(text, months):
    """Proves: runs of months may go over New Year, and months that are none are not read."""
    assert months_of(text) == months


def test_days_of_the_built_in_year(built_in):
    """Proves: the model year has the 28 holidays of 2025 and 5 days worked in exchange.

    2025 has 261 days from Monday to Friday and 104 of weekends. 18 holidays fall on the former, 10 on the latter.
    """
    made = calendar_of(built_in)
    assert made.year == 2025
    assert Counter(made.types) == {"workday": 261 - 18 + 5, "weekend": 104 - 10 - 5, "holiday": 28}
    assert made.types[day_of_year(10, 11)] == "workday"
    assert date(2025, 10, 11).weekday() == 5
    assert made.types[day_of_year(1, 29)] == "holiday"


def test_every_line_has_rules(built_in):
    """Proves: the rules of every line of the data set can be read and say that they are to be confirmed."""
    rows = built_in["send_out_rules"]
    assert list(rows.index) == list(built_in["send_out"].index)
    assert rows["note"].str.contains("to be confirmed by the operator").all()
    assert set(rows["confidence"]) == {"low"}
    for line in rows.index:
        found = rules_of(built_in, line)
        assert (found.minimum_power, found.levels, found.ramp) == (800, 3, 6000)


def test_days_are_those_of_the_calendar():
    """Proves: months, and the count of days of a leap year, are those of the calendar of profiles."""
    assert day_types.MONTH_DAYS == calendar.MONTH_DAYS
    assert day_types.MONTH_OF_DAY.tolist() == calendar.DAY_MONTH.tolist()
    assert day_of_year(2, 29) is None
    assert [month_and_day(d) for d in (0, 58, 59, 364)] == ["01-01", "02-28", "03-01", "12-31"]
    assert len(of_year(2024).types) == 365
    assert of_year(2024).types[day_of_year(3, 1)] == "workday"
    assert week_days(2025, 1) == [0, 1, 2, 3, 4]
    assert week_days(2025, 15) == list(range(day_of_year(4, 7), day_of_year(4, 14)))


def test_calendar_of_two_years_is_refused(tmp_path):
    """Proves: holidays of two years, or a date in other words, are refused."""
    made = small(tmp_path).add("holidays").add("holidays", date="2026-01-01").add("holidays", date="1 May")
    with pytest.raises(InputError) as caught:
        calendar_of(read(made))
    assert [f.found for f in caught.value.faults] == ['"1 May"', "days of 2025 and 2026"]
    assert calendar_of(read(small(tmp_path))) is None
