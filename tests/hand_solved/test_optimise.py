"""What is asked of a better curve in words, and the rules of steps as rows."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from qhenergy.data.curve_rules import CurveRules, curve_rules
from qhenergy.ground.faults import InputError
from qhenergy.solving.slots import seasons_of
from qhenergy.solving.step_model import rule_faults, step_model
from qhenergy.studies.optimise import parse


def test_words_are_read_in_their_units():
    """Proves: every word comes in with its unit, and what is not said has its default.

    If it were broken, 36 TWh would be 36 MWh, or a share be taken for megawatts.
    """
    asked = parse("steps=3 dwell=4h seasons=4 energy>=36TWh ramp=10MW/min minimum=10% levels=0,2,4GW gap=1%")
    assert (asked.steps, asked.dwell, asked.energy, asked.ramp) == (3, 4.0, 36e6, 600.0)
    assert (asked.minimum_share, asked.levels, asked.gap) == (0.1, (0.0, 2000.0, 4000.0), 0.01)
    assert asked.seasons == ((3, 4, 5), (6, 7, 8), (9, 10, 11), (12, 1, 2))
    assert (asked.objective, asked.shortfall, asked.slots) == ("cost", "priced", 24)
    assert parse("objective=energy cost<=40CNY").shortfall == "none"
    assert parse("seasons=11-2,3-10").seasons == ((11, 12, 1, 2), tuple(range(3, 11)))
    assert parse("dwell=90min").dwell == pytest.approx(1.5)


def test_all_faults_are_said_at_once():
    """Proves: each word that cannot be read has its sentence.

    If it were broken, the user would meet them one by one, or none.
    """
    with pytest.raises(InputError) as refused:
        parse("stepz=3 dwell=4 seasons=5 energy=36TWh foo levels=1,2 steps=x slots=25 gap=1% gap=2% cost<=1CNY")
    said = str(refused.value)
    assert len(refused.value.faults) == 10
    for words in ('Did you mean "steps"?', "a number with a unit: h, min", "Write energy>=36TWh", "once", "24, 96"):
        assert words in said
    with pytest.raises(InputError, match="any curve asks for most energy"):
        parse("objective=energy shortfall=priced")


def test_rules_of_the_line_hold_unless_something_else_is_said():
    """Proves: a word replaces the rule of the line, other rules stay; contradictions are said.

    If it were broken, asking for a dwell would drop the minimum of the line.
    """
    rules = CurveRules(1000.0, minimum=200.0, dwell=2.0, changes_a_day=4)
    made = parse("dwell=3h minimum=10%").rules(rules)
    assert (made.dwell, made.minimum, made.changes_a_day) == (3.0, 100.0, 4)
    with pytest.raises(InputError) as refused:
        parse("levels=0,5000MW dwell=30h").rules(rules)
    assert "5000 MW" in str(refused.value)
    assert len(refused.value.faults) == 2


def test_seasons_are_months_in_turn():
    """Proves: so many seasons of as many months, the year once.

    If it were broken, a month would stand in two seasons or in none.
    """
    for count in (1, 2, 3, 4, 6, 12):
        made = seasons_of(count)
        assert sorted(m for season in made for m in season) == list(range(1, 13))
    assert seasons_of(2)[0] == (5, 6, 7, 8, 9, 10)


def test_rules_of_an_operator_become_those_of_a_day():
    """Proves: what lasts longer than a day lasts all day, infinite powers ask nothing, zero is out of service.

    If it were broken, a dwell of a week could not be written as rows, or a level of zero be refused by the minimum.
    """
    said = SimpleNamespace(
        minimum_power=100.0, allowed_levels=(0.0, 500.0), levels=3, dwell=168.0, changes=None, reversal=2.0,
        ramp=math.inf, largest_step=400.0,
    )  # fmt: skip
    made = curve_rules(said, 1000.0)
    assert (made.minimum, made.levels_a_day, made.dwell, made.no_reversal) == (100.0, 3, 24.0, 2.0)
    assert (made.ramp, made.largest_step, made.changes_a_day) == (None, 400.0, None)
    assert rule_faults(made) == []
    assert allowed(CurveRules(100.0, minimum=20.0, levels=(0.0, 60.0)), [0] * 8 + [60] * 16)


def allowed(rules, curve):
    """Whether some whole numbers let a curve of 24 h through the rows."""
    model = step_model(rules, 1, 24)
    x = np.array(curve, dtype=float) / rules.rating
    lower, upper = model.lower.copy(), model.upper.copy()
    if (x < lower[:24] - 1e-9).any() or (x > upper[:24] + 1e-9).any():
        return False
    lower[:24] = upper[:24] = x
    rows = LinearConstraint(model.matrix, model.row_lower, model.row_upper)
    whole = model.whole.astype(int)
    made = milp(np.zeros(len(lower)), integrality=whole, bounds=Bounds(lower, upper), constraints=rows)
    return bool(made.success)


BLOCK = [20] * 8 + [60] * 8 + [20] * 8


@pytest.mark.parametrize(
    ("rules", "curve", "yes"),
    [
        ({"changes_a_day": 2}, BLOCK, True),
        ({"changes_a_day": 1}, BLOCK, False),
        ({"dwell": 8}, BLOCK, True),
        ({"dwell": 9}, BLOCK, False),
        ({"dwell": 16}, [60] * 8 + [20] * 16, False),
        ({"levels_a_day": 2}, BLOCK, True),
        ({"levels_a_day": 1}, BLOCK, False),
        ({"levels_a_day": 2}, [20] * 8 + [60] * 8 + [40] * 8, False),
        ({"levels_a_day": 3}, [20] * 8 + [60] * 8 + [40] * 8, True),
        ({"levels_a_day": 2}, [20, 60] * 12, True),
        ({"levels": (0, 20, 60)}, BLOCK, True),
        ({"levels": (0, 20, 50)}, BLOCK, False),
        ({"levels": (0, 20, 60), "levels_a_day": 1}, BLOCK, False),
        ({"largest_step": 40}, BLOCK, True),
        ({"largest_step": 39}, BLOCK, False),
        ({"ramp": 39}, BLOCK, False),
        ({"minimum": 20}, BLOCK, True),
        ({"minimum": 21}, BLOCK, False),
        ({"no_reversal": 8}, BLOCK, True),
        ({"no_reversal": 9}, BLOCK, False),
        # Two rises after each other are no reversal; the fall to the first hour of the next day is.
        ({"no_reversal": 6}, [20] * 12 + [40] * 6 + [60] * 6, True),
        ({"no_reversal": 7}, [20] * 12 + [40] * 6 + [60] * 6, False),
        ({"changes_a_day": 2, "dwell": 4}, [60] * 4 + [20] * 16 + [60] * 4, True),
    ],
)
def test_rules_let_through_what_keeps_them(rules, curve, yes):
    """Proves: each rule allows the curve that just keeps it and forbids the one that just does not, around the day.

    If it were broken, an hour or a megawatt more or less would pass.
    """
    assert allowed(CurveRules(100.0, **rules), curve) is yes
