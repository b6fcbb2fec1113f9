"""Storage portfolios: what new storage somebody would have, line by line, so that several can be compared.

A row is a line of a portfolio, and the rows of one key are a portfolio. A line names an asset; or a technology or a
group, and a zone (all zones if blank); or nothing, and is then about all storage. It says what is *new*, on top of
what stands: so much in sum, or anything between `least` and `most`. How the assets of a line share it is left to the
model. Lines may lie within each other, such as a sum and what part of it one technology has.
"""

from __future__ import annotations

import itertools
from typing import Annotated

from pydantic import Field, field_validator

from qhenergy.data.keys import Section, refused
from qhenergy.ground.table import Table, integer, number, text

#: Where what is built may go: as far as the data have room, or as far as the portfolios ask.
DATA, ASKED = "data", "asked"
_PORTFOLIO = text("portfolio", "key of the portfolio")
_LINE = (
    text("name_en", "name of the portfolio in English; in one of its rows", default=""),
    text("name_zh", "name of the portfolio in Chinese; in one of its rows", default=""),
    text("asset", "key of an asset; or a technology or a group; all storage if none is named", default=""),
    text("technology", "key of a technology, whose assets are meant in sum", default=""),
    text("group", "key of a group of technologies, whose assets are meant in sum", default=""),
    text("zone", "zone of those assets; all if blank", default=""),
    number("capacity", "power", "new capacity; as the model likes if blank", default=None, high=500_000),
    number("least", "power", "least new capacity, where the model chooses", default=None, high=500_000),
    number("most", "power", "most new capacity, where the model chooses", default=None, high=500_000),
    number("energy", "energy", "new stored energy; as the model likes if blank", default=None, high=1e8),
    number("duration", "time", "new stored energy over new capacity, instead of energy", default=None, high=10_000),
    text(
        "within",
        "whose room and years what is built keeps to: those of the data, or what portfolios ask beyond them",
        default=ASKED,
        choices=(DATA, ASKED),
    ),
    integer("year", "stage in which it is built; that of the case if blank", default=None, low=1950, high=2100),
)
STORAGE_PORTFOLIOS = Table(
    "storage_portfolios",
    "a line of a portfolio of new storage",
    (_PORTFOLIO, integer("number", "of the line in its portfolio", low=1, high=1000), *_LINE),
    keys=2,
)
#: The same as a file of the user's own, which need not say where it is from.
OWN = Table(
    STORAGE_PORTFOLIOS.name,
    STORAGE_PORTFOLIOS.meaning,
    (
        _PORTFOLIO,
        *_LINE,
        integer("number", "of the line in its portfolio", default=None, low=1, high=1000),
        text("source", "where it is from", default=""),
        text("confidence", "how sure it is", default=""),
        text("note", "what to know of it", default=""),
    ),
    keys=0,
    sourced=False,
)


class Portfolios(Section):
    """What `qhenergy portfolios` asks of the case where its options say nothing else; a plan has no use for it."""

    table: str = Field(default="", description="file of the user's own beside the case; the table of the data if blank")
    names: tuple[str, ...] = Field(default=(), strict=False, description="portfolios; all of the table if none")
    baseline: str = Field(default="none", description="portfolio that the others are set beside")
    scope: str = Field(default="", description="group of groups.csv that is storage; whatever stores if blank")
    credit: tuple[str, ...] = Field(default=(), strict=False, description="technologies whose capacity credit is asked")
    credit_mw: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), strict=False, description="new capacity of each at which it is asked [MW]"
    )
    credit_hours: float = Field(default=4.0, gt=0, description="duration of a store whose duration is free there [h]")
    load_zones: tuple[str, ...] = Field(
        default=(), strict=False, description="zones that share the load by which credits are told; all if none"
    )
    unserved: float = Field(default=0.0, ge=0, lt=1, description="share of demand that may be unserved there")
    curves: tuple[str, ...] = Field(default=(), strict=False, description="technologies whose marginal value is asked")
    curve_mw: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), strict=False, description="new capacity of each at which it is asked [MW]"
    )
    duration_of: str = Field(default="", description="technology of free duration whose value by duration is asked")
    duration_mw: float = Field(default=1000.0, gt=0, description="its new capacity there [MW]")
    durations: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), strict=False, description="its durations [h]"
    )

    @field_validator("credit_mw", "curve_mw", "durations")
    @classmethod
    def _steps_rise(cls, steps: tuple[float, ...]) -> tuple[float, ...]:
        if any(later <= step for step, later in itertools.pairwise(steps)):
            raise refused("numbers that rise", "Write the smallest first, and each once.")
        return steps
