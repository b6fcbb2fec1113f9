"""Proves that a case at fault is refused: its keys, its names, its solver, its changes, its extra files."""

import pytest

from faults.workplace import Workplace, Wrong, check_refused, check_says_what_to_do, ended, faults_in, qhenergy, wrong


def _case(text: str | bytes):
    def spoil(place: Workplace) -> None:
        place.case.write_bytes(text if isinstance(text, bytes) else text.encode())

    return spoil


def _section(name: str, text: str):
    return lambda place: place.section(name, text)


def _change(address: str, value: str):
    return lambda place: place.change(address, value)


def _changes(place: Workplace) -> None:
    place.change("wnid/wind-north/existing [MW]", "5")
    place.change("wind/wind-north/existing [kg]", "5")
    place.change("wind/wind-north/room [MW]", "-5")


def _extra(name: str, text: str | None):
    def spoil(place: Workplace) -> None:
        if text is not None:
            place.file(name, text)
        place.top(f'extra = ["{name}"]')

    return spoil


def _two_extras(place: Workplace) -> None:
    place.file("broken.py", "def operate(window:\n")
    place.top('extra = ["nowhere.py", "broken.py"]')


def _profile(content: bytes):
    def spoil(place: Workplace) -> None:
        folder = place.folder / "solvers"
        folder.mkdir()
        (folder / "own.toml").write_bytes(content)
        place.section("solver", 'profile = "own"')

    return spoil


