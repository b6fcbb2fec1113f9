"""What must not matter does not, and what tightens never helps."""

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_system import STAGE, Small, hourly_inflow, solved

from properties.random_system import mixed, mixed_systems, numbers
from qhenergy.algebra.compile import compile_block
from qhenergy.model.assemble import assemble, compile_plan, window_series, write_window
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.periods.representative import scaled

#: Another printed unit for every column that has one often seen in print.
PRINTED = {
    ("wind", "existing"): "10^4 kW",
    ("wind", "room"): "GW",
    ("thermal", "existing"): "10^4 kW",
    ("thermal", "efficiency"): "%",
    ("thermal", "start_cost"): "CNY/kW",
    ("demand", "energy"): "10^8 kWh",
    ("zones", "unserved_price"): "CNY/kWh",
    ("costs", "investment"): "CNY/kW",
    ("costs", "fixed_om"): "CNY/kW/yr",
    ("costs", "variable_om"): "CNY/kWh",
    ("hydro_stations", "existing"): "10^4 kW",
    ("hydro_stations", "live_storage"): "10^8 m3",
    ("hydro_stations", "efficiency"): "%",
    ("batteries", "charge_efficiency"): "%",
    ("corridors", "existing"): "kW",
    ("corridors", "loss"): "%",
    ("fuels", "price"): "CNY/MJ",
    ("ac_ties", "import_price"): "CNY/kWh",
    ("ac_ties", "emission"): "kg/kWh",
}


@given(mixed_systems())
def test_order_of_rows_and_printed_units_never_matter(tmp_path_factory, drawn):
    """Proves: rows of every table in reverse, and other units in the headers, give the same cost.

    If it were broken, something would be looked up by position, or a factor would stand in a formula.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    flow = hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])
    plain = mixed(folder, drawn).solve(flow).objective
    turned = mixed(folder, drawn)
    turned.reverse = True
    turned.units = PRINTED
    assert turned.solve(flow).objective == pytest.approx(plain, rel=1e-8)


@given(mixed_systems(), st.lists(numbers(0, 1), min_size=4, max_size=4))
def test_tightening_a_clause_never_lowers_cost(tmp_path_factory, drawn, tight):
    """Proves: the more a clause asks, the more the year costs; and watching costs nothing.

    If it were broken, a sense would be turned round, or a clause would add freedom.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    flow = hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])

    def cost(scale, strictness="hard"):
        small = mixed(folder, drawn)
        small.group("clean", "wind", "pv", "hydro").group("all", "wind", "pv", "hydro", "coal")
        small.group("coal", "coal").group("stores", "pumped").group("variable", "wind", "pv")
        total, share, power, cap = (scale * t for t in tight)
        small.add("capacity_totals", group="clean", sense=">=", capacity=117 + 100 * total).target(
            "total", strictness, 1
        )
        small.add("capacity_shares", share=0.5 + 0.5 * share).target("clean", strictness, 1)
        small.add("storage_targets", power=20 * power).target("stores", strictness, 1)
        small.add("co2_caps", cap=(1 - cap) * 60 * 8760).target("cap", strictness, 1)
        small.add("curtailment_ceilings", ceiling=1 - 0.05 * share).target("ceiling", strictness, 1)
        return small.solve(flow).objective

    watched, loose, tighter = cost(1, "watched"), cost(0.5), cost(1)
    slack = 1e-8 * abs(tighter)
    assert watched <= loose + slack
    assert loose <= tighter + slack
    # What keeps the clauses as hard ones may also keep them as priced ones, and then nothing is missed.
    assert watched - slack <= cost(1, "priced") <= tighter + slack


