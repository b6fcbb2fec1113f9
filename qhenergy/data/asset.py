"""The columns every asset shares: where it is, what stands there, and what may be added."""

from __future__ import annotations

from qhenergy.ground.table import Column, integer, number, reference, text

#: Leading columns of every table whose rows are plants.
ASSET: tuple[Column, ...] = (
    text("asset", "short key of the plant or group of plants"),
    text("name_en", "name in English", default=""),
    text("name_zh", "name in Chinese", default=""),
    reference("technology", "technologies", "technology"),
    reference("zone", "zones", "zone whose balance it joins"),
    number("existing", "power", "capacity at the end of the base year", high=50_000),
    number("committed", "power", "capacity added after the base year, already decided", default=0, high=50_000),
    integer("committed_year", "year the committed capacity is in service", default=None, low=1950, high=2100),
    number("room", "power", "most that the model may add beyond existing and committed", default=0, high=500_000),
    integer("earliest_year", "first year a candidate may be in service", default=None, low=1950, high=2100),
    text("retirable", "whether the model may retire existing capacity", default="no", choices=("yes", "no")),
)

#: Column of tables whose rows are built in units: lines and hubs.
UNIT_SIZE = number(
    "unit_size", "power", "capacity of one unit, where whole ones are built; any amount if 0", default=0, high=50_000
)
