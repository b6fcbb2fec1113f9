"""The fleet of a past year: the mean of its two ends, nothing added, and what is ambiguous refused."""

from pathlib import Path

import pandas as pd
import pytest
from small_system import Small

from qhenergy.data.case import parse_case
from qhenergy.data.fleet import asset_tables, fleet_of
from qhenergy.data.inputs import Inputs, read_inputs
from qhenergy.ground.faults import InputError
from qhenergy.model.catalogue import TABLES

HISTORY = {"base_year": 2024, "fleet": "history"}


def small(folder: Path, *rows: tuple[str, int, float]) -> Small:
    """Coal that may grow and go, two wind farms, a line committed long ago, and these rows of the record."""
    made = Small(folder, 2, case=dict(HISTORY)).zone("a", 100).zone("b")
    made.add("thermal", zone="a", existing=100, committed=30, room=500, retirable="yes")
    made.add("wind", asset="old", zone="a", existing=20, committed=7, series=[1, 1])
    made.add("wind", asset="new", zone="a", existing=5, room=9, series=[1, 1])
    made.add("corridors", existing=10, committed=4, committed_year=2022, room=50)
    for asset, year, capacity in rows:
        made.add("fleet_history", asset=asset, year=year, capacity=capacity)
    return made


ENDS = (("coal", 2024, 80), ("coal", 2025, 90), ("old", 2024, 20), ("old", 2025, 16))


def test_mean_of_the_two_ends_and_nothing_else(tmp_path):
    """Proves: capacity is the mean of both ends, without rows none, and the plan has nothing to decide."""
    solved = small(tmp_path, *ENDS).solve()
    fixed = {a.name: a.fixed[2025] for a in solved.assembled.assets.by_name.values()}
    # The table of lines has no row in the record: what exists and what was committed before.
    assert fixed == {"coal": 85, "old": 18, "new": 0, "road": 14}
    existing = {a.name: a.existing for a in solved.assembled.assets.by_name.values()}
    assert existing == {"coal": 80, "old": 20, "new": 0, "road": 10}
    assert all(a.decided(2025) for a in solved.assembled.assets.by_name.values())
    assert not solved.has("columns", "capacity/built")
    assert not solved.has("columns", "capacity/retired")
    # 100 MW of demand, 18 of wind and 82 of the 85 MW of coal.
    assert solved.column("thermal/output").tolist() == pytest.approx([82, 82], abs=1e-6)


def test_what_was_told_says_so_once(tmp_path):
    """Proves: a row says that its capacity is of the record; fixing a fixed fleet again changes nothing."""
    system = small(tmp_path, *ENDS).system()
    assert system.inputs["thermal"].at["coal", "note"] == "Capacity from fleet_history.csv. "
    again = fleet_of(system.inputs, system.case)
    for name in asset_tables(system.inputs):
        pd.testing.assert_frame_equal(again[name], system.inputs[name])


def test_planned_is_what_it_was(tmp_path):
    """Proves: without the key, rows of the record change nothing."""
    made = small(tmp_path, *ENDS)
    made.case = {"base_year": 2020}
    assert made.system().inputs["thermal"].loc["coal", ["existing", "committed", "room"]].tolist() == [100, 30, 500]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((*ENDS, ("cole", 2024, 1), ("cole", 2025, 1)), ('asset "cole"', "a key of", 'Did you mean "coal"?')),
        ((*ENDS, ("new", 2025, 1)), ("(new): found a row for 2025 only", "rows for 2024 and 2025", "write 0")),
        ((), ("no row of an asset", "capacities at the end of 2024 and 2025", 'fleet = "planned"')),
    ],
    ids=["stranger", "one end", "nothing"],
)
def test_faults_of_the_record(tmp_path, rows, said):
    """Proves: each fault says where, what was found, what was expected and what to do."""
    with pytest.raises(InputError) as refused:
        small(tmp_path, *rows).system()
    for words in ("fleet_history.csv", *said):
        assert words in str(refused.value)


