"""The checker of a dispatch beside breaches of a known size at a known hour, and beside solved systems."""

from dataclasses import replace

import numpy as np
import pytest
from hand_solved.test_clean_export import sender, with_store

from outcome.systems import result_of
from qhenergy.data.builtin import find
from qhenergy.data.case import read_case
from qhenergy.data.inputs import read_inputs
from qhenergy.model.assemble import assemble, read_system
from qhenergy.model.catalogue import TABLES
from qhenergy.outcome import clean_account
from qhenergy.outcome.dispatch_arrays import arrays_of, confirm
from qhenergy.outcome.dispatch_check import Dispatch, Part, Store, check_book, check_dispatch
from qhenergy.outcome.result import solved
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import read_profile

STAGE = 2025
DAY = 24


def flat(value):
    return np.full(DAY, float(value))


def other(array, hour, value):
    made = np.array(array, dtype=float)
    made[hour] = value
    return made


def plain(**changed):
    """Wind of 60 MW and coal of 10 serve 30 MW of demand and a line of 40 that is asked 40."""
    power = {
        ("z", "generation", "wind"): flat(60),
        ("z", "generation", "coal"): flat(10),
        ("z", "send_out", "uhvdc"): flat(-40),
        ("z", "demand", "demand"): flat(-30),
        ("z", "unserved", "demand"): flat(0),
    }
    line = {"sent": {"dc": flat(40)}, "asked": {"dc": flat(40)}, "least": {"dc": 10.0}, "lines_from": {"dc": "z"}}
    made = Dispatch(power, **line, bound=("dc",), clean={"z": flat(60)})
    return replace(made, **changed)


def test_dispatch_that_keeps_every_rule():
    """Proves: what is balanced, clean and above its least power has no breach."""
    assert check_dispatch(plain()) == []


def test_balance():
    """Proves: 5 MW that nobody takes are found at their zone and hour.

    If it were broken, a sum over the year (5 MWh of 960) would hide them.
    """
    made = plain()
    wind = ("z", "generation", "wind")
    [breach] = check_dispatch(replace(made, power={**made.power, wind: other(flat(60), 7, 65)}))
    assert (breach.rule, breach.time, breach.where) == ("balance", "01-01 07:00", "z")
    assert (breach.found, breach.limit) == (5, 0)
    [breach] = check_dispatch(replace(made, power={**made.power, ("y", "demand", "demand"): other(flat(0), 3, -2)}))
    assert (breach.where, breach.step, breach.found) == ("y", 3, -2)


def test_domestic_first():
    """Proves: unserved power is a breach in hours in which a line sends or is asked to, and in no other.

    If it were broken, hour 5, in which the line stands still, would be found as well.
    """
    made = plain()
    power = {
        **made.power,
        ("z", "unserved", "demand"): other(other(flat(0), 5, 8), 6, 8),
        ("z", "demand", "demand"): other(other(flat(-30), 5, -78), 6, -38),
        ("z", "send_out", "uhvdc"): other(flat(-40), 5, 0),
    }
    sent, asked = {"dc": other(flat(40), 5, 0)}, {"dc": other(flat(40), 5, 0)}
    [breach] = check_dispatch(replace(made, power=power, sent=sent, asked=asked))
    assert (breach.rule, breach.step, breach.found, breach.limit) == ("domestic_first", 6, 8, 0)
    both = check_dispatch(replace(made, power=power, sent=sent))
    assert [(b.rule, b.step) for b in both] == [("domestic_first", 5), ("minimum_power", 5), ("domestic_first", 6)]


def test_minimum_power_of_the_converter():
    """Proves: a line that sends 4 MW of its least 10 is found."""
    made = plain(sent={"dc": other(flat(40), 9, 4)})
    power = {**made.power, ("z", "send_out", "uhvdc"): other(flat(-40), 9, -4)}
    power["z", "generation", "coal"] = other(flat(10), 9, -26)
    [breach] = check_dispatch(replace(made, power=power))
    assert (breach.rule, breach.step, breach.found, breach.limit, breach.where) == ("minimum_power", 9, 4, 10, "dc")


def test_clean_without_a_store():
    """Proves: in an hour with 35 MW of wind, 5 of the 40 MW sent are not backed, whatever is there before and after."""
    [breach] = check_dispatch(short())
    assert (breach.rule, breach.time, breach.where) == ("clean", "01-01 04:00", "dc")
    assert (breach.found, breach.limit) == (40, pytest.approx(35))


