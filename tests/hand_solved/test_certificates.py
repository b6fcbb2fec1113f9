"""Certificates of clean energy, claimed once."""

import pytest

from qhenergy.ground.faults import InputError

#: How many hours of the year each of two modelled hours stands for.
HALF = 4380


def province(grid, strictness="hard", penalty=0.0, **account):
    """Wind of 100 and 20 MW, 60 MW of demand and 40 MW to send in two hours; coal at 100 gives the other 80 MWh."""
    small = grid(2, 60).add("thermal", existing=300).add("wind", existing=100, series=[1, 0.2])
    small.curve("flat", [0.4]).add("send_out", capacity=100, schedule="curve", curve="flat")
    small.group("clean", "wind").add("certificates", **account)
    return small.target("certificates", strictness, penalty)


def claimed(grid, *arguments, **options):
    """The same with claims of the line in full and of half of the demand: 80 + 60 of the 120 MWh issued."""
    small = province(grid, *arguments, **options).add("certificate_claims", claim="line", what="line", asset="dc")
    return small.add("certificate_claims", claim="works", what="demand", share=0.5)


def test_what_is_claimed_is_issued(grid):
    """Proves: claims of a line and of a zone together stay below what is generated clean in the year.

    20 of the 140 MWh claimed are not there: the line goes short in hour 1, where coal is saved.
    If it were broken, 80 would be sent (each claim stands alone) or 60 in all (coal saved counts as issued).
    """
    solved = claimed(grid).solve()
    assert solved.column("send_out/sent") == pytest.approx([40, 20])
    assert solved.objective == pytest.approx(HALF * (60 * 100 + 20 * 1000))
    # One MWh more that may be claimed saves a shortfall of 1,000 and takes a MWh of coal at 100.
    assert solved.dual("certificates/requirement", "certificates") == pytest.approx(-900)


def test_priced_and_watched(grid):
    """Proves: a MWh claimed twice costs the penalty where that is less than 900; watched, it is measured only.

    If it were broken, the penalty would be paid per hour instead of per MWh of the year, or the line be cut.
    """
    priced = claimed(grid, "priced", 500).solve()
    assert priced.costs["clauses missed/certificates"] == pytest.approx(20 * HALF * 500)
    assert claimed(grid, "priced", 950).solve().column("send_out/sent") == pytest.approx([40, 20])
    watched = claimed(grid, "watched", export_price=5).solve()
    assert watched.objective == pytest.approx(HALF * 80 * 100)
    assert watched.column("certificates/achieved") == pytest.approx([140 * HALF])
    assert watched.column("certificates/base") == pytest.approx([120 * HALF])


def test_loads_and_fixed_energies_claim(grid):
    """Proves: a load claims the share of what it takes, a zone that of its demand alone, and an energy is as given.

    A tie that takes 10 MW: half of 20. A second zone with 30 MW of its own: 60. And 7 MWh.
    If it were broken, the demand of both zones (180), or none of what the tie takes, would be claimed.
    """
    small = province(grid, "watched").zone("b", 30, 0).add("ac_ties", export_limit=10, export_price=200)
    small.add("certificate_claims", claim="tie", what="load", asset="tie", share=0.5)
    small.add("certificate_claims", claim="b", what="demand", zone="b")
    small.add("certificate_claims", claim="more", what="energy", energy=7 * HALF)
    assert small.solve().column("certificates/achieved") == pytest.approx([(10 + 60 + 7) * HALF])


def test_what_comes_back_is_not_issued_twice(grid):
    """Proves: electricity that heats salt is taken off what is issued, since it comes back as generation.

    100 MWh of wind, 40 of which heat salt that gives 20 back: 80 MWh are issued.
    If it were broken, 120 would be issued, or 100.
    """
    small = grid(2, [60, 30]).add("thermal", existing=300).add("wind", existing=100, series=[1, 0])
    small.add("csp", existing=40, store=10, heater=1, series=[0, 0]).group("clean", "wind", "csp")
    solved = small.add("certificates").target("certificates", "watched").solve()
    assert solved.column("csp/heated") == pytest.approx([40, 0])
    assert solved.column("certificates/base") == pytest.approx([80 * HALF])


def test_prices_are_earned(grid):
    """Proves: a certificate a line claims earns one price, any other issued another, as a cost of its own.

    80 MWh at 5 and 40 at 2 CNY/MWh.
    If it were broken, 120 would earn one price, or claims of the demand the first one.
    """
    small = province(grid, export_price=5, home_price=2)
    solved = small.add("certificate_claims", claim="line", what="line", asset="dc").solve()
    assert solved.costs["certificates"] == pytest.approx(-HALF * (80 * 5 + 40 * 2))


def test_who_is_not_there_is_refused(grid):
    """Proves: a line or load that there is not is refused: it would claim nothing.

    If it were broken, the clause would be met by a misspelt key.
    """
    for what, asset, found in (("line", "ac", 'line "ac"'), ("load", "smelter", 'load "smelter"')):
        small = province(grid).add("certificate_claims", claim="it", what=what, asset=asset)
        with pytest.raises(InputError, match=found):
            small.solve()
