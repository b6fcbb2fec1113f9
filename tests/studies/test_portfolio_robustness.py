"""Planned fleets in other years and at other prices.

100 MW of demand; a MW of coal that runs all year costs one `UNIT`, and to have it a tenth; a MW of wind costs half a
unit, and what is not served is worth eight.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_system import STAGE, YEAR, Small

from qhenergy.data.builtin import find
from qhenergy.data.case import parse_case
from qhenergy.data.robustness import Robustness as Asked
from qhenergy.ground.faults import InputError, SolverError
from qhenergy.model.assemble import assemble
from qhenergy.model.decisions import decided, decisions
from qhenergy.outcome.robustness import Scenario
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import Attempt, Profile, read_profile
from qhenergy.studies import portfolio_robustness
from qhenergy.studies.expansion import make_ready
from qhenergy.studies.portfolio import Line
from qhenergy.studies.portfolio_robustness import Place, Study, room_for
from qhenergy.studies.redispatch import Fleet, with_fleet

#: A MW of coal all year at 100 CNY/MWh.
UNIT = YEAR * 100
SIMPLEX = Profile(title="", attempt=(Attempt(name="simplex", options={"solver": "simplex"}),))
NO_RANGES = Asked(fuel=())
#: Mean radiation of a clear place by month, global and direct [kWh/m2/day].
SUN = (
    *((3.16, 4.43), (4.13, 5.05), (5.3, 5.3), (6.3, 5.6), (6.7, 5.5), (6.7, 5.3)),
    *((6.4, 5.1), (6.0, 5.2), (5.2, 5.1), (4.5, 5.7), (3.5, 5.1), (2.9, 4.5)),
)
AIR = {"wind_speed_10m": 3, "wind_speed_100m": 5, "weibull_shape": 2, "pressure": 70_000}
DESIGN = {"mounting": "fixed", "azimuth": 180, "dc_ac_ratio": 1, "ground_cover": 0.4, "loss": 0.2}


def fleet(name, wind, coal, planned=0.0):
    """A fleet of wind and coal [MW]."""
    built = {("capacity/built", "wind", STAGE): wind, ("capacity/built", "coal", STAGE): coal}
    return Fleet(name, {k: float(v) for k, v in built.items()}, {"all": planned})


def windy(folder, share, hours=2, demand=100.0, **case):
    """The system of the module in a year with so much wind."""
    small = Small(folder, hours, case).zone("z", demand, unserved_price=800)
    small.add("wind", room=200, series=[share] * hours if np.isscalar(share) else share).add("thermal", room=200)
    return small.cost("wind", investment=5 * UNIT).cost("coal", investment=UNIT)


def place(name, make, base=False):
    """A named year of a test."""
    return Place(Scenario(name, "year", name, "normal", base=base), make)


def study(folder, fleets, places, asked=NO_RANGES, members=None, **options):
    """A study solved in this process."""
    options = {"workers": 1, **options}
    return Study(fleets, places, asked, members or {}, SIMPLEX, folder, "small", **options)


def three_years(folder):
    """Wind that blows all the time, for nine tenths, and for half of it."""
    shares = {"windy": 1.0, "fair": 0.9, "calm": 0.5}
    return [
        place(name, lambda name=name, share=share: windy(folder / name, share).system(), base=name == "windy")
        for name, share in shares.items()
    ]


WIND, COAL = fleet("wind", 100, 40, 54 * UNIT), fleet("coal", 0, 100, 110 * UNIT)


def test_the_best_on_average_and_the_cautious_choice(tmp_path):
    """Proves: fleets keep their capacities in every year, and both choices and what they count are told.

    Wind pays 50 for itself and 4 for its coal; coal makes up for 10 MW in the fair year, for 40 of 50 in the calm one,
    where 10 are not served: 54, 64, 94 + 80 = 174 units. Coal pays 10 + 100 in each. Coal regrets at most 56, wind 64;
    on average wind 21.3, coal 34. By what is paid alone wind is the best everywhere.
    If it were broken, wind would be built for the calm (at most 60 regretted), or unserved energy be no cost.
    """
    found = study(tmp_path / "study", [WIND, COAL], three_years(tmp_path)).run()
    costs = found.costs()
    assert costs.loc["wind"].to_numpy() / UNIT == pytest.approx([54, 64, 174])
    assert costs.loc["coal"].to_numpy() / UNIT == pytest.approx([110, 110, 110])
    led = found.regret()
    assert (led.least_maximum, led.least_mean) == (("coal",), ("wind",))
    assert led.spread["maximum"].to_numpy() / UNIT == pytest.approx([64, 56])
    paid = found.regret("paid")
    assert (paid.least_maximum, paid.least_mean) == (("wind",), ("wind",))
    assert found.costs("paid").loc["wind", "calm"] / UNIT == pytest.approx(94)
    assert [found.drifts(name) for name in found.fleets] == [False, False]
    assert (tmp_path / "study" / "robustness.json").is_file()
    table = found.table().set_index(["portfolio", "scenario"])
    assert table.at[("wind", "calm"), "unserved [MWh/yr]"] == pytest.approx(10 * YEAR)
    assert table.at[("wind", "calm"), "CO2 [t/yr]"] == pytest.approx(40 * YEAR)
    assert found.matrix("wind", "not delivered [CNY/yr]").loc["calm", "normal"] / UNIT == pytest.approx(80)


def test_unserved_energy_has_its_date(tmp_path):
    """Proves: the hour that is short shows with its day, its power, and its energy of the year.

    Of two days there is no wind in hour 30, the sixth of 2 January: 40 MW of coal leave 60 MW, in one of 48 hours.
    If it were broken, the day would be the first of the year, or the energy 60 MWh.
    """
    share = [0.0 if t == 30 else 1.0 for t in range(48)]
    places = [place("still", lambda: windy(tmp_path / "s", share, 48).system(), base=True)]
    found = study(tmp_path / "study", [WIND, COAL], places).run()
    (row,) = found.failures().to_dict("records")
    assert (row["portfolio"], row["date"], row["zone"]) == ("wind", "01-02", "z")
    assert row["largest [MW]"] == pytest.approx(60)
    assert row["energy [MWh/yr]"] == pytest.approx(60 * YEAR / 48)


def test_a_day_that_stands_for_two_counts_twice_at_its_own_date(tmp_path):
    """Proves: what a representative day is short of counts for all days it stands for, under its real date.

    Of three days the third stands for the second as well; in its hour 6 there is no wind, and 60 MW are missing.
    If it were broken, the date would be that of the place among the modelled days (01-02), or the energy half.
    """

    def make():
        share = [0.0 if t == 54 else 1.0 for t in range(72)]
        system = windy(tmp_path / "s", share, 72).system()
        day = YEAR / 72
        spans = (Span(0, STAGE, np.arange(24), day), Span(1, STAGE, np.arange(48, 72), 2 * day))
        system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 1, 1]))
        return system

    found = study(tmp_path / "study", [WIND], [place("days", make, base=True)]).run()
    (row,) = found.failures().to_dict("records")
    assert (row["date"], row["days"]) == ("01-03", pytest.approx(2 * YEAR / 72))
    assert row["largest [MW]"] == pytest.approx(60)
    assert row["energy [MWh/yr]"] == pytest.approx(2 * 60 * YEAR / 72)


def test_a_clause_that_a_dry_year_breaks_is_priced_and_told(ready, tmp_path):
    """Proves: a fleet that misses a hard clause in a year has an answer, with what is missed and its price apart.

    50 MW of water and 50 of coal, as much CO2 as the cap allows. In the dry year there are 40 MW of water, so that coal
    makes 60: 10 MW * 8,760 h at 1 t/MWh too many, at 20,000 CNY each.
    If it were broken, there would be no answer, or the price be among what is paid.
    """
    case = {"robustness": {"weather": [2025], "water": ["normal", "dry"], "fuel": []}}
    small = Small(tmp_path / "small", 2, case).zone("z", 100, unserved_price=50_000).station(inflow=50, existing=100)
    small.add("thermal", room=100).add("co2_caps", cap=50 * YEAR).target("cap")
    small.add("water_years", water_year="normal", factor=1).add("water_years", water_year="dry", factor=0.8)
    planned = Fleet("mine", {("capacity/built", "coal", STAGE): 80.0}, {"fuel/coal": 50 * UNIT})
    (tmp_path / "small.toml").touch()
    found, _ = portfolio_robustness.run(ready(small), [planned], tmp_path / "results", workers=1)
    assert [s.name for s in found.scenarios] == ["2025-normal", "2025-dry"]
    assert not found.drifts("mine")
    (row,) = found.clauses().to_dict("records")
    assert (row["water"], row["clause"], row["strictness"]) == ("dry", "cap", "hard")
    assert row["achieved"] == pytest.approx(60 * YEAR / 1e4)
    assert row["cost [CNY/yr]"] == pytest.approx(10 * YEAR * 2e4)
    dry = found.run("mine", "2025-dry").year
    assert dry.cost.money == pytest.approx(60 * UNIT)
    assert dry.cost.clauses == pytest.approx(10 * YEAR * 2e4)
    assert dry.hydro == pytest.approx(40 * YEAR)
    assert found.table()["clauses missed"].tolist() == [0, 1]


def test_a_study_that_was_stopped_goes_on(tmp_path):
    """Proves: what was solved before the stop is kept, only the rest is solved, and a done year is not built again.

    Three runs are done; the fourth, of the second year, and those after it are left.
    If it were broken, all six would be solved again, or the first year be made ready once more.
    """

    def stop(stage, line):
        if stage == "run" and line.startswith("3 of"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study(tmp_path / "study", [WIND, COAL], three_years(tmp_path), say=stop).run()
    kept = {p: p.stat().st_mtime_ns for p in (tmp_path / "study" / "runs").rglob("*.json")}
    assert len(kept) == 3
    said, built = [], []
    places = [replace(p, system=lambda p=p: built.append(p.scenario.name) or p.system()) for p in three_years(tmp_path)]
    found = study(tmp_path / "study", [WIND, COAL], places, say=lambda *words: said.append(words)).run()
    assert built == ["fair", "calm"]
    assert [line.split(":")[0] for stage, line in said if stage == "run"] == ["4 of 6", "5 of 6", "6 of 6"]
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    assert found.costs().loc["wind"].to_numpy() / UNIT == pytest.approx([54, 64, 174])
    changed = study(tmp_path / "study", [fleet("wind", 90, 40), COAL], three_years(tmp_path)).run()
    assert changed.costs().loc["wind", "windy"] / UNIT == pytest.approx(45 + 4 + 10)


@pytest.mark.parametrize("subject", ["coal", "both"])
def test_what_stands_at_other_prices_is_what_a_new_run_would_cost(tmp_path, subject):
    """Proves: investment and fixed O&M at 1.5 times are told without a solve, cost by cost as a solve tells them.

    Coal at 1.5 times: 40 MW cost 6 units instead of 4, their fixed O&M half a unit more; fuel stays.
    If it were broken, fuel would follow, or the other technology of a group be left out.
    """

    def system(folder, factor):
        small = windy(folder, 0.9)
        for row in small.rows["costs"]:
            if subject == "both" or row["technology"] == "coal":
                row |= {"investment": factor * row["investment"], "fixed_om": factor * 0.025 * UNIT}
            else:
                row["fixed_om"] = 0.025 * UNIT
        return small.system()

    asked = Asked(fuel=(), costs={subject: (1.5,)})
    members = {"coal": ["coal"], "both": ["coal", "wind"]}
    places = [place("fair", lambda: system(tmp_path / "a", 1.0), base=True)]
    found = study(tmp_path / "study", [WIND, COAL], places, asked, members).run()
    assert [s.name for s in found.prices] == ["fair", f"costs-{subject}-1.5"]
    for one in (WIND, COAL):
        problem = decided(assemble(system(tmp_path / "b", 1.5), workers=1).problem, one.decisions)
        values = problem.costs @ solve(problem, SIMPLEX).values + problem.cost_offsets
        again = dict(zip(problem.cost_names, values.tolist(), strict=True))
        assert found.run(one.name, f"costs-{subject}-1.5").year.costs == pytest.approx(again, abs=1)
    before, after = (found.run("wind", s.name).year.cost.money for s in found.prices)
    assert (after - before) / UNIT == pytest.approx(2.5 if subject == "coal" else 2.5 + 25 + 1.25)


def test_dearer_fuel_is_dispatched_anew(tmp_path):
    """Proves: where fuel costs more, a fleet runs otherwise: imports at 110 CNY/MWh take the place of coal at 120.

    Coal alone serves 100 MW; a tie brings up to 30. At its own price coal makes all, at 0.8 times as well; at 1.2
    times 70 MW at 120 and 30 at 110.
    If it were broken, fuel of the base run would be told at 1.2 times: 120 units.
    """

    def make():
        return windy(tmp_path / "s", 1.0).add("ac_ties", import_limit=30, import_price=110).system()

    asked = Asked(fuel=(0.8, 1.2))
    found = study(tmp_path / "study", [COAL], [place("windy", make, base=True)], asked).run()
    paid = found.costs(scenarios=found.prices).loc["coal"] / UNIT
    assert paid.to_dict() == pytest.approx({"windy": 110, "fuel-0.8": 90, "fuel-1.2": 10 + 70 * 1.2 + 30 * 1.1})
    assert found.years == (found.base,)


def test_a_fleet_of_another_case_or_without_room_is_refused(tmp_path):
    """Proves: what a fleet decides and the year does not know, or has no room for, is named; room can be widened.

    If it were broken, the fleet would run without it, or cut down to the room of the data.
    """
    system = windy(tmp_path / "s", 1.0).system()
    problem = assemble(system, workers=1).problem
    stranger = replace(WIND, decisions={**WIND.decisions, ("capacity/built", "sun", STAGE): 5.0})
    with pytest.raises(InputError, match=r"portfolio wind: found capacity/built of sun in 2025") as refusal:
        with_fleet(problem, stranger, "windy")
    assert "a capacity that the scenario windy decides as well" in str(refusal.value)
    large = fleet("large", 300, 0)
    with pytest.raises(InputError, match=r"capacity/built of wind in 2025: 300; expected between 0 and 200"):
        with_fleet(problem, large, "windy")
    lines = [[Line("wind", "wind", ("wind",), 300.0)], [Line("wind", "wind", ("wind",), 250.0)]]
    wide = assemble(room_for(lines)(system), workers=1).problem
    solution = solve(with_fleet(wide, large, "windy"), SIMPLEX)
    assert wide.cost @ solution.values == pytest.approx(150 * UNIT)


def test_what_a_plan_had_no_column_for_is_not_built(tmp_path):
    """Proves: a year that is wide for another fleet builds nothing for one that knew no such room.

    If it were broken, the coal fleet would have all the wind it likes: less than its 110 units.
    """
    problem = assemble(windy(tmp_path / "s", 1.0).system(), workers=1).problem
    only = replace(COAL, decisions={("capacity/built", "coal", STAGE): 100.0})
    solution = solve(with_fleet(problem, only, "windy"), SIMPLEX)
    assert problem.cost @ solution.values == pytest.approx(110 * UNIT)


def test_no_answer_is_told_and_not_proven_is_an_error(tmp_path, monkeypatch):
    """Proves: a fleet that nothing lets run has no answer in that year; one the solver gave up on ends the study late.

    If it were broken, one impossible year would take all others with it, or an unproven one count as none.
    """

    def forced(assembled, problem=None):
        problem = assembled.problem
        problem.upper[problem.columns.of("demand/unserved")] = 0.0
        return problem

    monkeypatch.setattr(portfolio_robustness, "may_be_missed", forced)
    found = study(tmp_path / "a", [WIND, COAL], three_years(tmp_path)).run()
    assert np.isinf(found.costs().loc["wind", "calm"])
    assert found.run("wind", "calm").reason
    assert found.regret().least_maximum == ("coal",)
    again = study(tmp_path / "a", [WIND, COAL], three_years(tmp_path), say=_no_run).run()
    assert np.isinf(again.costs().loc["wind", "calm"])
    solve_all = portfolio_robustness.solve_all
    late = lambda jobs, profile, workers: solve_all(jobs, profile, workers, time_limit=0.0)  # noqa: E731
    monkeypatch.setattr(portfolio_robustness, "solve_all", late)
    with pytest.raises(SolverError, match=r"others are kept:\n  wind in windy: .*\n  coal in windy: "):
        study(tmp_path / "b", [WIND, COAL], three_years(tmp_path)).run()


def _no_run(stage, line):
    assert stage != "run", line


def case_of_two_zones(tmp_path: Path, text: str) -> Path:
    """The built-in case of two zones and two days with a section more."""
    path = tmp_path / "cases" / "mine.toml"
    path.parent.mkdir()
    built_in = find("cases", "two-zones", suffix=".toml")
    path.write_text(built_in.read_text(encoding="utf-8") + text, encoding="utf-8")
    return path


def planned(ready):
    """The fleet of least cost of a case."""
    problem = assemble(ready.system, workers=1).problem
    solution = solve(problem, ready.profile)
    named = problem.costs @ solution.values + problem.cost_offsets
    costs = dict(zip(problem.cost_names, named.tolist(), strict=True))
    return Fleet("optimum", decisions(problem, solution.values), costs)


def test_a_plan_in_its_own_year_costs_what_it_said(tmp_path):
    """Proves: in the year it was planned for a fleet costs what its plan said, and no other one is cheaper there.

    Two runs at once; the hours of the two zones are given, so that there is one weather.
    If it were broken, the base year would cost another amount, or be solved for each of two seeds.
    """
    text = (
        "\n[robustness]\nweather = [7, 2025]\nwater = ['normal', 'dry']\nfuel = [1.1]\n"
        "costs = { battery_2h = [0.7], clean = [1.3] }\n"
    )
    ready = make_ready(case_of_two_zones(tmp_path, text))
    optimum = planned(ready)
    key = next(k for k in optimum.decisions if k[0] == "capacity/built" and k[1].startswith("battery"))
    more = replace(optimum, name="more", decisions={**optimum.decisions, key: optimum.decisions[key] + 5.0})
    found, folder = portfolio_robustness.run(ready, [optimum, more], tmp_path / "results", workers=2)
    assert abs(found.drift("optimum")) < 1e-6
    assert found.drift("more") > 0
    assert found.base.name == "2025-normal"
    assert [s.name for s in found.years] == ["2025-normal", "2025-dry"]
    assert found.regret().regret.at["optimum", "2025-normal"] == 0
    assert {s.name for s in found.prices} == {
        "2025-normal", "fuel-1.1", "costs-battery_2h-0.7", "costs-clean-1.3",
    }  # fmt: skip
    assert folder.parent == tmp_path / "results" / "mine"
    assert {p.name for p in folder.glob("*.csv")} >= {"robustness.csv", "unserved.csv", "regret_years_all.csv"}


def test_every_seed_is_a_year_of_its_own(ready, tmp_path, monkeypatch):
    """Proves: where hours are generated, every seed makes its own, and the year of the case is told beside them.

    Sun for a share of 100 MW in the first two days of January, coal for the rest.
    If it were broken, all seeds would cost the same, or the year of the case be among those of the matrix.
    """
    monkeypatch.setenv("QHENERGY_CACHE", str(tmp_path / "cache"))
    robust = {"weather": [1, 2], "water": ["normal"], "fuel": []}
    small = Small(tmp_path / "small", 48, {"robustness": robust}).zone("z", 100).add("thermal", room=200)
    small.add("sites", site="here", zone="z", latitude=36, longitude=100, altitude=3000)
    for month, (ghi, dni) in enumerate(SUN, 1):
        small.add("climate", site="here", month=month, ghi=ghi, dni=dni, air_temperature=0, **AIR)
    small.add("solar", room=200, site="here")
    small.add("pv_designs", technology="pv", temperature_coefficient=-0.0037, **DESIGN)
    (tmp_path / "small.toml").touch()
    built = {("capacity/built", "sun", STAGE): 50.0, ("capacity/built", "coal", STAGE): 100.0}
    found, _ = portfolio_robustness.run(ready(small), [Fleet("sun", built, {})], tmp_path / "results", workers=1)
    assert [(s.name, s.kind, s.base) for s in found.scenarios] == [
        ("2025-normal", "base", True), ("1-normal", "year", False), ("2-normal", "year", False),
    ]  # fmt: skip
    assert found.costs().loc["sun"].nunique() == 3
    assert list(found.regret().costs) == ["1-normal", "2-normal"]
    assert found.table()["curtailed [-]"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)


def test_ranges_of_what_is_not_there_are_refused(tmp_path):
    """Proves: water years, technologies and groups are looked up, heads must be constant, and sentences say what to do.

    If it were broken, the study would end in a KeyError after an hour.
    """
    content = {"title": "x", "inputs": "two-zones", "robustness": {"water": ["drry"], "costs": {"battery_2": [0.5]}}}
    ready = make_ready(case_of_two_zones(tmp_path, ""))
    asked = parse_case(content, "mine.toml").robustness
    case = ready.system.case.model_copy(update={"robustness": asked})
    wrong = replace(ready, system=replace(ready.system, case=case))
    with pytest.raises(InputError, match=r'"drry"; expected one of wet, normal, dry. Did you mean "dry"\?'):
        portfolio_robustness.places_of(wrong)
    with pytest.raises(InputError, match=r'robustness.costs.battery_2: found .*Did you mean "battery_2h"\?'):
        portfolio_robustness.members_of(wrong.system, asked)
    water = case.water.model_copy(update={"head": "curve"})
    curved = replace(ready.system, case=case.model_copy(update={"water": water}))
    with pytest.raises(InputError, match="a head that is constant"):
        portfolio_robustness.run(replace(ready, system=curved), [], tmp_path)
    assert read_profile("simplex").attempt
