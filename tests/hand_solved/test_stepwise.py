"""A better curve: the stepwise optimum against enumeration, dwell, energy floor, the nearest curve, what is refused."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog
from small_system import solved

from qhenergy.data.curve_rules import CurveRules
from qhenergy.ground.faults import InputError, NoSolutionError, SolverError
from qhenergy.model.assemble import assemble
from qhenergy.outcome.better_curve import Binding
from qhenergy.solving import curve_search
from qhenergy.solving.profile import read_profile
from qhenergy.solving.slots import slots_of
from qhenergy.studies import stepwise
from qhenergy.studies.optimise import parse
from qhenergy.studies.stepwise import Study, better_curve, nearest_curve

SUN = [0] * 6 + [0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2] + [0] * 6
YEAR = 8760.0
COAL, SHORT = 100.0, 1000.0


def system(grid, hours, series, coal=0.0, demand=0.0, **line):
    """Free wind of 100 MW with a series, coal at 100 CNY/MWh, a line of 100 MW on a flat curve, short at 1,000."""
    small = grid(hours, demand).add("wind", existing=100, series=series).curve("flat", [0.5])
    if coal:
        small.add("thermal", existing=coal)
    return small.add("send_out", capacity=100, schedule="curve", curve="flat", shortfall_price=SHORT, **line)


def of(small, line="dc"):
    """A line of a small system."""
    return Study(assemble(small.system(), workers=1), line, read_profile("simplex"))


def better(small, asked, **rules):
    """The better curve of a small system."""
    return better_curve(of(small), parse(asked), CurveRules(100.0, **rules))


def nearest(small, wanted, asked="seasons=1", rules=None):
    """The nearest curve of a small system."""
    return nearest_curve(of(small), np.array(wanted, dtype=float), parse(asked), of_line=rules)


def plateaus(curve):
    """Lengths of the plateaus of a closed day; a flat one has one of 24."""
    n = len(curve)
    at = [h for h in range(n) if curve[h] != curve[h - 1]]
    return [(b - a) % n or n for a, b in zip(at, at[1:] + at[:1], strict=True)] if at else [n]


def patterns(dwell, most):
    """Assignments of the 24 hours to plateaus no shorter than the dwell, at most so many; by number of plateau."""
    made = [np.zeros(24, dtype=int)]
    for count in range(2, most + 1):
        for at in itertools.combinations(range(24), count):
            if all((b - a) % 24 >= dwell for a, b in zip(at, at[1:] + at[:1], strict=True)):
                made.append(np.array([sum(h >= a for a in at) % count for h in range(24)]))
    return made


def hour_by_hour(curve, coal):
    """Cost of a day's curve without any store [CNY a day], computed hour by hour."""
    lacking = np.maximum(np.asarray(curve) - 100 * np.array(SUN), 0)
    return float((COAL * np.minimum(lacking, coal) + SHORT * np.maximum(lacking - coal, 0)).sum())


