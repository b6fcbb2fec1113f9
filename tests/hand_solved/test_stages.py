"""Stages: weights of their years, what leaves and comes between them, and what foresight is worth."""

import pytest
from outcome.systems import result_of

from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.size import expected
from qhenergy.outcome import measures
from qhenergy.solving.profile import read_profile
from qhenergy.studies.expansion import Ready, solve_ready

FIRST, SECOND = 2025, 2030


def pathway(grid, demand=(10.0, 10.0), hours=1, **case):
    """One zone with a demand in two stages of one year each, undiscounted unless the case says otherwise."""
    horizon = {"discount_rate": 0, "years": [1, 1], **case.pop("horizon", {})}
    small = grid(hours, demand[0], case={"stages": [FIRST, SECOND], "horizon": horizon, **case})
    return small.add("demand", zone="z", year=SECOND, energy=demand[1] * 8760, shape="z")


def test_years_are_discounted_by_hand(grid):
    """Proves: a stage counts the discount factors of its years over those of all; costs of its year are apart.

    At a tenth, two years from 2025: 1 + 0.909091; one in 2030: 0.620921: weights 0.754578 and 0.245422. Coal at 100
    gives 10 MWh an hour, then 20.
    If it were broken, the cost would be 2.628e6 (undiscounted sum), 1.314e7 (mean), or 1.168e7 (years not counted).
    """
    small = pathway(grid, (10, 20), horizon={"discount_rate": 0.1, "years": [2, 1]}).add("thermal", existing=100)
    found = small.cost("coal", lifetime=40).solve()
    weight = (1 + 1 / 1.1) / (1 + 1 / 1.1 + 1.1**-5)
    assert weight == pytest.approx(0.754578, abs=1e-6)
    assert found.costs_of(FIRST)["fuel/coal"] == pytest.approx(8_760_000)
    assert found.costs_of(SECOND)["fuel/coal"] == pytest.approx(17_520_000)
    assert found.objective == pytest.approx(weight * 8_760_000 + (1 - weight) * 17_520_000)
    table = measures.horizon(result_of(found)).set_index("stage")
    assert table["value [CNY]"].tolist() == pytest.approx([8_760_000 * 1.9090909, 17_520_000 * 0.6209213])
    assert measures.costs(result_of(found))["cost [CNY/yr]"].sum() == pytest.approx(found.objective)


def test_a_stage_stands_for_the_years_to_the_next(grid):
    """Proves: without a word on years a stage stands for those up to the next, the last for as many as the one before.

    2025 to 2030 to 2035 at rate zero: halves. Coal of 10 and 20 MWh an hour cost 1,500 CNY an hour on the mean.
    If it were broken, the cost would be 1,167 an hour (the last for one year) or 2,000 (the last alone).
    """
    small = pathway(grid, (10, 20), horizon={"years": []}).add("thermal", existing=100)
    assert small.cost("coal", lifetime=40).solve().objective == pytest.approx(8760 * 1500)


def test_prices_are_of_a_year_of_their_stage(grid):
    """Proves: prices and shadow prices are told without the weight and the discount of their stage.

    Coal at 100 sets the price of both years, weights are 0.888 and 0.112; 30 MW of solar asked for at 70 CNY/MW a year.
    If it were broken, the price of 2030 would be 11.2, and the clause of 2030 worth less than 70 alone.
    """
    small = pathway(grid, horizon={"discount_rate": 0.2, "years": [5, 1]}).add("thermal", existing=100)
    small.add("solar", room=100, series=[0]).cost("pv", investment=700).cost("coal", lifetime=40)
    small.group("sun", "pv").add("capacity_totals", group="sun", sense=">=", capacity=30, year=SECOND).target("total")
    result = result_of(small.solve())
    assert result.case.stage_weights[SECOND] < 0.12
    assert result.row_dual("balance/energy")["z"].tolist() == pytest.approx([876_000, 876_000])
    assert result.row_dual("capacity_total/requirement").at[SECOND, "total"] == pytest.approx(70)


def test_what_stands_leaves_by_its_age(grid):
    """Proves: existing capacity leaves in the years the table says, and what is committed a lifetime after its own.

    100 MW of coal, of which 30 leave in 2027 and 20 in 2030; 10 MW of 2024 that last six years; 100 MW are asked.
    If it were broken, nothing would be missing in 2030, or 30 and 20 MW in 2025.
    """
    small = pathway(grid, (100, 100)).add("thermal", existing=100, committed=10, committed_year=2024)
    small.add("retirements", year=2027, capacity=30).add("retirements", year=2030, capacity=20)
    small.add("costs", technology="coal", year=2020, lifetime=40).add("costs", technology="coal", year=2024, lifetime=6)
    solved = small.solve()
    assert solved.column("demand/unserved") == pytest.approx([0, 50])
    table = measures.capacity(result_of(solved)).set_index("stage")
    assert table["retired [MW]"].to_dict() == pytest.approx({FIRST: 0, SECOND: 50})
    assert table["committed [MW]"].to_dict() == pytest.approx({FIRST: 10, SECOND: 0})
    assert table["total [MW]"].to_dict() == pytest.approx({FIRST: 110, SECOND: 50})


