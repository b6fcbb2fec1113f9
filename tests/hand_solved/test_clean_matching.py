"""Clean energy matched to a load by hour, month and year."""

import numpy as np
import pytest
from small_loads import plant

from qhenergy.ground.faults import InputError
from qhenergy.outcome.board import board
from qhenergy.outcome.result import solved as result_of


def works(grid, per, strictness="hard", penalty=0.0, share=1.0, sun=(1, 0), load=4, window=1, **contract):
    """A load of 4 MW in a demand of 10; wind at 0.5 in both hours costs 400 CNY/MW/h, sun in hour 0 300; coal 100."""
    small = grid(len(sun), 10, case={"time": {"window_hours": window}}).add("thermal", existing=20)
    small.add("solar", room=100, series=list(sun)).cost("pv", investment=300 * 87600)
    small.add("wind", room=100, series=[0.5] * len(sun)).cost("wind", investment=400 * 87600)
    plant(small, load, calls=0, call_hours=1)
    small.group("clean", "pv", "wind")
    small.add("clean_contracts", **{"group": "clean", **contract})
    return small.add("clean_matchings", per=per, share=share).target("match", strictness, penalty)


def test_by_year_the_cheapest_by_hour_the_one_that_is_there(grid):
    """Proves: over the year sun covers a load at night, hour by hour only what generates in the hour does.

    8 MWh of the two hours: over the year 8 MW of sun at 300 * 2, saving 8 of coal at 100: 5,600 - 800 more, each two
    hours 4,800 - 800 = 4,000 more. By the hour 8 MW of wind at 400 * 2 give 4 in both: 6,400 - 800 = 5,600 more.
    If it were broken, both would cost the same.
    """
    yearly, hourly = works(grid, "year").solve(), works(grid, "hour").solve()
    assert yearly.column("capacity/built", "sun") == pytest.approx([8])
    assert yearly.objective == pytest.approx(4380 * (2000 + 4000))
    assert hourly.column("capacity/built", "wind") == pytest.approx([8])
    assert hourly.column("capacity/built", "sun") == pytest.approx([0])
    assert hourly.objective == pytest.approx(4380 * (2000 + 5600))


def calendar(system):
    """Two hours of January and two of July."""
    system.month = np.array([1, 1, 7, 7])


def test_by_month_what_is_too_much_in_one_does_not_count_in_another(grid):
    """Proves: each month is covered by itself, within it any hour may serve another.

    Sun in hour 0 of January and 0.6 of it in hour 2 of July, 8 MWh to be covered in each. July asks 0.6 s + w = 8 of
    sun at 1,200 and wind at 1,600 for its four hours: a MW of sun spares 960 of wind, so 8 of wind. Over the year
    16 MWh are 10 MW of sun at 750 a MWh, which the demand of 10 just takes.
    If it were broken, months would be covered from one another: 12,000 instead of 12,800.
    """
    coal = 100 * (40 - 16)
    monthly = works(grid, "month", sun=(1, 0, 0.6, 0)).solve(calendar)
    assert monthly.column("capacity/built", "wind") == pytest.approx([8])
    assert monthly.objective == pytest.approx(2190 * (12_800 + coal))
    yearly = works(grid, "year", sun=(1, 0, 0.6, 0)).solve(calendar)
    assert yearly.column("capacity/built", "sun") == pytest.approx([10])
    assert yearly.objective == pytest.approx(2190 * (12_000 + coal))


@pytest.mark.parametrize("window", [1, 2, 4])
def test_months_are_added_up_over_windows(grid, window):
    """Proves: a month that lies in several windows of the model, or two in one, is the same month.

    If it were broken, the months would be covered window by window.
    """
    solved = works(grid, "month", sun=(1, 0, 0.5, 0), window=window).solve(calendar)
    assert solved.objective == pytest.approx(8760 * 3800)


def test_own_store_shifts_what_was_contracted(grid):
    """Proves: a store of the load covers an hour by what it was charged with, and charging must be covered as well.

    Sun at 300 in hour 0 only: 4 for the load and 5 for a store that loses a fifth: 9 MW of sun, the store is free.
    Coal gives 10 + 5 - 9 in hour 0 and 10 - 4 in hour 1.
    If it were broken, the store could be filled from coal: 8 MW of sun at most.
    """
    small = works(grid, "hour")
    small.rows["wind"][0]["room"] = 0
    small.add("batteries", existing=10, duration=4, charge_efficiency=0.8)
    small.add("clean_contracts", number=2, asset="cells")
    solved = small.solve()
    assert solved.column("capacity/built", "sun") == pytest.approx([9])
    assert solved.objective == pytest.approx(4380 * (600 * 9 + 100 * (6 + 6)))


