"""Proves how numbers and names are printed."""

import math

import pytest

from qhenergy.report.charts import wrapped
from qhenergy.report.words import SEPARATOR, Words, escaped, figures, named, number


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 1, "1,234.5"), (-0.0001, 2, "0.00"), (math.nan, 0, "–"), (0.5, 0, "0"), (-12.0, 1, "-12.0")],
)
def test_number(value: float, digits: int, text: str) -> None:
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(8906.0, "8,906"), (96.3331, "96.33"), (0.012346, "0.0123"), (0.0, "0"), (1e-6, "0"), (-79.0, "-79")],
)
def test_figures(value: float, text: str) -> None:
    assert figures(value) == text


def test_names_fall_back_on_the_key() -> None:
    assert named({"name_en": "", "name_zh": ""}, "key") == Words("key", "key")
    assert named({"name_en": "North", "name_zh": ""}, "n") == Words("North", "North")


def test_names_cannot_break_the_page() -> None:
    assert escaped("<b> & 10^8 kWh") == "&lt;b&gt; &amp; 10⁸ kWh"
    assert Words("a<b", "甲").html() == '<span lang="en">a&lt;b</span><span lang="zh">甲</span>'


def test_long_labels_break_between_words() -> None:
    english, chinese = wrapped(
        Words("Other thermal: captive, waste heat, biomass", "其他火电（自备、余热、生物质）")
    ).split(SEPARATOR)
    assert english == "Other thermal: captive,<br>waste heat, biomass"
    assert chinese.replace("<br>", "") == "其他火电（自备、余热、生物质）"
    assert not any(line.startswith(("）", "、")) for line in chinese.split("<br>"))
