"""The record of past years: what stood, what was published of it, and why a model differs from it."""

from __future__ import annotations

from qhenergy.ground.table import Table, integer, number, reference, text

YEAR = integer("year", "year", low=1950, high=2100)
FIRST = integer("first_month", "first month of the figure", low=1, high=12)
LAST = integer("last_month", "last month of the figure; of one month, the same", low=1, high=12)
ACCOUNT = text(
    "account",
    "which units the publisher counts: all, or those above the scale of the statistics",
    choices=("all", "above_scale"),
)

FLEET_HISTORY = Table(
    "fleet_history",
    "what stood of an asset at the end of a past year, for a case with fleet = history",
    (
        text("asset", "key of an asset table"),
        YEAR,
        number("capacity", "power", "capacity at the end of the year", high=50_000),
    ),
    keys=2,
)

GROUP_NAMES = Table(
    "group_names",
    "the name of a group of technologies, as statistics print it",
    (
        reference("group", "groups", "group of technologies"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
    ),
)

CAPACITY = Table(
    "published_capacity",
    "the published capacity of a group at the end of a year",
    (
        reference("group", "groups", "group of technologies"),
        YEAR,
        number("capacity", "power", "capacity at the end of the year", high=500_000),
    ),
    keys=2,
)

GENERATION = Table(
    "published_generation",
    "the published generation of a group in some months of a year",
    (
        reference("group", "groups", "group of technologies"),
        YEAR,
        FIRST,
        LAST,
        ACCOUNT,
        number("energy", "energy", "generation of these months", high=1e9),
    ),
    keys=5,
)

LEVELS = Table(
    "published_levels",
    "the mean level of a reservoir in a month",
    (
        reference("station", "hydro_stations", "station"),
        YEAR,
        integer("month", "month", low=1, high=12),
        number("level", "height", "mean of the daily levels above sea", low=-500, high=9000),
    ),
    keys=3,
)

UTILISATION = Table(
    "published_utilisation",
    "the share of what sun or wind offered that was used in some months of a year",
    (
        reference("group", "groups", "group of technologies"),
        YEAR,
        FIRST,
        LAST,
        number("utilisation", "share", "energy used over energy offered", high=1),
    ),
    keys=4,
)

NOTES = Table(
    "backcast_notes",
    "a named difference between a back-cast and the record, and what explains it",
    (
        text("item", "key"),
        integer("year", "year it is about; every year if blank", default=None, low=1950, high=2100),
        text(
            "quantity",
            "what it is about",
            choices=("generation", "level", "utilisation", "inflow", "demand", "exchange", "all"),
        ),
        text("subject", "group or station it is about", default=""),
        text("difference_en", "what differs"),
        text("difference_zh", "what differs, in Chinese"),
        text("explanation_en", "why, as far as is known; or that it is not"),
        text("explanation_zh", "why, in Chinese"),
    ),
)

RECORD: tuple[Table, ...] = (GROUP_NAMES, FLEET_HISTORY, CAPACITY, GENERATION, LEVELS, UTILISATION, NOTES)
