"""What a line is sent is backed by clean energy in every hour."""

import numpy as np
import pytest
from outcome.systems import result_of

from qhenergy.ground.faults import InputError
from qhenergy.outcome import clean_account
from qhenergy.outcome.board import board

STAGE = 2025


def sender(grid, wind, sent, demand=0.0, strictness="hard", penalty=0.0, zone="z", **case):
    """Coal of 200 MW at 100 CNY/MWh, wind of 100 MW, and a line whose shortfall costs 1,000, all in one zone."""
    small = grid(len(wind), case=case).zone(zone, demand).add("thermal", zone=zone, existing=200)
    small.add("wind", zone=zone, existing=100, series=wind).curve("steps", [s / 100 for s in sent])
    small.add("send_out", zone=zone, capacity=100, schedule="curve", curve="steps").group("clean", "wind", "csp")
    return small.add("clean_exports").target("export", strictness, penalty)


def missing(solved):
    """What no clean energy backs, as the board counts it: MWh of the modelled hours, pumps and heaters included."""
    return float(clean_account.missing(result_of(solved), STAGE).to_numpy().sum())


def test_coal_may_not_back_the_line(grid):
    """Proves: no more is sent than is generated clean in the hour, though coal serves the demand beside.

    50 and 20 MW of wind for 40 and 40 to send, 30 of demand: 20 MW short in hour 1 at 1,000 - 100.
    If it were broken, 40 would be sent in hour 1 (by coal), or 20 and 0 (wind serves the demand first).
    """
    solved = sender(grid, [0.5, 0.2], [40, 40], 30).solve()
    assert solved.column("send_out/sent") == pytest.approx([40, 20])
    assert solved.objective == pytest.approx(4380 * (100 * (20 + 30) + 1000 * 20))
    assert solved.dual("clean_export/hourly", "export") == pytest.approx([0, 4380 * 900], abs=1e-3)
    assert missing(solved) == pytest.approx(0)


def test_priced_and_watched(grid):
    """Proves: a MW that is not clean costs the penalty in its hour; watched, no column is added and all is sent.

    20 MWh at 500, less than 900, in an hour of 4,380. The board finds the 20 MW, and 4,380 h of them.
    If it were broken, the line would be cut, the penalty not be weighted, or the board show a line that is clean.
    """
    priced = sender(grid, [0.5, 0.2], [40, 40], 30, "priced", 500).solve()
    assert priced.costs["clauses missed/export"] == pytest.approx(4380 * 20 * 500)
    watched = sender(grid, [0.5, 0.2], [40, 40], 30, "watched").solve()
    assert watched.objective == pytest.approx(4380 * 100 * (20 + 50))
    assert not any(family.startswith("clean_export") for family in watched.problem.columns.families)
    for solved, status in ((priced, "missed"), (watched, "watched: missed")):
        row = board(result_of(solved))[0]
        assert (row.status, row.hours_missed) == (status, pytest.approx(4380))
        assert row.achieved == pytest.approx(-2)


def with_store(grid, wind, sent, demand=0.0, strictness="hard", **cells):
    """The same with a store of 50 MW for four hours."""
    row = {"existing": 50, "duration": 4} | cells
    return sender(grid, wind, sent, demand, strictness).add("batteries", **row)


def test_what_was_charged_clean_comes_out_clean(grid):
    """Proves: the account of a store loses what the store loses.

    60 MW of wind in hour 0 and 20 to send: 40 are charged at 80 % and given at 50 %: 16 in hour 1, where 30 are asked.
    If it were broken, 30 would be sent (from coal), 20 (one loss of two) or 0 (no account).
    """
    small = with_store(grid, [0.6, 0], [20, 30], charge_efficiency=0.8, discharge_efficiency=0.5)
    assert small.solve().column("send_out/sent") == pytest.approx([20, 16])


def test_what_was_charged_from_coal_does_not(grid):
    """Proves: a store that coal has filled backs nothing, though it discharges as the line is sent.

    Coal of 200 MW serves 180 in hour 0 and has none to spare in hour 1: it fills the store with 20, which serve the
    demand. No wind: nothing may be sent.
    If it were broken, 20 would be sent in hour 1.
    """
    solved = with_store(grid, [0, 0], [0, 20], [180, 220]).solve()
    assert solved.column("send_out/sent") == pytest.approx([0, 0])
    watched = with_store(grid, [0, 0], [0, 20], [180, 200], "watched").solve()
    assert watched.column("send_out/sent") == pytest.approx([0, 20])
    assert missing(watched) == pytest.approx(20)


def test_store_cannot_hold_more_clean_energy_than_energy(grid):
    """Proves: clean energy that has left the store is gone from its account, whatever the book calls it.

    Wind fills the store, of 30 MWh, in hour 0, which serve the demand of hour 1; an import fills it again in hour 2,
    and it gives 30 in hour 3 while 30 are asked: nothing of that is clean.
    If it were broken, 30 would be backed in hour 3 by what left the store in hour 1.
    """
    small = with_store(grid, [0.3, 0, 0, 0], [0, 0, 0, 30], [0, 30, 0, 0], "watched", duration=0.6)
    del small.rows["thermal"]
    small.add("ac_ties", import_limit=30, availability_series=[0, 0, 1, 0], import_price=1)
    watched = small.solve()
    assert watched.column("battery/level") == pytest.approx([30, 0, 30, 0])
    assert missing(watched) == pytest.approx(30)
    small.rows["target_sets"][0]["strictness"] = "hard"
    assert small.solve().column("send_out/sent") == pytest.approx([0, 0, 0, 0])