def test_only_what_is_contracted_counts(grid):
    """Proves: half of the wind contracted covers half as much, and another zone's does not cover.

    By the hour half of 16 MW of wind at 0.5 are the 4 MW. In a zone where nothing stands there is nothing to contract.
    If it were broken, 8 MW would do.
    """
    solved = works(grid, "hour", contracted=0.5).solve()
    assert solved.column("capacity/built", "wind") == pytest.approx([16])
    with pytest.raises(InputError, match="nothing stands"):
        works(grid, "hour", zone="y").zone("y", 1).solve()


def test_priced_by_hour(grid):
    """Proves: a priced match is missed at its penalty where that is less than 600 a MWh, what wind costs beyond coal.

    Wind for 1 MW in both hours costs 1,600 and saves 200: 700 an hour and MW. Sun covers hour 0 at 600 - 100 = 500.
    At 400 nothing is built: 4 * 2 * 400.
    If it were broken, the penalty would not be weighted by the hours of the year.
    """
    solved = works(grid, "hour", "priced", 400).solve()
    assert solved.objective == pytest.approx(4380 * (2000 + 3200))
    assert solved.costs["clauses missed/match"] == pytest.approx(4380 * 3200)


@pytest.mark.parametrize(
    ("per", "achieved"), [("hour", -0.4), ("month", 2 * 2190 * 8e-5 - 2190 * 5e-5), ("year", 100 * 5 / 16)]
)
def test_watched_is_measured(grid, per, achieved):
    """Proves: what is only watched moves nothing and is measured: worst hour, what months miss, share of the year.

    5 MW of sun stand: 5 MWh in January, none in July, of 8 in each.
    If it were broken, the board would show a number of the solver's choice.
    """
    small = works(grid, per, "watched", sun=(1, 0, 0, 0))
    small.rows["solar"][0].update(existing=5, room=0)
    assembled = small.solve(calendar)
    result = result_of(assembled.assembled, assembled.solution, 0.0, 0.0)
    (row,) = board(result)
    assert row.achieved == pytest.approx(achieved)
    assert assembled.objective == pytest.approx(2190 * 100 * (40 - 5))


@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        ("clean_matchings", {"load": "nobody"}, "load .nobody."),
        ("clean_contracts", {"group": ""}, "both or neither"),
        ("clean_contracts", {"group": "", "asset": "nothing"}, "asset .nothing."),
    ],
)
def test_what_is_not_there_is_refused(grid, table, change, found):
    """Proves: a match with a load or an asset that is not there is refused.

    If it were broken, it would be met by nothing.
    """
    small = works(grid, "year")
    small.rows[table][0].update(change)
    with pytest.raises(InputError, match=found):
        small.solve()


def test_nothing_is_sold_twice(grid):
    """Proves: two enforced clauses may not contract more than all of an asset; a watched one sells nothing.

    If it were broken, one MWh of wind would make two loads clean.
    """
    small = works(grid, "year")
    small.add("clean_matchings", clause="again", per="year").target("again")
    small.add("clean_contracts", clause="again", asset="wind", contracted=0.5)
    with pytest.raises(InputError, match="150% of wind contracted"):
        small.solve()
    small.rows["target_sets"][1]["strictness"] = "watched"
    small.solve()


@pytest.mark.parametrize(("per", "cost"), [(None, 16_666), ("year", 16_666), ("hour", 17_000)])
def test_hydrogen_is_matched_by_the_hour_or_the_year(grid, per, cost):
    """Proves: additionality of electrolysis is a switch: by year it costs nothing here, by hour coal makes no hydrogen.

    Wind for nothing in hour 0, coal at 100 CNY/MWh in hour 1, 100 MW of demand in both, a tonne of hydrogen in each,
    66.66 MWh of electrolysis, and 7,000 CNY for a tonne that is missed. Over the year the wind of hour 0, 166.66 MWh,
    covers both tonnes: coal gives 166.66 in hour 1. By the hour the second tonne is missed.
    If it were broken, an electrolyser would have no use of its own, and by the hour coal would make hydrogen as well.
    """
    small = grid(2, None).zone(demand=100).add("wind", existing=1000, series=[1, 0]).add("thermal", existing=1000)
    small.add("electrolysers", existing=1000, efficiency=0.5).add("hydrogen_stores", existing=0.1, duration=0.1)
    small.add("hydrogen_demands", yearly=8760, unserved_price=7000)
    if per:
        small.group("clean", "wind").add("clean_contracts", group="clean")
        small.add("clean_matchings", load="stack", per=per).target("match")
    assert small.solve().objective == pytest.approx(4380 * cost, rel=1e-3)
