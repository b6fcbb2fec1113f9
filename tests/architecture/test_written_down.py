"""What is written down is what is there: algebra, tests, names, length."""

import ast
import csv
import re
from functools import cache

import pytest

from architecture.source import PACKAGE, ROOT, TESTS, declared_rows, missing_algebra, modules, name_of
from qhenergy import policy, technologies
from qhenergy.algebra.window import Window

LONGEST = 400
SPEAKING = [p for p in modules() if p.parent.name in {"algebra", "technologies", "policy"}]
HAND_SOLVED = TESTS / "hand_solved"


@pytest.mark.parametrize("path", SPEAKING, ids=name_of)
def test_algebra_of_rows_stands_in_the_docstring(path):
    """Proves: what a row says of itself is, with its name, a line of its module's docstring.

    If it were broken, prose and code would drift apart.
    """
    assert missing_algebra(path.read_text(encoding="utf-8")) == []


def test_the_check_of_algebra_bites():
    """Proves: an algebra that differs by a sign, stands at another row, or is an f-string, is compared.

    If it were broken, the test above would pass on anything.
    """
    source = '"""Rows.\n\n    a/limit     x[a] <=   cap[a]   [MW]\n    <name>_low  low[a] >= 0\n"""\n'
    assert missing_algebra(source + 'w.rows("a/limit", m, "MW", "x[a] <= cap[a]", r)') == []
    assert missing_algebra(source + 'w.rows("a/limit", m, "MW", algebra="x[a] <= cap[a]", rule=r)') == []
    assert missing_algebra(source + 'w.rows(f"{name}_low", m, "MW", f"{short}[a] >= 0", r)') == []
    for wrong in (
        'w.rows("a/limit", m, "MW", "x[a] >= cap[a]", r)',
        'w.rows("b/limit", m, "MW", "x[a] <= cap[a]", r)',
        'w.rows(f"{name}_low", m, "MW", f"{short}[a] >= 1", r)',
        'w.rows(f"{name}_high", m, "MW", f"{short}[a] >= 0", r)',
    ):
        assert len(missing_algebra(source + wrong)) == 1, wrong
    assert sum(len(declared_rows(p.read_text(encoding="utf-8"))) for p in SPEAKING) >= 35
    assert hasattr(Window, "rows"), "rows are no longer declared by a method of this name"


@pytest.mark.parametrize(
    "module", [*technologies.BUILT_IN, *policy.BUILT_IN], ids=lambda m: m.__name__.removeprefix("qhenergy.")
)
def test_every_technology_and_clause_is_solved_by_hand(module):
    """Proves: each has a file of tests named after it, with at least two tests in it.

    If it were broken, a technology could be added that nobody ever computed by hand.
    """
    path = HAND_SOLVED / f"test_{module.__name__.rsplit('.', 1)[-1]}.py"
    assert path.is_file()
    assert len(re.findall(r"^def test_", path.read_text(encoding="utf-8"), re.M)) >= 2


def test_no_technology_or_clause_is_left_out():
    """Proves: every file of both folders that operates or writes is in the catalogue.

    If it were broken, a file could lie there unused.
    """
    listed = {m.__name__.rsplit(".", 1)[-1] for m in (*technologies.BUILT_IN, *policy.BUILT_IN)}
    helpers = {"__init__", "clause", "hourly", "standstill", "target_set"}
    assert {p.stem for f in ("technologies", "policy") for p in (PACKAGE / f).glob("*.py")} - helpers == listed


@pytest.mark.parametrize("path", sorted(HAND_SOLVED.glob("test_*.py")), ids=lambda p: p.stem)
def test_every_hand_solved_test_says_what_it_proves(path):
    """Proves: every test solved by hand names what it proves and what a bug would give.

    If it were broken, nobody could tell whether a changed number is an error.
    """
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            text = ast.get_docstring(node) or ""
            assert text.startswith("Proves: "), node.name
            assert re.search(r"^If it were broken\b", text, re.M), node.name


@pytest.mark.parametrize("path", [*modules(), *sorted(TESTS.rglob("*.py"))], ids=lambda p: p.name)
def test_files_are_read_in_one_sitting(path):
    """Proves: no file is longer than 400 lines.

    If it were broken, files would grow until nobody reads them.
    """
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


#: Words of keys and names in the data that are words of the language, not places.
COMMON = set(
    re.findall(
        r"\w+",
        """
        above added after area away basin batteries battery below between both branch cable canyon capacity
        cascade central city clean coal company converter corridor county direct east eastern electric energy
        existing export first flow from gate grid group half head heater hydro hydropower import inside island lake
        large line link long loop lower main mean middle minor mountain near neighbour north northern number only
        other outlet outside over part plain plant plateau power prefecture project province pumped range
        recalled region reservoir rest river road room salt second section send small solar south southern stage
        stated station step storage thermal third through tie total tower town type under upper valley voltage
        water west western wind with zero zone
        """,
    )
)
PLACES = {
    "zones": ("zone", "name_en", "name_zh"),
    "sites": ("site", "name_en", "name_zh"),
    "hydro_stations": ("asset", "name_en", "name_zh"),
    "pumped_storage": ("asset", "name_en", "name_zh"),
    "csp": ("asset", "name_en", "name_zh"),
    "corridors": ("corridor", "name_en", "name_zh"),
    "sections": ("section", "name_en", "name_zh"),
    "send_out": ("line", "name_en", "name_zh", "receiving"),
    "ac_ties": ("tie", "name_en", "name_zh", "neighbour"),
}
#: Words of Chinese names that are no place.
COMMON_ZH = {"东送断面", "水电站", "水电", "抽水蓄能", "光热", "千伏特高压直流", "第二条特高压直流", "第三条特高压直流"}


@cache
def places() -> frozenset[str]:
    """Words of the data set that name a place, a station or a line."""
    words = {"qinghai"}
    for table, columns in PLACES.items():
        with (ROOT / "inputs" / "qinghai" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for column in columns:
                    cell = row.get(column, "")
                    words |= {w.lower() for w in re.findall(r"[A-Za-z]{4,}", cell)}
                    words |= set(re.findall(r"[一-鿿]{2,}", cell))
    kinds = {w.lower() for m in technologies.BUILT_IN for w in m.__name__.rsplit(".", 1)[-1].split("_")}
    return frozenset(words - COMMON - COMMON_ZH - kinds)


def named(text: str, words: frozenset[str]) -> set[str]:
    """Which of the words a text names."""
    latin = {w.lower() for w in re.findall(r"[A-Za-z]+", text)}
    return (latin & words) | {w for w in words if not w.isascii() and w in text}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_the_program_knows_no_place(path):
    """Proves: no source names a place, a station or a line of the province it was first used for.

    If it were broken, data would stand in the code, and the next province would need another program.
    """
    assert named(path.read_text(encoding="utf-8"), places()) == set()


def test_the_check_of_places_bites():
    """Proves: stations, zones and lines of the data are looked for, in both languages.

    If it were broken, the test above would pass on anything.
    """
    found = places()
    assert {"longyangxia", "haixi", "golmud", "qinghai", "henan", "xining", "龙羊峡", "海西"} <= found
    assert named("if station == 'longyangxia':", found) == {"longyangxia"}
    assert named("# 龙羊峡 is different", found) == {"龙羊峡"}
    assert named("the long river", found) == set()
