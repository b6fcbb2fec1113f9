"""Units: one fixed set inside, any printed unit outside.

Inside: MW, MWh, m3/s, hm3 (10^6 m3), CNY, t, km, m, h, yr. A number is converted once, where its
table is read, and once more when it is printed.
"""

from __future__ import annotations

import math
import re
from functools import cache

import pint

#: What is inside, by dimension: the unit every number of that dimension has in the program.
INSIDE = {
    "power": "MW",
    "energy": "MWh",
    "flow": "m3/s",
    "volume": "hm3",
    "area": "km2",
    "area per power": "km2/MW",
    "length": "km",
    "height": "m",
    "speed": "m/s",
    "pressure": "Pa",
    "time": "h",
    "years": "yr",
    "angle": "deg",
    "temperature": "degC",
    "irradiation": "kWh/m2/day",
    "share": "-",
    "share per hour": "1/h",
    "share per year": "1/yr",
    "per kelvin": "1/degC",
    "mass": "t",
    "money per power": "CNY/MW",
    "money per power and year": "CNY/MW/yr",
    "money per energy": "CNY/MWh",
    "money per volume": "CNY/hm3",
    "money per fuel": "CNY/GJ",
    "mass per fuel": "t/GJ",
    "mass per energy": "t/MWh",
    "energy per mass": "MWh/t",
    "money per mass": "CNY/t",
}

_registry: pint.UnitRegistry[float] = pint.UnitRegistry(cache_folder=None, on_redefinition="ignore")
_registry.define("CNY = [currency] = yuan")
_registry.define("hm3 = 1e6 * meter ** 3")


def _pint_text(unit: str) -> str:
    """The unit as pint reads it: `m3/s` -> `m**3/s`, `%` -> `percent`, `t` -> `metric_ton`."""
    text = unit.strip()
    if text in {"-", "1"}:
        return "dimensionless"
    text = text.replace("%", "percent").replace("^", "**")
    text = re.sub(r"\b(k?m)([23])\b", r"\1**\2", text)
    text = re.sub(r"\bt\b", "metric_ton", text)
    # A temperature difference, not a reading: a coefficient per degree is the same per kelvin.
    text = text.replace("1/degC", "1/kelvin")
    return re.sub(r"\byr\b", "year", text)


@cache
def factor(unit: str, dimension: str) -> float:
    """How many inside units one printed unit is.

    Args:
        unit: as printed, such as `10^4 kW`.
        dimension: a key of `INSIDE`.

    Returns:
        The factor to multiply a printed number by.

    Raises:
        ValueError: the unit is not known, is not of that dimension, or counts from another zero; the
            message says which.
    """
    inside = INSIDE[dimension]
    if unit.strip() == inside:
        return 1.0
    try:
        outside = _registry.parse_expression(_pint_text(unit))
    except Exception:
        raise ValueError(f'unit "{unit}" is not known') from None
    if not isinstance(outside, pint.Quantity):
        outside = outside * _registry.dimensionless
    try:
        zero = float(_registry.Quantity(0.0, outside.units).to(_pint_text(inside)).magnitude)
        made = float(outside.to(_pint_text(inside)).magnitude)
    except pint.PintError:
        raise ValueError(f'unit "{unit}" is not a unit of {dimension} (such as {inside})') from None
    if zero != 0.0:
        raise ValueError(f'unit "{unit}" counts {dimension} from another zero than {inside}')
    if not 0.0 < made < math.inf:
        raise ValueError(f'unit "{unit}" is not known')
    return made


_HEADER = re.compile(r"^\s*(?P<name>[^\[\]]*?)\s*(?:\[(?P<unit>[^\[\]]*)\])?\s*$")


def split_header(header: str) -> tuple[str, str | None]:
    """A column header as (name, unit): `existing [10^4 kW]` -> `("existing", "10^4 kW")`."""
    match = _HEADER.match(header)
    if match is None:
        return header.strip(), None
    return match["name"], match["unit"]


#: Power of one m3/s falling one metre at an efficiency of one [MW]: 1000 kg/m3 x 9.81 m/s2 / 10^6.
GRAVITY_MW = 9.81e-3
#: Volume of a flow of one m3/s in one hour [hm3].
HM3_PER_FLOW_HOUR = 0.0036
#: Heat of one MWh [GJ].
GJ_PER_MWH = 3.6
#: Lower heating value of hydrogen [MWh/t].
HYDROGEN_MWH_PER_T = 33.33
