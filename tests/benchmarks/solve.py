"""Sizes, build and solve seconds and peak memory of cases under solver profiles, as ratios in one run."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def measure(case: str, profile: str, limit: float) -> dict[str, object]:
    """Build and solve one case; the figures of this process."""
    from qhenergy.ground.faults import QhenergyError
    from qhenergy.ground.machine import peak_memory_mb
    from qhenergy.model.assemble import assemble
    from qhenergy.solving.certificate import certify
    from qhenergy.solving.highs import solve
    from qhenergy.solving.profile import read_profile
    from qhenergy.studies.expansion import make_ready

    started = time.perf_counter()
    ready = make_ready(ROOT / "cases" / f"{case}.toml")
    read = time.perf_counter()
    problem = assemble(ready.system).problem
    built = time.perf_counter()
    figures: dict[str, object] = {
        "case": case,
        "profile": profile,
        "columns": problem.matrix.shape[1],
        "rows": problem.matrix.shape[0],
        "nonzeros": int(problem.matrix.nnz),
        "ready_seconds": read - started,
        "build_seconds": built - read,
        "expected_memory_mb": ready.size.memory_mb,
    }
    try:
        solution = solve(problem, read_profile(profile), time_limit=limit)
    except QhenergyError as error:
        figures |= {"solve_seconds": time.perf_counter() - built, "status": str(error)}
    else:
        proof = certify(problem, solution.values, solution.row_duals)
        figures |= {
            "solve_seconds": solution.seconds,
            "iterations": sum(t.iterations for t in solution.attempts),
            "status": f"{solution.status} ({solution.solver})",
            "objective": proof.primal_objective,
            "relative_gap": proof.relative_gap,
        }
    return figures | {"peak_memory_mb": peak_memory_mb()}


def main() -> None:
    """Measure every case under every profile, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="+")
    parser.add_argument("--profiles", nargs="+", default=["hipo"])
    parser.add_argument("--limit", type=float, default=3600.0, help="time limit of a solve [s]")
    parser.add_argument("--one", action="store_true", help="measure in this process and print JSON")
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.cases[0], chosen.profiles[0], chosen.limit)))
        return
    for case in chosen.cases:
        first = None
        for profile in chosen.profiles:
            command = [sys.executable, __file__, case, "--profiles", profile, "--limit", str(chosen.limit), "--one"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            figures = json.loads(done.stdout.splitlines()[-1])
            first = first or figures["solve_seconds"]
            print(json.dumps(figures | {"ratio": figures["solve_seconds"] / first}), flush=True)


if __name__ == "__main__":
    main()
