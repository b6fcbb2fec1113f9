"""The many solutions of a study: several at once, each kept as soon as it is there, none made twice.

A study names each of its problems. What came of one is a JSON file of that name in the folder of the study, whose own
name says what the study is made from, so that a study that was stopped goes on where it was. Problems are made one by
one as there are cores for them, and solved in processes of their own with one thread each.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qhenergy.ground.faults import NoSolutionError, QhenergyError
from qhenergy.model.problem import Problem
from qhenergy.outcome.audit import weaknesses
from qhenergy.outcome.summary import as_json
from qhenergy.solving.certificate import certify
from qhenergy.solving.highs import resume, solve
from qhenergy.solving.profile import Profile
from qhenergy.solving.solution import Basis, Solution

#: How long a start is followed before the problem is solved from nothing [s].
PATIENCE = 120.0


@dataclass(frozen=True)
class Job:
    """A problem of a study: its name, and what makes it when its turn comes.

    `start` is the basis of one that differs from it in its sides alone: a few steps of dual simplex may do.
    """

    name: str
    problem: Callable[[], Problem]
    start: Basis | None = None


class Kept:
    """What a study has worked out so far, in files of a folder that are whole or not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def __contains__(self, name: str) -> bool:
        """Whether something of the name is kept."""
        return self._path(name).is_file()

    def __getitem__(self, name: str) -> dict[str, Any]:
        """What is kept of a name."""
        return json.loads(self._path(name).read_text(encoding="utf-8"))

    def __setitem__(self, name: str, content: dict[str, Any]) -> None:
        """Keep something; a number that is none becomes null."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(as_json(content), encoding="utf-8")
        part.replace(path)


def solve_all(
    jobs: Iterable[Job], profile: Profile, workers: int | None = None, time_limit: float | None = None
) -> Iterator[tuple[Job, Solution | QhenergyError]]:
    """Solve the problems of some jobs, as they come off the cores.

    Args:
        jobs: in the order they are begun; a generator is asked for the next one when a core is free.
        profile: what to try; with several workers each has one thread.
        workers: how many at once; as many as there are cores if None. One is solved in this process.
        time_limit: for each job [s].

    Yields:
        Each job with its proven solution, whose certificate holds, or with why it has none (`NoSolutionError`,
        `SolverError`).

    Raises:
        KeyboardInterrupt: the user stopped it; what was not yielded is lost.
    """
    count = workers or os.cpu_count() or 1
    if count == 1:
        for job in jobs:
            yield job, _solved(job.problem(), profile, time_limit, job.start)
        return
    profile = _with_one_thread(profile)
    # A fork would carry the solver's threads over half alive.
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
    ahead = iter(jobs)
    running: dict[Future[Solution | QhenergyError], Job] = {}
    try:
        while True:
            while len(running) < count and (job := next(ahead, None)) is not None:
                running[pool.submit(_solved, job.problem(), profile, time_limit, job.start)] = job
            if not running:
                break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _solved(
    problem: Problem, profile: Profile, time_limit: float | None, start: Basis | None = None
) -> Solution | QhenergyError:
    def refuse(solution: Solution) -> str:
        return " ".join(weaknesses(certify(problem, solution.values, solution.row_duals)))

    try:
        if start is not None:
            limit = PATIENCE if time_limit is None else min(PATIENCE, time_limit)
            _, found = resume(problem, profile, start, time_limit=limit)
            if found is not None and not refuse(found):
                return found
        return solve(problem, profile, time_limit=time_limit, refuse=refuse)
    except QhenergyError as error:
        return error


def _with_one_thread(profile: Profile) -> Profile:
    attempts = tuple(a.model_copy(update={"options": {**a.options, "threads": 1}}) for a in profile.attempt)
    return profile.model_copy(update={"attempt": attempts})


def proven(found: Solution | QhenergyError) -> Solution | None:
    """The solution; None if the problem has none.

    Raises:
        SolverError: it was not proven either way.
    """
    if isinstance(found, NoSolutionError):
        return None
    if isinstance(found, QhenergyError):
        raise found
    return found
