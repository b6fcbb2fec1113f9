"""Rules of releases and levels: ecological flow, ice season, irrigation, floods."""

import numpy as np
import pytest
from small_system import FLOW_HOUR, STAGE, hourly_inflow

from qhenergy.ground.faults import InputError
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.technologies.hydro_rules import months_unseen

#: Hours 742 and 743 of the year lie in January, 744 and 745 in February.
TURN = 742


def at_the_turn(*lengths):
    """The four hours around the end of January in windows of these lengths; each hour counts once."""
    ends = TURN + np.cumsum([0, *lengths])

    def change(system):
        spans = tuple(Span(k, STAGE, np.arange(ends[k], ends[k + 1]), 1.0) for k in range(len(lengths)))
        system.chronology = Chronology(spans, chained=True, sequence=np.arange(len(lengths)))

    return change


def turn(grid, demand, inflow, **row):
    """A dam of 100 m3/s-hours with demand and inflow in the four hours of the turn, and coal."""
    first, second, third, fourth = demand
    # Demand repeats every four hours of a day, and hour 742 is the third of them.
    small = grid(TURN + 4, [third, fourth, first, second]).add("thermal", existing=100)
    small.station(existing=100, **{"live_storage": 100 * FLOW_HOUR, **row})
    return small, hourly_inflow(dam=[0.0] * TURN + list(inflow))


def both(*changes):
    """Several changes of what was made ready."""

    def change(system):
        for one in changes:
            one(system)

    return change


def dam(grid, demand, inflow=10, **row):
    """A dam of 100 m3/s-hours with coal beside it."""
    small = grid(len(demand), demand).add("thermal", existing=100)
    return small.station(inflow=inflow, **{"existing": 50, "live_storage": 100 * FLOW_HOUR, **row})


@pytest.mark.parametrize("flow", [0, 4, 7.5, 10])
def test_an_ecological_flow_costs_the_power_it_takes(grid, flow):
    """Proves: every m3/s that must pass in an hour that asks for nothing is a MW of coal in one that does.

    10 m3/s flow in, 20 MW are asked in hour 1 alone; the flow leaves in hour 0. Its price is 4380 * 100 CNY/yr a
    m3/s in hour 0, and nothing in hour 1, where more passes than must.
    If it were broken, coal would make 0, or the price would be that of a single hour, or of the other sign.
    """
    solved = dam(grid, [0, 20]).rule("dam", minimum_release=flow).solve()
    assert solved.objective == pytest.approx(4380 * 100 * flow, abs=1e-3)
    if flow:
        assert solved.dual("hydro/minimum_release")[1] == pytest.approx(0, abs=1e-6)
    if 0 < flow < 10:
        assert solved.dual("hydro/minimum_release")[0] == pytest.approx(4380 * 100)


CUTS = [(4,), (2, 2), (1, 3), (3, 1), (1, 1, 1, 1)]


@pytest.mark.parametrize("cut", CUTS)
def test_ice_season_limits_the_mean_of_a_month_not_its_hours(grid, cut):
    """Proves: the mean of a month stays below its limit, hours may pass it; windows inside a month change nothing.

    40 m3/s-hours flow in and 40 MW are asked in the second hour of January. A mean of 12 lets 24 m3/s-hours pass in
    the two hours of January, all of them in the hour that asks: coal makes 16.
    If it were broken, coal would make 28 (every hour limited), 0 (no limit, or the mean of all four hours), or with
    January in two windows 28 (each window its own mean).
    """
    small, inflow = turn(grid, [0, 40, 0, 0], [10] * 4)
    small.add("hydro_rules", station="dam", month=1, maximum_mean_release=12)
    solved = small.solve(both(inflow, at_the_turn(*cut)))
    assert solved.column("hydro/turbined")[:2] == pytest.approx(np.array([0, 24]), abs=1e-9)
    assert solved.objective == pytest.approx(16 * 100)


