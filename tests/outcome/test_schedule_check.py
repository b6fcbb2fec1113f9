"""The checker of steps beside breaches of a known size at a known hour."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from architecture.source import PACKAGE, imported

from qhenergy.data.builtin import root
from qhenergy.data.curve_library import curve_of
from qhenergy.data.day_types import HOLIDAY, MONTH_OF_DAY, calendar_of, day_of_year, of_year
from qhenergy.data.inputs import read_inputs
from qhenergy.data.step_rules import StepRules, rules_of
from qhenergy.model.catalogue import TABLES
from qhenergy.outcome.schedule_check import Breach, check

RATED = 100.0
#: Two levels, 30 by night and 80 from 9 to 19 o'clock.
DAY = np.array([30.0] * 9 + [80.0] * 10 + [30.0] * 5)
FREE = StepRules("dc")
STRICT = StepRules(
    "dc",
    minimum_power=10,
    allowed_levels=(30, 80),
    levels=2,
    dwell=9,
    changes=2,
    reversal=9,
    ramp=50,
    largest_step=50,
    same_days=True,
    seasons=(3, 3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3),
)


def year(day=DAY):
    return np.tile(day, 365)


def at(month, day, hour):
    return 24 * day_of_year(month, day) + hour


def found(sent, rules=FREE, asked=None, step=60, **options):
    return check(sent, asked, step, rules, RATED, **options)


def only(sent, rules, **options):
    [breach] = found(sent, rules, **options)
    return breach


def changed(place, value, sent=None):
    made = year() if sent is None else sent.copy()
    made[place] = value
    return made


def test_curve_that_keeps_every_rule():
    """Proves: a curve at the limit of every rule breaks none.

    Its step is 50, as the ramp; it has two levels and two changes a day, and holds 80 for 10 h and 30 for 14 h.
    If it were broken, a limit that is reached would be one that is passed.
    """
    assert found(year(), STRICT, asked=year()) == []
    assert found(np.repeat(year(), 4), replace(STRICT, ramp=200), step=15) == []


CASES = {
    "rating": (at(3, 1, 12), 103.0, FREE, {}, ("rating", 103, 100, "MW")),
    "minimum_power": (at(3, 1, 3), 8.0, StepRules("dc", minimum_power=10), {}, ("minimum_power", 8, 10, "MW")),
    "standstill": (at(3, 1, 3), 0.0, StepRules("dc", minimum_power=10), {}, ("minimum_power", 0, 10, "MW")),
    "asked": (at(3, 1, 12), 81.0, FREE, {"asked": year()}, ("asked", 81, 80, "MW")),
    "same_days": (at(3, 1, 12), 75.0, StepRules("dc", same_days=True), {}, ("same_days", 75, 80, "MW")),
    "levels": (slice(at(3, 1, 12), at(3, 1, 19)), 70.0, StepRules("dc", levels=2), {}, ("levels", 3, 2, "1")),
    "allowed_levels": (
        slice(at(3, 1, 12), at(3, 1, 19)), 70.0, StepRules("dc", allowed_levels=(30, 80)), {},
        ("allowed_levels", 70, 80, "MW"),
    ),
    "largest_step": (
        slice(at(3, 1, 9), at(3, 1, 19)), 90.0, StepRules("dc", largest_step=50), {},
        ("largest_step", 60, 50, "MW"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_rule_at_one_hour(name):
    """Proves: a power that breaks one rule is found at its hour, with what was found and the limit.

    If it were broken, the breach would be at another hour, be counted twice, or be none.
    """
    place, value, rules, options, (rule, what, limit, unit) = CASES[name]
    step = place.start if isinstance(place, slice) else place
    breaches = found(changed(place, value), rules, **options)
    first = breaches[0]
    assert (first.rule, first.step, first.where) == (rule, step, "dc")
    assert first.time == f"03-01 {step % 24:02d}:00"
    assert (first.found, first.limit, first.unit) == (pytest.approx(what), pytest.approx(limit), unit)
    # The step down from 90 is too large as well.
    assert len(breaches) == (2 if name == "largest_step" else 1)


def test_dwell():
    """Proves: a level that is held for one hour less is found where it begins; ends of the year are not judged.

    30 by night are held 14 h, 80 by day 10 h: on 1 March from 10 o'clock only, which is 9 h.
    If it were broken, the nights of New Year (9 h and 5 h) would be found too.
    """
    breach = only(changed(at(3, 1, 9), 30), StepRules("dc", dwell=10))
    assert breach == Breach("dwell", at(3, 1, 10), "03-01 10:00", 9, 10, "h", "dc")


def test_reversal():
    """Proves: power that turns back an hour too soon is found where it turns; one that goes on is not.

    From 80 to 60 at 15 o'clock on 1 March, and to 30 at 19: no reversal. Back up at 15 to 80 from 60 at 12: 3 h.
    If it were broken, the step at 19 would be found, 4 h after the one at 15.
    """
    rules = StepRules("dc", reversal=5)
    assert found(changed(slice(at(3, 1, 15), at(3, 1, 19)), 60), rules) == []
    made = found(changed(slice(at(3, 1, 12), at(3, 1, 15)), 60), rules)
    assert [(b.rule, b.time, b.found) for b in made] == [
        ("reversal", "03-01 12:00", 3),
        ("reversal", "03-01 15:00", 3),
        ("reversal", "03-01 19:00", 4),
    ]


def test_changes_a_day():
    """Proves: the first change too many of a day is found, with how many there are."""
    breach = only(changed(slice(at(3, 1, 12), at(3, 1, 15)), 60), StepRules("dc", changes=2))
    assert (breach.rule, breach.time, breach.found, breach.limit) == ("changes", "03-01 15:00", 4, 2)


def test_ramp_and_the_levels_it_passes():
    """Proves: a ramp over two steps is one change and its middle no level, if it needs both; if not, it is two.

    From 30 to 80 at 25 MW/h: 55 in hour 9. With 50 MW/h it would not need to stop there.
    If it were broken, the rise would be two changes and three levels at 25 MW/h too.
    """
    slow = year()
    slow[9::24] = 55
    slow[19::24] = 55
    rules = StepRules("dc", levels=2, changes=2, dwell=9, largest_step=50, ramp=25)
    assert found(slow, rules) == []
    fast = found(slow, replace(rules, ramp=50))
    assert {b.rule for b in fast} == {"levels", "changes", "dwell"}
    assert {b.found for b in fast if b.rule == "dwell"} == {1}
    [breach] = found(changed(at(3, 1, 9), 50, slow), replace(rules, dwell=0, levels=None, changes=None))
    assert (breach.rule, breach.time) == ("ramp", "03-01 10:00")
    assert (breach.found, breach.limit) == (30, 25)
    quarters = found(np.repeat(year(), 4)[:96], StepRules("dc", ramp=100), step=15)
    assert [(b.rule, b.time, b.found, b.limit) for b in quarters] == [
        ("ramp", "01-01 09:00", 50, 25),
        ("ramp", "01-01 19:00", 50, 25),
    ]


def test_drift_is_seen():
    """Proves: power that creeps within the tolerance of each step leaves its level all the same.

    0.08 MW an hour: after two hours 0.16 away from where the level began.
    If it were broken, it would go from 30 to 39 on one level.
    """
    creeping = 30 + 0.08 * np.arange(120)
    made = found(creeping, StepRules("dc", levels=1))
    assert [b.rule for b in made] == ["levels"] * 5
    assert made[0].found == 12


def test_maintenance():
    """Proves: maintenance is zero, is no change, no level and no day of its season, and a power in it is found.

    If it were broken, the line would be below its least power for 48 h, and have changes too many.
    """
    off = np.zeros(8760, dtype=bool)
    off[at(4, 7, 0) : at(4, 9, 0)] = True
    sent = np.where(off, 0, year())
    assert found(sent, STRICT, asked=sent, maintenance=off) == []
    breach = only(changed(at(4, 8, 5), 20, sent), STRICT, maintenance=off)
    assert (breach.rule, breach.time, breach.found, breach.limit) == ("maintenance", "04-08 05:00", 20, 0)
    assert {b.rule for b in found(sent, STRICT)} >= {"minimum_power", "allowed_levels", "same_days"}


def test_line_of_which_nothing_is_asked_may_stand_still():
    """Proves: zero is below the least power only where something is asked."""
    asked = changed(slice(at(3, 1, 0), at(3, 2, 0)), 0)
    rules = StepRules("dc", minimum_power=10)
    assert found(asked, rules, asked=asked) == []
    assert len(found(asked, rules, asked=year())) == 24


def test_seasons_have_their_own_days():
    """Proves: a new curve may begin with a season, and its first midnight is no change; in a season it may not.

    From 1 June the night is 40. If it were broken, 1 June would have three changes, and 30 be held for 5 h.
    On 10 June 30 MW again: one breach, at the first hour that differs.
    """
    sent = year()
    summer = np.isin(MONTH_OF_DAY, (6, 7, 8)).repeat(24)
    sent[summer & (sent == 30)] = 40
    rules = replace(STRICT, allowed_levels=())
    assert found(sent, rules) == []
    rules = replace(rules, dwell=5, reversal=0, changes=4, levels=3)
    breach = only(changed(slice(at(6, 10, 0), at(6, 10, 9)), 30, sent), rules)
    assert (breach.rule, breach.time, breach.found, breach.limit) == ("same_days", "06-10 00:00", 30, 40)
    one = found(sent, replace(rules, seasons=(0,) * 12))
    assert {b.rule for b in one} == {"same_days"}
    assert len(one) == 92


def test_holidays_may_differ():
    """Proves: holidays have a day of their own if the rules say so and a calendar tells which they are."""
    calendar = of_year(2025)
    types = [HOLIDAY if 120 <= d < 125 else t for d, t in enumerate(calendar.types)]
    calendar = replace(calendar, types=tuple(types))
    sent = changed(slice(120 * 24, 125 * 24), np.tile(DAY - 5, 5))
    assert found(sent, StepRules("dc", same_days=True, holidays_differ=True), calendar=calendar) == []
    for rules, given in ((StepRules("dc", same_days=True), calendar), (StepRules("dc", same_days=True), None)):
        assert len(found(sent, rules, calendar=given)) == 5


def test_what_cannot_be_checked():
    """Proves: powers that are no numbers, and arrays of two lengths, are refused and not passed."""
    with pytest.raises(ValueError, match="no number"):
        found(changed(5, np.nan))
    with pytest.raises(ValueError, match="one number for each step"):
        found(year(), asked=year()[:-1])
    with pytest.raises(ValueError, match="one number for each step"):
        found(year(), step=7)


def test_breach_as_a_sentence():
    """Proves: a breach is printed with line, rule, time, and both numbers with their unit."""
    assert str(only(changed(at(3, 1, 12), 103.0), FREE)) == "dc: rating at 03-01 12:00: 103 MW, limit 100 MW"
    breach = Breach("changes", 0, "01-01 00:00", 4, 2, "1")
    assert str(breach) == "changes at 01-01 00:00: 4, limit 2"


@pytest.mark.parametrize("step", [60, 15])
def test_library_keeps_the_rules_of_every_line(step):
    """Proves: the typical curves, and the default curve, keep the default rules at both steps.

    At 15 min a change of 65 % takes four steps at 75 % an hour: the curves, which move at once, break the ramp alone.
    """
    inputs = read_inputs(root() / "inputs" / "qinghai", TABLES)
    rules, calendar = rules_of(inputs, "qing-yu"), calendar_of(inputs)
    for name in ("flat", "two-level", "three-level", "midday-heavy", "evening-peak", "qing-yu-two-level"):
        curve = curve_of(name, inputs, "qing-yu", step)
        made = check(curve.values, None, step, rules, 8000, calendar, curve.maintenance)
        assert {b.rule for b in made} <= ({"ramp"} if step == 15 else set()), [str(b) for b in made[:5]]


@pytest.mark.parametrize("module", ["schedule_check", "dispatch_check"])
def test_checker_knows_no_optimiser(module):
    """Proves: neither the checker nor anything it imports at run time is a solver, Pyomo or the algebra.

    If it were broken, the check would be by the code that made what it checks.
    """
    barred = (
        "pyomo",
        "highspy",
        "scipy.optimize",
        "qhenergy.solving",
        "qhenergy.model",
        "qhenergy.algebra",
        "qhenergy.policy",
    )
    program = f"import sys, qhenergy.outcome.{module}; print([m for m in sys.modules if m.startswith({barred})])"
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"
    text = (PACKAGE / "outcome" / f"{module}.py").read_text(encoding="utf-8")
    assert not [i for i in imported(text) if i.startswith(("pyomo", "highspy", "scipy", "qhenergy.solving"))]
