"""The many solutions of a study: at once or one by one, kept and found again."""

import math
from dataclasses import replace

import numpy as np
import pytest
from small_system import Small

from qhenergy.ground.faults import NoSolutionError, SolverError
from qhenergy.model.assemble import assemble
from qhenergy.solving import highs
from qhenergy.solving.profile import Attempt, Profile
from qhenergy.studies import runs
from qhenergy.studies.runs import Job, Kept, proven, solve_all

SIMPLEX = Profile(title="", attempt=(Attempt(name="simplex", options={"solver": "simplex"}),))


def jobs(folder, demands):
    """A coal plant of 100 MW, demand in each of two hours, nothing may be missed."""

    def problem(demand):
        small = Small(folder / str(demand), 2).zone("z", demand).add("thermal", existing=100)
        made = assemble(small.system(), workers=1).problem
        made.upper[made.columns.of("demand/unserved")] = 0.0
        return made

    return [Job(str(demand), lambda demand=demand: problem(demand)) for demand in demands]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_comes_back_with_its_own_answer(tmp_path, workers):
    """Proves: what is solved here and what other processes solve is the same, under the name of its job.

    Coal at 100 CNY/MWh through 8,760 h: demand * 876,000; 200 MW are more than there is.
    """
    found = {job.name: proven(made) for job, made in solve_all(jobs(tmp_path, [10, 20, 200, 40]), SIMPLEX, workers)}
    assert found.pop("200") is None
    costs = {name: float(solution.values.sum()) for name, solution in found.items()}
    assert set(costs) == {"10", "20", "40"}
    assert costs["40"] == pytest.approx(2 * costs["20"]) == pytest.approx(4 * costs["10"])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_start_saves_steps_and_changes_nothing(tmp_path, monkeypatch, workers):
    """Proves: from the basis of another demand a problem comes to its own answer; one that leads nowhere is left."""
    ((_, first),) = solve_all(jobs(tmp_path, [10]), SIMPLEX, 1)
    (other,) = jobs(tmp_path, [40])
    wrong = replace(first.basis, columns=np.zeros_like(first.basis.columns), rows=np.zeros_like(first.basis.rows))
    for start in (first.basis, wrong):
        ((_, found),) = solve_all([replace(other, start=start)], SIMPLEX, workers)
        assert proven(found).values.sum() == pytest.approx(4 * first.values.sum())
    if workers == 1:
        monkeypatch.setattr(runs, "solve", None)
        ((_, found),) = solve_all([replace(other, start=first.basis)], SIMPLEX, 1)
        assert proven(found).values.sum() == pytest.approx(4 * first.values.sum())


def test_problems_are_made_when_their_turn_comes(tmp_path):
    """Proves: a study holds no more problems at once than it has workers."""
    made = []

    def told():
        for job in jobs(tmp_path, [10, 20, 30]):
            yield Job(job.name, lambda job=job: made.append(job.name) or job.problem())

    found = solve_all(told(), SIMPLEX, 1)
    assert next(found)[0].name == "10"
    assert made == ["10"]


def test_what_is_not_proven_is_an_error(tmp_path):
    """Proves: a solver that gave up is no answer, and no solution is none."""
    ((_, found),) = solve_all(jobs(tmp_path, [10]), SIMPLEX, 1, time_limit=0.0)
    assert isinstance(found, SolverError)
    with pytest.raises(SolverError):
        proven(found)
    assert proven(NoSolutionError("none")) is None


def test_an_answer_whose_certificate_fails_is_none(tmp_path, monkeypatch):
    """Proves: a solver that claims an optimum and hands over something else is not believed.

    If it were broken, values a hundredth too large would be yielded as proven.
    """
    made = highs._solution

    def spoilt(*words):
        solution = made(*words)
        return replace(solution, values=solution.values * 1.01 + 1.0)

    monkeypatch.setattr(highs, "_solution", spoilt)
    ((_, found),) = solve_all(jobs(tmp_path, [10]), SIMPLEX, 1)
    assert isinstance(found, SolverError)
    assert "refused" in str(found)


def test_what_is_kept_is_found_again(tmp_path):
    """Proves: what was kept is read back, what is none becomes null, and nothing half-written is found."""
    kept = Kept(tmp_path / "study")
    assert "a" not in kept
    kept["a"] = {"cost": 1.5, "price": math.nan}
    assert "a" in Kept(tmp_path / "study")
    assert kept["a"] == {"cost": 1.5, "price": None}
    (tmp_path / "study" / "b.part").write_text('{"cost": ')
    assert "b" not in kept
