"""Ranks, regret and choice, from tables of costs that are solved by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from qhenergy.outcome.regret import regret


def table(**fleets):
    """Costs of fleets in scenarios 0, 1, 2 ..."""
    rows = list(fleets.values())
    return pd.DataFrame(rows, index=list(fleets), columns=[f"s{i}" for i in range(len(rows[0]))], dtype=float)


def test_the_cautious_choice_is_not_the_best_on_average():
    """Proves: least maximum and least mean regret are told apart.

    Wind costs 54, 64, 174 in three years, coal 110 in each. Wind regrets 64 in the last, coal 56 and 46 in the others:
    at most 64 against 56, on average 21.33 against 34.
    If it were broken, wind would be the cautious choice (regret of the mean), or coal the best on average.
    """
    found = regret(table(wind=[54, 64, 174], coal=[110, 110, 110]))
    assert found.regret.loc["wind"].tolist() == [0, 0, 64]
    assert found.regret.loc["coal"].tolist() == [56, 46, 0]
    assert found.least_maximum == ("coal",)
    assert found.least_mean == ("wind",)
    assert found.rank.loc["wind"].tolist() == [1, 1, 2]
    spread = found.spread.loc["coal"]
    assert (spread["best"], spread["worst"], spread["first"]) == (1, 2, 1)
    assert spread["mean rank"] == pytest.approx(5 / 3)
    assert (spread["maximum"], spread["mean"]) == (56, 34)


def test_two_fleets_in_two_years_leave_no_doubt():
    """Proves: where each of two fleets is best in one of two years, both rules choose the same.

    Regret is (0, a) and (b, 0): the larger maximum is the larger mean.
    If it were broken, one of the rules would not be of regret.
    """
    found = regret(table(a=[10, 30], b=[16, 20]))
    assert found.least_maximum == found.least_mean == ("b",)


def test_ties_are_ties():
    """Proves: costs within what the audit leaves open share a rank, the next counts them, and both are chosen.

    Of 1e6, 0.5 is nothing and 2 is something: a and b tie, c comes third.
    If it were broken, b would come second, and c have rank 2 (dense) or a regret where there is none.
    """
    found = regret(table(a=[1e6], b=[1e6 + 0.5], c=[1e6 + 2]))
    assert found.rank["s0"].tolist() == [1, 1, 3]
    assert found.regret["s0"].tolist() == [0, 0, 2]
    assert found.least_maximum == found.least_mean == ("a", "b")


def test_no_answer_is_the_last_and_regretted_without_end():
    """Proves: a fleet without an answer is last and never chosen; a year in which nobody has one says nothing.

    If it were broken, it would count as zero, or the empty year make every regret not a number.
    """
    found = regret(table(a=[5, math.inf, math.inf], b=[9, 20, math.inf], c=[6, math.inf, math.inf]))
    assert list(found.regret.columns) == ["s0", "s1"]
    assert found.rank["s1"].tolist() == [2, 1, 2]
    assert np.isinf(found.spread.loc["a", "maximum"])
    assert found.least_maximum == found.least_mean == ("b",)
    assert regret(table(a=[math.inf], b=[math.inf])).least_maximum == ()


@pytest.mark.parametrize(
    ("costs", "w"),
    [
        ({"a": [1, 2], "b": [2, 3], "c": [3, 4]}, 1.0),
        ({"a": [1, 3], "b": [2, 2], "c": [3, 1]}, 0.0),
        ({"a": [1, 1], "b": [2, 2], "c": [2, 3]}, 13 / 14),
        ({"a": [1], "b": [1]}, math.nan),
    ],
)
def test_agreement_of_rankings(costs, w):
    """Proves: concordance is one for the same order, zero for opposite ones, with the middle rank for ties.

    With the tie ranks are 1, 2.5, 2.5 and 1, 2, 3: sums 2, 4.5, 5.5 deviate from 4 by 2, 0.5, 1.5: S = 6.5, T = 6,
    W = 12 * 6.5 / (4 * 24 - 2 * 6) = 78 / 84 = 13 / 14.
    If it were broken, ties would make an agreed order seem doubtful, or count twice.
    """
    found = regret(table(**costs)).concordance
    assert found == pytest.approx(w, nan_ok=True)
