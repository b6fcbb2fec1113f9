"""Least-cost expansion of one case, end to end: read, build, solve, audit, store."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from qhenergy.data.builtin import find
from qhenergy.data.case import Case, read_case
from qhenergy.data.inputs import Inputs, read_inputs
from qhenergy.ground.faults import NoSolutionError, SolverError
from qhenergy.ground.machine import peak_memory_mb
from qhenergy.model.assemble import Assembled, System, assemble, prepare
from qhenergy.model.catalogue import Catalogue, with_extra
from qhenergy.model.size import Size, expected
from qhenergy.outcome import store
from qhenergy.outcome.audit import Audit, audit, weaknesses
from qhenergy.outcome.result import Result, solved
from qhenergy.report import explanation
from qhenergy.solving.certificate import certify
from qhenergy.solving.explain import explain, without_limit
from qhenergy.solving.highs import check_profile, solve
from qhenergy.solving.in_turn import NoStageError, solve_in_turn
from qhenergy.solving.price_ranges import price_ranges
from qhenergy.solving.profile import Profile, read_profile
from qhenergy.solving.solution import Progress, Solution
from qhenergy.studies import heads

#: Room a result takes on disk: the matrix and everything beside it [MB].
ROOM_MB = 10.0
ROOM_MB_PER_NONZERO = 1.6e-5

#: What a stage of a run is told to: its name, and a line of detail.
Say = Callable[[str, str], None]


@dataclass(frozen=True)
class Ready:
    """A case read, checked and made ready, with the size to expect."""

    path: Path
    system: System
    profile: Profile
    size: Size


def case_file(path: Path) -> Path:
    """The case file meant: itself, or the built-in case of that name.

    Raises:
        InputError: a bare name that no built-in case has.
    """
    if not path.exists() and path.suffix == "" and path.parent == Path():
        return find("cases", path.name, suffix=".toml")
    return path


def read_tables(case: Case, folder: Path) -> tuple[Inputs, Catalogue, tuple[Path, ...]]:
    """The tables of a case, the modules that declare them, and which files of the user's own are among these.

    Args:
        case: the case.
        folder: of its file.

    Raises:
        InputError: with every fault of the extra files, or else of the tables.
    """
    extra = tuple((folder / name).resolve() for name in case.extra)
    catalogue = with_extra(extra)
    return read_inputs(find("inputs", case.inputs, folder), catalogue.tables, case.change), catalogue, extra


def make_ready(path: Path, say: Say = lambda *_: None) -> Ready:
    """Read and check everything a run needs, before anything is built.

    Args:
        path: the case file, or the name of a built-in case.
        say: is told what is going on.

    Raises:
        InputError: with every fault of the first reading that has any.
    """
    path = case_file(path)
    say("reading", str(path))
    return ready_of(read_case(path), path, say)


def ready_of(case: Case, path: Path, say: Say = lambda *_: None) -> Ready:
    """A case that is read already made ready; see `make_ready`.

    Args:
        case: the case, or a variant of it.
        path: its file.
        say: is told what is going on.
    """
    profile = read_profile(case.solver.profile, path.parent).changed(case.solver.options)
    check_profile(profile, f"solver profile {case.solver.profile}")
    inputs, catalogue, extra = read_tables(case, path.parent)
    say("profiles", "hourly series from weather and river")
    system = prepare(inputs, case, catalogue, extra)
    size = expected(system)
    return Ready(path, system, profile, size)


def run(path: Path, results: Path, say: Say = lambda *_: None) -> tuple[Result, Path]:
    """Run a case and store its result.

    Args:
        path: the case file.
        results: folder that result folders are written to.
        say: is told what is going on: the solver's lines under the stage `solver`.

    Returns:
        The result, and the folder it was written to.

    Raises:
        InputError: faults of the input, or no room for the result.
        NoSolutionError: the clauses clash (and which), or the problem is unbounded.
        SolverError: no attempt proved an optimum that passes the audit, or heads did not converge.
    """
    ready = make_ready(path, say)
    return run_ready(ready, results / ready.path.stem, say)


def run_ready(ready: Ready, folder: Path, say: Say = lambda *_: None) -> tuple[Result, Path]:
    """Run a case made ready and store its result in a new folder of `folder`; see `run`."""
    size = ready.size
    say(
        "expecting",
        f"{size.columns:,} columns, {size.rows:,} rows, {size.nonzeros:,} nonzeros, {size.memory_mb:,.0f} MB",
    )
    # A result that cannot be kept is not worth an hour of solving.
    store.check_room(folder, ROOM_MB + ROOM_MB_PER_NONZERO * size.nonzeros)
    result, found = solve_ready(ready, say)
    add_price_ranges(result, ready.profile, say)
    say("storing", str(folder))
    return result, store.write(result, folder, found)


def add_price_ranges(result: Result, profile: Profile, say: Say = lambda *_: None) -> None:
    """Add to a result in which interval of its target each shadow price holds; Ctrl-C ends the search, not the run."""
    result.price_ranges = price_ranges(
        result.problem,
        result.values,
        result.row_duals,
        result.basis,
        result.requirements,
        profile,
        lambda line: say("ranging", line),
    )


def solve_ready(ready: Ready, say: Say = lambda *_: None) -> tuple[Result, Audit]:
    """Build and solve a case, once or until its heads are those of its own levels; the result and its audit."""

    def once(system: System) -> tuple[Result, Audit]:
        return _solve(ready, *build(system, say), say)

    if ready.system.case.water.head == "constant":
        return once(ready.system)
    result, _ = heads.settled(ready.system, once, say)
    return result, audit(result)


def build(system: System, say: Say = lambda *_: None) -> tuple[Assembled, float]:
    """Assemble a case made ready; what is handed to the solver, and how long it took [s]."""
    started = time.perf_counter()
    assembled = assemble(system, progress=lambda line: say("building", line))
    seconds = time.perf_counter() - started
    rows, columns = assembled.problem.matrix.shape
    say("built", f"{columns:,} columns, {rows:,} rows in {seconds:.1f} s")
    return assembled, seconds


def _solve(ready: Ready, assembled: Assembled, build_seconds: float, say: Say) -> tuple[Result, Audit]:
    """The answer, or why there is none."""
    try:
        return answer(ready, assembled, build_seconds, say)
    except NoSolutionError as error:
        say("explaining", "looking for the clauses that clash")
        if isinstance(error, NoStageError):
            assembled = replace(assembled, problem=error.problem)
        raise NoSolutionError(f"{error}\n{_reason(assembled, ready.profile)}") from None


def answer(ready: Ready, assembled: Assembled, build_seconds: float, say: Say) -> tuple[Result, Audit]:
    """The first attempt's result that passes the audit, and the audit.

    Args:
        ready: the case.
        assembled: its problem, or a variant of it.
        build_seconds: time from data to matrix [s].
        say: is told what is going on.

    Raises:
        NoSolutionError: the problem is infeasible or unbounded.
        SolverError: no attempt proved an optimum that passes the audit.
    """
    passed: list[tuple[Result, Audit]] = []

    def refuse(solution: Solution) -> str:
        result = solved(assembled, solution, build_seconds, peak_memory_mb(), asdict(ready.size))
        result.solve["profile"] = ready.profile.model_dump(mode="json")
        # Whether the heads are right shows when all passes are done.
        found = audit(result, heads=False)
        if found.passed:
            passed.append((result, found))
        return " ".join(found.faults)

    progress, case = Progress(lambda line: say("solver", line)), ready.system.case
    if case.in_turn:
        faults = refuse(
            solve_in_turn(
                assembled.problem,
                ready.system.chronology,
                case.stages,
                ready.profile,
                progress,
                case.solver.time_limit,
                lambda problem, made: " ".join(weaknesses(certify(problem, made.values, made.row_duals))),
            )
        )
        if faults:
            raise SolverError(f"The stages together do not pass the audit: {faults} Nothing was written.")
    else:
        solve(assembled.problem, ready.profile, progress, case.solver.time_limit, refuse)
    return passed[-1]


def _reason(assembled: Assembled, profile: Profile) -> str:
    """Why there is no solution, in short."""
    found = explain(assembled, profile, data=False, rooms=False)
    falling = without_limit(assembled.problem)
    if found.verdict == "holds" and falling:
        return (
            "All clauses can hold; the cost falls without end along columns that earn money and have no limit: "
            f"{falling}. Give them a limit, or check the sign of their cost."
        )
    return explanation.short(found)