def short(hour=4, wind=35.0):
    """The same with less wind in one hour, made up by coal."""
    made = plain(clean={"z": other(flat(60), hour, wind)})
    power = dict(made.power)
    power["z", "generation", "wind"] = other(flat(60), hour, wind)
    power["z", "generation", "coal"] = other(flat(10), hour, 70 - wind)
    return replace(made, power=power)


def store(charge, give, **options):
    """A store of one zone: 80 % in, 50 % out."""
    level = np.cumsum(0.8 * charge - 2 * give)
    row = {"keep": 1.0, "into": 0.8, "out": 2.0, "natural": flat(0)} | options
    return Store("z", level, charge=charge, give=give, **row)


@pytest.mark.parametrize(("charged", "given", "lacking"), [(10, 4, 1), (20, 8, 0), (20, 3, 2), (0, 0, 5)])
def test_clean_energy_through_a_store(charged, given, lacking):
    """Proves: what was charged clean counts less its losses, and no more than is given in the hour.

    5 MW lack in hour 4. 10 MW charged in hour 3 are 8 MWh, which give 4 MW; 20 give 8; or as much as is given.
    If it were broken, 10 MW charged would back 10, or a store that gives 3 would back 5.
    """
    tank = store(other(flat(0), 3, charged), other(flat(0), 4, given))
    made = replace(short(), stores={"tank": tank})
    found = [b for b in check_dispatch(made) if b.rule == "clean"]
    assert [(b.step, b.found - b.limit) for b in found] == ([(4, pytest.approx(lacking))] if lacking else [])


def test_store_charged_from_coal_backs_nothing():
    """Proves: what is charged in an hour without clean energy to spare is not clean.

    All 60 MW of wind are sent in hour 3, and 20 are charged from coal.
    If it were broken, hour 4 would be backed.
    """
    made = replace(short(), stores={"tank": store(other(flat(0), 3, 20), other(flat(0), 4, 8))})
    made = replace(made, sent={"dc": other(flat(40), 3, 60)})
    [breach] = [b for b in check_dispatch(made) if b.rule == "clean"]
    assert (breach.step, breach.found - breach.limit) == (4, pytest.approx(5))


def test_clean_energy_that_left_the_store_is_gone():
    """Proves: what a store gave at home is not there later, though it has been filled again from coal.

    20 MW charged clean in hour 0 are 16 MWh, given at home in hour 1; in hour 2 all wind is sent and 20 are charged.
    If it were broken, the 16 MWh of hour 0 would back hour 4.
    """
    charge = other(other(flat(0), 0, 20), 2, 20)
    tank = store(charge, other(other(flat(0), 1, 8), 4, 8))
    made = replace(short(), stores={"tank": tank}, sent={"dc": other(flat(40), 2, 60)})
    [breach] = [b for b in check_dispatch(made) if b.rule == "clean"]
    assert (breach.step, breach.found - breach.limit) == (4, pytest.approx(5))


def test_heat_of_an_import_is_not_laundered(grid):
    """Proves: a plant whose salt is heated from an import backs what the sun put into it, not all that it generates.

    20 MWh of an import and 10 of the sun are stored in hour 0; 20 MW are sent in hour 1, of which 10 are clean.
    If it were broken, all generation of the plant would be clean.
    """
    small = sender(grid, [0, 0], [0, 30], [0, 0], "watched")
    small.add("csp", existing=20, store=10, heater=1, heater_efficiency=1, series=[1, 0], solar_multiple=0.5)
    del small.rows["thermal"]
    small.add("ac_ties", import_limit=20, availability_series=[1, 0], import_price=1)
    found = arrays_of(result_of(small.solve()), STAGE)
    [breach] = [b for b in check_dispatch(found) if b.rule == "clean"]
    assert (breach.step, breach.found, breach.limit) == (1, pytest.approx(20), pytest.approx(10))


def test_year_hands_over_to_itself():
    """Proves: what was charged in the last hour is there in the first, and only that.

    4 MW lack in hour 0 and 20 MW charged clean in hour 23 are 16 MWh, which give 8. A store full at the end of
    what was charged from coal would not do.
    """
    full = Store("z", flat(16), 1.0, other(flat(0), 23, 20), other(flat(0), 0, 8), 0.8, 2.0, flat(0))
    assert [b for b in check_dispatch(replace(short(0, 36), stores={"tank": full})) if b.rule == "clean"] == []
    coal = replace(full, charge=flat(0))
    [breach] = [b for b in check_dispatch(replace(short(0, 36), stores={"tank": coal})) if b.rule == "clean"] or [None]
    assert breach is not None
    assert (breach.step, breach.found - breach.limit) == (0, pytest.approx(4))