KEYS = [
    wrong(
        "unknown key",
        lambda p: p.top('titel = "x"'),
        ('mine.toml, "titel"', "an unknown key", 'Did you mean "title"?'),
    ),
    wrong(
        "unknown key of a section",
        _section("time", 'kind = "hours"\nhuors = 48'),
        ('mine.toml, "time.huors"', "an unknown key", 'Did you mean "hours"?'),
    ),
    wrong(
        "unknown section",
        _section("sovler", 'profile = "simplex"'),
        ('mine.toml, "sovler"', "an unknown key", 'Did you mean "solver"?'),
    ),
    wrong(
        "missing keys",
        _case("stages = [2025]\n"),
        ('mine.toml, "title"', "nothing", "required"),
        ('mine.toml, "inputs"', "nothing", "required"),
    ),
    wrong(
        "wrong type",
        _section("time", 'kind = "hours"\nhours = "many"'),
        ('mine.toml, "time.hours"', "'many'", "integer"),
    ),
    wrong("a value for a section", _case('title = "x"\ninputs = "two-zones"\ntime = 3\n'), ('"time"', "3", "[time]")),
    wrong(
        "a list for an option",
        _section("solver", 'profile = "simplex"\noptions = { threads = [1] }'),
        ('mine.toml, "solver.options.threads', "[1]", ""),
    ),
    wrong(
        "a list for a change",
        _change("wind/wind-north/existing [MW]", "[1]"),
        ('mine.toml, "change.wind/wind-north/existing [MW]', "[1]", ""),
    ),
    wrong(
        "wrong word",
        _section("time", 'kind = "huors"\nhours = 48'),
        ('mine.toml, "time.kind"', "'huors'", "'hours'"),
    ),
    wrong(
        "stages in disorder",
        _case('title = "x"\ninputs = "two-zones"\nstages = [2030, 2025]\n'),
        ('mine.toml, "stages"', "2025", "each after the one before"),
    ),
    wrong(
        "years of some stages only",
        _case('title = "x"\ninputs = "two-zones"\nstages = [2025, 2030]\nhorizon = { years = [5] }\n'),
        ('mine.toml, "horizon"', "1 of them for 2 stages", "a number of years for each stage"),
    ),
    wrong(
        "a stage that is past",
        _case('title = "x"\ninputs = "two-zones"\nbase_year = 2025\nstages = [2020]\n'),
        ('mine.toml, "stages"', "2020", "a year after base_year = 2025"),
    ),
    wrong(
        "three faults",
        _case('titel = "x"\ninputs = "two-zones"\n[time]\nhours = 0\n'),
        ('"titel"', "an unknown key", 'Did you mean "title"?'),
        ('"title"', "nothing", "required"),
        ('"time.hours"', "0", "greater than or equal to 1"),
    ),
    wrong(
        "robustness: a seed twice, no water, a factor of nothing",
        _section("robustness", "weather = [1, 1]\nwater = []\nfuel = [0]\ncosts = { wind = 0.7 }"),
        ('mine.toml, "robustness.weather"', "[1, 1]", "each of them once"),
        ('mine.toml, "robustness.water"', "[]", "at least one"),
        ('mine.toml, "robustness.fuel.0"', "0", "a number greater than 0"),
        ('mine.toml, "robustness.costs.wind"', "0.7", "a list"),
    ),
    wrong("invalid TOML", _case('title = "x\n'), ("mine.toml", "line 1", "TOML")),
    wrong("case not UTF-8", _case('title = "青海"\n'.encode("gbk")), ("mine.toml", "utf-8", "TOML")),
    wrong(
        "missing case", lambda p: p.case.rename(p.case.with_name("mien.toml")), ("mine.toml", "no such file", "mien")
    ),
]
NAMES_OF = [
    wrong(
        "unknown inputs",
        lambda p: p.write_case() or p.section("", p.sections[""].replace("two-zones", "two-zoens")),
        ("inputs", 'no "two-zoens"', 'Did you mean "two-zones"?'),
    ),
    wrong(
        "unknown target set",
        _section("targets", 'set = "lal"'),
        ("case, targets.set", '"lal"', 'Did you mean "all"?'),
    ),
    wrong(
        "unknown clause",
        _section("targets", 'set = "all"\nclauses = { clean-2052 = "watched" }'),
        ("", 'clause "clean-2052"', 'Did you mean "clean-2025"?'),
    ),
    wrong(
        "unknown strictness",
        _section("targets", 'set = "all"\nclauses = { clean-2025 = "hrad" }'),
        ('mine.toml, "targets.clauses.clean-2025"', "'hrad'", "'hard'"),
    ),
    wrong(
        "priced by the case without a penalty",
        _section("targets", 'set = "all"\nclauses = { clean-2025 = "priced" }'),
        ("(clean-2025)", "priced without a penalty", "a penalty above zero"),
    ),
    wrong(
        "priced by the set without a penalty",
        lambda p: p.cell("target_sets", 2, "strictness", "priced"),
        ("target_sets.csv (clean-2025)", "priced without a penalty", "a penalty above zero"),
    ),
    wrong(
        "three faults of targets",
        _section("targets", 'set = "lal"\nclauses = { clean-2052 = "hard", new-storage-2025 = "priced" }'),
        ("case, targets.set", '"lal"', "all"),
        ("", 'clause "clean-2052"', "clean-2025"),
        ("(new-storage-2025)", "priced without a penalty", "a penalty above zero"),
    ),
    wrong("unknown scenario", _section("send_out", 'scenario = "slow"'), ("case, send_out.scenario", '"slow"', "")),
    wrong(
        "unknown water year",
        _section("water", 'year = "drry"'),
        ("case, water.year", '"drry"', 'one of wet, normal, dry. Did you mean "dry"?'),
    ),
]
SOLVER = [
    wrong(
        "unknown profile",
        _section("solver", 'profile = "simplx"'),
        ("solvers", 'no "simplx"', 'Did you mean "simplex"?'),
    ),
    wrong(
        "unknown option",
        _section("solver", 'profile = "simplex"\noptions = { tread = 2 }'),
        ("solver profile simplex, attempt simplex, tread", "an option HiGHS does not know", 'Did you mean "threads"?'),
    ),
    wrong(
        "option of the wrong type",
        _section("solver", 'profile = "simplex"\noptions = { threads = "two" }'),
        ("solver profile simplex, attempt simplex, threads", "'two'", "integer"),
    ),
    wrong(
        "option out of range",
        _section("solver", 'profile = "simplex"\noptions = { primal_feasibility_tolerance = -1.0 }'),
        ("attempt simplex, primal_feasibility_tolerance", "-1.0", ""),
    ),
    wrong(
        "option with a word it does not know",
        _section("solver", 'profile = "simplex"\noptions = { presolve = "maybe" }'),
        ("attempt simplex, presolve", "'maybe'", ""),
    ),
    wrong(
        "two options at fault",
        _section("solver", 'profile = "simplex"\noptions = { tread = 1, run_crossover = "no" }'),
        ("attempt simplex, tread", "an option HiGHS does not know", "threads"),
        ("attempt simplex, run_crossover", "'no'", ""),
    ),
    wrong(
        "no time at all",
        _section("solver", 'profile = "simplex"\ntime_limit = 0'),
        ('mine.toml, "solver.time_limit"', "0", "greater than 0"),
    ),
    wrong("own profile not TOML", _profile(b'title = "x\n'), ("own.toml", "line 1", "TOML")),
    wrong("own profile not UTF-8", _profile('title = "青海"\n'.encode("gbk")), ("own.toml", "utf-8", "TOML")),
    wrong(
        "own profile with an unknown key",
        _profile(b'title = "x"\npower_scael = 1.0\n[[attempt]]\nname = "a"\n'),
        ("own.toml, power_scael", "an unknown key", 'Did you mean "power_scale"?'),
    ),
    wrong("own profile without an attempt", _profile(b'title = "x"\n'), ("own.toml, attempt", "", "")),
]
CHANGES = [
    wrong(
        "no address",
        _change("existing [MW]", "5"),
        ('change "existing [MW]"', "not an address", "table/key/column [unit]"),
    ),
    wrong(
        "unknown table",
        _change("wnid/wind-north/existing [MW]", "5"),
        ('change "wnid/wind-north/existing [MW]"', 'table "wnid"', 'Did you mean "wind"?'),
    ),
    wrong(
        "unknown row",
        _change("wind/wind-nroth/existing [MW]", "5"),
        ('change "wind/wind-nroth/existing [MW]"', 'row "wind-nroth"', 'Did you mean "wind-north"?'),
    ),
    wrong(
        "unknown column",
        _change("wind/wind-north/exsiting [MW]", "5"),
        ('change "wind/wind-north/exsiting [MW]"', 'column "exsiting"', 'Did you mean "existing"?'),
    ),
    wrong(
        "unit of another dimension",
        _change("wind/wind-north/existing [kg]", "5"),
        ('change "wind/wind-north/existing [kg]"', 'unit "kg"', "a unit of power"),
    ),
    wrong(
        "no unit",
        _change("wind/wind-north/existing", "5"),
        ('change "wind/wind-north/existing"', "no unit", '"existing [unit]"'),
    ),
    wrong(
        "out of range",
        _change("wind/wind-north/existing [GW]", "60"),
        ('change "wind/wind-north/existing [GW]"', "60", "between 0 and 50"),
    ),
    wrong(
        "text for a number",
        _change("wind/wind-north/existing [MW]", '"much"'),
        ('change "wind/wind-north/existing [MW]"', '"much"', "a number"),
    ),
    wrong(
        "yes for a number",
        _change("wind/wind-north/existing [MW]", "true"),
        ("wind/wind-north/existing [MW]", "", "number"),
    ),
    wrong(
        "an infinite number",
        _change("demand_shapes/evening,1/hour_0 [-]", "inf"),
        ('change "demand_shapes/evening,1/hour_0 [-]"', "inf", "number"),
    ),
    wrong(
        "half a year",
        _change("send_out/dc-south/in_service_year", "2021.5"),
        ('change "send_out/dc-south/in_service_year"', "2021.5", "a whole number"),
    ),
    wrong(
        "a word that is no choice",
        _change("thermal/coal-north/retirable", '"yse"'),
        ('change "thermal/coal-north/retirable"', '"yse"', 'one of yes, no. Did you mean "yes"?'),
    ),
    wrong(
        "a reference to nothing",
        _change("wind/wind-north/zone", '"nroth"'),
        ("wind", 'zone "nroth"', 'Did you mean "north"?'),
    ),
    wrong("an empty reference", _change("wind/wind-north/zone", '""'), ("wind", "", "")),
    wrong(
        "half a key",
        _change("costs/wind/investment [CNY/kW]", "5"),
        ('change "costs/wind/investment [CNY/kW]"', 'row "wind"', "technology,year"),
    ),
    wrong(
        "an hour of a series out of bounds",
        _change("series/3/wind_north [-]", "40"),
        ("series", "40", "0 to 1"),
    ),
    wrong(
        "three changes at fault",
        _changes,
        ("wnid/wind-north/existing [MW]", 'table "wnid"', "wind"),
        ("wind/wind-north/existing [kg]", 'unit "kg"', "a unit of power"),
        ("wind/wind-north/room [MW]", "-5", "between 0 and 500000"),
    ),
]
EXTRAS = [
    wrong("extra file missing", _extra("nowhere.py", None), ("", "nowhere.py", "a Python file")),
    wrong(
        "extra file that is no Python",
        _extra("own.py", "def operate(window:\n"),
        ("own.py", "SyntaxError", "a module that can be imported"),
    ),
    wrong(
        "extra file that does not import",
        _extra("own.py", "import nowhere_at_all\n"),
        ("own.py", "ModuleNotFoundError: No module named 'nowhere_at_all'", "a module that can be imported"),
    ),
    wrong(
        "extra file that ends the program",
        _extra("own.py", "raise SystemExit(0)\n"),
        ("own.py", "SystemExit", "a module that can be imported"),
    ),
    wrong(
        "extra file that is neither",
        _extra("own.py", "x = 1\n"),
        ("own.py", "neither operate nor write", "a technology or clause file"),
    ),
    wrong("extra file of another kind", _extra("own.txt", "x = 1\n"), ("own.txt", "", "a Python file")),
    wrong(
        "extra clause without a table",
        _extra("own.py", 'KIND = "own"\n\n\ndef write(plan, clauses):\n    return []\n'),
        ("own.py", "TABLE", ""),
    ),
    wrong(
        "two extra files",
        _two_extras,
        ("", "nowhere.py", "a Python file"),
        ("broken.py", "SyntaxError", "a module that can be imported"),
    ),
]
ALL = [*KEYS, *NAMES_OF, *SOLVER, *CHANGES, *EXTRAS]
NAMES = [case.name for case in ALL]


@pytest.mark.parametrize("case", ALL, ids=NAMES)
def test_refused_in_one_message(place: Workplace, case: Wrong, capfd) -> None:
    check_refused(place, case, capfd)


@pytest.mark.parametrize("case", ALL, ids=NAMES)
def test_says_what_to_do(place: Workplace, case: Wrong) -> None:
    check_says_what_to_do(place, case)


def test_folders_are_offered_for_inputs_and_nothing_else(place: Workplace) -> None:
    place.section("", place.sections[""].replace("two-zones", "nothing-like-it"))
    (fault,) = faults_in(ended(place.run(), 2))
    assert "two-zones" in fault["expected"]
    assert "mine.toml" not in fault["expected"], fault
    assert "DICTIONARY" not in fault["expected"], fault


def test_unknown_built_in_case_names_those_there_are(place: Workplace) -> None:
    (fault,) = faults_in(ended(qhenergy("check", "two-zoens"), 2))
    assert 'Did you mean "two-zones"?' in fault["expected"]
