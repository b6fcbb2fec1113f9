"""Proves that the page is whole: valid, both languages, nothing from outside, the numbers of the summary."""

import base64
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import numpy as np
import pytest

from qhenergy.ground.faults import InputError
from qhenergy.outcome.result import Result
from qhenergy.outcome.summary import summary
from qhenergy.report import page
from qhenergy.report.words import SEPARATOR, figures, number

VOID = {"meta", "br", "hr", "img", "input", "link"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Parsed(HTMLParser):
    """What a page holds: tags, the texts of table rows, figures, and whether every tag is closed."""

    open: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    charts: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)
        if dict(attrs).get("lang") == "zh":
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()
        if tag == "span" and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script" and self.tags[-1][1].get("type") == "application/json":
            self.charts.append(json.loads(data))
        elif self.rows and {"td", "th"} & set(self.open) and not self._hidden:
            self.rows[-1][-1] += data

    def row(self, head: str) -> list[str]:
        """Cells of the first row of that head."""
        return next(row[1:] for row in self.rows if row and row[0].startswith(head))


def parsed(text: str) -> Parsed:
    parser = Parsed()
    parser.feed(text)
    assert not parser.open
    return parser


@pytest.fixture(scope="module")
def text(two_zones: Result) -> str:
    return page.text(two_zones)


@pytest.fixture(scope="module")
def whole(text: str) -> Parsed:
    return parsed(text)


def values(packed: object) -> np.ndarray:
    """Numbers of a trace as the page packs them."""
    if isinstance(packed, dict):
        return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])
    return np.asarray(packed, dtype=float)


def own(text: str) -> str:
    """The page without the charting library."""
    return re.sub(r"<script>/\*\*\s+\* plotly\.js.*?</script>", "", text, flags=re.DOTALL)


def test_every_clause_stands_with_source_and_quote(text: str, two_zones: Result) -> None:
    clauses = summary(two_zones)["clauses"]
    assert clauses
    for clause in clauses:
        assert clause["id"] in text
        assert clause["source"]["document"] in text
        assert clause["source"]["quote"] in text


def test_board_has_the_numbers_of_the_summary(whole: Parsed, two_zones: Result) -> None:
    for clause in summary(two_zones)["clauses"]:
        cells = whole.row(clause["id"])
        assert cells[0] == clause["strictness"]
        assert cells[1] == clause["status"]
        assert cells[2].endswith(figures(clause["required"], 5))
        assert cells[3] == figures(clause["achieved"], 5)
        assert cells[4] == figures(clause["slack"])
        if clause["status"] == "binding":
            assert figures(clause["dual"]) in cells[6]


def test_capacity_and_costs_are_those_of_the_summary(whole: Parsed, two_zones: Result) -> None:
    summed = summary(two_zones)
    names = two_zones.inputs["technologies"]["name_en"]
    for technology in ("wind", "pv_fixed", "coal_usc"):
        total = sum(zone["total"] for zone in summed["capacity_mw"][technology].values())
        assert whole.row(names[technology])[-1] == number(total)
    paid = summed["objective"] - sum(
        v for k, v in summed["costs"].items() if k in ("unserved energy", "send-out shortfall")
    )
    assert [number(paid / 1e8, 2)] in [row[1:] for row in whole.rows if row[0] == "total"]


def test_bars_of_a_technology_add_up_to_its_capacity(whole: Parsed, two_zones: Result) -> None:
    """If kept and added were drawn over each other instead of stacked, the bars would end too early."""
    figure = next(c for c in whole.charts if c["layout"].get("barmode") == "stack")
    summed = summary(two_zones)["capacity_mw"]
    plants = {t: zones for t, zones in summed.items() if two_zones.inputs.kind(t) != "corridor"}
    total = sum(z["total"] + z["retired"] for zones in plants.values() for z in zones.values())
    drawn = sum(values(trace["x"]).sum() for trace in figure["data"])
    assert drawn == pytest.approx(total / 10, rel=1e-5)


def test_both_languages_stand_in_one_file(text: str, two_zones: Result) -> None:
    for words in ("Target board", "目标对照", "Yearly cost by name", "年费用构成", two_zones.case.title_zh):
        assert words in text
    body = own(text)
    english, chinese = body.count('<span lang="en">'), body.count('<span lang="zh">')
    assert english == chinese > 100
    for zone in two_zones.inputs["zones"]["name_zh"]:
        assert zone in text


def test_language_shown_first(two_zones: Result) -> None:
    assert 'data-language="zh"' in page.text(two_zones, "zh")[:300]
    with pytest.raises(InputError, match="fr"):
        page.text(two_zones, "fr")


def test_nothing_is_asked_from_outside(whole: Parsed, text: str) -> None:
    for tag, attributes in whole.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed"), tag
        assert "src" not in attributes, tag
        if tag == "a" and not str(attributes["href"]).startswith("#"):
            assert attributes["rel"] == "noreferrer"
    assert re.search(r"@import|url\(", own(text)) is None
    policy = next(a for t, a in whole.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in str(policy["content"])
    assert "showSendToCloud: false" in text


def test_tables_and_charts_can_be_read_aloud(whole: Parsed) -> None:
    captions = [t for t, _ in whole.tags].count("caption")
    assert captions == [t for t, _ in whole.tags].count("table") > 5
    assert all(a.get("scope") in ("col", "row") for t, a in whole.tags if t == "th")
    plots = [a for t, a in whole.tags if a.get("class") == "plot"]
    assert len(plots) == len(whole.charts) > 8
    for attributes in plots:
        assert attributes["role"] == "img"
        assert attributes["data-label-en"]
        assert CHINESE.search(str(attributes["data-label-zh"]))


def strings(part: object) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict):
        return [s for k, v in part.items() if k != "bdata" for s in strings(v)]
    return [s for v in part for s in strings(v)] if isinstance(part, list) else []


def test_chart_texts_hold_both_languages_once(whole: Parsed) -> None:
    for chart in whole.charts:
        both = [s for s in strings(chart) if SEPARATOR in s]
        assert both
        for text_of in both:
            english, chinese = text_of.split(SEPARATOR)
            assert english
            assert chinese
            # What plotly does with a text behind its end must stand on both sides.
            assert english.count("<extra>") == chinese.count("<extra>")


def test_every_identifier_is_there_once(whole: Parsed) -> None:
    ids = [a["id"] for _, a in whole.tags if "id" in a]
    assert len(ids) == len(set(ids))
    targets = [str(a["href"])[1:] for t, a in whole.tags if t == "a" and str(a["href"]).startswith("#")]
    assert set(targets) <= set(ids)


def test_next_to_nothing_is_still_a_page(bare: Result) -> None:
    """No hydro, no send-out, no store, no line, no clause: their parts are left out, the rest stands."""
    whole = parsed(page.text(bare))
    ids = {a["id"] for _, a in whole.tags if "id" in a}
    assert {"capacity", "costs", "dispatch", "prices", "audit"} <= ids
    assert not {"water", "send-out", "corridors"} & ids
    assert whole.row("coal")[-1] == "100"


def test_representative_days(by_days: Result) -> None:
    ids = {a["id"] for _, a in parsed(page.text(by_days)).tags if "id" in a}
    assert {"water", "chart-reservoirs-2025"} <= ids


def test_written_whole_and_not_too_large(two_zones: Result, tmp_path) -> None:
    page.write(two_zones, tmp_path / "new" / "report.html", "zh")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["report.html"]
    assert (tmp_path / "new" / "report.html").stat().st_size < 6e6