def test_nothing_outlives_its_lifetime_after_the_base_year(grid):
    """Proves: what stood in the base year is gone a lifetime later, whatever its age was; a new plant takes its place.

    40 MW with ten years of life stand in 2020: in 2030 all are new, at 50 CNY/MW a year.
    If it were broken, nothing would be built, or it would be built and paid in 2025 as well.
    """
    small = pathway(grid, (40, 40)).add("thermal", existing=40, room=100).cost("coal", investment=500)
    solved = small.solve()
    assert solved.column("capacity/built") == pytest.approx([0, 40])
    assert solved.costs_of(FIRST)["investment/coal"] == pytest.approx(0)
    assert solved.costs_of(SECOND)["investment/coal"] == pytest.approx(2000)


def test_what_is_retired_stays_retired(grid):
    """Proves: a plant retired for economy does not come back, and what reaches its age goes with it, not beside it.

    50 of 100 MW are idle in 2025, but 90 MW are worth having in 2030, where 10 are too old: keeping 40 MW more a year
    at 7 CNY is paid in both stages.
    If it were broken, 50 MW would be let go in 2025 and taken back in 2030, or 100 would stand in 2030.
    """
    small = pathway(grid, (50, 95)).add("thermal", existing=100, retirable="yes")
    small.add("retirements", year=2030, capacity=10).cost("coal", lifetime=40, fixed_om=7)
    solved = small.solve()
    assert solved.column("capacity/retired") == pytest.approx([10, 10])
    assert solved.column("demand/unserved") == pytest.approx([0, 5])
    assert solved.costs["fixed O&M/coal"] == pytest.approx(90 * 7)


def test_what_retires_early_does_not_retire_again_by_age(grid):
    """Proves: the oldest units go first: 30 MW gone for economy in 2025 are the 20 that were too old for 2030.

    70 MW are needed in both stages.
    If it were broken, 50 MW would be gone in 2030 and 20 missing.
    """
    small = pathway(grid, (70, 70)).add("thermal", existing=100, retirable="yes")
    solved = small.add("retirements", year=2030, capacity=20).cost("coal", lifetime=40, fixed_om=7).solve()
    assert solved.column("capacity/retired") == pytest.approx([30, 30])
    assert solved.column("demand/unserved") == pytest.approx([0, 0])


def cheaper_later(grid, foresight="perfect", room=1):
    """A MW of wind saves 876,000 CNY a year, one of 2 MW of coal; it costs 800,000 a year of 2025, 400,000 of 2030."""
    small = pathway(grid, (2, 2), foresight=foresight).add("thermal", existing=2).add("wind", room=room, series=[1])
    small.cost("coal", lifetime=40).cost("wind", year=FIRST, investment=8e6)
    return small.cost("wind", year=SECOND, investment=4e6)


def test_an_investment_waits_because_it_gets_cheaper(grid):
    """Proves: with perfect foresight the MW that pays at once waits for the price that pays more.

    Now: 76,000 saved in both years. Later: 476,000 in the second alone.
    If it were broken, the annuity of 2025 would fall with the prices of 2030, or it would be built at once.
    """
    solved = cheaper_later(grid).solve()
    assert solved.column("capacity/built", "wind") == pytest.approx([0, 1])
    assert solved.objective == pytest.approx(876_000 + 0.5 * 876_000 + 0.5 * 400_000)


def corridor(grid, building, price):
    """12 MW missing behind a line that comes in units of 10 MW at 100 CNY/MW a year; missing costs `price` a MWh."""
    small = pathway(grid, (12, 12), building=building).add("thermal", zone="far", existing=100)
    small.zone("far").cost("coal", lifetime=40).rows["zones"][0]["unserved_price"] = price
    line = {"corridor": "line", "technology": "ac", "from_zone": "far", "to_zone": "z", "length": 100, "loss": 0}
    small.add("corridors", **line, existing=0, room=25, unit_size=10)
    return small.cost("ac", investment=1000)