def book():
    """A book of two hours: 20 MW of clean energy charged in hour 0 and 8 drawn in hour 1."""
    two = np.array
    stores = {"tank": Store("z", two([16.0, 0]), 1.0, two([20.0, 0]), two([0, 8.0]), 0.8, 2.0, two([0.0, 0]))}
    parts = {
        "charge": Part(two([20.0, 0]), two([20.0, 0]), {"z": -1.0}, "tank", 0.8),
        "drawn": Part(two([0, 8.0]), two([0, 8.0]), {"z": 1.0}, "tank", -2.0),
        "forward": Part(two([0, 5.0]), two([9.0, 9.0]), {"y": -1.0, "z": 0.9}),
    }
    return Dispatch(
        {("z", "demand", "demand"): two([0.0, 0.0])},
        {"dc": two([40.0, 42.5])},
        lines_from={"dc": "z"},
        bound=("dc",),
        booked=("dc",),
        clean={"z": two([60.0, 30.0]), "y": two([5.0, 5.0])},
        stores=stores,
        parts=parts,
        stored={"tank": two([16.0, 0])},
    )


def test_book_of_clean_energy():
    """Proves: a book at its limits has no breach, and each row is found where it is broken.

    Hour 1: 30 of wind, 8 drawn and 0.9 * 5 arriving are 42.5 MW.
    If it were broken, energy could be sent that no zone has, or be stored twice.
    """
    made = book()
    assert check_book(made) == []

    def first(**changed):
        [breach] = check_book(replace(made, **changed))
        return breach.rule, breach.step, breach.where, breach.found, breach.limit

    def part(name, **changed):
        return {"parts": {**made.parts, name: replace(made.parts[name], **changed)}}

    assert first(sent={"dc": np.array([40.0, 44.0])}) == ("clean_zone", 1, "z", pytest.approx(-1.5), 0)
    assert first(clean={**made.clean, "y": np.array([5.0, 3.0])}) == ("clean_zone", 1, "y", -2, 0)
    assert first(**part("forward", whole=np.array([9.0, 4.0]))) == ("clean_flow", 1, "forward", 5, 4)
    assert first(**part("charge", rate=0.7)) == ("clean_store", 0, "tank", 16, 14)
    low = replace(made.stores["tank"], level=np.array([15.0, 0]))
    assert first(stores={"tank": low}) == ("clean_held", 0, "tank", 16, 15)
    with pytest.raises(ValueError, match="no book"):
        check_book(replace(made, booked=()))


def test_solved_system_under_the_clause(grid):
    """Proves: a dispatch made under the clause keeps every rule, by the pool and by its own book.

    60 MW of wind in hour 0 and 20 to send: 40 are charged at 80 % and give 16 in hour 1, where 30 are asked.
    If it were broken, the book would not be found in the result, or the balance of the store be another.
    """
    small = with_store(grid, [0.6, 0], [20, 30], 50, charge_efficiency=0.8, discharge_efficiency=0.5)
    found = arrays_of(result_of(small.solve()), STAGE)
    assert (found.bound, found.booked, list(found.stores)) == (("dc",), ("dc",), ["cells"])
    assert found.asked["dc"] == pytest.approx([20, 30])
    assert found.sent["dc"] == pytest.approx([20, 16])
    assert check_dispatch(found) == []
    assert check_book(found) == []
    more = replace(found, sent={"dc": found.sent["dc"] + [0, 3]})
    assert [(b.rule, b.step, round(b.found, 3)) for b in check_book(more)] == [("clean_zone", 1, -3)]
    assert [(b.rule, round(b.limit, 3)) for b in check_dispatch(more)] == [("clean", 16)]


def test_solved_system_that_is_only_watched(grid):
    """Proves: what coal backs is found by the amount that the account finds, though no clause was in force.

    50 and 20 MW of wind for 40 and 40 to send: 20 MW in hour 1.
    """
    result = result_of(sender(grid, [0.5, 0.2], [40, 40], 30, "watched").solve())
    found = arrays_of(result, STAGE)
    [breach] = check_dispatch(found)
    assert (breach.rule, breach.step, breach.found, breach.limit) == ("clean", 1, 40, pytest.approx(20))
    assert clean_account.missing(result, STAGE)["dc"].sum() == pytest.approx(20)
    with pytest.raises(ValueError, match="no book"):
        check_book(found)