def test_capacity_committed_in_the_year_is_ambiguous(tmp_path):
    """Proves: a line that comes during the year needs the record; half a year of it is nobody's guess."""
    made = small(tmp_path, *ENDS)
    made.rows["corridors"][0]["committed_year"] = 2025
    with pytest.raises(InputError, match=r"corridors.csv \(road\): found capacity committed in 2025; expected"):
        made.system()


def test_a_station_before_its_time_is_refused(tmp_path):
    """Proves: capacity before the year a station stands in the river contradicts it."""
    made = small(tmp_path, *ENDS, ("dam", 2024, 0), ("dam", 2025, 3))
    made.station("dam", zone="a", existing=3, in_service_year=2026)
    with pytest.raises(InputError, match=r"\(dam\): found capacity at the end of 2025, and in_service_year 2026"):
        made.system()


@pytest.mark.parametrize(
    ("address", "value", "instead"),
    [
        ("thermal/coal/existing [MW]", 50, 'Change "fleet_history/coal,2024/capacity [MW]" and that of 2025'),
        ("thermal/coal/committed [10^4 kW]", 5, 'Change "fleet_history/coal,2024/capacity [MW]" and that of 2025'),
        ("thermal/coal/room [MW]", 5, 'Delete it, or set fleet = "planned"'),
        ("corridors/road/room [MW]", 5, 'Delete it, or set fleet = "planned"'),
        ("corridors/road/existing [MW]", 7, ""),
        ("thermal/coal/efficiency [%]", 30, ""),
        ("fleet_history/coal,2024/capacity [MW]", 60, ""),
    ],
)
def test_a_change_that_the_record_writes_over_is_refused(tmp_path, address, value, instead):
    """Proves: what the record says cannot be changed beside it; what it does not say can, and so can the record.

    If it were broken, the change would be without effect, and nobody would know.
    """
    made = small(tmp_path, *ENDS)
    made.case["change"] = {address: value}
    if not instead:
        made.system()
        return
    with pytest.raises(InputError) as refused:
        made.system()
    said = str(refused.value)
    assert f'change "{address}": found {address.split("/")[2].split()[0]} changed in a case with fleet' in said
    assert instead in said


def test_the_base_year_is_the_one_before():
    """Proves: another base year is refused, with the one to write."""
    content = {"title": "t", "inputs": "i", "base_year": 2020, "stages": [2023], "fleet": "history"}
    with pytest.raises(InputError, match=r"base_year = 2020 and the stage 2023; expected .* Write base_year = 2022"):
        parse_case(content, "c.toml")
    assert parse_case({**content, "base_year": 2022}, "c.toml").fleet == "history"


@pytest.fixture(scope="module")
def qinghai() -> Inputs:
    return read_inputs(Path(__file__).resolve().parents[2] / "inputs" / "qinghai", TABLES)


def test_the_built_in_record_meets_the_published_totals(qinghai):
    """Proves: the assets of a group add up to what was published for the end of every year [MW]."""
    technology = pd.concat([qinghai[name]["technology"] for name in asset_tables(qinghai)])
    ends = qinghai["fleet_history"]["capacity"].unstack("year")
    assert ends.notna().all(axis=None)
    published = qinghai["published_capacity"]["capacity"]
    assert len(published) == 20
    for (group, year), total in published.items():
        members = ends.index[technology.reindex(ends.index).isin(qinghai.members(group))]
        assert ends.loc[members, year].sum() == pytest.approx(total, abs=0.01), (group, year)


def test_splits_by_zone_are_called_estimates(qinghai):
    """Proves: no split of sun and wind by zone claims more than low confidence."""
    tables = [qinghai[name].index for name in ("solar", "wind", "small_hydro")]
    rows = qinghai["fleet_history"].reset_index()
    split = rows[rows["asset"].isin([a for t in tables for a in t])]
    assert set(split["confidence"]) == {"low"}