@pytest.mark.parametrize("cut", CUTS)
def test_irrigation_asks_for_the_mean_of_a_month(grid, cut):
    """Proves: the mean of a month stays above its limit, in whichever hours; beyond demand it is lost.

    A mean of 15 in February takes 30 of the 40 m3/s-hours: 20 of them serve its first hour, 10 serve nobody; 10 are
    left for the 40 MW of January: coal makes 30.
    If it were broken, coal would make 35 (15 in every hour) or 20 (no limit).
    """
    small, inflow = turn(grid, [0, 40, 20, 0], [10] * 4)
    small.add("hydro_rules", station="dam", month=2, minimum_mean_release=15)
    solved = small.solve(both(inflow, at_the_turn(*cut)))
    assert solved.objective == pytest.approx(30 * 100)


def test_a_mean_weighs_the_hours_that_are_modelled(grid):
    """Proves: a period that stands for two counts twice in the mean of its month, its hours and its water alike.

    Periods A, A, B of an hour, all in January: 12 m3/s and no demand in A, 6 m3/s and 30 MW in B. All the 30 m3/s-hours
    pass in B, a mean of (0 + 0 + 30) / 3 = 10, as whatever a and b with 2a + b = 30.
    If it were broken, and the mean were (a + b) / 2, 10 would pass in each and 20 MWh would be missed.
    """

    def periods(system):
        spans = (Span(0, STAGE, np.arange(1), 2.0), Span(1, STAGE, np.arange(2, 3), 1.0))
        system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 0, 1]))

    rule = {"minimum_mean_release": 10, "maximum_mean_release": 10}
    small = grid(3, [0, 0, 30]).station(existing=50, live_storage=100 * FLOW_HOUR).rule("dam", **rule)
    solved = small.solve(both(hourly_inflow(dam=[12, 12, 6]), periods))
    assert solved.column("hydro/turbined") == pytest.approx(np.array([0, 30]), abs=1e-9)
    assert solved.objective == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("most", "coal"), [(None, 0), (15, 5), (12, 8)])
def test_a_flood_limit_holds_in_every_hour(grid, most, coal):
    """Proves: no hour lets more pass than the limit of its month.

    20 MW are asked in hour 1, for which 20 m3/s-hours are there; the rest passes in hour 0.
    If it were broken, coal would make 0 in all cases (the mean of 10 is below each limit).
    """
    small = dam(grid, [0, 20])
    if most:
        small.rule("dam", maximum_release=most)
    assert small.solve().objective == pytest.approx(4380 * coal * 100, abs=1e-3)


def curve(small, station="dam"):
    """A storage curve of 2.5 m3/s-hours a metre: 1000 hm3 dead at 100 m, 100 m3/s-hours live up to 140 m."""
    for level, live in ((140, 100), (100, 0)):
        small.add("reservoir_curves", station=station, level=level, volume=1000 + live * FLOW_HOUR)
    return small


@pytest.mark.parametrize(
    ("level", "month", "coal"),
    [(108, 1, 20), (110, 1, 15), (108, 2, 0), (100, 1, 40), (140, 1, 0)],
)
def test_flood_season_level(grid, level, month, coal):
    """Proves: in its month a reservoir holds no more than its curve has below the level, dead storage not counted.

    40 m3/s flow in in the first hour and are asked in the third, in February; at the end of January 108 m hold 20 of
    them, 110 m hold 25. In February the limit holds at the end of the hour, when nothing is left.
    If it were broken, coal would make 0 (no limit, or 1000 hm3 beneath it), or 20 in February too.
    """
    small, inflow = turn(grid, [0, 0, 40, 0], [40, 0, 0, 0])
    curve(small).add("hydro_rules", station="dam", month=month, maximum_level=level)
    solved = small.solve(both(inflow, at_the_turn(2, 2)))
    assert solved.objective == pytest.approx(coal * 100, abs=1e-3)


@pytest.mark.parametrize(("month", "coal"), [(1, 0), (2, 20)])
def test_flood_season_level_begins_with_its_month(grid, month, coal):
    """Proves: in a window that holds hours of two months each hour has the limit of its own.

    40 m3/s flow in in the first hour of February and are asked in its second; 108 m hold 20 of them.
    If it were broken, and the window had the limit of its first hour, 20 and 0 would change places.
    """
    small, inflow = turn(grid, [0, 0, 0, 40], [0, 0, 40, 0])
    curve(small).add("hydro_rules", station="dam", month=month, maximum_level=108)
    assert small.solve(both(inflow, at_the_turn(4))).objective == pytest.approx(coal * 100, abs=1e-3)


