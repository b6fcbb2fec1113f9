"""The hours of the modelled year: calendar, weather, and series given directly."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy import __version__
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.profiles import cache, calendar, direct, weather

#: Most, up or down, that the price of an hour may be of that of its row.
HIGHEST_PRICE = 100.0


class Hours:
    """What technologies make their hourly series from.

    Attributes:
        inputs, case: what it is about.
        count: how many hours one modelled year has; of several water years each has as many.
        month, hour_of_day: calendar of each hour; month is 1 to 12.
    """

    def __init__(self, inputs: Inputs, case: Case) -> None:
        self.inputs = inputs
        self.case = case
        self.count = case.year_hours
        self.month: NDArray[np.int64] = calendar.MONTH[: self.count]
        self.hour_of_day: NDArray[np.int64] = calendar.HOUR_OF_DAY[: self.count]
        self._computed: dict[Hashable, NDArray[np.float64]] = {}

    @cached_property
    def weather(self) -> weather.Weather:
        """Hourly weather of all sites, generated once a run or taken from the cache."""
        sites, climate = self.inputs["sites"], self.inputs["climate"]
        missing = [
            Fault("climate.csv", f'no row for site "{site}", month {month}', "12 months for every site", "Add the row.")
            for site in sites.index
            for month in range(1, 13)
            if (site, month) not in climate.index
        ]
        if missing:
            raise InputError(missing, str(self.inputs.folder))
        return weather.generate(sites, climate, self.case.weather.seed)

    @cached_property
    def _direct(self) -> pd.DataFrame:
        frame = self.inputs["series"].sort_index()
        prices = [name for name in frame.columns if name in self._prices]
        file = f"{self.inputs.folder.name}/series.csv"
        faults = direct.check_series(frame.drop(columns=prices), self.count, file)
        if prices:
            faults += direct.check_series(frame[prices], self.count, file, -HIGHEST_PRICE, HIGHEST_PRICE)
        if faults:
            raise InputError(list(dict.fromkeys(faults)), str(self.inputs.folder))
        return frame

    @cached_property
    def _prices(self) -> set[str]:
        """Columns of series.csv that multiply a price, which is no share: columns named by a `price_series`."""
        frames = [rows for rows in self.inputs.frames.values() if "price_series" in rows.columns]
        return {str(name) for rows in frames for name in rows["price_series"] if name}

    def direct(self, name: str, where: str, *, price: bool = False) -> NDArray[np.float64]:
        """A column of series.csv.

        Args:
            name: of the column.
            where: who asks for it, as the user would look for it.
            price: whether it multiplies a price, which may be negative or above one.

        Raises:
            InputError: there is no such column, it is both a price and a share, or the file does not fit the
                hours of the case.
        """
        if not price and name in self._prices:
            fault = Fault(where, f'series "{name}", which is a price', "a share", "Give each a column of its own.")
            raise InputError([fault], str(self.inputs.folder))
        if name not in self.inputs["series"].columns:
            known = [str(c) for c in self.inputs["series"].columns]
            expected = f"a column of series.csv: {listed(known) or 'it has none'}"
            remedy = nearest(name, known) or "Correct the name, or add the column."
            raise InputError([Fault(where, f'series "{name}"', expected, remedy)], str(self.inputs.folder))
        return self._direct[name].to_numpy(dtype=float)

    def _check_origins(self) -> None:
        """Refuse rows of any table that fill neither or both of `site` and `series`."""
        faults = [
            Fault(
                f"{table}.csv, row {asset}",
                f'site "{row.site}" and series "{row.series}"',
                "exactly one of the two",
                "Blank one of them." if row.site else "Fill one of them.",
            )
            for table, rows in self.inputs.frames.items()
            if {"site", "series"} <= set(rows.columns)
            for asset, row in rows.iterrows()
            if bool(row.site) == bool(row.series)
        ]
        if faults:
            raise InputError(faults, str(self.inputs.folder))

    def of_assets(
        self,
        table: str,
        compute: Callable[[weather.Weather, str, str], pd.Series],
        version: str,
    ) -> pd.DataFrame:
        """A series for every asset of a table, from its site's weather or given directly.

        Args:
            table: asset table with columns `site` and `series`, of which a row fills one.
            compute: (weather, site, asset) -> hourly values.
            version: what the computation rests on besides weather and site, for the cache.

        Returns:
            Frame, hours x assets.

        Raises:
            InputError: a row of this or another table fills neither or both of `site` and `series`.
        """
        self._check_origins()
        rows = self.inputs[table]
        by_weather = [a for a in rows.index if rows.at[a, "site"]]
        columns: dict[str, NDArray[np.float64]] = {}
        if by_weather:

            def build() -> pd.DataFrame:
                made = {a: compute(self.weather, rows.at[a, "site"], a).to_numpy() for a in by_weather}
                return pd.DataFrame(made)

            inputs = (self.inputs["sites"], self.inputs["climate"], rows.loc[by_weather], self.case.weather.seed)
            frame = (
                cache.frame(f"{table}:{__version__}:{weather.VERSION}:{version}", inputs, build)
                if self.case.weather.cache
                else build()
            )
            columns |= {a: frame[a].to_numpy(dtype=float)[: self.count] for a in by_weather}
        for asset in rows.index:
            if asset not in columns:
                columns[asset] = self.direct(rows.at[asset, "series"], f"{table}.csv, row {asset}")
        return pd.DataFrame({asset: columns[asset] for asset in rows.index})