@pytest.mark.parametrize(
    ("building", "price", "built"),
    [("linear", 10_000, [12, 0]), ("whole", 10_000, [20, 0]), ("whole", 100.05, [10, 0])],
)
def test_whole_units(grid, building, price, built):
    """Proves: with whole units a line is built in units, as many as pay; the room of 25 MW holds two.

    The second unit serves 2 MW: at 100.05 a MWh that saves 876 CNY a year and costs 1,000.
    If it were broken, 12 MW would be built, or three units.
    """
    solved = corridor(grid, building, price).solve()
    assert solved.column("capacity/built", "line") == pytest.approx(built)


def test_a_line_comes_in_its_year(grid):
    """Proves: a scenario brings the second line in 2030 and the third from the first stage after its year.

    Lines of 8 MW with the energy of 4 MW a year, in 2028 and 2033 by the scenario; stages 2025, 2030, 2035.
    If it were broken, all would send in 2025, or the third already in 2030; the line would be paid at 2035's price.
    """
    small = pathway(grid, (10, 10), horizon={"years": [1, 1, 1]}, send_out={"scenario": "mid"})
    small.case["stages"] = [FIRST, SECOND, 2035]
    small.add("demand", zone="z", year=2035, energy=10 * 8760, shape="z").add("thermal", existing=100)
    small.cost("coal", lifetime=40).cost("dc", investment=1000).cost("dc", year=SECOND, investment=800)
    for line, year in (("two", 2028), ("three", 2033)):
        row = {"capacity": 8, "schedule": "energy", "yearly_energy": 4 * 8760, "in_service_year": 2040}
        small.add("send_out", line=line, **row).add(
            "send_out_scenarios", scenario="mid", line=line, in_service_year=year
        )
    solved = small.solve()
    assert [solved.costs_of(y)["fuel/coal"] / 876_000 for y in small.case["stages"]] == pytest.approx([10, 14, 18])
    paid = [solved.costs_of(y).get("investment/dc", 0) for y in small.case["stages"]]
    assert paid == pytest.approx([0, 8 * 80, 16 * 80])


@pytest.mark.parametrize(("lead", "built"), [(0, [10, 0]), (5, [10, 0]), (6, [0, 10])])
def test_lead_time(grid, lead, built):
    """Proves: nothing stands sooner after the base year 2020 than its lead time.

    If it were broken, 10 MW would stand in 2025 after six years, or not after five.
    """
    small = pathway(grid).add("thermal", existing=10).add("wind", room=10, series=[1]).cost("coal", lifetime=40)
    small.lead_times = {"wind": lead}
    assert small.solve().column("capacity/built", "wind") == pytest.approx(built)


def test_a_target_ends(grid):
    """Proves: a clause with a last year asks nothing of the stages after it.

    Coal is capped at 4 MW on the mean until 2025.
    If it were broken, 6 MW would be missing in 2030 as well.
    """
    small = pathway(grid).add("thermal", existing=10).cost("coal", lifetime=40).add("co2_caps", cap=4 * 8760)
    small.target("cap", until=2027)
    assert small.solve().column("demand/unserved") == pytest.approx([6, 0])


def in_turn(small):
    """The small system solved as its case asks, by the way a run goes: the result and its audit."""
    system = small.system()
    return solve_ready(Ready(small.folder, system, read_profile("simplex"), expected(system)))


def test_myopic_stages_do_not_wait(grid):
    """Proves: stage after stage, the MW that pays in 2025 is built there and holds the room; the audit stands.

    As above: 800,000 CNY are paid in both years instead of 876,000 and 400,000, beside 876,000 for the other MW.
    If it were broken, myopia would cost 1,514,000 as foresight does, or less.
    """
    small = cheaper_later(grid, "myopic")
    result, found = in_turn(small)
    assert result.column("capacity/built")["wind"].tolist() == pytest.approx([1, 0])
    assert result.objective == pytest.approx(876_000 + 800_000)
    assert found.passed, found.faults
    assert result.row_dual("balance/energy")["z"].tolist() == pytest.approx([876_000, 876_000])


def test_a_stage_that_cannot_be_met_is_named(grid):
    """Proves: a target of 2030 that the room left by 2025 cannot meet ends the run with its stage and its clause.

    10 MW are built in 2025 and stand on in 2030, which allows 4.
    If it were broken, the explanation would say that all clauses can hold, as they do with foresight.
    """
    small = pathway(grid, (10, 0), foresight="myopic").add("thermal", room=10, existing=0).cost("coal", lifetime=40)
    small.group("new", "coal").add("capacity_totals", group="new", sense="<=", capacity=4, year=SECOND).target("total")
    with pytest.raises(NoSolutionError, match=r"stage 2030(.|\n)*total"):
        in_turn(small)