@pytest.mark.parametrize("cycle", ["short", "long"])
def test_flood_season_level_of_one_representative_period(grid, cycle):
    """Proves: a reservoir that closes its period and one that is carried over periods meet the level alike.

    One period of the first four hours of the year stands for itself: 40 m3/s flow in in its second hour and are asked
    in its third; 108 m hold 20 of them.
    If it were broken, coal would make 0.
    """

    def period(system):
        spans = (Span(0, STAGE, np.arange(4), 1.0),)
        system.chronology = Chronology(spans, chained=False, sequence=np.array([0]))

    small = curve(dam(grid, [0, 0, 40, 0], cycle=cycle)).rule("dam", maximum_level=108)
    solved = small.solve(both(hourly_inflow(dam=[0, 40, 0, 0]), period))
    assert solved.objective == pytest.approx(20 * 100)


@pytest.mark.parametrize(("level", "month", "coal"), [(None, 2, 0), (111.16, 2, 1860), (111.16, 12, 0)])
def test_flood_season_level_is_that_of_the_real_period(grid, level, month, coal):
    """Proves: the level of a carried reservoir follows the month of the real period, not of the one that stands for it.

    Real periods A, B, A of 372 hours, the last in February; A has 10 m3/s to spare, B lacks 20. With c gained in each A
    and g given in B, from s to s: g = 2c, s >= c, s + c within 7440 m3/s-hours: c = 3720, nothing is missing. 111.16 m
    hold 37.5 % of it, 2790, where the year ends and begins: c = 2790, g = 5580, and coal makes 7440 - 5580.
    If it were broken, coal would make 0: A is modelled in January, where nothing is limited.
    """
    part = np.repeat([1.0, 0.0, 1.0], 372)

    def periods(system):
        spans = (Span(0, STAGE, np.arange(372), 2.0), Span(1, STAGE, np.arange(372, 744), 1.0))
        system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 1, 0]))
        system.series[f"demand/{STAGE}"]["z"] = 10 * part + 20 * (1 - part)

    small = grid(1116, 1).add("thermal", existing=100).station(existing=100, live_storage=7440 * FLOW_HOUR)
    for height, live in ((100, 0), (111.16, 2790), (140, 7440)):
        small.add("reservoir_curves", station="dam", level=height, volume=1000 + live * FLOW_HOUR)
    if level:
        small.add("hydro_rules", station="dam", month=month, maximum_level=level)
    solved = small.solve(both(hourly_inflow(dam=20 * part), periods))
    assert solved.objective == pytest.approx(coal * 100, abs=1e-3)


def test_a_level_needs_a_curve(grid):
    """Proves: a level of a reservoir whose curve nobody gave is a fault that says so.

    If it were broken, the level would be left out without a word.
    """
    with pytest.raises(InputError, match=r'reservoir_curves.csv: found none; expected rows of "dam"'):
        dam(grid, [0, 20]).rule("dam", maximum_level=108).solve()


def test_water_of_a_hub_is_released(grid):
    """Proves: what more units at a dam turbine passes it, and counts in the limits of its releases.

    10 m3/s flow in, at most 15 may pass in an hour, 5 of them through the dam's own turbines: hour 1 gives 15 of 50.
    If it were broken, coal would make 30: the 20 m3/s-hours that are there.
    """
    small = dam(grid, [0, 50], existing=5).rule("dam", maximum_release=15)
    solved = small.add("hydro_hubs", existing=30, upper="dam", mode="turbine").solve()
    assert solved.objective == pytest.approx(4380 * 35 * 100)


