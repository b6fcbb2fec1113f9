"""A ceiling of what sun and wind offer and nobody uses."""

import pytest


def fleet(grid, ceiling, strictness="hard", penalty=0.0):
    """Wind of 100 MW against 60 then 20 MW of demand, and a battery of one hour to build at 1,752,000 CNY/MW a year."""
    small = grid(2, case={"time": {"window_hours": 1}}).zone(demand=[60, 20], unserved_price=100)
    small.add("wind", existing=100, series=[0.5, 0.5])
    small.add("batteries", room=100, duration=1).cost("cells", investment=17_520_000)
    small.group("variable", "wind").add("curtailment_ceilings", ceiling=ceiling)
    return small.target("ceiling", strictness, penalty).solve()


@pytest.mark.parametrize(("ceiling", "built"), [(0.3, 0), (0.25, 5), (0.2, 10)])
def test_ceiling_is_a_share_of_what_is_offered(grid, ceiling, built):
    """Proves: offered less used stays below ceiling * offered, summed over the year's windows.

    100 MWh offered in two hours, 50 + 20 used, 30 left. The missing 10 MW of hour 0 can be served from hour 1 by a
    battery of one hour: 10 MW of it bring what is left to 20.
    If it were broken, hours would be judged alone (hour 1: 60 %), or the share taken of demand.
    """
    solved = fleet(grid, ceiling)
    assert solved.column("capacity/built") == pytest.approx([built])
    assert solved.objective == pytest.approx(4380 * (10 - built) * 100 + built * 1_752_000)


def test_offer_scales_with_what_the_plan_builds(grid):
    """Proves: what is built offers more, so that the base grows with the plan.

    PV to build with factors 1 and 0 against 10 MW and coal; 50 MW must be built by a capacity clause: 10 used, 40 left
    of 50. A ceiling of 0.7 at 100 CNY per MWh: 50 - 10 - 35 = 5 MWh too much.
    If it were broken, the base would be nothing and 40 MWh too much.
    """
    small = grid(2, 10).add("thermal", existing=10).add("solar", room=100, series=[1, 0]).cost("pv", investment=10)
    small.group("variable", "pv").add("capacity_totals", group="variable", sense=">=", capacity=50).target("total")
    small.add("curtailment_ceilings", ceiling=0.7).target("ceiling", "priced", 100)
    solved = small.solve()
    assert solved.column("curtailment_ceiling/base") == pytest.approx([4380 * 50])
    assert solved.column("curtailment_ceiling/achieved") == pytest.approx([4380 * 40])
    assert solved.costs["clauses missed/ceiling"] == pytest.approx(4380 * 5 * 100)


def test_defocused_heat_counts_as_electricity(grid):
    """Proves: what a solar tower's field offers is counted as electricity at the turbine's efficiency.

    10 MW with a multiple of 2 offer 20 MWh of electricity in hour 0, 10 are used without a store: half is left.
    If it were broken, 40 MWh of heat would count, or nothing would be left.
    """
    small = grid(2, 10).add("csp", existing=10, solar_multiple=2, series=[1, 0]).add("thermal", existing=10)
    small.group("variable", "csp").add("curtailment_ceilings", ceiling=0.1).target("ceiling", "watched")
    solved = small.solve()
    assert solved.column("curtailment_ceiling/base") == pytest.approx([4380 * 20])
    assert solved.column("curtailment_ceiling/achieved") == pytest.approx([4380 * 10])


def test_priced_and_watched(grid):
    """Proves: MWh beyond the ceiling are paid, or only counted.

    30 of 100 MWh left against a ceiling of 20: 10 MWh at 7 CNY, each standing for 4,380.
    If it were broken, the battery would be built.
    """
    priced = fleet(grid, 0.2, "priced", 7)
    assert priced.costs["clauses missed/ceiling"] == pytest.approx(4380 * 10 * 7)
    watched = fleet(grid, 0.2, "watched")
    assert watched.column("curtailment_ceiling/achieved") == pytest.approx([4380 * 30])
    assert watched.objective == pytest.approx(4380 * 10 * 100)