@pytest.mark.parametrize(("dwell", "mean"), [(8, 30), (10, 20)])
def test_given_levels_are_those_of_the_cheapest_of_all_curves(grid, dwell, mean):
    """Proves: of all curves of the levels 0, 50 and 100 MW that keep the dwell, the one found costs least.

    All curves are written down and costed hour by hour; 60 MW of coal, so that some miss energy.
    If it were broken, the cost would be above that of the enumeration (a cut too high) or below it (a rule not kept).
    """
    best = np.inf
    for pattern in patterns(dwell, 24 // dwell):
        for levels in itertools.product((0.0, 50.0, 100.0), repeat=int(pattern.max()) + 1):
            curve = np.array(levels)[pattern]
            # What is sent counts, not what is asked.
            sent = np.minimum(curve, 100 * np.array(SUN) + 60).sum()
            if min(plateaus(curve)) >= dwell and sent >= 24 * mean - 1e-9:
                best = min(best, hour_by_hour(curve, 60))
    energy = mean * YEAR / 1e3
    found = better(
        system(grid, 24, SUN, 60), f"dwell={dwell}h levels=0,50,100MW seasons=1 energy>={energy}GWh gap=0.001%"
    )
    assert found.proven
    assert min(plateaus(np.round(found.curve[0], 6))) >= dwell
    assert found.cost == pytest.approx(365 * best, rel=2e-5)
    assert found.cost == pytest.approx(365 * hour_by_hour(found.curve[0], 60), rel=1e-6)


def test_free_levels_are_those_of_the_best_of_all_patterns(grid):
    """Proves: with two levels of any power and a dwell of 4 h, no pattern has a cheaper curve.

    Every pattern of two plateaus is solved for its two levels by another program's linear optimum.
    If it were broken, the cost would differ from the least of 205 patterns, or the bound pass it.
    """
    best, mean = np.inf, 40.0
    for pattern in patterns(4, 2):
        count = int(pattern.max()) + 1
        # Levels, then coal and missed energy of every hour: what lacks beside the sun.
        cost = np.concatenate([np.zeros(count), np.full(24, COAL), np.full(24, SHORT)])
        at_level = np.zeros((24, count))
        at_level[np.arange(24), pattern] = 1.0
        lack = np.hstack([at_level, -np.eye(24), -np.eye(24)])
        energy = np.concatenate([-at_level.sum(axis=0), np.zeros(24), np.ones(24)])
        made = linprog(
            cost,
            np.vstack([lack, energy]),
            np.append(100 * np.array(SUN), -24 * mean),
            bounds=[(0, 100)] * count + [(0, 60)] * 24 + [(0, None)] * 24,
        )
        best = min(best, made.fun)
    found = better(system(grid, 24, SUN, 60), f"steps=2 dwell=4h seasons=1 energy>={mean * YEAR / 1e3}GWh gap=15%")
    # The gap is a share of the costs of operation, which here are all.
    assert 365 * best * (1 - 1e-6) <= found.cost <= 365 * best / 0.85
    assert found.bound >= 0.85 * found.cost - 1
    assert found.bound <= 365 * best * (1 + 1e-6)
    assert len({round(v, 6) for v in found.curve[0]}) <= 2
    assert min(plateaus(np.round(found.curve[0], 6))) >= 4


def test_with_a_store_the_search_finds_what_all_dispatches_find(grid):
    """Proves: where hours hang together by a store, the curve found is the cheapest of all of two levels.

    Levels 20 and 70 MW, dwell 8 h, a battery of 40 MW and 160 MWh: 218 curves, each dispatched by itself.
    If it were broken, duals of the schedule would be summed wrongly over slots and the best be missed.
    """
    small = system(grid, 24, SUN, 60).add("batteries", existing=40, duration=4)
    made = assemble(small.system(), workers=1)
    slots = slots_of(made, "dc", (tuple(range(1, 13)),))
    curves = {
        tuple(np.array(v)[p]) for p in patterns(8, 3) for v in itertools.product((20.0, 70.0), repeat=p.max() + 1)
    }
    curves = [c for c in curves if min(plateaus(c)) >= 8 and sum(c) >= 24 * 40]
    costs = {c: solved(made, problem=slots.at(made.problem, np.array(c))).objective for c in curves}
    found = better(small, f"dwell=8h levels=20,70MW seasons=1 energy>={40 * YEAR / 1e3}GWh shortfall=none gap=0.001%")
    assert found.cost == pytest.approx(min(costs.values()), rel=2e-5)


def test_dwell_binds(grid):
    """Proves: a power is held so long, also where the day closes.

    Wind in hours 0, 1 and 3 of four, nothing missed: at 1 h 300 MWh; at 2 h hour 2 takes hour 1 or 3 along: 200.
    If it were broken, 300 (no dwell), or 100 (both neighbours taken).
    """
    small = system(grid, 4, [1, 1, 0, 1])
    for dwell, sent in ((1, 300), (2, 200)):
        found = better(small, f"objective=energy dwell={dwell}h seasons=1 gap=0.01%")
        assert found.sent == pytest.approx(2190 * sent, rel=1e-4)
        assert found.missed == pytest.approx(0, abs=1e-3)


def test_changes_and_reversal_bind(grid):
    """Proves: changes are counted around the day and a fall does not follow a rise too soon.

    Wind in hours 8 to 11 only, all 24 modelled: 400 MWh with two changes, none with one; without reversal for 5 h the
    rise and the fall are 5 h apart at least, which the wind does not hold: none.
    If it were broken, one change would do, or a reversal after four hours.
    """
    small = system(grid, 24, [0] * 8 + [1] * 4 + [0] * 12)
    for asked, sent in (("changes=2", 400), ("changes=1", 0), ("reversal=4h", 400), ("reversal=5h", 0)):
        found = better(small, f"objective=energy {asked} seasons=1 gap=0.01%")
        assert found.sent == pytest.approx(365 * sent, abs=1e-2), asked


def test_energy_floor_binds(grid):
    """Proves: the cheapest curve sends just the energy asked for, and its price is that of the last MWh.

    A flat day over wind in hour 0 and coal in hour 1: 30 MW take 30 MW of coal half of the time; a MWh costs 50.
    If it were broken, nothing would be sent (no floor), or 100 CNY be paid for the last MWh (weights wrong).
    """
    found = better(system(grid, 2, [1, 0], 100), f"changes=0 seasons=1 energy>={30 * YEAR / 1e3}GWh")
    assert found.curve[0, 0] == pytest.approx(30)
    assert found.cost == pytest.approx(4380 * 30 * COAL)
    assert found.reference == pytest.approx(0)
    floor = next(b for b in found.binding if b.family == "curve/energy")
    assert floor.worth == pytest.approx(50)


def test_most_energy_within_a_cost(grid):
    """Proves: the energy is that which the money pays for, above what is free.

    Flat over wind in hour 0 and coal in hour 1, 4380 h each: 876,000 CNY are 2 MW of coal: 2 MW all day.
    If it were broken, the cost would not limit it: 100 MW.
    """
    found = better(system(grid, 2, [1, 0], 100), "objective=energy changes=0 seasons=1 cost<=876000CNY gap=0.01%")
    assert found.energy == pytest.approx(2 * YEAR, rel=1e-4)
    assert found.cost == pytest.approx(876_000, rel=1e-4)


def test_what_is_held_is_not_held_by_going_short_at_home(grid):
    """Proves: a curve is held with what home leaves.

    50 MW at home, 60 MW of coal: of a wanted 40 MW ten can be held.
    If it were broken, 40 would be held and home miss 30.
    """
    found = nearest(system(grid, 1, [0], 60, demand=50), [40.0])
    assert found.curve[0, 0] == pytest.approx(10)
    assert found.below == pytest.approx(30 * YEAR)


def test_nearest_curve_and_what_separates_it(grid):
    """Proves: the nearest curve is the wanted one as far as the wind goes, and the wind is named, by what it is worth.

    Wind of 100, 50, 25 and 10 MW, wanted 40: held 40, 40, 25, 10; a MW more in the two last hours is 2 * 2190 MWh.
    Flat it is 10 MW: 4 * 30 MW away.
    If it were broken, all hours would be lowered (one slot), or hours without lack be named.
    """
    small = system(grid, 4, [1, 0.5, 0.25, 0.1])
    found = nearest(small, [40.0] * 4)
    assert found.curve[0, :4] == pytest.approx([40, 40, 25, 10])
    assert (found.below, found.above) == pytest.approx((45 * 2190, 0))
    assert found.farthest == pytest.approx(30)
    (wind,) = (b for b in found.binding if b.family == "wind/output")
    assert (wind.worth, wind.rows) == (pytest.approx(2 * 2190), 2)
    flat = nearest(small, [40.0] * 4, "seasons=1 changes=0", CurveRules(100.0))
    assert flat.curve[0] == pytest.approx([10] * 24)
    assert flat.below == pytest.approx(120 * 2190)


def test_nothing_separates_a_curve_that_can_be_held(grid, monkeypatch):
    """Proves: of a curve that can be held in the hours of the plan it is said so, and no limit is blamed.

    Wind of 10 MW and more, wanted 5; a limit is made to bind as rounding of an interior point does.
    If it were broken, it would be named.
    """
    crumb = Binding("water", "hydro/level_limit", "dam", "hm3", 1e-9, 1)
    monkeypatch.setattr(stepwise, "what_binds", lambda *_: (crumb,))
    found = nearest(system(grid, 4, [1, 0.5, 0.25, 0.1]), [5.0] * 4)
    assert found.curve[0, :4] == pytest.approx([5.0] * 4)
    assert not found.binding
    assert any("itself can be held" in note for note in found.notes)


def test_a_day_of_a_season_is_as_every_other(grid):
    """Proves: the same hour of two days has one power, so that the poorer day decides.

    48 hours, wind 60 MW in hour 5 of the first day and 20 MW of the second: 20 MW can be held.
    If it were broken, the mean of the days, 40, would be found.
    """
    wind = [0.0] * 48
    wind[5], wind[29] = 0.6, 0.2
    found = better(system(grid, 48, wind), "objective=energy seasons=1")
    assert found.curve[0, 5] == pytest.approx(20)
    assert found.sent == pytest.approx(365 * 20)


def test_it_stops_at_a_time_limit_with_the_best_it_has(grid, monkeypatch):
    """Proves: when time is over the best curve so far is given with its bound and its gap, and is not called proven.

    The clock jumps an hour after the third look at it.
    If it were broken, the search would go on, or its gap be called closed.
    """
    ticks = itertools.count()
    monkeypatch.setattr(curve_search.time, "perf_counter", lambda: 0.0 if next(ticks) < 12 else 3600.0)
    found = better(system(grid, 24, SUN, 60), f"steps=2 dwell=4h seasons=1 energy>={40 * YEAR / 1e3}GWh gap=0%")
    assert found.ended == "time limit"
    assert not found.proven
    assert found.bound < found.value
    assert found.gap > 0


def test_what_cannot_be_asked_is_refused(grid):
    """Proves: a fleet that is free, an unknown line, a season without hours and too much energy are said, not solved.

    If it were broken, a curve would be found for another fleet, or the solver say only that there is none.
    """
    small = system(grid, 4, [1, 1, 1, 1])
    with pytest.raises(InputError, match="no modelled hour in the season of months 3-4-5"):
        better(small, "seasons=4")
    with pytest.raises(InputError, match=r"0\.876 TWh or less: the rating all year"):
        better(small, "seasons=1 energy>=1TWh")
    with pytest.raises(InputError, match='Did you mean "dc"'):
        of(small, "dcc")
    with pytest.raises(NoSolutionError, match="No curve that the rules of steps allow sends the energy"):
        better(system(grid, 4, [1, 1, 0, 0]), f"seasons=1 energy>={60 * YEAR / 1e3}GWh")
    with pytest.raises(InputError, match="capacities that are free: more"):
        better(system(grid, 1, [1]).add("wind", asset="more", room=10, series=[1]), "seasons=1")
    with pytest.raises(SolverError):
        better(small, "seasons=1 time=0.000001s")


def test_clauses_about_the_curve_of_the_case_are_not_forgotten(grid):
    """Proves: domestic supply first is taken where it asks of every hour, and refused where the case's curve is zero.

    If it were broken, hours in which the old curve was zero would be free of the clause under the new one.
    """
    for curve, refused in (([0.5], False), ([0.5, 0.0], True)):
        small = grid(2, 10).add("thermal", existing=60).curve("given", curve)
        small.add("send_out", capacity=100, schedule="curve", curve="given").add("domestic_first", clause="home")
        small.target("home")
        if refused:
            with pytest.raises(InputError, match="written for 1 of 2 hours"):
                better(small, "seasons=1")
        else:
            found = better(small, "objective=energy seasons=1")
            assert found.curve[0, :2] == pytest.approx([50, 50])
            assert "home asks of every hour" in found.notes[0]


def test_adequacy_that_counts_the_line_is_refused(grid):
    """Proves: a clause whose peak holds the curve of the case is refused while enforced, and not while watched.

    If it were broken, the capacity asked for would stay that of a curve nobody sends any more.
    """
    for strictness, share in (("hard", 1), ("hard", 0), ("watched", 1)):
        small = grid(1, 10).add("thermal", existing=200).curve("given", [0.5])
        small.add("capacity_credits", technology="coal", credit=1)
        small.add("send_out", capacity=100, schedule="curve", curve="given")
        small.add("adequacy", send_out=share).target("firm", strictness)
        if strictness == "hard" and share:
            with pytest.raises(InputError, match="counts the curve of dc in its peak"):
                better(small, "objective=energy seasons=1")
        else:
            assert better(small, "objective=energy seasons=1").curve[0, 0] == pytest.approx(100)
