"""Values and duals come back under the name of their family."""

import numpy as np
import pytest


def naive(result, index, data, family):
    """Value by (block, number, member), entry by entry."""
    found = {}
    for i in range(len(index)):
        if index.families[index.family[i]] == family:
            found[index.blocks[index.block[i]], int(index.number[i]), index.members[index.member[i]]] = data[i]
    return found


@pytest.mark.parametrize("kind", ["columns", "rows"])
def test_frames_hold_what_an_entry_by_entry_search_finds(two_zones, kind):
    """Proves: every family comes back whole, each entry in its hour, window or stage and under its member.

    If it were broken, windows of unequal length would overlap, or members would be swapped.
    """
    problem = two_zones.problem
    index = getattr(problem, kind)
    data = two_zones.values if kind == "columns" else two_zones.row_duals
    starts = {f"window {s.index}": two_zones.of_span(s).start for s in two_zones.spans.spans}
    assert [len(s) for s in two_zones.spans.spans] == [20, 28]
    for family in index.families:
        expected = naive(two_zones, index, data, family)
        frame = two_zones.column(family) if kind == "columns" else two_zones.row_dual(family)
        assert frame.notna().sum().sum() == len(expected)
        for (block, number, member), value in expected.items():
            row = number if block == "plan" else starts[block] + number
            assert frame.at[row, member] == value, (family, block, number, member)


def test_hours_say_where_they_lie_and_what_they_weigh(two_zones):
    """Proves: weights add up to the year, and the calendar is that of the hours."""
    hours = two_zones.hours
    assert hours["weight"].sum() == pytest.approx(8760)
    assert hours["hour_of_year"].tolist() == list(range(48))
    assert hours["hour_of_day"].tolist() == [t % 24 for t in range(48)]
    assert set(hours["month"]) == {1}
    assert hours["window"].tolist() == [0] * 20 + [1] * 28


def test_representative_hours_keep_their_place_in_the_year(by_days):
    """Proves: each window is a real day, and the days together weigh a year."""
    hours = by_days.hours
    assert hours["weight"].sum() == pytest.approx(8760)
    for span in by_days.spans.spans:
        part = hours.iloc[by_days.of_span(span)]
        assert np.array_equal(part["hour_of_year"], span.hours)
        assert part["hour_of_day"].tolist() == list(range(24))


def test_a_family_of_one_number_a_window_has_a_row_for_each_window(by_days):
    """Proves: what a window says once is told by window, not smeared over hours."""
    change = by_days.column("battery/level_change")
    assert change.index.name == "window"
    assert len(change) == 3
    level = by_days.column("battery/level")
    ends = [by_days.of_span(span).stop - 1 for span in by_days.spans.spans]
    assert change["cells"].to_numpy() == pytest.approx(level["cells"].to_numpy()[ends])


def test_an_unknown_family_is_named_with_the_nearest_one(two_zones):
    """Proves: a misspelt family is an error, not an empty table."""
    with pytest.raises(KeyError, match="battery/level"):
        two_zones.column("batery/level")


def test_a_declared_family_without_members_is_empty(two_zones):
    """Proves: a case without a technology has a table without members."""
    assert two_zones.column("csp/heat").shape == (48, 0)
    assert not two_zones.has("csp/heat")


def test_series_and_solve_facts(two_zones):
    """Proves: series have the rows of `hours`, and the facts of the solve are those of the matrix."""
    assert all(frame.index.equals(two_zones.hours.index) for frame in two_zones.series.values())
    rows, columns = two_zones.problem.matrix.shape
    assert (two_zones.solve["rows"], two_zones.solve["columns"]) == (rows, columns)
    assert two_zones.solve["status"] == "optimal"
    assert two_zones.versions["qhenergy"]
