"""Costs by name of the built-in cases. A change of a value here needs a reason in CHANGELOG.md.

Write the files anew with `python tests/golden/test_costs.py`, and read the difference before committing it.
"""

import json
import sys
from pathlib import Path

import pytest

from qhenergy.model.assemble import assemble
from qhenergy.solving.certificate import certify
from qhenergy.solving.highs import solve
from qhenergy.studies.expansion import make_ready

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
#: An interior optimum leaves crumbs, and what two plants share at one price may be split either way:
#: costs are compared by their first word [CNY/yr], to this share of the whole.
TOLERANCE = 1e-5
CASES = ("two-zones", "quickstart")


def costs_of(case: str) -> dict[str, float]:
    """Costs of a built-in case by first word [CNY/yr], with the duality gap checked."""
    ready = make_ready(ROOT / "cases" / f"{case}.toml")
    problem = assemble(ready.system).problem
    solution = solve(problem, ready.profile)
    assert certify(problem, solution.values, solution.row_duals).relative_gap <= 1e-6
    values = problem.costs @ solution.values + problem.cost_offsets
    costs: dict[str, float] = {}
    for name, value in zip(problem.cost_names, values, strict=True):
        word = name.split("/")[0]
        costs[word] = costs.get(word, 0.0) + float(value)
    return costs


@pytest.mark.parametrize("case", CASES)
def test_costs_by_name(case):
    """Proves that no cost of a built-in case changes unnoticed; penalties cannot hide one, each stands alone."""
    golden = json.loads((HERE / f"{case}.json").read_text())
    found = costs_of(case)
    whole = sum(abs(v) for v in golden.values())
    assert found.keys() == golden.keys()
    differences = {n: (golden[n], v) for n, v in found.items() if abs(v - golden[n]) > TOLERANCE * whole}
    assert not differences


if __name__ == "__main__":
    for name in sys.argv[1:] or CASES:
        rounded = {k: round(v) for k, v in costs_of(name).items()}
        (HERE / f"{name}.json").write_text(json.dumps(rounded, indent=2, ensure_ascii=False) + "\n")
