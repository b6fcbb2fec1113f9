"""Proves that a variant at fault is refused by its name, before anything is solved, and that variants merge."""

import pytest

from faults.workplace import Workplace, Wrong, check_refused, check_says_what_to_do, wrong
from qhenergy.data.case import parse_case, variants_of


def _variants(**sections: str):
    def spoil(place: Workplace) -> None:
        for name, text in sections.items():
            place.section(f'variants."{name.replace("_", "-")}"', text)

    return spoil


CASES = [
    wrong(
        "unknown key of a variant",
        _variants(as_is="", other='targets.sett = "all"'),
        ('mine.toml, variant other, "targets.sett"', "an unknown key", 'Did you mean "set"?'),
    ),
    wrong(
        "wrong types in two variants",
        _variants(one="time.hours = 0", two="water.year = 3\ncommitment = 'some'"),
        ('variant one, "time.hours"', "0", "greater than or equal to 1"),
        ('variant two, "water.year', "3", ""),
        ('variant two, "water.year', "3", ""),
        ('variant two, "commitment"', "'some'", "'linear'"),
    ),
    wrong(
        "a section made a value",
        _variants(other="time = 3"),
        ('variant other, "time"', "3", "[time]"),
    ),
    wrong(
        "a variant that is no table",
        lambda p: p.section("variants", "other = 3"),
        ('mine.toml, "variants.other"', "3", "[variants.other]"),
    ),
    wrong(
        "a name that is no folder",
        lambda p: p.section('variants."../other"', ""),
        ('mine.toml, "variants"', "'../other'", "letters, digits, dots and dashes"),
    ),
    wrong(
        "a variant of a variant",
        lambda p: p.section("variants.other.variants.more", ""),
        ('mine.toml, "variants"', "'other'", "no variant of a variant"),
    ),
    wrong(
        "data changed at fault in one variant",
        _variants(as_is="", other='change = { "wind/wind-nroth/existing [MW]" = 5 }'),
        ('variant other: change "wind/wind-nroth/existing [MW]"', 'row "wind-nroth"', 'Did you mean "wind-north"?'),
    ),
    wrong(
        "targets at fault in two variants",
        _variants(one='targets.set = "lal"', two='targets.clauses = { clean-2052 = "hard" }'),
        ("variant one: case, targets.set", '"lal"', 'Did you mean "all"?'),
        ("variant two: target set", 'clause "clean-2052"', 'Did you mean "clean-2025"?'),
    ),
    wrong(
        "a section of another name",
        lambda p: p.section("variant.other", ""),
        ('mine.toml, "variant"', "an unknown key", 'Did you mean "variants"?'),
    ),
]
NAMES = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_refused_in_one_message(place: Workplace, case: Wrong, capfd) -> None:
    check_refused(place, case, capfd)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_says_what_to_do(place: Workplace, case: Wrong) -> None:
    check_says_what_to_do(place, case)


def test_what_a_variant_says_stands_in_place_of_the_case(place: Workplace) -> None:
    """Keys merge section by section: what is not said again stays; a list is replaced, a title gets the name."""
    place.section("targets", 'set = "all"\nclauses = { clean-2025 = "watched" }')
    place.section("solver", 'profile = "simplex"\noptions = { threads = 1 }')
    place.section("variants.one", 'targets.clauses = { new-storage-2025 = "off" }\nwater.year = ["wet", "dry"]')
    place.section("variants.two", 'title = "Own"\nsolver.options.threads = 2\ntargets.set = "watch_only"')
    one, two = variants_of(place.case).values()
    assert (one.title, two.title) == ("Two zones (one)", "Own")
    assert one.targets.set == "all"
    assert one.targets.clauses == {"clean-2025": "watched", "new-storage-2025": "off"}
    assert (one.water.year, two.water.year) == (("wet", "dry"), "normal")
    assert (one.solver.profile, one.solver.options, two.solver.options) == ("simplex", {"threads": 1}, {"threads": 2})
    assert two.targets.set == "watch_only"
    assert two.targets.clauses == {"clean-2025": "watched"}
    assert one.variants == two.variants == {}


def test_a_case_without_variants_is_what_it_was() -> None:
    assert parse_case({"title": "x", "inputs": "y"}, "x.toml").variants == {}
