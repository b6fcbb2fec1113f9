from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from qhenergy.profiles import calendar, radiation, sky, weather
from qhenergy.profiles.weather import Weather

MEANS = {
    "ghi": 1000 / 24,
    "dni": 1000 / 24,
    "air_temperature": 1.0,
    "wind_speed_10m": 1.0,
    "wind_speed_100m": 1.0,
}


@pytest.mark.parametrize(("name", "unit"), MEANS.items())
def test_monthly_means_are_kept(
    name: str, unit: float, hours: Weather, climate: pd.DataFrame, sites: pd.DataFrame
) -> None:
    """Proves: the generated year averages to the table in every month and site, to 1e-6 of the value."""
    wanted = climate[name].unstack("site")[sites.index].to_numpy() * unit
    found = calendar.month_means(getattr(hours, name).to_numpy())
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9)


def test_same_seed_same_weather_other_seed_other_weather(
    hours: Weather, sites: pd.DataFrame, climate: pd.DataFrame
) -> None:
    """Proves: the seed decides everything, the order of the rows nothing."""
    again = weather.generate(sites[::-1], climate[::-1], seed=7)
    other = weather.generate(sites, climate, seed=8)
    for name in weather.FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name)[list(sites.index)], getattr(hours, name))
    assert not np.allclose(other.ghi, hours.ghi)
    assert not np.allclose(other.wind_speed_100m, hours.wind_speed_100m)


def test_radiation_is_consistent_and_bounded(hours: Weather) -> None:
    """Proves: ghi = dni cos z + dhi in every hour, nothing negative, dni within the clear sky."""
    for site in hours.sites.index:
        at, sun = hours.at(site), hours.sun(site)
        cosine = np.cos(np.radians(sun["apparent_zenith"])).clip(lower=0)
        assert np.abs(at["ghi"] - at["dni"] * cosine - at["dhi"]).max() < 1e-9
        assert (at[["ghi", "dni", "dhi"]] >= 0).all().all()
        assert (at["dni"] < sun["dni_extra"]).all()
        assert at["dni"].max() < 1100
        place = hours.sites.loc[site]
        clear = sky.clear(hours.year, *place[["latitude", "longitude", "altitude"]], at["pressure"].mean())
        assert (at["dni"] <= clear["dni"] + 1e-9).all()


def test_no_sun_at_night(hours: Weather) -> None:
    """Proves: all three irradiances vanish when the sun is below the horizon in the middle of the hour."""
    for site in hours.sites.index:
        dark = hours.sun(site)["apparent_elevation"] <= 0
        assert dark.sum() > 4000
        assert (hours.at(site).loc[dark, ["ghi", "dni", "dhi"]] == 0).all().all()


def test_sun_rises_at_the_hour_of_the_time_zone(hours: Weather) -> None:
    """Proves: hours are UTC+8. At 92 deg east the sun runs 1 h 52 min behind the zone's meridian.

    If the hours were UTC the sun would rise near 23:00; if local solar time, near 06:00 at the equinox.
    """
    sunny = hours.ghi["first"].to_numpy().reshape(365, 24) > 0
    first_hour = sunny.argmax(axis=1)
    equinox, solstice = 79, 354
    assert first_hour[equinox] in (7, 8)
    assert first_hour[solstice] in (9, 10)
    profile = hours.ghi["first"].groupby(calendar.HOUR_OF_DAY).mean()
    assert profile.idxmax() == 13


def test_sites_agree_less_the_farther_apart(hours: Weather) -> None:
    """Proves: correlation falls with distance, for the daily clearness and for the wind."""
    cloud = (hours.ghi / _mean_day(hours.ghi)).to_numpy().reshape(365, 24, -1)[:, 9:18].mean(axis=1)
    for values in (cloud, hours.wind_speed_100m.to_numpy()):
        correlation = np.corrcoef(values.T)[0]
        assert correlation[1] > correlation[2] > correlation[3] - 0.05
        assert correlation[1] > 0.5
        assert correlation[3] < 0.35


