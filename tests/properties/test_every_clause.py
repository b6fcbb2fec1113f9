"""Every kind of clause on the two zones: asking more never costs less, and a price high enough is as good as hard."""

import tomllib
from functools import cache

import pytest

from qhenergy import policy
from qhenergy.data.builtin import find
from qhenergy.data.case import parse_case
from qhenergy.data.inputs import read_inputs
from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.assemble import assemble, read_system
from qhenergy.model.catalogue import TABLES
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import read_profile

#: Of a clause of every kind: the datum that says how much it asks, little of it, and more.
ASKED = {
    "capacity_totals/clean-2025/capacity [MW]": (500, 1250),
    "capacity_shares/clean-share-2025/share [%]": (60, 96),
    "storage_targets/new-storage-2025/power [MW]": (50, 150),
    "storage_steps/storage-in-step/ratio [%]": (10, 60),
    "storage_sides/battery-grid-side/power [MW]": (20, 100),
    "storage_layers/storage-layer-medium/power [MW]": (50, 75),
    "coal_off_seasons/coal-off/year": (2030, 2025),
    "co2_prices/co2-price/price [CNY/t]": (50, 100),
    "co2_caps/co2-cap/cap [t]": (500_000, 100_000),
    "curtailment_ceilings/curtailment/ceiling [%]": (5, 0.1),
    "land_uses/land-north/usable [%]": (100, 70),
    "line_backings/backing-south/ratio [%]": (400, 800),
    "condenser_ratios/condensers/ratio [-]": (0.05, 0.1),
    "short_circuit_ratios/strength-north/factor [-]": (1.5, 0.8),
    "reserves/reserve-up/amount [MW]": (10, 40),
    "adequacy/adequacy-dry-evening-south/margin [%]": (0, 30),
    "certificate_claims/certificates,dc-south/share [%]": (50, 100),
    "home_shares/home-share/year": (2030, 2025),
    "send_out_utilisations/dc-south-full-load/hours [h]": (3000, 4800),
    "clean_exports/dc-south-clean-only/year": (2030, 2025),
    "green_runs/green-run-1d/days": (1, 2),
    "zero_carbon/zero-carbon/residual [t]": (300_000, 0),
    "co2_intensities/co2-intensity/intensity [t/MWh]": (0.2, 0.01),
    "domestic_first/domestic-first/year": (2030, 2025),
    "growth_limits/growth-variable/per_year [MW]": (100, 12),
    "local_consumptions/local-share/share [%]": (60, 85),
    "zone_supplies/supply-south/share [%]": (90, 100),
}
#: What the two zones have nothing for; `test_indifference` and the hand-solved tests hold these.
ELSEWHERE = {"spring_release", "dry_year_supplement", "water_ceiling", "small_hydro_exit"}
ELSEWHERE |= {"demand_growth", "fuel_output", "clean_matching", "response_power"}
#: Far above what a unit of any requirement is worth here [CNY per inside unit].
HIGH = 1e9


def kind_of(address: str) -> str:
    """The file of the clause whose datum it is."""
    table = {"certificate_claims": "certificates"}.get(address.split("/")[0], address.split("/")[0])
    return next(m.KIND for m in policy.BUILT_IN if table == m.TABLE.name)


@cache
def cost(address: str = "", value: float = 0.0, strictness: str = "watched") -> float:
    """Cost of the year with one clause of the two zones in force, the others watched; infinite if it cannot be."""
    case = tomllib.loads(find("cases", "two-zones", suffix=".toml").read_text(encoding="utf-8"))
    case["targets"] = {"set": "rules"}
    if address:
        _, key, _ = address.split("/", 2)
        clause = key.split(",")[0]
        case["targets"]["clauses"] = {clause: strictness}
        case["change"] = {address: value}
        if strictness == "priced":
            case["change"][f"target_sets/rules,{clause}/penalty [-]"] = HIGH
    made = parse_case(case, "two-zones.toml")
    system = read_system(read_inputs(find("inputs", "two-zones"), TABLES, made.change), made, [])
    problem = assemble(system, workers=1).problem
    try:
        solution = solve(problem, read_profile("simplex"))
    except NoSolutionError:
        return float("inf")
    return float(problem.cost @ solution.values + problem.cost_offsets.sum())


def test_every_kind_is_asked() -> None:
    """Proves: no kind of clause is left out.

    If it were broken, a new kind could lower the cost by being asked for.
    """
    assert {kind_of(a) for a in ASKED} | ELSEWHERE == {module.KIND for module in policy.BUILT_IN}


@pytest.mark.parametrize("address", ASKED)
def test_asking_more_never_costs_less(address: str) -> None:
    """Proves: watched costs no more than a little, a little no more than much, and a high price what hard costs.

    If it were broken, a sense would be turned round, a clause add freedom, or a penalty have the wrong sign or unit.
    """
    little, much = ASKED[address]
    watched, loose, tight = cost(), cost(address, little, "hard"), cost(address, much, "hard")
    slack = 1e-8 * watched
    assert watched <= loose + slack
    assert loose <= tight + slack
    assert tight < float("inf"), "choose a number that can be kept"
    if not address.startswith("co2_prices"):
        assert cost(address, much, "priced") == pytest.approx(tight, rel=1e-6)
