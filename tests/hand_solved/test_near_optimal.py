"""Ranges of capacity near the least cost, and plans unlike each other; see `near_sources` for the system."""

import numpy as np
import pytest
from near_sources import SUN, WIND, ends, sources, study

from qhenergy.solving.near_optimal import CLAUSE, LEAST, MONEY, MOST, ROOM

#: What a MW of demand costs that is not served all year [CNY/MW/yr].
UNSERVED = 10_000 * 8760


def subject(found, name):
    """The subject of a name."""
    return next(s for s in found.subjects if s.name == name)


def test_ranges_by_hand(tmp_path):
    """Proves: least and most of wind and sun within 0, 10 and 50 % of 5 x 10^6 CNY/yr, with what ends them.

    A MW of sun for one of wind costs 10,000 more. 10 % is 500,000: 50 MW of sun for 50 of wind, or 10 MW of wind more
    than are needed. 50 % is 2.5 x 10^6: sun for all the wind takes 10^6, and what is left pays 25 MW more of sun, or
    50 MW more of wind instead. With no slack nothing moves.
    If it were broken, the slack would be of another cost, or the most would stop at the demand.
    """
    found = study(sources(tmp_path / "small"), tmp_path, (0.0, 0.1, 0.5)).run()
    assert found.least_cost.cost == pytest.approx(100 * WIND)
    assert ends(found, "wind", 0.0) == pytest.approx((100, 100), abs=1e-3)
    assert ends(found, "pv", 0.0) == pytest.approx((0, 0), abs=1e-3)
    assert ends(found, "wind", 0.1) == pytest.approx((50, 110))
    assert ends(found, "pv", 0.1) == pytest.approx((0, 50))
    assert ends(found, "wind", 0.5) == pytest.approx((0, 150))
    assert ends(found, "pv", 0.5) == pytest.approx((0, 125))
    marginal = {which: found.end(subject(found, "wind"), which, 0.1).proof.marginal for which in (LEAST, MOST)}
    assert marginal == pytest.approx({LEAST: SUN - WIND, MOST: WIND})
    assert found.end(subject(found, "pv"), MOST, 0.5).proof.marginal == pytest.approx(SUN)
    # One hundredth more of 5 x 10^6 CNY pays 1 MW more of wind.
    (stop,) = found.end(subject(found, "wind"), MOST, 0.1).proof.stops
    assert (stop.kind, stop.effect) == (MONEY, pytest.approx(1.0))


def test_a_range_is_cut_by_the_room(tmp_path):
    """Proves: with room for 30 MW of sun, sun ends at 30 and wind just below 70 within 10 and 50 %, and why is said.

    Sun for 30 MW of wind costs 300,000. The rest of the slack, 200,000 and 2.2 x 10^6, pays for demand that is not
    served, at 10,000 CNY/MWh less 50,000 for its MW of wind: that is what the next MW costs. Another hundredth of the
    room, 0.3 MW of sun, would let go of as much wind; another hundredth of the cost of next to none.
    If it were broken, sun would go on to 50 MW, or wind end where the room does with money left and nothing said.
    """
    found = study(sources(tmp_path / "small", room=30), tmp_path, (0.1, 0.5)).run()
    for slack, left in ((0.1, 200_000), (0.5, 2_200_000)):
        assert ends(found, "pv", slack) == pytest.approx((0, 30))
        assert ends(found, "wind", slack)[0] == pytest.approx(70 - left / (UNSERVED - WIND), abs=1e-6)
    assert found.end(subject(found, "pv"), MOST, 0.1).proof is None
    end = found.end(subject(found, "wind"), LEAST, 0.1)
    assert [(s.kind, s.name) for s in end.proof.stops] == [(ROOM, "pv")]
    assert end.proof.stops[0].effect == pytest.approx(0.3, rel=1e-2)
    assert end.proof.marginal == pytest.approx(UNSERVED - WIND)


def test_a_range_is_cut_by_a_clause(tmp_path):
    """Proves: a clause that allows 40 MW of sun ends it there, a hundredth more of it is 0.4 MW (but for the thrift).

    The plan leaves money, 2.1 of the 2.5 x 10^6 CNY: nothing that money buys is told.
    If it were broken, the clause would not be told, or its end would stay without a proof.
    """
    small = sources(tmp_path / "small").add("capacity_totals", group="pv", sense="<=", capacity=40).target("total")
    found = study(small, tmp_path, (0.5,)).run()
    assert ends(found, "pv", 0.5) == pytest.approx((0, 40))
    (stop,) = found.end(subject(found, "pv"), MOST, 0.5).proof.stops
    assert (stop.kind, stop.name, stop.effect) == (CLAUSE, "total", pytest.approx(0.4, rel=1e-5))


