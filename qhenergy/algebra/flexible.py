"""The pattern every flexible load follows: what it may do beside its baseline, hour by hour.

    <name>/lowered_limit    lowered[l,t] <= capacity[l]                                            [MW]
    <name>/raised_limit     raised[l,t] <= raise_ratio[l]*plugged[l,t]*capacity[l]                 [MW]
    <name>/curtailed_limit  curtailed[l,t] <= capacity[l], in the months of calls                  [MW]
    <name>/returned_limit   returned[l,t] <= return_ratio[l]*plugged[l,t]*capacity[l]              [MW]
    <name>/capacity_limit   lowered[l,t] + curtailed[l,t] <= capacity[l]                           [MW]
    <name>/load_limit  lowered[l,t] + curtailed[l,t] - lower_share[l]*moved[l,t] <= lower_share[l]*base[l,t]
    <name>/owed_balance
        owed[l,t] = owed[l,t-1] + h*(lowered[l,t] + returned[l,t]/out[l] - efficiency[l]*raised[l,t])   [MWh]
    <name>/behind_limit     owed[l,t] <= behind[l]*capacity[l]                                     [MWh]
    <name>/ahead_limit      owed[l,t] >= -ahead[l]*capacity[l]                                     [MWh]
    <name>/ramp_up          deviation[l,t] - deviation[l,t-1] <= h*ramp[l]*capacity[l]             [MW]
    <name>/ramp_down        deviation[l,t-1] - deviation[l,t] <= h*ramp[l]*capacity[l]             [MW]
    <name>/recovery         h*sum(lowered[l,s], t-full-rest < s <= t) <= full_hours[l]*capacity[l] [MWh]
    <name>/call             curtailed[l,t] <= sum(called[l,s], t-call_hours < s <= t)              [MW]

    deviation[l,t] = raised[l,t] - lowered[l,t], h is the length of a step [h]

`capacity` is the power that can be moved: control, over-capacity of a plant, a heat store, two-way chargers. Each
kind is offered where its columns are filled, and a load may be of several kinds:

- *Shifting* (`window`): what is lowered is owed and made up when raised; less than nothing is owed where it was
  taken ahead. Nothing is owed at the end of every window, counted from `window_start` of the year on, and at the
  end of a year that is no whole number of windows. A heat store takes ahead only (`behind` 0), a vehicle is behind
  only (`ahead` 0), both in hours at capacity; losses are in the `efficiency` of what is made up. What a vehicle
  gives back is owed as well, over the efficiency of the way out and in.
- *Modulating* (`floor`): a band of lower_share and raise_ratio, with a ramp, a rest after so many hours of full
  lowering, and a least energy of the year.
- *Curtailing* (`calls`): so many calls a year of at most so many hours, in the months given. A call of half the
  power is half a call, as where half the members of a pool are called. A load on call all year stands by for
  reserve upwards, for as long as a call lasts.

Like the level of a store that closes within a period, what is owed, on call or at rest at the end of a
representative period is so at its start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.standby import UP, Standby
from qhenergy.algebra.window import Window
from qhenergy.data.tables import HOURS_OF_DAY
from qhenergy.ground.faults import Fault
from qhenergy.ground.table import Column, integer, number, reference
from qhenergy.profiles.calendar import HOURS

#: Open balance of the baseline that is moved between loads of other zones.
MOVED = "moved_load"

#: Columns of what a load may do; a kind is not offered where its first column is blank.
KINDS: tuple[Column, ...] = (
    integer("window", "hours of a window, at whose end nothing is owed", default=None, low=2, high=HOURS),
    integer(
        "window_start", "hour of the year at which a window begins, such as an hour of the day", default=0, high=HOURS
    ),
    number("lower_share", "share", "most of the baseline that may be lowered", default=1, high=1),
    number("raise_ratio", "share", "most that may be raised, over capacity", default=0, high=100),
    number("behind", "time", "most energy owed, in hours at capacity", default=None, high=HOURS),
    number("ahead", "time", "most energy taken ahead, in hours at capacity", default=None, high=HOURS),
    number("efficiency", "share", "of what is made up", default=1, low=0.1, high=1),
    number("shift_cost", "money per energy", "price of what is lowered", default=0, high=1e6),
    number("ramp", "share per hour", "most change of the deviation, over capacity", default=None, high=1),
    number("full_hours", "time", "hours of full lowering before a rest", default=None, low=1, high=HOURS),
    integer("rest", "hours of rest after them", default=None, low=1, high=HOURS),
    number("floor", "share", "least energy of a year, over that of the baseline", default=None, high=1),
    number("calls", "share per year", "most calls of a year", default=None, high=HOURS),
    integer("call_hours", "most hours of a call", default=None, low=1, high=168),
    number("call_price", "money per energy", "price of what is curtailed", default=0, high=1e6),
    integer("first_call_month", "first month of calls", default=1, low=1, high=12),
    integer("last_call_month", "last month of calls", default=12, low=1, high=12),
    number("return_ratio", "share", "most that may be given back, over capacity", default=0, high=100),
    number("return_efficiency", "share", "of giving back", default=1, low=0.1, high=1),
    number("return_cost", "money per energy", "price of what is given back", default=0, high=1e6),
    reference("plugged", "demand_shapes", "share connected by month and hour; always all if blank", default=""),
)


def faults_of(load: str, row: pd.Series) -> Iterator[Fault]:
    """What of a row does not go together."""

    def filled(name: str) -> bool:
        return not pd.isna(row[name])

    def fault(found: str, expected: str, remedy: str) -> Fault:
        return Fault(f"flexible_loads.csv ({load})", found, expected, remedy)

    if not any(map(filled, ("window", "floor", "calls"))):
        yield fault("no window, floor or calls", "at least one of them", "Say in what way the load is flexible.")
    if filled("calls") != filled("call_hours"):
        yield fault("one of calls and call_hours", "both or neither", "Fill the other.")
    if filled("full_hours") != filled("rest"):
        yield fault("one of full_hours and rest", "both or neither", "Fill the other.")
    if filled("window") and not row["raise_ratio"] > 0:
        yield fault("a window without raise_ratio", "a ratio above zero", "Say how fast what is owed is made up.")
    if row["return_ratio"] > 0 and not filled("window"):
        yield fault("return_ratio without a window", "a window", "What is given back has to be made up.")


class Moves:
    """Columns and rows of the loads of a window of which something can be moved.

    Attributes:
        window: the window.
        name: prefix of the families.
        rows: the loads, with the columns of `KINDS`.
        base: their baseline [MW].
    """

    def __init__(self, window: Window, name: str, rows: pd.DataFrame, base: Mapping[str, Sequence[float]]) -> None:
        self.window, self.name, self.rows, self.base = window, name, rows, base
        self.shifting = [a for a in rows.index if not pd.isna(rows.at[a, "window"])]
        self.lowering = [a for a in rows.index if a in self.shifting or not pd.isna(rows.at[a, "floor"])]
        self.raising = [a for a in self.lowering if rows.at[a, "raise_ratio"] > 0]
        self.called_on = [a for a in rows.index if not pd.isna(rows.at[a, "calls"])]
        self.giving = [a for a in self.shifting if rows.at[a, "return_ratio"] > 0]

    def write(self) -> None:
        """All of it."""
        rows, window = self.rows, self.window
        self.lowered = self._limited("lowered", self.lowering, "load lowered", lambda a, t: 1.0, of_load=True)
        self.raised = self._limited(
            "raised", self.raising, "load raised", lambda a, t: rows.at[a, "raise_ratio"] * self._plugged(a, t)
        )
        in_season = {a: self._season(a) for a in self.called_on}
        self.curtailed = self._limited(
            "curtailed", self.called_on, "load curtailed", lambda a, t: float(in_season[a][t]), of_load=True
        )
        self.returned = self._limited(
            "returned", self.giving, "energy given back", lambda a, t: rows.at[a, "return_ratio"] * self._plugged(a, t)
        )
        self._write_together()
        self._write_owed()
        self._write_band()
        self._write_calls()
        for word, variable, sign, price in (
            ("lowered", self.lowered, 1.0, "shift_cost"),
            ("raised", self.raised, -1.0, ""),
            ("curtailed", self.curtailed, 1.0, "call_price"),
            ("returned", self.returned, 1.0, "return_cost"),
        ):
            for a in [a for a in rows.index if (a, 0) in variable]:
                asset = window.assets[a]
                window.join(asset.zone, f"{self.name}/{word}", variable, a, sign, "flexible", asset.technology)
                window.uses.setdefault(a, []).append(lambda t, a=a, v=variable, s=sign: -s * v[a, t])
                if price and rows.at[a, price] > 0:
                    paid = rows.at[a, price] * sum(variable[a, t] for t in window.hours)
                    window.cost(f"flexible demand/{asset.technology}", paid)
        for a in [a for a in rows.index if not pd.isna(rows.at[a, "floor"])]:
            window.meter(
                f"{self.name}_given_up", a, "MWh", sum(self._given_up(a, t) for t in window.hours), signed=True
            )

    def _plugged(self, load: str, hour: int) -> float:
        shape = self.rows.at[load, "plugged"]
        if not shape:
            return 1.0
        shapes, month = self.window.inputs["demand_shapes"], self.window.month[hour]
        return float(shapes.at[(shape, month), HOURS_OF_DAY[self.window.hour_of_day[hour]]])

    def _season(self, load: str) -> list[bool]:
        first, last = int(self.rows.at[load, "first_call_month"]), int(self.rows.at[load, "last_call_month"])
        months = self.window.month
        return [first <= m <= last if first <= last else m >= first or m <= last for m in months]

    def _limited(self, word: str, loads: list[str], meaning: str, factor: Any, *, of_load: bool = False) -> Any:
        """Columns up to a factor times the capacity and, where that is a number, up to what the load is."""
        window = self.window

        def share(a: str, t: int) -> float:
            given, capacity = float(factor(a, t)), window.capacity(a)
            if of_load and isinstance(capacity, (int, float)) and capacity > 0 and not self._is_moved(a):
                return min(given, self.rows.at[a, "lower_share"] * self.base[a][t] / capacity)
            return given

        return window.limited(f"{self.name}/{word}", loads, "MW", meaning, share)

    def _is_moved(self, load: str) -> bool:
        return not isinstance(self.window.fed(MOVED, load, 0), (int, float))

    def _less(self, load: str, hour: int) -> Any:
        """What a load takes less than its baseline, shifted or curtailed [MW]."""
        parts = [v[load, hour] for v in (self.lowered, self.curtailed) if (load, hour) in v]
        return sum(parts)

    def _write_together(self) -> None:
        """What is lowered and curtailed together, where bounds of the columns do not say it."""
        window, share = self.window, self.rows["lower_share"]
        both = [a for a in self.lowering if a in self.called_on]
        window.rows(
            f"{self.name}/capacity_limit",
            both,
            "MW",
            "lowered[l,t] + curtailed[l,t] <= capacity[l]",
            lambda a, t: self._less(a, t) - window.capacity(a) <= 0,
        )
        bound = [
            a
            for a in self.rows.index
            if (a in both or self._is_moved(a) or not isinstance(window.capacity(a), (int, float)))
        ]
        window.rows(
            f"{self.name}/load_limit",
            bound,
            "MW",
            "lowered[l,t] + curtailed[l,t] - lower_share[l]*moved[l,t] <= lower_share[l]*base[l,t]",
            lambda a, t: self._less(a, t) - share[a] * window.fed(MOVED, a, t) <= share[a] * self.base[a][t],
        )

    def _closes(self, load: str, hour: int) -> bool:
        """Whether nothing may be owed at the end of an hour: the end of a window, or of the year if it cuts one."""
        length, start = int(self.rows.at[load, "window"]), int(self.rows.at[load, "window_start"])
        of_year, per_hour = self.window.case.year_steps, self.window.case.time.steps_per_hour
        length, start = length * per_hour, start * per_hour
        passed = int(self.window.span.hours[hour]) % of_year + 1
        return (passed - start) % length == 0 or (passed == of_year and of_year % length != 0)

    def _write_owed(self) -> None:
        """What is owed of the energy of a window."""
        window, rows = self.window, self.rows
        closing = {(a, t) for a in self.shifting for t in window.hours if self._closes(a, t)}
        owed = window.columns(
            f"{self.name}/owed",
            self.shifting,
            "MWh",
            "energy owed to the load at the end of the hour",
            lower=lambda a, t: 0.0 if (a, t) in closing or rows.at[a, "ahead"] == 0 else None,
            upper=lambda a, t: 0.0 if (a, t) in closing or rows.at[a, "behind"] == 0 else None,
        )

        h = window.step

        def balance(a: str, t: int) -> Any:
            before = window.at(f"{self.name}/owed", owed, a, t - 1)
            up = rows.at[a, "efficiency"] * self.raised[a, t]
            back = self.returned[a, t] / rows.at[a, "return_efficiency"] if a in self.giving else 0.0
            return owed[a, t] - before - h * self.lowered[a, t] - h * back + h * up == 0

        window.rows(
            f"{self.name}/owed_balance",
            self.shifting,
            "MWh",
            "owed[l,t] = owed[l,t-1] + h*(lowered[l,t] + returned[l,t]/out[l] - efficiency[l]*raised[l,t])",
            balance,
        )
        window.rows(
            f"{self.name}/behind_limit",
            [a for a in self.shifting if rows.at[a, "behind"] > 0],
            "MWh",
            "owed[l,t] <= behind[l]*capacity[l]",
            lambda a, t: SKIP if (a, t) in closing else owed[a, t] - rows.at[a, "behind"] * window.capacity(a) <= 0,
        )
        window.rows(
            f"{self.name}/ahead_limit",
            [a for a in self.shifting if rows.at[a, "ahead"] > 0],
            "MWh",
            "owed[l,t] >= -ahead[l]*capacity[l]",
            lambda a, t: SKIP if (a, t) in closing else owed[a, t] + rows.at[a, "ahead"] * window.capacity(a) >= 0,
        )

    def _deviation(self, load: str, hour: int) -> Any:
        window = self.window
        down = window.at(f"{self.name}/lowered", self.lowered, load, hour)
        return (window.at(f"{self.name}/raised", self.raised, load, hour) if load in self.raising else 0.0) - down

    def _write_band(self) -> None:
        """Ramp of the deviation, and rest after lowering."""
        window, ramp = self.window, self.window.step * self.rows["ramp"]
        slow = [a for a in self.lowering if not pd.isna(ramp[a])]

        def change(a: str, t: int) -> Any:
            return self._deviation(a, t) - self._deviation(a, t - 1)

        window.rows(
            f"{self.name}/ramp_up",
            slow,
            "MW",
            "deviation[l,t] - deviation[l,t-1] <= h*ramp[l]*capacity[l]",
            lambda a, t: change(a, t) - ramp[a] * window.capacity(a) <= 0,
        )
        window.rows(
            f"{self.name}/ramp_down",
            slow,
            "MW",
            "deviation[l,t-1] - deviation[l,t] <= h*ramp[l]*capacity[l]",
            lambda a, t: -change(a, t) - ramp[a] * window.capacity(a) <= 0,
        )
        full, rest = self.rows["full_hours"], self.rows["rest"]

        def recent(a: str, t: int) -> Any:
            return sum(
                window.at(f"{self.name}/lowered", self.lowered, a, t - back)
                for back in range(window.steps(full[a] + rest[a]))
            )

        window.rows(
            f"{self.name}/recovery",
            [a for a in self.lowering if not pd.isna(rest[a])],
            "MWh",
            "h*sum(lowered[l,s], t-full-rest < s <= t) <= full_hours[l]*capacity[l]",
            lambda a, t: window.step * recent(a, t) - full[a] * window.capacity(a) <= 0,
        )

    def _write_calls(self) -> None:
        """Calls, each of so many hours at most."""
        window = self.window
        called = window.columns(f"{self.name}/called", self.called_on, "MW", "load newly called in the hour")

        def lasting(a: str, t: int) -> Any:
            steps = range(window.steps(self.rows.at[a, "call_hours"]))
            return sum(window.at(f"{self.name}/called", called, a, t - back) for back in steps)

        window.rows(
            f"{self.name}/call",
            self.called_on,
            "MW",
            "curtailed[l,t] <= sum(called[l,s], t-call_hours < s <= t)",
            lambda a, t: self.curtailed[a, t] - lasting(a, t) <= 0,
        )
        for a in self.called_on:
            # A call is counted once, however long a step is: the weight counts hours.
            window.meter(f"{self.name}_called", a, "MWh", sum(called[a, t] for t in window.hours) / window.step)
            self._stand_by(a)

    def _stand_by(self, load: str) -> None:
        """Let a load on call all year stand by with what it does not lower yet; one that moves stays out of it."""
        row, asset = self.rows.loc[load], self.window.assets[load]
        if (row["first_call_month"], row["last_call_month"]) != (1, 12) or self._is_moved(load):
            return
        words = [("curtailed", self.curtailed), ("lowered", self.lowered)]
        terms = tuple((f"{self.name}/{word}", load, -1.0) for word, v in words if (load, 0) in v)
        lasts, series = float(row["call_hours"]), f"{self.name}/{self.window.stage}"
        of_load = {"load": series, "most": float(row["lower_share"]), "lasts": lasts}
        self.window.standbys.append(Standby(load, asset.technology, asset.zone, UP, terms, share=1.0, **of_load))

    def _given_up(self, load: str, hour: int) -> Any:
        return self._less(load, hour) - (self.raised[load, hour] if load in self.raising else 0.0)