@given(mixed_systems())
@settings(max_examples=3)
def test_label_and_position_agree(tmp_path_factory, drawn):
    """Proves: a column or row found by its label is the one that stands at its position, and a port is what it names.

    Bounds, costs and rows of the stacked problem are compared with Pyomo's own of the window they came from.
    If it were broken, labels would slip where columns without a row or rows without a column are dropped.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    system = mixed(folder, drawn).system()
    hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])(system)
    assembled = assemble(system, workers=1)
    problem = assembled.problem
    found = solved(assembled)
    position = {}
    for p in range(len(problem.columns)):
        c = problem.columns
        key = (c.blocks[c.block[p]], c.families[c.family[p]], c.members[c.member[p]], int(c.number[p]))
        assert key not in position
        position[key] = p
    assets, *_ = compile_plan(system)
    series = window_series(system)
    for span in system.chronology.spans:
        window = write_window(system, assets, span, {n: by[span.index] for n, by in series.items()})
        for name in window.families:
            component = window.model.component(name)
            if component is None or component.ctype.__name__ != "Var":
                continue
            for (member, number), data in component.items():
                p = position[window.name, name, member, number]
                data.value = found.solution.values[p]
                assert problem.lower[p] == (-np.inf if data.lb is None else data.lb)
                assert problem.upper[p] == (np.inf if data.ub is None else data.ub)
        holder = window.model.component("ports")
        for data in holder.values() if holder is not None else ():
            at = window.ports[id(data)]
            data.value = found.solution.values[position[at.block, at.family, at.member, at.number]]
        # Every row, evaluated by Pyomo from values put in by label, has the activity found by position.
        rows = problem.rows
        activity = problem.matrix @ found.solution.values
        for p in np.flatnonzero(rows.block == rows.blocks.index(window.name)):
            row = window.model.component(rows.families[rows.family[p]])[rows.members[rows.member[p]], rows.number[p]]
            body, low, high = row.body(), row.lower, row.upper
            shift = activity[p] - body
            for side, ours in ((low, problem.row_lower[p]), (high, problem.row_upper[p])):
                if side is not None:
                    assert float(pyo.value(side)) == pytest.approx(ours - shift, abs=1e-6)
        compiled = compile_block(window)
        for name, stage in zip(compiled.cost_names, compiled.cost_stages, strict=True):
            by_label = window.model.component(f"cost:{name}:{stage}")()
            block = problem.columns.block == problem.columns.blocks.index(window.name)
            by_position = (
                problem.costs[problem.cost_names.index(name)].toarray()[0][block] @ found.solution.values[block]
            )
            assert by_label == pytest.approx(
                by_position + compiled.cost_offset[compiled.cost_names.index(name)], rel=1e-9, abs=1e-6
            )


@given(
    st.lists(st.lists(numbers(0, 1), min_size=2, max_size=2), min_size=12, max_size=12),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.booleans(),
)
def test_scaling_keeps_weighted_sums(values, extra, limited):
    """Proves: scaled values of representative hours add up to the sum of the year, and none passes its limit.

    Where the limit leaves no room the sum may fall short, never exceed.
    If it were broken, a year of representative weeks would have more or less wind than the year.
    """
    year = np.array(values)
    sequence = np.array([0, 1, 2, *extra])
    year = np.vstack([year, year[: 2 * (6 - len(year) // 2)]])[:12]
    counts = np.bincount(sequence, minlength=3)
    places = [0, 1, 2]
    spans = tuple(Span(i, STAGE, np.arange(2 * p, 2 * p + 2), float(counts[i])) for i, p in enumerate(places))
    chronology = Chronology(spans, chained=False, sequence=sequence)
    made = scaled(year, chronology, STAGE, 1.0 if limited else None)
    total = sum(s.weight * block.sum(axis=0) for s, block in zip(spans, made, strict=True))
    movable = [i for i in range(3) if counts[i] > 1]
    for member in range(2):
        given = sum(spans[i].weight * year[spans[i].hours, member].sum() for i in movable)
        alone = sum(year[spans[i].hours, member].sum() for i in range(3) if i not in movable)
        target = year[:, member].sum()
        if limited:
            room = sum(spans[i].weight * (year[spans[i].hours, member] > 0).sum() for i in movable)
            assert max(float(block[:, member].max()) for block in made) <= 1
            reachable = given > 0 and alone <= target <= alone + room
        else:
            reachable = given > 0 and alone <= target
        if reachable:
            assert total[member] == pytest.approx(target, rel=1e-6)
    for span, block in zip(spans, made, strict=True):
        if counts[span.index] == 1:
            assert block == pytest.approx(year[span.hours])


@given(mixed_systems())
def test_primal_equals_dual_objective(tmp_path_factory, drawn):
    """Proves: prices and quantities certify each other.

    If it were broken, duals would be scaled, signed or labelled otherwise than values.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    flow = hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])
    certificate = mixed(folder, drawn).solve(flow).certificate
    assert certificate.relative_gap < 1e-9
    assert certificate.dual_residual < 1e-9
    assert certificate.primal_residual < 1e-9


def test_series_follow_the_hour_not_the_row(tmp_path):
    """Proves: series.csv is read by its hour column.

    Two hours of wind, 1 then 0, written last row first.
    If it were broken, wind would blow in hour 1.
    """
    small = Small(tmp_path / "s", 2, reverse=True).zone("z", [10, 10]).add("wind", existing=10, series=[1, 0])
    assert small.system().series["wind/availability"].to_numpy()[:, 0].tolist() == [1, 0]
