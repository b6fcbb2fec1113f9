"""The tables every system has, whatever its technologies: places, money, demand, provenance."""

from __future__ import annotations

from qhenergy.data.commitment import COMMITMENTS, FORBIDDEN_ZONES
from qhenergy.data.day_types import HOLIDAYS
from qhenergy.data.portfolios import STORAGE_PORTFOLIOS
from qhenergy.data.record import RECORD
from qhenergy.data.rules import RULE_TABLES
from qhenergy.data.step_rules import RULES as STEP_RULES
from qhenergy.ground.table import Table, integer, number, reference, text

HOURS_OF_DAY = tuple(f"hour_{h}" for h in range(24))

SOURCES = Table(
    "sources",
    "one source that rows of other tables rest on",
    (
        text("source", "key"),
        text("title", "title as printed"),
        text("publisher", "who published it", default=""),
        text("url", "address", default=""),
        text(
            "kind",
            "what kind of source it is",
            choices=("plan", "statistics", "press", "dataset", "recalled", "derived"),
        ),
        text("note", "what to know of it", default=""),
    ),
    required=True,
    sourced=False,
)

ZONES = Table(
    "zones",
    "one zone of the grid, with one energy balance an hour",
    (
        text("zone", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        number("latitude", "angle", "latitude, north positive", low=-90, high=90, default=None),
        number("longitude", "angle", "longitude, east positive", low=-180, high=180, default=None),
        number("altitude", "height", "altitude of the main load", low=-500, high=9000, default=None),
        number("unserved_price", "money per energy", "price of demand that is not served", high=1e6),
    ),
    required=True,
)

SITES = Table(
    "sites",
    "one place with a climate of its own",
    (
        text("site", "key"),
        reference("zone", "zones", "zone it lies in"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        number("latitude", "angle", "latitude, north positive", low=-90, high=90),
        number("longitude", "angle", "longitude, east positive", low=-180, high=180),
        number("altitude", "height", "altitude of the ground", low=-500, high=9000),
    ),
)

CLIMATE = Table(
    "climate",
    "the climate of one site in one month",
    (
        reference("site", "sites", "site"),
        integer("month", "month of the year", low=1, high=12),
        number("ghi", "irradiation", "mean daily global horizontal irradiation", high=12),
        number("dni", "irradiation", "mean daily direct normal irradiation", high=14),
        number("air_temperature", "temperature", "mean air temperature", low=-60, high=60),
        number("wind_speed_10m", "speed", "mean wind speed 10 m above ground", high=40),
        number("wind_speed_100m", "speed", "mean wind speed 100 m above ground", high=40),
        number("weibull_shape", "share", "Weibull shape of hourly wind speed", low=1, high=5),
        number("pressure", "pressure", "mean surface pressure", low=30_000, high=110_000),
    ),
    keys=2,
)

TECHNOLOGIES = Table(
    "technologies",
    "one technology: what costs, groups and reports speak of",
    (
        text("technology", "key"),
        text("kind", "the file of algebra it follows"),
        number("lead_time", "years", "from the end of the base year to the first year something new serves", default=0),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        text("colour", "colour in charts, #rrggbb", default="#888888"),
    ),
    required=True,
)

GROUPS = Table(
    "groups",
    "one technology's membership of a group that clauses speak of",
    (text("group", "key of the group"), reference("technology", "technologies", "member")),
    keys=2,
)

RETIREMENTS = Table(
    "retirements",
    "existing capacity that leaves at the end of its life",
    (
        text("asset", "key of an asset"),
        integer("year", "first year without it", low=1950, high=2200),
        number("capacity", "power", "of what stood when the base year ended", high=50_000),
    ),
    keys=2,
)

COSTS = Table(
    "costs",
    "what a technology costs when built in a year, in money of one price year",
    (
        reference("technology", "technologies", "technology"),
        integer("year", "year it is built", low=1950, high=2100),
        number("investment", "money per power", "overnight investment per power", high=1e8),
        number("energy_investment", "money per energy", "investment per stored energy", default=0, high=1e8),
        number("fixed_om", "money per power and year", "fixed operation and maintenance", high=1e7),
        number("variable_om", "money per energy", "variable operation and maintenance", default=0, high=1e5),
        number("end_of_life", "money per power", "dismantling and recycling, paid at the end", default=0, high=1e7),
        number("lifetime", "years", "economic lifetime", low=1, high=200),
        number("discount_rate", "share", "real discount rate of its annuity", low=0, high=0.5),
    ),
    keys=2,
    required=True,
)

FUELS = Table(
    "fuels",
    "a fuel in a year",
    (
        text("fuel", "key"),
        integer("year", "year", low=1950, high=2100),
        number("price", "money per fuel", "price per lower heating value", high=1e4),
        number("emission", "mass per fuel", "CO2 per lower heating value", high=1),
    ),
    keys=2,
)

DEMAND = Table(
    "demand",
    "the electricity demand of a zone in a year",
    (
        reference("zone", "zones", "zone"),
        integer("year", "year", low=1950, high=2100),
        number("energy", "energy", "consumption of the year, losses inside the zone included", high=1e10),
        reference("shape", "demand_shapes", "hourly shape"),
    ),
    keys=2,
    required=True,
)

DEMAND_SHAPES = Table(
    "demand_shapes",
    "the relative hourly demand of a month; scaled so that the year adds up to its energy",
    (
        text("shape", "key"),
        integer("month", "month of the year", low=1, high=12),
        *(number(hour, "share", "relative demand of the hour that begins then") for hour in HOURS_OF_DAY),
    ),
    keys=2,
    required=True,
)

SERIES = Table(
    "series",
    "hourly series given directly instead of weather; one further column each",
    (integer("hour", "hour of the run, from 0"),),
    sourced=False,
    open_dimension="share",
)

PROJECTS = Table(
    "projects",
    "a project named in a plan, and how it stands in this data set",
    (
        text("project", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        text("kind", "kind of project"),
        text("zone", "zone, where the plan or geography gives one", default=""),
        text("status_in_plan", "what the plan says of it", default=""),
        text("represented_as", "key of the row that stands for it", default=""),
        text("reason", "how it is represented, or why it is not", default=""),
        text("document", "document", default=""),
        text("line", "line in the document", default=""),
        text("quote", "wording of the plan", default=""),
    ),
)

PUBLISHED = Table(
    "published",
    "a published figure that computed profiles are set beside",
    (
        text("item", "key"),
        text("technology_kind", "kind of technology"),
        integer("year", "year", low=1950, high=2100),
        number("full_load_hours", "time", "generation over capacity, after curtailment", high=8784),
    ),
)

RESERVOIR_CURVES = Table(
    "reservoir_curves",
    "how much water a reservoir holds at a level; its lowest row is the dead level",
    (
        reference("station", "hydro_stations", "station"),
        number("level", "height", "level above sea", low=-500, high=9000),
        number("volume", "volume", "all water below the level, dead storage included", high=1e6),
    ),
    keys=2,
)

COMMON: tuple[Table, ...] = (
    SOURCES,
    ZONES,
    SITES,
    CLIMATE,
    TECHNOLOGIES,
    GROUPS,
    COSTS,
    RETIREMENTS,
    FUELS,
    DEMAND,
    DEMAND_SHAPES,
    SERIES,
    PROJECTS,
    PUBLISHED,
    RESERVOIR_CURVES,
    *RECORD,
    *RULE_TABLES,
    HOLIDAYS,
    STEP_RULES,
    COMMITMENTS,
    FORBIDDEN_ZONES,
    STORAGE_PORTFOLIOS,
)
