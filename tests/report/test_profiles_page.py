"""Proves that the profiles of a case are written, drawn and counted."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from small_system import Small

from qhenergy.model.assemble import System
from qhenergy.report import profiles_page


@pytest.fixture
def system(tmp_path: Path) -> System:
    """Two days of sun and of demand."""
    sun = [max(0.0, np.sin((t % 24 - 6) / 12 * np.pi)) for t in range(48)]
    return (
        Small(tmp_path / "small", 48)
        .zone(demand=[50.0] * 12 + [80.0] * 12)
        .add("solar", existing=100, series=sun)
        .system()
    )


def test_folder_holds_page_and_series(system: System, tmp_path: Path) -> None:
    out = io.StringIO()
    profiles_page.show(system, tmp_path / "out", Console(file=out, width=80), "zh")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "profiles.html",
        "demand_2025.csv",
        "solar_availability.csv",
    }
    written = pd.read_csv(tmp_path / "out" / "solar_availability.csv")
    assert list(written.columns[:3]) == ["hour", "month", "hour_of_day"]
    assert np.allclose(written["sun"], system.series["solar/availability"]["sun"], atol=1e-5)
    page = (tmp_path / "out" / "profiles.html").read_text(encoding="utf-8")
    assert 'data-language="zh"' in page
    for words in ("Photovoltaics", "光伏", "mean day by month", "持续曲线"):
        assert words in page
    assert "profiles.html" in out.getvalue()


def test_full_load_hours_are_the_mean_over_a_year(system: System) -> None:
    (fleet, plant) = profiles_page.full_load_hours(system).rows
    expected = system.series["solar/availability"]["sun"].mean() * 8760
    assert fleet.cells[1] == plant.cells[1] == f"{expected:,.0f}"
