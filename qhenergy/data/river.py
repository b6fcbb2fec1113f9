"""The river: which stations stand in a year, and the way of the water between them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from qhenergy.ground.faults import Fault, InputError, listed


@dataclass(frozen=True)
class Reach:
    """Water's way from one station in service to the next one in service.

    Attributes:
        upper, lower: stations.
        travel_time: hours the water takes [h].
    """

    upper: str
    lower: str
    travel_time: float


@dataclass(frozen=True)
class River:
    """The part of the cascade that stands in a year.

    Attributes:
        stations: in river order.
        reaches: between them.
        passed: for each station left out, the station that gets its local inflow, or "" if none.
    """

    stations: list[str]
    reaches: list[Reach]
    passed: dict[str, str]

    def below(self, station: str) -> Reach | None:
        """The reach that a station releases into; None at the outlet."""
        return next((reach for reach in self.reaches if reach.upper == station), None)

    def above(self, station: str) -> list[Reach]:
        """The reaches that end at a station."""
        return [reach for reach in self.reaches if reach.lower == station]

    def basin(self, station: str) -> list[str]:
        """A station and all that stand above it, in river order."""
        found, todo = {station}, [station]
        while todo:
            uppers = {reach.upper for reach in self.above(todo.pop())} - found
            found |= uppers
            todo += uppers
        return [i for i in self.stations if i in found]

    def receiver(self, station: str) -> str:
        """The station that gets the local inflow of a station: itself if it stands; "" if none does."""
        return self.passed.get(station, station)


def river(stations: pd.DataFrame, stage: int) -> River:
    """The cascade of a year.

    Args:
        stations: rows of hydro_stations.csv.
        stage: year.

    Raises:
        InputError: water would flow in a circle.
    """
    _refuse_circles(stations)
    stands = {
        str(i)
        for i, row in stations.iterrows()
        if row["zone"] and row["in_service_year"] <= stage and row["existing"] + row["committed"] + row["room"] > 0
    }

    def below(station: str) -> tuple[str, float]:
        hours = 0.0
        while True:
            hours += float(stations.at[station, "travel_time"])
            station = str(stations.at[station, "downstream"])
            if not station or station in stands:
                return station, hours

    order = [str(i) for i in stations.sort_values("order").index]
    reaches = [Reach(i, *below(i)) for i in order if i in stands]
    passed = {i: below(i)[0] for i in order if i not in stands}
    return River([i for i in order if i in stands], [r for r in reaches if r.lower], passed)


def _refuse_circles(stations: pd.DataFrame) -> None:
    for start in stations.index:
        seen, station = [str(start)], str(stations.at[start, "downstream"])
        while station:
            if station in seen:
                found, remedy = f"a circle: {listed([*seen, station])}", "Leave downstream blank where the river ends."
                raise InputError(
                    [Fault("hydro_stations.csv", found, "a river that ends", remedy)],
                    "hydro_stations.csv",
                )
            seen.append(station)
            station = str(stations.at[station, "downstream"])
