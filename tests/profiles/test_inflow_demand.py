from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qhenergy.profiles import calendar, demand, inflow, smooth

RIVER = [168.0, 166, 221, 359, 565, 888, 1301, 1090, 1180, 948, 474, 223]


@settings(max_examples=15, deadline=None)
@given(arrays(float, 12, elements=st.one_of(st.just(0.0), st.floats(1e-3, 3000.0))))
def test_any_monthly_flows_are_kept_and_never_negative(means: np.ndarray) -> None:
    """Proves: for any months, zeros among them, hourly flow keeps every mean to 1e-9 and stays >= 0."""
    hourly = smooth.hourly_from_monthly(means)
    assert (hourly >= 0).all()
    assert calendar.month_means(hourly) == pytest.approx(means, rel=1e-9, abs=1e-9)


def test_river_runs_smoothly_and_scales_with_the_water_year() -> None:
    """Proves: no step above 0.5 % of the mean flow, December to January too; a dry year scales."""
    table = pd.DataFrame({"head": RIVER, "branch": 0.0}, index=pd.RangeIndex(1, 13, name="month"))
    normal, dry = inflow.hourly(table), inflow.hourly(table.sample(frac=1, random_state=2), factor=0.7)
    around = np.append(normal["head"].to_numpy(), normal["head"].iloc[0])
    assert np.abs(np.diff(around)).max() < 0.005 * np.mean(RIVER)
    assert (normal["branch"] == 0).all()
    assert calendar.month_means(dry["head"].to_numpy()) == pytest.approx(0.7 * np.array(RIVER), rel=1e-9)


def test_signed_quantities_may_cross_zero() -> None:
    """Proves: temperatures keep their means with both signs, where a factor would fail."""
    means = np.array([-10.0, -6, 0, 5, 9, 13, 15, 14, 9, 2, -5, -9])
    assert calendar.month_means(smooth.hourly_from_monthly(means, signed=True)) == pytest.approx(means)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pd.DataFrame({"a": RIVER[:11]}, index=range(1, 12)), "months 1 to 12"),
        (pd.DataFrame({"a": [-1.0, *RIVER[1:]]}, index=range(1, 13)), "negative"),
        (pd.DataFrame({"a": [np.nan, *RIVER[1:]]}, index=range(1, 13)), "missing"),
    ],
)
def test_incomplete_or_negative_inflow_is_refused(table: pd.DataFrame, says: str) -> None:
    """Proves: a missing month, a blank and a negative flow are refused, each in its own words."""
    with pytest.raises(ValueError, match=says):
        inflow.hourly(table)


@settings(max_examples=10, deadline=None)
@given(arrays(float, (12, 24), elements=st.floats(0.1, 10.0)), st.floats(1.0, 1e9))
def test_demand_adds_up_to_the_energy_of_the_year(shape: np.ndarray, energy: float) -> None:
    """Proves: whatever the shape, the hours sum to the energy and keep the shape's proportions."""
    series = demand.hourly(pd.DataFrame(shape, index=range(1, 13)), energy)
    assert series.sum() == pytest.approx(energy, rel=1e-12)
    assert series.iloc[8759] / series.iloc[0] == pytest.approx(shape[11, 23] / shape[0, 0])


def test_a_flat_zero_or_negative_shape_is_refused() -> None:
    """Proves: a shape that cannot carry energy is refused rather than divided by."""
    with pytest.raises(ValueError, match="zero throughout"):
        demand.hourly(pd.DataFrame(np.zeros((12, 24)), index=range(1, 13)), 1.0)
    with pytest.raises(ValueError, match="blank or negative"):
        demand.hourly(pd.DataFrame(np.full((12, 24), np.nan), index=range(1, 13)), 1.0)
