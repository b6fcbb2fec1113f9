"""The units of a plant: how large one is, how little it may give, and what a start costs.

They matter where a case asks for whole units (`commitment = "whole"`). Thermal plants have columns of their own for
it, in thermal.csv; a plant without a row here starts and stops nothing, as a small station.
"""

from __future__ import annotations

from qhenergy.ground.table import Table, integer, number, reference, text

COMMITMENTS = Table(
    "unit_commitments",
    "the units of a plant of concentrating solar power, a hydro station or a pumped-storage plant",
    (
        text("asset", "key of the plant or station"),
        number("unit_size", "power", "capacity of one unit; the last one may be smaller", low=0.1, high=5000),
        number(
            "minimum_output",
            "share",
            "least output of a running unit; that of the table of the plant, or none, if blank",
            default=None,
            high=1,
        ),
        number("pump_minimum", "share", "least power of a unit that pumps: 1 if it has one power only", default=1),
        number("start_cost", "money per power", "cost of a start of a unit", default=0, high=1e5),
        number("minimum_up", "time", "hours a unit stays on", default=0, high=168),
        number("minimum_down", "time", "hours a unit stays off", default=0, high=168),
    ),
)

FORBIDDEN_ZONES = Table(
    "hydro_forbidden_zones",
    "outputs at which the units of a station may not stay, as they shake there",
    (
        reference("station", "hydro_stations", "station, with a row in unit_commitments.csv"),
        integer("number", "number of the zone", low=1, high=9),
        number("lower", "share", "where it begins, of the rating of a unit", high=1),
        number("upper", "share", "where it ends", high=1),
    ),
    keys=2,
)