def test_clear_days_follow_clear_days(sites: pd.DataFrame, climate: pd.DataFrame) -> None:
    """Proves: the lag-1 autocorrelation of daily clearness lies in 0.15 to 0.40, around the published 0.29.

    If days were drawn independently it would be 0; sites far apart and seeds are averaged against noise.
    """
    found = []
    for seed in range(3):
        made = weather.generate(sites, climate, seed)
        days = made.ghi.to_numpy().reshape(365, 24, -1).sum(axis=1)
        ratio = pd.DataFrame(days / pd.DataFrame(days).rolling(61, center=True, min_periods=1).mean())
        found += [ratio[site].autocorr(1) for site in (0, 3)]
    assert 0.15 < np.mean(found) < 0.40


def test_wind_has_the_weibull_shape_and_the_persistence_asked_for(hours: Weather) -> None:
    """Proves: the wind's spread is that of the Weibull shape 1.8 and its lag-1 autocorrelation near 0.91."""
    wind = hours.wind_speed_100m.to_numpy()
    spread = wind.std() / wind.mean()
    assert spread == pytest.approx(0.575, abs=0.06)
    for column in wind.T:
        assert 0.86 < np.corrcoef(column[1:], column[:-1])[0, 1] < 0.95


def test_afternoons_are_warmer(hours: Weather) -> None:
    """Proves: the day cycle of temperature peaks in the afternoon of local time and spans 8 to 18 K."""
    cycle = hours.air_temperature["first"].groupby(calendar.HOUR_OF_DAY).mean()
    assert cycle.idxmax() in (16, 17)
    assert 8 < cycle.max() - cycle.min() < 18


@pytest.mark.parametrize("mean", [0.2, 0.45, 0.65, 0.8])
def test_daily_clearness_has_the_mean_of_the_month(mean: float) -> None:
    """Proves: the quantile function integrates to the mean it was asked for."""
    probability = (np.arange(20000) + 0.5) / 20000
    values = radiation.hollands_huget_quantile(mean, probability)
    assert values.mean() == pytest.approx(mean, abs=3e-3)
    assert (np.diff(values) >= 0).all()


def test_contradicting_radiation_is_refused(sites: pd.DataFrame, climate: pd.DataFrame) -> None:
    """Proves: a dni that no sky of that ghi can have, and a ghi beyond any sky, name site and month."""
    wrong = climate.copy()
    wrong.loc[("middle", 6), "dni"] = 11.5
    with pytest.raises(ValueError, match=r"middle.*month 6.*dni"):
        weather.generate(sites, wrong, seed=1)
    wrong = climate.copy()
    wrong.loc[("near", 1), "ghi"] = 8.0
    with pytest.raises(ValueError, match=r"near.*month 1.*ghi"):
        weather.generate(sites, wrong, seed=1)


def test_pressure_in_hectopascal_is_noticed(sites: pd.DataFrame, climate: pd.DataFrame) -> None:
    """Proves: a pressure of 700 is not taken for 700 Pa."""
    wrong = climate.assign(pressure=climate["pressure"] / 100)
    with pytest.raises(ValueError, match="hPa"):
        weather.generate(sites, wrong, seed=1)


def test_missing_months_and_wrong_lengths_are_refused(
    hours: Weather, sites: pd.DataFrame, climate: pd.DataFrame
) -> None:
    """Proves: an incomplete climate and frames of another length are refused with what is missing."""
    with pytest.raises(ValueError, match=r"1 rows are missing.*remote"):
        weather.generate(sites, climate.drop(("remote", 5)), seed=1)
    with pytest.raises(ValueError, match="8759 rows"):
        dataclasses.replace(hours, ghi=hours.ghi.iloc[1:])


def _mean_day(frame: pd.DataFrame) -> pd.DataFrame:
    """The mean day of each month, repeated; ones where it is dark."""
    mean = frame.groupby([calendar.MONTH, calendar.HOUR_OF_DAY]).transform("mean")
    return mean.where(mean > 0, 1.0)
