"""The page of a schedule: what it says is what was found, in both languages, for one curve and for two."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from outcome.systems import result_of
from rich.console import Console
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.outcome.audit import Audit
from qhenergy.outcome.next_capacity import Confirmed, NextCapacity
from qhenergy.outcome.schedule_check import Breach
from qhenergy.outcome.schedule_description import describe
from qhenergy.outcome.schedule_verdict import Verdict
from qhenergy.report import page_schedule, sheets_next, sheets_schedule
from qhenergy.report.schedule_words import headline, limit_name, moment
from qhenergy.report.words import SEPARATOR

STAGE = 2025
BREACH = Breach("ramp", 17, "01-01 17:00", 50.0, 20.0, "MW/h", "dc")
CHECKED = [
    Verdict("evening", Audit(0.0, 0.0, 0.0, 1e-6, 1e-7), (BREACH, BREACH), 0.0123, {"fuel": 2.0}, 3, 0.004, 5.0, "a"),
    Verdict(
        "flat <1>", Audit(0.0, 0.0, 0.0, 1e-6, 1e-7, passed=False, faults=["It is off."]), (), None, {}, 3, 0, 5, "b"
    ),
]


def system(folder, curve, year=2010):
    """Three days of sun, coal of 60 MW and cells of 10; a line of 100 MW."""
    hours = 72
    sun = np.clip(np.sin((np.arange(hours) % 24 - 6) / 12 * np.pi), 0, 1)
    small = Small(folder, hours).zone(demand=[20.0] * 24).add("thermal", existing=60)
    small.add("solar", existing=150, series=sun.tolist()).add("batteries", existing=10, duration=2)
    small.curve("curve", curve).add("receiving_peaks", line="dc", month=1, first_hour=18, last_hour=22)
    return small.add("send_out", capacity=100, schedule="curve", curve="curve", loss=0.1, in_service_year=year)


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """A curve that cannot be held at night, with the same fleet without the line; and one that can."""
    folder = tmp_path_factory.mktemp("schedule")
    without = result_of(system(folder / "c", [0.9], year=2040).solve())
    hard = result_of(system(folder / "a", [0.4] * 18 + [0.9] * 6).solve())
    easy = result_of(system(folder / "b", [0.4]).solve())
    return describe(hard, "dc", name="evening", without=without), describe(easy, "dc", name="flat <1>")


def test_description_adds_up(described):
    """Proves: asked = sent + missed, causes sum to what is missed and curtailed, origins to what is sent.

    In the hours 18 to 23 of three days 90 are asked, coal gives 40 beyond demand: 3 * 6 * 50 less 3 * 20 of cells.
    If it were broken, the sums would differ, or hours weigh once instead of 8760 / 72 times.
    """
    made = described[0]
    weight = 8760 / 72
    assert made.energy("missed") == pytest.approx(weight * (3 * 6 * 50 - 3 * 20))
    assert made.energy("asked") == pytest.approx(made.energy("sent") + made.energy("missed"))
    assert made.by_cause(made.missed).sum() == pytest.approx(made.energy("missed"))
    assert made.by_month(made.missed).to_numpy().sum() == pytest.approx(made.energy("missed"))
    assert made.origins.to_numpy().sum() == pytest.approx(made.energy("sent"))
    assert made.by_cause(made.curtailed).sum() == pytest.approx(float(made.without["with"].sum()))
    assert made.delivered_hours == pytest.approx(weight * int((made.hours["missed"] == 0).sum()))
    assert made.firm_peak[1.0] == pytest.approx(0.9 * made.hours.loc[made.hours["hour_of_day"] >= 18, "sent"].min())
    assert list(made.dispatch) == made.days["day"].tolist()
    assert len(made.dispatch[0]) == 24


def test_headline_says_what_was_found(described):
    """Proves: hours, energy, first miss and its cause stand in the sentences; a curve that holds says so."""
    hard, easy = described
    words = " ".join(w.en for w in headline(hard))
    assert f"{hard.delivered_hours:,.0f} / 8,760 h" in words
    assert f"First miss: {moment(hard, hard.first)}" in words
    assert "not enough sun and wind (sun)" in words
    assert "Nothing fails." in headline(easy)[1].en
    assert "无缺额" in headline(easy)[1].zh


def test_a_lost_pole_is_told_by_what_must_be_shed(described):
    """Proves: where what can be lowered is enough it is said so, and where not, in how many hours and how much is shed.

    If it were broken, "0 MW in 0 h" would be told, or that all is well where it is not.
    """
    calm = replace(described[1].pole, hours=described[1].pole.hours.assign(shed=0.0))
    assert "is enough in every hour" in headline(replace(described[1], pole=calm))[-1].en
    short = replace(described[1].pole, hours=described[1].pole.hours.assign(shed=7.0))
    told = headline(replace(described[1], pole=short))[-1].en
    assert "8,760 h what can be lowered is not enough, and up to 7 MW" in told


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ({}, "No capacity by itself would repair"),
        ({"thermal": 600.0}, "50 MW more of thermal repair 0.600 GWh of 2.000 GWh missed"),
        ({"thermal": -10.0, "battery": 400.0}, "50 MW more of battery repair 0.400 GWh"),
        ({"thermal": -10.0, "battery": 0.0}, "50 MW more of thermal, battery repair nothing"),
    ],
)
def test_the_next_is_the_one_that_kept_its_word(described, kept, words):
    """Proves: of what was solved anew the one that repaired most is told, and if none did, that none did.

    If it were broken, the first by the duals would be praised for what it did not do.
    """
    names = {"thermal": described[0].inputs["thermal"].index[0], "battery": described[0].inputs["batteries"].index[0]}
    table = pd.DataFrame({"repaired": [900.0, 800.0], "saved": 0.0, "kind": "plant"}, index=list(names.values()))
    confirmed = tuple(Confirmed(names[name], repaired, 0.0, "") for name, repaired in kept.items())
    made = NextCapacity("evening", 50.0, 2000.0, 1000.0, table, (), confirmed)
    told = sheets_next.answer(made, described[0])
    for name, key in names.items():
        words = words.replace(name, limit_name(described[0], key).en)
    assert words in told.en
    assert told.zh


def test_the_title_names_every_year(described):
    """Proves: fleets of two years side by side are not told as one.

    If it were broken, the title would have the year of the first.
    """
    page = page_schedule.text([described[0], replace(described[1], stage=2031)], CHECKED)
    assert f"{STAGE}, 2031" in page
    assert f"{STAGE}年、2031年" in page


def test_page_of_one_curve(described, tmp_path):
    """Proves: the page holds every part, both languages, and asks for nothing from outside."""
    page_schedule.write(described[:1], CHECKED[:1], tmp_path / "page.html", "zh")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    for word in ("delivery", "days", "curtailment", "content", "pole"):
        assert f'id="c1-{word}"' in text
    for chart in ("c1-sent", "c1-missed", "durations", "c1-day-0", "c1-left", "c1-origins", "c1-clean", "c1-pole"):
        assert f'id="chart-{chart}"' in text
    assert 'data-language="zh"' in text
    assert SEPARATOR in text
    assert 'src="http' not in text


def test_page_of_two_curves(described):
    """Proves: two curves stand side by side, every identifier once, and a name cannot break the page."""
    text = page_schedule.text(described, CHECKED)
    assert 'id="comparison"' in text
    assert "flat &lt;1&gt;" in text
    for key in ("c1-delivery", "c2-delivery", "chart-c1-sent", "chart-c2-sent", "chart-durations"):
        assert text.count(f'id="{key}"') == 1
    assert 'id="checks"' in text
    sheet = sheets_schedule.comparison(described)
    assert [len(row.cells) for row in sheet.rows] == [2] * len(sheet.rows)


def test_months_sum_to_the_year(described):
    """Proves: the last row of the months is the year, cause by cause."""
    sheet = sheets_schedule.months(described[0])
    assert sheet.rows[-1].look == "sum"
    assert sheet.rows[-1].cells == sheet.rows[0].cells
    assert len(sheet.head) == len(sheet.rows[0].cells) + 1


def test_console(described):
    """Proves: the answer is printed in either language; a third one is refused."""
    out = Console(width=240, record=True, file=StringIO())
    page_schedule.show(described, CHECKED, out, "zh")
    text = out.export_text()
    assert "首次缺额" in text
    assert "各曲线对比" in text
    assert "2次；首次01-01 17:00：50 MW/h，限值20" in text
    assert "It is off." in text
    assert "1.23 %" in text
    with pytest.raises(InputError, match="fr"):
        page_schedule.show(described, CHECKED, out, "fr")
