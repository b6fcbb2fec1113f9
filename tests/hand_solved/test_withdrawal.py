"""Withdrawals: water that leaves the river before it reaches the turbines."""

import numpy as np
import pytest
from small_system import FLOW_HOUR, STAGE, hourly_inflow

from qhenergy.ground.faults import InputError
from qhenergy.periods.chronology import Chronology, Span

#: Volume of one m3/s over a year of 8760 hours [hm3].
FLOW_YEAR = 8760 * FLOW_HOUR


def canal(grid, flow, hours=1, demand=50, inflow=30, **row):
    """A run-of-river station, coal, and a canal that asks the same flow all year [m3/s]."""
    small = grid(hours, demand).station(inflow=inflow, existing=100).add("thermal", existing=100)
    return small.add("withdrawals", **{"yearly_volume": flow * FLOW_YEAR, **row})


def test_water_taken_makes_no_power(grid):
    """Proves: the yearly volume is taken evenly where nothing says otherwise, and misses in the turbines.

    10 of 30 m3/s are taken: 20 MW of water power, 30 of coal.
    If it were broken, coal would make 20 (nothing taken), 10 (given instead), or 50 (a volume per hour).
    """
    solved = canal(grid, 10).solve()
    assert solved.column("withdrawal/taken") == pytest.approx([10])
    assert solved.column("hydro/turbined") == pytest.approx([20])
    assert solved.objective == pytest.approx(8760 * 30 * 100)
    assert solved.costs["water missed/withdrawals"] == pytest.approx(0, abs=1e-3)


def at_the_turn(system):
    """The two hours at the end of January and the two at the start of February; each counts once."""
    spans = (Span(0, STAGE, np.arange(742, 746), 1.0),)
    system.chronology = Chronology(spans, chained=True, sequence=np.array([0]))


@pytest.mark.parametrize("turned", [False, True])
def test_volume_is_spread_over_the_months(grid, turned):
    """Proves: a month takes its share of the yearly volume, evenly over its hours; one without a row takes nothing.

    10 m3/s in the 744 hours of January and 20 in the 672 of February are 20880 m3/s-hours, of which January has
    7440; `turned` says it from December on and adds a March without a share. Of 30 m3/s 20 and 10 are turbined.
    If it were broken, 27.6 m3/s would be (an even year), or the twelfth part would count as a month.
    """
    shares = [(1, 7440 / 20880), (2, 13440 / 20880)]
    small = canal(grid, 0, hours=746, yearly_volume=20880 * FLOW_HOUR)
    for month, share in [(12, 0), *reversed(shares), (3, 0)] if turned else shares:
        small.add("withdrawal_months", withdrawal="canal", month=month, share=share)
    solved = small.solve(at_the_turn)
    assert solved.column("withdrawal/taken") == pytest.approx([10, 10, 20, 20])
    assert solved.objective == pytest.approx(100 * (30 + 30 + 40 + 40))


def test_shares_of_one_do_not_spread_another(grid):
    """Proves: months belong to a withdrawal by its name; one without rows is even.

    The canal takes all of its volume in July, of which no hour is modelled; the ditch takes 4 m3/s.
    If it were broken, 14 or 0 would be taken.
    """
    small = canal(grid, 10).add("withdrawals", withdrawal="ditch", yearly_volume=4 * FLOW_YEAR)
    small.add("withdrawal_months", withdrawal="canal", month=7, share=1)
    solved = small.solve()
    assert solved.column("withdrawal/taken", "ditch") == pytest.approx([4])
    assert solved.objective == pytest.approx(8760 * (50 - 26) * 100)


@pytest.mark.parametrize("window", [4, 2, 1])
def test_water_taken_above_is_missing_below_when_it_would_arrive(grid, window):
    """Proves: what is taken at a station never passes its dam, and what is missed is paid by the hm3.

    A pulse of 12 m3/s in hour 0, of which 5 are taken: 7 reach the lower station 1.5 hours later, half and half.
    Nothing flows in the other hours: 15 m3/s-hours are missed.
    If it were broken, the lower station would miss 5 at once, or 20 m3/s-hours would be paid, or 5.
    """
    small = grid(4, 100, case={"time": {"window_hours": window}}).zone("up")
    small.station("upper", zone="up", existing=100, order=1, downstream="lower", travel_time=1.5)
    small.station("lower", existing=100, order=2)
    small.add("withdrawals", station="upper", yearly_volume=5 * FLOW_YEAR, shortage_price=1e8)
    solved = small.solve(hourly_inflow(upper=[12, 0, 0, 0], lower=[0] * 4))
    assert solved.column("withdrawal/taken") == pytest.approx(np.array([5, 0, 0, 0]), abs=1e-9)
    assert solved.column("hydro/turbined", "lower") == pytest.approx(np.array([0, 3.5, 3.5, 0]), abs=1e-9)
    assert solved.costs["water missed/withdrawals"] == pytest.approx(2190 * 15 * FLOW_HOUR * 1e8)
    assert solved.objective == pytest.approx(2190 * (15 * FLOW_HOUR * 1e8 + 393 * 10_000))


@pytest.mark.parametrize(("price", "taken"), [(30_000, 10), (25_000, 0)])
def test_water_is_worth_what_it_is_paid(grid, price, taken):
    """Proves: water is taken while missing it costs more than the coal that would make its power.

    A m3/s makes one MW, 100 CNY an hour; 0.0036 hm3 are missed for 108 CNY at 30,000 CNY/hm3, for 90 at 25,000.
    If it were broken, 10 would be taken in both cases (a duty), or none (a price per m3/s, or per 10^6 hm3).
    """
    solved = canal(grid, 10, shortage_price=price).solve()
    assert solved.column("withdrawal/taken") == pytest.approx([taken], abs=1e-9)
    missed = (10 - taken) * FLOW_HOUR * price
    assert solved.costs["water missed/withdrawals"] == pytest.approx(8760 * missed, abs=1e-3)
    assert solved.objective == pytest.approx(8760 * (missed + (20 + taken) * 100))


