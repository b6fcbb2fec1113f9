"""Hydrogen and heat: their year, and their balances counted again."""

from dataclasses import replace
from io import StringIO

import pytest
from hand_solved.test_chronology import three_periods
from rich.console import Console
from small_system import STAGE, Small

from outcome.systems import result_of
from qhenergy.outcome import carriers, measures
from qhenergy.outcome.audit import audit
from qhenergy.outcome.carrier_balances import carrier_imbalance
from qhenergy.report.console import show

YEAR = 8760


@pytest.fixture(scope="module")
def chains(tmp_path_factory):
    """Two of three periods have wind: hydrogen for industry, turbine and export, and a town with boiler and store."""
    small = Small(tmp_path_factory.mktemp("chains"), 6).zone(demand=[5] * 6)
    small.add("wind", existing=400, series=[1, 1, 0, 0, 1, 1]).add("thermal", existing=200, capture=0.5)
    small.add("electrolysers", existing=100, efficiency=0.5)
    small.add("hydrogen_stores", existing=10, duration=100, self_discharge=0.01, turbine_efficiency=0.5)
    small.add("hydrogen_demands", yearly=YEAR * 0.3, unserved_price=1e5)
    small.add("hydrogen_exports", price=100, hourly=1)
    small.add("liquid_fuel_plants", existing=10, minimum_output=0.5)
    small.add("heat_nodes", yearly=YEAR * 10).add("electric_heaters", existing=30, efficiency=2)
    small.add("heat_stores", existing=20, duration=10, cycle="long", self_discharge=0.02)
    return result_of(small.solve(three_periods))


def test_the_audit_counts_hydrogen_and_heat(chains):
    """Proves: balances of a store of hydrogen, a store of heat and a node close, in hours and between real periods."""
    found = audit(chains)
    assert found.passed, found.faults
    assert found.carrier_imbalance_mwh < 1e-6
    assert set(carrier_imbalance(chains).columns) == {"hydrogen tank", "heat_store pit", "heat town"}


@pytest.mark.parametrize(
    ("family", "by", "word"),
    [
        ("hydrogen/level", 1.0, "hydrogen tank in hour"),
        ("hydrogen_demand/served", 0.1, "hydrogen tank in hour"),
        ("electric_heat/taken", 0.1, "heat town in hour"),
        ("heat_store/discharge", 0.1, "heat_store pit in hour"),
        ("hydrogen/level_at_period", 1.0, "hydrogen tank misses 1.0e+00 MWh after period"),
        ("heat_store/level_at_period", 1.0, "heat_store pit misses 1.0e+00 MWh after period"),
    ],
)
def test_a_value_that_is_off_fails(chains, family, by, word):
    """Proves: hydrogen or heat out of nothing is found, and the sentence says where."""
    values = chains.values.copy()
    values[chains.problem.columns.of(family)[1]] += by
    found = audit(replace(chains, values=values))
    assert any(word in sentence for sentence in found.faults), found.faults


def test_the_year_of_hydrogen_and_heat(chains):
    """Proves: 0.3 t/h are 9.999 MWh an hour, heat asked is in it, and heat of a node adds up to nothing."""
    hours = chains.weights(STAGE).sum()
    table = carriers.year(chains).groupby(["balance", "role"])["amount"].sum()
    assert table["hydrogen", "industry"] == pytest.approx(-9.999 * hours)
    assert table["heat", "demand"] == pytest.approx(-10 * hours)
    assert table["heat"].sum() == pytest.approx(0, abs=1e-3)


def test_hydrogen_handed_on_is_no_loss(chains):
    """Proves: the chain loses by its efficiencies and by leaking; what industry takes is none of it."""
    table = carriers.year(chains)
    made = table[table["role"] == "electrolysis"]["amount"].sum()
    burnt = -table[table["role"] == "turbine"]["amount"].sum()
    used = -table[(table["balance"] == "hydrogen") & table["role"].isin(["industry", "fuel", "export"])]["amount"].sum()
    leaked = made - burnt - used
    lost = measures.losses(chains)
    lost = lost[lost["technology"] == "hydrogen"][measures.ENERGY].sum()
    assert lost == pytest.approx(made + 0.5 * burnt + leaked)


def test_co2_that_leaves_with_fuel_is_emitted(chains):
    """Proves: the table of emissions has what fuel took of captured CO2, so that it adds up to the account."""
    table = measures.emissions(chains)
    taken = carriers.year(chains)
    taken = -taken[(taken["balance"] == "captured_co2") & (taken["role"] == "fuel")]["amount"].sum()
    assert taken > 0
    assert table[table["technology"] == "methanol"]["emission [t/yr]"].sum() == pytest.approx(taken)


def test_both_are_printed(chains):
    """Proves: console and page have a table of each, in both languages."""
    for language, words in (("en", ("Hydrogen, 2025", "Heat, 2025", "industry")), ("zh", ("2025年氢能", "2025年供热"))):
        console = Console(record=True, width=160, file=StringIO())
        show(chains, console, language)
        text = console.export_text()
        assert all(word in text for word in words)
    assert chains.case.stages == (STAGE,)
