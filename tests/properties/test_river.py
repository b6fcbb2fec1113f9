"""A river with hubs, pumps, canals and basins keeps its water, however the year is cut."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcome.systems import result_of
from small_system import STAGE, hourly_inflow

from properties.random_river import full_river, full_rivers, water_kept
from qhenergy.outcome.balances import period_imbalance, water, water_imbalance, water_summary
from qhenergy.periods.chronology import Chronology, Span


def inflow(drawn):
    """The drawn inflow as a change of what was made ready."""
    return hourly_inflow(**{f"s{i}": values for i, values in enumerate(drawn["inflow"])})


def cut(drawn):
    """The drawn inflow, and the year cut at the drawn hours."""
    bounds = [0, *sorted(drawn["cut"]), drawn["hours"]]

    def change(system):
        inflow(drawn)(system)
        weight = 8760 / drawn["hours"]
        spans = [Span(k, STAGE, np.arange(a, b), weight) for k, (a, b) in enumerate(pairwise(bounds))]
        system.chronology = Chronology(tuple(spans), chained=True, sequence=np.arange(len(spans)))

    return change


@given(full_rivers(hours=12))
def test_every_station_keeps_its_water_in_every_hour(tmp_path_factory, drawn):
    """Proves: water in = water out + change of volume + withdrawals, at every station and hour, at any cut.

    If it were broken, water would appear or vanish at a pump, a canal, a basin, or where a window ends.
    """
    solved = full_river(tmp_path_factory.getbasetemp() / "river", drawn, 12).solve(cut(drawn))
    for station, left in water_kept(solved, drawn).items():
        assert left == pytest.approx(np.zeros(len(left)), abs=1e-8), station


@given(full_rivers(hours=12))
def test_the_water_of_the_year_adds_up(tmp_path_factory, drawn):
    """Proves: all that flows in leaves at the outlet or through canals; the result counts it the same way.

    If it were broken, water on its way or in a basin at the end of the year would be missing or counted twice.
    """
    solved = full_river(tmp_path_factory.getbasetemp() / "river", drawn, 12).solve(cut(drawn))
    result = result_of(solved)
    assert np.abs(water_imbalance(result).to_numpy()).max() < 1e-8
    table = water_summary(result).set_index("station")
    outlet = -table.at["s0", "turbined [hm3/yr]"] - table.at["s0", "spilled [hm3/yr]"]
    scale = table["inflow [hm3/yr]"].sum() + 1
    assert outlet - table["withdrawn [hm3/yr]"].sum() == pytest.approx(table["inflow [hm3/yr]"].sum(), abs=1e-8 * scale)
    assert table["pumped [hm3/yr]"].sum() == pytest.approx(0, abs=1e-8 * scale)
    taken = sum(solved.column("withdrawal/taken", f"canal{n}").sum() for n in range(len(drawn["canals"])))
    assert -table["withdrawn [hm3/yr]"].sum() == pytest.approx(0.0036 * 8760 / 12 * taken, abs=1e-8 * scale)


@given(full_rivers(hours=12))
def test_the_audit_sees_each_flow_of_the_river(tmp_path_factory, drawn):
    """Proves: one m3/s more of any column that joins the river is water out of nothing wherever it joins.

    If it were broken, the audit would pass a column nobody balances.
    """
    solved = full_river(tmp_path_factory.getbasetemp() / "river", drawn, 12).solve(inflow(drawn))
    result = result_of(solved)
    flows = result.flows[STAGE]
    for family, member in {(flow.family, flow.member) for flow in flows}:
        values = result.values.copy()
        index = result.problem.columns
        of = [p for p in index.of(family) if index.members[index.member[p]] == member and index.number[p] == 3]
        values[of[0]] += 1.0
        error = water(replace(result, values=values), STAGE).imbalance.sum(axis=0)
        asked = dict.fromkeys(water(result, STAGE).cascade.stations, 0.0)
        for flow in flows:
            if (flow.family, flow.member) == (family, member):
                asked[flow.station] -= 0.0036 * flow.coefficient
        assert error == pytest.approx(np.array(list(asked.values())), abs=1e-8), (family, member)


@given(full_rivers(hours=52))
@settings(max_examples=3)
def test_windows_change_neither_water_nor_cost(tmp_path_factory, drawn):
    """Proves: one window, some at drawn hours, and one an hour are the same year.

    If it were broken, a level, a delay longer than a window, or a basin would be free at a boundary.
    """
    folder = tmp_path_factory.getbasetemp() / "river"
    one = full_river(folder, drawn, 52).solve(inflow(drawn))
    for solved in (
        full_river(folder, drawn, 52).solve(cut(drawn)),
        full_river(folder, drawn, 4).solve(inflow(drawn)),
        full_river(folder, drawn, 1).solve(inflow(drawn)),
    ):
        assert solved.objective == pytest.approx(one.objective, rel=1e-8, abs=1e-3)
        for station, left in water_kept(solved, drawn).items():
            assert left == pytest.approx(np.zeros(len(left)), abs=1e-7), station


@given(full_rivers(hours=12))
def test_equal_years_cost_what_one_costs(tmp_path_factory, drawn):
    """Proves: the same water year two and three times over costs what it costs once, whatever the windows.

    If it were broken, what several years count, or what one hands to the next, would depend on how many there are.
    """
    folder = tmp_path_factory.getbasetemp() / "river"

    def cost(years, window):
        small = full_river(folder, drawn, window)
        small.case["water"] = {"year": ["normal"] * years}

        def change(system):
            hourly_inflow(**{f"s{i}": values * years for i, values in enumerate(drawn["inflow"])})(system)

        return small.solve(change).objective

    one = cost(1, 12)
    assert cost(2, 5) == pytest.approx(one, rel=1e-8, abs=1e-3)
    assert cost(3, 36) == pytest.approx(one, rel=1e-8, abs=1e-3)


@given(full_rivers(hours=12))
def test_periods_that_stand_for_themselves_are_the_year(tmp_path_factory, drawn):
    """Proves: carried reservoirs go through real periods as through windows where nothing is on its way between them.

    Every period stands for itself and travel times are none; short reservoirs and basins are left out.
    If it were broken, floors and ceilings over real periods would be too tight or too loose for pumped water.
    """
    folder = tmp_path_factory.getbasetemp() / "river"
    still = {**drawn, "travel": [0.0] * len(drawn["travel"]), "cycle": ["long"] * len(drawn["cycle"]), "basins": []}

    def periods(system):
        inflow(drawn)(system)
        spans = tuple(Span(k, STAGE, np.arange(4 * k, 4 * k + 4), 8760 / 12) for k in range(3))
        system.chronology = Chronology(spans, chained=False, sequence=np.arange(3))

    year = full_river(folder, still, 12).solve(inflow(drawn)).objective
    assert full_river(folder, still, 12).solve(periods).objective == pytest.approx(year, rel=1e-8, abs=1e-3)


@given(full_rivers(hours=12), st.lists(st.integers(0, 2), min_size=1, max_size=3))
def test_water_is_kept_in_and_between_representative_periods(tmp_path_factory, drawn, more):
    """Proves: with travel times, basins and reservoirs of both kinds no water is lost in a period or between two.

    Three periods of four hours stand for themselves and some of them for others, in a drawn order.
    If it were broken, water on its way, or the start of a real period, would not be handed over.
    """
    sequence = np.array([0, 1, 2, *more])

    def periods(system):
        inflow(drawn)(system)
        counts = np.bincount(sequence) * 8760 / 4 / len(sequence)
        spans = tuple(Span(k, STAGE, np.arange(4 * k, 4 * k + 4), float(counts[k])) for k in range(3))
        system.chronology = Chronology(spans, chained=False, sequence=sequence)

    result = result_of(full_river(tmp_path_factory.getbasetemp() / "river", drawn, 12).solve(periods))
    assert np.abs(water_imbalance(result).to_numpy()).max() < 1e-8
    between = period_imbalance(result)["imbalance [hm3]"]
    assert between.empty or between.abs().max() < 1e-8
    table = water_summary(result)
    assert table["imbalance [hm3/yr]"].abs().max() < 1e-6
    assert table["change [hm3/yr]"].abs().max() < 1e-5