def test_no_more_is_taken_than_asked(grid):
    """Proves: a withdrawal is no spillway: water that serves nobody passes the dam.

    30 m3/s flow, 10 MW are asked, 10 m3/s are taken: 10 are spilled.
    If it were broken, 20 would be taken and paid back as a negative cost.
    """
    solved = canal(grid, 10, demand=10).solve()
    assert solved.column("withdrawal/taken") == pytest.approx([10])
    assert solved.column("hydro/turbined") + solved.column("hydro/spilled") == pytest.approx([20])
    assert solved.objective == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("row", [{"yearly_volume": ""}, {"first_year": 2026}])
def test_what_is_not_known_or_comes_later_takes_nothing(grid, row):
    """Proves: a blank volume and a first year after the stage take no water and cost nothing.

    If it were broken, coal would make 30, or a missing volume would be NaN in the balance.
    """
    solved = canal(grid, 10, **row).solve()
    assert not solved.has("columns", "withdrawal/taken")
    assert solved.objective == pytest.approx(8760 * 20 * 100)


def test_it_takes_water_from_its_first_year_on(grid):
    """Proves: the first year is one of those in which water is taken.

    If it were broken, coal would make 20.
    """
    assert canal(grid, 10, first_year=STAGE).solve().objective == pytest.approx(8760 * 30 * 100)


def river(grid, station, **later):
    """Upper, a station that comes in 2035, lower; a canal of 5 m3/s at one of them."""
    small = grid(1, 100).station("upper", 20, existing=100, order=1, downstream="between")
    small.station("between", 0, existing=100, order=2, downstream="lower", in_service_year=2035)
    small.station("lower", 10, **{"existing": 100, "order": 3, **later})
    return small.add("withdrawals", station=station, yearly_volume=5 * FLOW_YEAR).add("thermal", existing=100)


def test_a_canal_of_a_station_that_comes_later_takes_from_the_next(grid):
    """Proves: where the named station does not stand, the water is that of the next one below.

    20 m3/s make 20 MW above; of 30 that come down 5 are taken: 45 of 100 MW.
    If it were broken, 50 would be made (nothing taken), or 40 (taken above).
    """
    solved = river(grid, "between").solve()
    assert solved.column("hydro/turbined", "lower") == pytest.approx([25])
    assert solved.objective == pytest.approx(8760 * 55 * 100)


@pytest.mark.parametrize("later", [{"in_service_year": 2035}, {"zone": ""}, {"existing": 0}])
def test_a_canal_with_no_station_below_is_refused(grid, later):
    """Proves: where no station stands at or below the canal it has no water to take, and the case is refused.

    If it were broken, it would silently take nothing, or 5 m3/s would be missed at 1,000,000 CNY/hm3.
    """
    said = 'withdrawals.csv, row canal: found station "lower"; expected one that stands in 2025, or one above it. Name'
    with pytest.raises(InputError, match=said):
        river(grid, "lower", **later).solve()


@pytest.mark.parametrize("row", [{"first_year": 2026}, {"yearly_volume": ""}, {"yearly_volume": 0}])
def test_a_canal_that_asks_for_nothing_needs_no_station(grid, row):
    """Proves: only who asks for water in the stage needs a station that stands.

    If it were broken, a canal of a later year would keep a case of today from being solved.
    """
    small = river(grid, "lower", in_service_year=2035)
    small.rows["withdrawals"][0] |= row
    assert small.solve().objective == pytest.approx(8760 * 80 * 100)


@pytest.mark.parametrize(("shares", "sum_"), [((0.5, 0.4), "0.9"), ((0.7, 0.4), "1.1"), ((0, 0), "0")])
def test_shares_that_do_not_add_up_are_refused(grid, shares, sum_):
    """Proves: the shares of the months given for a withdrawal make a year.

    If it were broken, a tenth of the water would be asked by nobody, or twice.
    """
    small = canal(grid, 10)
    for month, share in enumerate(shares, 6):
        small.add("withdrawal_months", withdrawal="canal", month=month, share=share)
    said = rf"withdrawal_months.csv \(canal\): found shares that add up to {sum_}; expected 1 over the year"
    with pytest.raises(InputError, match=rf"{said}.* Correct the shares"):
        small.solve()


def test_representative_periods_ask_for_the_volume_of_the_year(grid):
    """Proves: what is asked by periods that stand for others adds up to the yearly volume.

    Periods A, B, A of 372 hours, the second A in February: 10 m3/s are asked in January, none later. A and B, modelled
    in January, would ask for 10 * 1116 m3/s-hours; B stands for itself, and A asks for what is left of 7440.
    If it were broken, 3720 m3/s-hours too much would be taken.
    """

    def periods(system):
        spans = (Span(0, STAGE, np.arange(372), 2.0), Span(1, STAGE, np.arange(372, 744), 1.0))
        system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 1, 0]))

    small = canal(grid, 0, hours=1116, yearly_volume=7440 * FLOW_HOUR)
    small.add("withdrawal_months", withdrawal="canal", month=1, share=1)
    solved = small.solve(periods)
    taken = solved.column("withdrawal/taken")
    assert taken[[0, 371, 372, 743]] == pytest.approx([5, 5, 10, 10])
    assert 2 * taken[:372].sum() + taken[372:].sum() == pytest.approx(7440)
