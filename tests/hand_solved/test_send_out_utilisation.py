"""Full-load hours of a send-out line."""

import pytest


def line(grid, hours, strictness="hard", penalty=0.0, **row):
    """A line of 100 MW on a curve of 20 and 60 MW, whose shortfall costs 50; coal costs 100 CNY/MWh."""
    small = grid(2, 0).add("thermal", existing=300).curve("steps", [0.2, 0.6])
    small.add("send_out", capacity=100, schedule="curve", curve="steps", shortfall_price=50, **row)
    return small.add("send_out_utilisations", hours=hours).target("utilisation", strictness, penalty)


@pytest.mark.parametrize(("hours", "sent"), [(0, 0), (1000, 100_000), (3000, 300_000)])
def test_hours_are_reached_at_rated_power(grid, hours, sent):
    """Proves: the energy of the year is the hours times the rated power, over all hours together.

    Nothing is sent of its own accord; 1,000 h at 100 MW are 100,000 MWh, each 50 dearer than missing it.
    If it were broken, 60,000 would be sent (hours at the curve's power), or twice as much (hours not weighted).
    """
    solved = line(grid, hours).solve()
    assert 4380 * solved.column("send_out/sent").sum() == pytest.approx(sent)
    assert solved.objective == pytest.approx(50 * 80 * 4380 + 50 * sent)


def test_priced_and_watched(grid):
    """Proves: a MWh that is missing has its penalty; watched, it is measured only; without the line there is nothing.

    100,000 MWh at 40, less than 50.
    If it were broken, coal would burn, or a line of 2030 be asked for what it cannot do.
    """
    priced = line(grid, 1000, "priced", 40).solve()
    assert priced.costs["clauses missed/utilisation"] == pytest.approx(40 * 100_000)
    assert line(grid, 1000, "watched").solve().column("send_out_utilisation/achieved") == pytest.approx([0], abs=1e-6)
    later = line(grid, 1000, in_service_year=2030).solve()
    assert not later.assembled.requirements[0].measured
    assert later.objective == pytest.approx(0)