def test_corridor_carries_clean_energy_with_its_loss(grid):
    """Proves: clean energy reaches the line's zone by a corridor, less its loss and not above its flow.

    Wind of 60 MW in a, where 100 are asked; the road of 50 MW loses a fifth: 40 MW of what arrives in b is clean. Coal
    in a goes over the same road when the wind is still.
    If it were broken, 60 or 50 would be sent in hour 0, 40 in hour 1.
    """
    small = grid(2).zone("a", 0).zone("b", 0).add("thermal", zone="a", existing=200)
    small.add("wind", zone="a", existing=100, series=[0.6, 0.1]).add("corridors", existing=50, loss=0.2)
    small.curve("flat", [1]).add("send_out", zone="b", capacity=100, schedule="curve", curve="flat")
    small.group("clean", "wind").add("clean_exports").target("export")
    solved = small.solve()
    assert solved.column("send_out/sent") == pytest.approx([40, 8])
    small.rows["target_sets"][0]["strictness"] = "watched"
    watched = small.solve()
    assert watched.column("send_out/sent") == pytest.approx([40, 40])
    assert missing(watched) == pytest.approx(32)


def test_imports_are_not_clean_and_lines_share_one_book(grid):
    """Proves: what a tie brings in backs nothing, and two lines cannot both claim one MWh.

    50 MW of wind for two lines of 40 MW each, and a free import: 50 are sent together.
    If it were broken, 80 would be sent (each line has its own book, or imports count).
    """
    small = sender(grid, [0.5], [40]).add("ac_ties", import_limit=100)
    small.add("send_out", line="second", capacity=100, schedule="curve", curve="steps")
    small.add("clean_exports", clause="other", send_out_line="second").target("other")
    solved = small.solve()
    assert solved.column("send_out/sent", "dc")[0] + solved.column("send_out/sent", "second")[0] == pytest.approx(50)


def test_heated_salt_is_as_clean_as_what_heats_it(grid):
    """Proves: a CSP plant with a heater gives clean energy of the sun and of clean heat, and of no other heat.

    The field gives 10 MWh of electricity worth in hour 0 (20 of heat), the heater 10 more from 20 MW of import; both
    come out in hour 1, where 30 are asked: 10 are clean.
    If it were broken, 20 would be (heat of the import is laundered), or none.
    """
    small = sender(grid, [0, 0], [0, 30], [0, 0], "watched")
    small.add("csp", existing=20, store=10, heater=1, heater_efficiency=1, series=[1, 0], solar_multiple=0.5)
    del small.rows["thermal"]
    small.add("ac_ties", import_limit=20, availability_series=[1, 0], import_price=1)
    watched = small.solve()
    assert watched.column("csp/heated") == pytest.approx([20, 0])
    assert watched.column("send_out/sent") == pytest.approx([0, 20])
    assert missing(watched) == pytest.approx(10)
    small.rows["target_sets"][0]["strictness"] = "hard"
    assert small.solve().column("send_out/sent") == pytest.approx([0, 10])


@pytest.mark.parametrize(("cycle", "sent"), [("short", 40), ("medium", 40)])
def test_account_of_a_period_that_stands_for_many(grid, cycle, sent):
    """Proves: a store, closed in its period or carried over real ones, gives back what it was charged clean there.

    One day stands for the year: 40 MW of wind in one hour, 40 to send in the next, coal beside.
    If it were broken, nothing could be sent, since a level that counts from the start of the period is held to zero.
    """
    wind, asked = [0.4, 0] * 12, [0, 40] * 12
    small = sender(grid, wind, asked)
    small.add("batteries", existing=50, duration=4, cycle=cycle)
    small.hours = 8760
    small.series = {name: values * 365 for name, values in small.series.items()}
    small.case = {"time": {"kind": "weeks", "periods": 1, "period_hours": 24, "extremes": []}}
    solved = small.solve()
    assert solved.column("send_out/sent")[1::2] == pytest.approx([sent] * 12)
    assert np.all(solved.column("clean_export/stored") <= 40 + 1e-6)
    assert missing(solved) == pytest.approx(0, abs=1e-6)


def test_two_groups_are_refused_and_a_line_to_come_is_not_measured(grid):
    """Proves: lines of one case share one meaning of clean; a line of 2030 has nothing to measure in 2025.

    If it were broken, two books would give the same energy twice, or the line would be met by not standing.
    """
    small = sender(grid, [0.5], [40]).group("green", "wind")
    small.add("clean_exports", clause="other", group="green").target("other")
    with pytest.raises(InputError, match='group "clean" and group "green"'):
        small.solve()
    small = sender(grid, [0.5], [40])
    small.rows["send_out"][0]["in_service_year"] = 2030
    solved = small.solve()
    assert [row.status for row in board(result_of(solved))] == ["nothing to measure"]