def two_zones_with(strictness):
    """Two zones and two days, and a line of 300 MW that wind alone is to back."""
    case = read_case(find("cases", "two-zones", suffix=".toml"))
    case = case.model_copy(update={"targets": case.targets.model_copy(update={"set": "rules"})})
    change = dict(case.change) | {
        "send_out/dc-south/capacity [MW]": 300,
        "clean_exports/dc-south-clean-only/group": "wind",
        "target_sets/rules,dc-south-clean-only/strictness": strictness,
    }
    assembled = assemble(read_system(read_inputs(find("inputs", case.inputs), TABLES, change), case, []), workers=1)
    return solved(assembled, solve(assembled.problem, read_profile("simplex")), 0.5, 100.0)


def test_pool_never_finds_more_than_the_account():
    """Proves: with corridors, a river and two stores, the pool finds a part of what the best book cannot back.

    If it were broken, it would find more than the account (a false breach) or nothing.
    """
    result = two_zones_with("watched")
    found = check_dispatch(arrays_of(result, STAGE))
    assert {b.rule for b in found} == {"clean"}
    pool = sum(b.found - b.limit for b in found)
    account = clean_account.missing(result, STAGE).to_numpy().sum()
    assert 0.5 * account < pool <= account


def test_book_of_two_zones():
    """Proves: a book over a corridor and two stores keeps every row, and breaks one if more is sent."""
    made = arrays_of(two_zones_with("hard"), STAGE)
    assert made.booked == ("dc-south",)
    assert {part.store for part in made.parts.values()} == {"", "psh-south", "battery-south"}
    assert check_book(made) == []
    assert [b.rule for b in check_dispatch(made)].count("clean") == 0
    more = check_book(replace(made, sent={"dc-south": made.sent["dc-south"] + 1}))
    assert {b.rule for b in more} == {"clean_zone"}


def test_all_rules_of_a_result_at_once(grid):
    """Proves: a solved line is held against the rules of its steps and of the dispatch, and each breach is told once.

    A day: 5 MW in hour 0, then 30, and 80 from 10 to 20 o'clock, for which wind has 60 in hour 12; coal of 25 MW
    serves 10 of demand and makes up 15 of the line, so that 75 are sent.
    If it were broken, hour 12 would be told by no rule, or the least power twice.
    """
    asked = [5] + [30] * 9 + [80] * 10 + [30] * 4
    wind = [1.0] * 12 + [0.6] + [1.0] * 11
    small = sender(grid, wind, asked, 10, "watched")
    small.rows["thermal"][0]["existing"] = 25
    small.rows["send_out"][0]["minimum_output"] = 0.1
    small.add("send_out_rules", minimum_power=0.1, levels=3, dwell=4, largest_step=0.4)
    found = confirm(result_of(small.solve()), STAGE)
    assert [(b.rule, b.time[6:], round(b.found, 3), round(b.limit, 3)) for b in found] == [
        ("minimum_power", "00:00", 5, 10),
        ("dwell", "10:00", 2, 4),
        ("largest_step", "10:00", 50, 40),
        ("clean", "12:00", 75, 60),
        ("dwell", "12:00", 1, 4),
        ("levels", "12:00", 4, 3),
        ("largest_step", "20:00", 50, 40),
    ]
    assert {b.where for b in found} == {"dc"}


def test_line_with_a_yearly_energy_has_no_curve_to_exceed(grid):
    """Proves: a line that chooses its hours is not held against its least output as if it were a curve.

    60 MW in hour 0 and its least 20 in hour 1. If it were broken, 40 MW would be too much in hour 0.
    """
    small = grid(2, 5).add("wind", existing=65, series=[1, 1]).group("clean", "wind")
    small.add("send_out", capacity=100, schedule="energy", yearly_energy=40 * 8760, minimum_output=0.2)
    result = result_of(small.solve())
    assert arrays_of(result, STAGE).sent["dc"].max() > 20
    assert confirm(result, STAGE) == []


def test_representative_days_are_refused(by_days):
    """Proves: periods that do not follow each other are not checked as if they did."""
    with pytest.raises(ValueError, match="do not follow each other"):
        arrays_of(by_days, by_days.case.stages[0])