def test_a_group_is_no_sum_of_ranges(tmp_path):
    """Proves: wind and sun together are 100 MW at the least and 110 at the most within 10 %.

    Each alone goes down to 50 and 0; both cannot, since 100 MW are needed, but for what 500,000 CNY leave unserved. The
    most is all wind.
    If it were broken, the group would range from 50 to 160.
    """
    found = study(sources(tmp_path / "small"), tmp_path, (0.1,), groups=("both",)).run()
    assert ends(found, "both", 0.1) == pytest.approx((100 - 500_000 / (UNSERVED - WIND), 110), abs=1e-6)


def test_what_stands_may_go(tmp_path):
    """Proves: 20 MW of wind that stand at 10,000 CNY/MW/yr and may be retired range from 0, others from what stands.

    Sun that stands, 30 MW of it, cannot go. Least cost: 30 MW of sun, 20 of old wind, 50 of new: 2.7 x 10^6. 100 % is
    as much again: 70 MW of sun for all the wind are 4.2 x 10^6.
    If it were broken, the least of the wind would be what stands.
    """
    small = sources(tmp_path / "small", existing=30)
    small.add("wind", asset="old", technology="old", existing=20, retirable="yes", series=[1])
    small.cost("old", fixed_om=10_000)
    found = study(small, tmp_path, (0.99,)).run()
    assert found.least_cost.cost == pytest.approx(20 * 10_000 + 50 * WIND)
    assert ends(found, "old", 0.99) == pytest.approx((0, 20))
    assert ends(found, "wind", 0.99)[0] == pytest.approx(0)
    assert ends(found, "pv", 0.99)[0] == pytest.approx(30)


def test_a_plan_unlike_the_least_cost(tmp_path):
    """Proves: the plan most unlike 100 MW of wind is 100 MW of sun; it shows that wind may go, which saves a solution.

    Within 50 %: wind has all the weight, so that none is built; the cheapest such plan is 100 MW of sun. Of the four
    ends, wind at 0 is shown by it, sun at 0 by the least-cost plan.
    Ranges are 150 MW of wind and 125 of sun. From (100, 0) the most sun, (0, 125), is farthest: the root of
    ((100/150)^2 + 1)/2. Then the most wind, (150, 0), is at 50/150 over the root of 2, and the plan of 100 MW of sun
    only at 25/125 over the root of 2 from the most sun.
    If it were broken, the same plan would come again, or two ends more would be solved for.
    """
    found = study(sources(tmp_path / "small"), tmp_path, (0.5,), plans=2).run()
    unlike = next(plan for plan in found.plans if plan.name == "unlike-50pct-1")
    assert found.by_technology(unlike) == pytest.approx({"wind": 0.0, "pv": 100.0})
    assert found.saved == {("pv", LEAST, 0.5), ("wind", LEAST, 0.5)}
    assert [plan.name for plan, _ in found.different()] == ["pv-most-50pct", "wind-most-50pct"]
    distances = [distance for _, distance in found.different()]
    assert distances == pytest.approx([np.sqrt(((100 / 150) ** 2 + 1) / 2), (50 / 150) / np.sqrt(2)])


def test_the_second_unlike_plan_leaves_what_two_plans_used(tmp_path):
    """Proves: weights add up over the plans before: after 100 MW of wind and 100 of sun the third takes a third source.

    Biomass at 70,000 has no weight: within 50 % it takes the place of both, all 100 MW of it for 7 x 10^6.
    If it were broken, only the last plan would count, and wind would come back.
    """
    small = sources(tmp_path / "small")
    small.add("wind", asset="third", technology="third", room=500, series=[1]).cost("third", investment=700_000)
    found = study(small, tmp_path, (0.5,), plans=2).run()
    second = next(plan for plan in found.plans if plan.name == "unlike-50pct-2")
    assert found.by_technology(second) == pytest.approx({"wind": 0.0, "pv": 0.0, "third": 100.0}, abs=1e-6)


def test_only_storage(tmp_path):
    """Proves: asked for storage alone, ends of the battery are sought and no others.

    The battery has nothing to do, and costs 20,000 CNY/MW/yr: 10 % pays for 25 MW of it.
    If it were broken, wind and sun would be among the ranges.
    """
    small = sources(tmp_path / "small").add("batteries", room=200, duration=1).cost("cells", investment=200_000)
    found = study(small, tmp_path, (0.1,), only="storage").run()
    assert [s.name for s in found.subjects] == ["cells"]
    assert ends(found, "cells", 0.1) == pytest.approx((0, 25))
