"""What the energy of a line is made of: mixing by hand, and the energy of every origin conserved."""

import numpy as np
import pytest

from outcome.systems import result_of
from qhenergy.outcome.green_content import green_content

STAGE = 2025


def test_mix_of_a_zone(grid):
    """Proves: 30 of wind and 50 of coal make a line of 20 and a demand of 60 three eighths clean.

    If it were broken, the line would take the wind first (1.0), or demand would (0).
    """
    small = grid(1, 60).add("wind", existing=30, series=[1]).add("thermal", existing=100).curve("flat", [0.2])
    small.add("send_out", capacity=100, schedule="curve", curve="flat")
    found = green_content(result_of(small.solve()), STAGE)
    assert found.of_line("dc") == pytest.approx([0.375])
    assert found.origins_of("dc").loc[0].to_dict() == pytest.approx({"wind": 0.375, "coal": 0.625})


def test_mix_over_a_corridor(grid):
    """Proves: what arrives has the mix of where it left, and mixes again.

    a: 60 of wind and 40 of coal (dear in b): 80 sent at a loss of 10 %: 72 arrive at 0.6; b adds 28 of coal: 0.432.
    If it were broken, what arrives would be clean as far as wind is there: 0.6.
    """
    small = grid(1).zone("a", 20).zone("b", 100).add("wind", zone="a", existing=60, series=[1])
    small.add("thermal", zone="a", existing=40).add("fuels").add("fuels", fuel="dear", price=50)
    small.add("thermal", zone="b", asset="far", technology="far", fuel="dear", existing=100)
    small.add("corridors", existing=80, loss=0.1).curve("none", [0]).add(
        "send_out", zone="b", capacity=1, schedule="curve", curve="none"
    )
    found = green_content(result_of(small.solve()), STAGE)
    assert found.clean_share[0].tolist() == pytest.approx([0.6, 0.432])


def test_a_store_keeps_what_it_was_given(grid):
    """Proves: cells charged with 40 of wind and 0 of coal, then with 20 of coal's mix, give their own mix.

    Hour 0: wind 40 alone is stored. Hour 1: coal only. Hour 2: cells give 40, coal 60: 0.4 clean.
    If it were broken, hour 2 would have no clean energy, or that of the yearly mean.
    """
    small = grid(3, [0, 100, 100]).add("wind", existing=40, series=[1, 0, 0]).add("thermal", existing=100)
    small.add("batteries", existing=40, duration=1).add("fuels").add("fuels", fuel="dear", price=50)
    small.rows["thermal"][0]["existing"] = 100
    result = result_of(small.solve())
    found = green_content(result, STAGE)
    given = result.column("battery/discharge")["cells"].to_numpy()
    assert found.clean_share[1:, 0] == pytest.approx(given[1:] / 100)
    assert given.sum() == pytest.approx(40)
    assert found.clean_share[0, 0] == pytest.approx(1.0)


def test_energy_of_every_origin_is_conserved(two_zones):
    """Proves: shares lie in [0, 1] and sum to one, and every origin's energy is used, lost or stored, none made.

    Two zones, two days with stores, a corridor and a line. If it were broken, what corridors or stores lose would be
    of another mix than they carry, and an origin would gain.
    """
    result = two_zones
    found = green_content(result, STAGE)
    sums = found.mix.sum(axis=2)
    assert found.mix.min() >= -1e-9
    assert sums == pytest.approx(np.ones_like(sums), abs=1e-6)
    hours = result.of_stage(STAGE)
    made = dict.fromkeys(found.origins, 0.0)
    used = dict.fromkeys(found.origins, 0.0)
    demand = result.series[f"demand/{STAGE}"].iloc[hours]

    def take(zone, power):
        for k, origin in enumerate(found.origins):
            used[origin] += float(power @ found.mix[:, found.zones.index(zone), k])

    for zone in demand.columns:
        take(zone, demand[zone].to_numpy())
    stored = {(f, m) for v in result.vessels[STAGE] for f, m, _ in v.discharging}
    for j in result.joins[STAGE]:
        power = j.coefficient * np.nan_to_num(result.column(j.family)[j.member].to_numpy()[hours])
        if j.role in ("generation", "import") and (j.family, j.member) not in stored:
            made[j.technology if j.role == "generation" else j.asset] += power.sum()
        elif j.role == "transfer":
            if j.coefficient < 0:
                loss = float(result.inputs["corridors"].at[j.member, "loss"])
                take(j.zone, -power * loss)
        elif j.role in ("send_out", "export", "unserved"):
            take(j.zone, -power)
    for i, v in enumerate(result.vessels[STAGE]):
        level = result.column(v.level)[v.asset].to_numpy()[hours]
        before = np.roll(level, 1)
        for k, origin in enumerate(found.origins):
            share = found.held[:, i, k]
            was = np.roll(share, 1)
            # Lost on the way in, on the way out, and of what is held.
            used[origin] += float(((1 - v.keep) * before * was).sum())
            for f, m, rate in v.charging:
                power = result.column(f)[m].to_numpy()[hours]
                used[origin] += float(((1 - rate) * power) @ found.mix[:, found.zones.index(v.zone), k])
            for f, m, rate in v.discharging:
                used[origin] += float(((rate - 1) * result.column(f)[m].to_numpy()[hours]) @ share)
    for origin in found.origins:
        assert used[origin] == pytest.approx(made[origin], rel=1e-5, abs=1e-2), origin