@pytest.mark.parametrize(("must_pass", "coal"), [(5, 15), (0, 10)])
def test_water_that_is_pumped_is_not_released(grid, must_pass, coal):
    """Proves: water lifted out of a reservoir does not pass its dam.

    10 m3/s flow in at the lower station and 5 must pass it: of the surplus of hour 0 5 MW can be used to lift 5 m3/s,
    which make 5 of the 20 MW of hour 1. Were nothing to pass, 10 could be lifted.
    If it were broken, 10 m3/s would be lifted in both cases and coal would make 10.
    """
    small = grid(2, [10, 20]).zone("far").add("thermal", existing=100).add("wind", existing=50, series=[1, 0])
    small.station("upper", zone="far", existing=1, live_storage=1, order=1, downstream="lower")
    small.station("lower", 10, zone="far", existing=1, order=2).rule("lower", minimum_release=must_pass)
    solved = small.add("hydro_hubs", existing=50, mode="reversible").solve()
    assert solved.objective == pytest.approx(4380 * coal * 100)


def test_rules_of_a_station_that_does_not_stand_ask_nothing(grid):
    """Proves: limits of a station that comes later are not those of the river as it is.

    If it were broken, there would be no answer: 30 m3/s are asked where 10 flow.
    """
    rules = {"minimum_release": 30, "minimum_mean_release": 30}
    solved = dam(grid, [0, 20]).station("later", in_service_year=2035, existing=9).rule("later", **rules).solve()
    assert solved.objective == pytest.approx(0, abs=1e-6)


LIMITS = ("minimum_release", "maximum_release", "minimum_mean_release", "maximum_mean_release", "maximum_level")


@pytest.mark.parametrize("limit", LIMITS)
def test_rules_of_a_station_outside_the_system_are_refused(grid, limit):
    """Proves: a limit of a station without a zone is a fault, said once a station; a row without limits is none.

    If it were broken, the limit would be left out without a word.
    """
    small = dam(grid, [0, 20]).station("far", zone="", existing=9, order=2).rule("far", minimum_release=0)
    assert small.solve().objective == pytest.approx(0, abs=1e-6)
    small.rule("dam", minimum_release=1).rows["hydro_rules"][3][limit] = 1
    with pytest.raises(
        InputError, match=r"hydro_rules.csv \(far\): found a limit for a station without a zone"
    ) as refused:
        small.solve()
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize("level", [99, 141])
def test_a_level_beyond_the_curve_is_refused(grid, level):
    """Proves: a maximum level the curve does not reach is a fault, not the nearest end of the curve.

    If it were broken, 99 m would hold nothing and 141 m everything, without a word.
    """
    small = curve(dam(grid, [0, 20], live_storage=100 * FLOW_HOUR))
    small.add("hydro_rules", station="dam", month=1, maximum_level=level)
    said = rf"hydro_rules.csv \(dam, 1\): found a maximum level of {level} m; expected 100 to 140 m"
    with pytest.raises(InputError, match=said + ", the levels of its curve. Correct the level"):
        small.solve()


@pytest.mark.parametrize(("storage", "fits"), [(99.2, True), (100.8, True), (98, False), (102, False)])
def test_a_curve_holds_the_live_storage(grid, storage, fits):
    """Proves: what lies between the ends of a curve is the live storage of the station, within a hundredth.

    If it were broken, shares of a full reservoir and its levels would be those of another one.
    """
    small = curve(dam(grid, [0, 20], live_storage=storage * FLOW_HOUR))
    if fits:
        assert small.solve().objective == pytest.approx(0, abs=1e-6)
        return
    said = r"reservoir_curves.csv \(dam\): found 0.36 hm3 between the lowest and the highest level; expected the live"
    with pytest.raises(InputError, match=said + ".* Give the curve from the dead to the normal level"):
        small.solve()


def test_months_nobody_sees(grid):
    """Proves: months with a rule and without a modelled hour are named by station.

    If it were broken, a plan of a few weeks would seem to keep rules it never met.
    """
    small = grid(1, 1).station("a", existing=1).station("b", existing=1, order=2).add("thermal", existing=1)
    small.add("hydro_rules", station="a", month=1, minimum_release=0)
    small.add("hydro_rules", station="a", month=2, minimum_release=0)
    small.add("hydro_rules", station="b", month=12, minimum_release=0)
    assert months_unseen(small.system().inputs, [1, 1, 3]) == {"a": [2], "b": [12]}
