"""Least cost against the days in a row without fossil power, and a certificate of every run.

The case is assembled once. A run is the same problem with the upper bounds of fossil columns at zero in the hours
of the run, so that no run costs an assembly. Every solved run is written as soon as it is there, and a study that
was stopped goes on from what it finds: the folder is named by what the study is made from. Results of the runs
that answer are kept whole, and certified as they are read back.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.family import window_name
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, NoSolutionError, listed, nearest
from qhenergy.model.assemble import Assembled
from qhenergy.outcome import store
from qhenergy.outcome.frontier import Frontier, Point, Step, point_of
from qhenergy.outcome.green_certificate import certificate, counts_as_fossil
from qhenergy.outcome.indicators import date, flows
from qhenergy.outcome.result import Result
from qhenergy.outcome.summary import as_json
from qhenergy.policy.green_run import IMPORTS, day_of_year, hours_of_run
from qhenergy.profiles.calendar import DAYS
from qhenergy.studies import expansion
from qhenergy.studies.expansion import Ready, Say
from qhenergy.studies.green_search import SAME, Candidate, Found, Solved, candidates, cheapest

POINTS, RUNS, TABLE, CHANGES, DATA = "points", "runs", "greenrun.csv", "capacities.csv", "greenrun.json"
#: Running capacity stands still with the output it bounds.
ONLINE = "thermal/online"


@dataclass(frozen=True)
class Asked:
    """What a study asks.

    Attributes:
        days: lengths, rising.
        starts: first days of the year, from 0; where it is cheapest if there are none.
        tries: most runs that are solved for a length in the search of the cheapest.
        group, imports: what a run does without, as in green_runs.csv.
    """

    days: tuple[int, ...]
    starts: tuple[int, ...] = ()
    tries: int = 6
    group: str = "fossil"
    imports: str = "clean"


def asked_for(days: str, starts: Sequence[str], tries: int, group: str, imports: str) -> Asked:
    """Read the options of a study.

    Raises:
        InputError: with all that cannot be read.
    """
    faults, lengths, firsts = [], [], []
    for word in days.split(","):
        if word.strip().isdigit() and 1 <= int(word) <= DAYS:
            lengths.append(int(word))
        else:
            faults.append(Fault("--days", f'"{word}"', f"whole numbers from 1 to {DAYS}, with commas between them"))
    for word in starts:
        try:
            month, day = (int(part) for part in word.split("-"))
            firsts.append(day_of_year(month, day))
        except (ValueError, IndexError):
            faults.append(Fault("--start", f'"{word}"', "a day of the year as MM-DD, such as 06-01"))
    if imports not in IMPORTS:
        faults.append(Fault("--imports", f'"{imports}"', f"one of {listed(IMPORTS)}", nearest(imports, IMPORTS)))
    if tries < 1:
        faults.append(Fault("--tries", str(tries), "1 or more"))
    if faults:
        raise InputError(faults, "the options")
    return Asked(tuple(sorted(set(lengths))), tuple(dict.fromkeys(firsts)), tries, group, imports)


class Study:
    """A study under way: the assembled case, and what is solved so far.

    Attributes:
        ready: the case made ready.
        asked: what is asked of it.
        folder: where everything goes.
    """

    def __init__(self, ready: Ready, asked: Asked, results: Path, say: Say = lambda *_: None) -> None:
        self.ready, self.asked, self.say = ready, asked, say
        _check(ready, asked)
        system = ready.system
        self.case, self.chronology, self.stage = system.case, system.chronology, system.case.stages[0]
        content = f"{store.content_hash(system.case, system.inputs)}\n{asked.group}\n{asked.imports}\n{ready.profile}"
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        self.folder = results / ready.path.stem / f"greenrun-{digest}"
        self._assembled: Assembled | None = None
        self._build_seconds = 0.0
        self._known: list[Solved] = []
        self._best: dict[int, float] = {}

    # what is solved, and what is found of earlier times

    def point(self, candidate: Candidate) -> Point:
        """The solved run of a candidate: read if it is there, else solved and written."""
        first = candidate.first_days[0]
        name = Point(candidate.days, first, 0.0).name
        path = self.folder / POINTS / f"{name}.json"
        if path.is_file():
            self.say("known", f"{name}: solved before")
            found = Point.of_dict(json.loads(path.read_text(encoding="utf-8")))
            self._best[found.days] = min(found.cost, self._best.get(found.days, math.inf))
        else:
            found = self._solve(candidate, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(as_json(found.as_dict()), encoding="utf-8")
            part.replace(path)
        self._known.append(self._solved(candidate, found))
        cost = f"{found.cost / 1e8:,.3f} x 10^8 CNY/yr" if math.isfinite(found.cost) else "no solution"
        self.say("point", f"{name}: {cost}")
        return found

    def _solved(self, candidate: Candidate, found: Point) -> Solved:
        rents = np.array(found.rents) if found.rents else np.full(len(candidate.hours), np.inf)
        return Solved(candidate.hours, found.cost, rents)

    def _solve(self, candidate: Candidate, name: str, keep: bool = False) -> Point:
        days, first = candidate.days, candidate.first_days[0]
        self.say("solving", name)
        assembled = self._ready_to_solve()
        columns = self._columns(assembled)
        still = np.flatnonzero(columns >= 0)
        still = still[candidate.hours[columns[still]]]
        upper = assembled.problem.upper.copy()
        upper[still] = 0.0
        changed = replace(assembled, problem=replace(assembled.problem, upper=upper))
        try:
            result, found = expansion.answer(self.ready, changed, self._build_seconds, self.say)
        except NoSolutionError as error:
            if not days:
                raise
            self.say("point", f"{name}: {str(error).splitlines()[0]}")
            return Point(days, first, math.inf)
        made = point_of(result, days, first, self._rents(result, still, columns), self._fossil(result))
        # The whole result is kept of what may answer; the last one kept of a length is the cheapest so far.
        if keep or self.asked.starts or made.cost < self._best.get(days, math.inf):
            self._keep(result, found, name, days)
        return made

    def _ready_to_solve(self) -> Assembled:
        if self._assembled is None:
            self._assembled, self._build_seconds = expansion.build(self.ready.system, self.say)
        return self._assembled

    def _keep(self, result: Result, found: object, name: str, days: int) -> None:
        before = [] if self.asked.starts or not days else list((self.folder / RUNS).glob(f"{days}d-*"))
        store.write(result, self.folder / RUNS / name, found)
        for path in before:
            if path.name != name:
                shutil.rmtree(path)
        self._best[days] = min(result.objective, self._best.get(days, math.inf))

    # fossil columns

    def _columns(self, assembled: Assembled) -> NDArray[np.int64]:
        """Modelled hour of the stage that each fossil column belongs to; -1 for all others."""
        fossil = counts_as_fossil(assembled.system.inputs, self.asked.group, self.asked.imports)
        index, places = assembled.problem.columns, np.full(len(assembled.problem.columns), -1, dtype=np.int64)
        joins = [j for j in assembled.joins[self.stage] if j.role in ("generation", "import") and fossil(j)]
        members: dict[str, set[str]] = {}
        for j in joins:
            members.setdefault(j.family, set()).add(j.member)
        members[ONLINE] = members.get("thermal/output", set())
        starts, row = np.full(len(index.blocks), -1, dtype=np.int64), 0
        for span in self.chronology.of_stage(self.stage):
            starts[index.blocks.index(window_name(span.index))] = row
            row += len(span)
        for family, names in members.items():
            at = index.of(family)
            codes = [i for i, name in enumerate(index.members) if name in names]
            at = at[np.isin(index.member[at], codes) & (starts[index.block[at]] >= 0)]
            places[at] = starts[index.block[at]] + index.number[at]
        return places

    def _rents(self, result: Result, still: NDArray[np.int64], columns: NDArray[np.int64]) -> list[float]:
        """What fossil plants at full power would save in each hour of a run [CNY/yr]; see `green_search`."""
        problem, hours = result.problem, int((columns[columns >= 0]).max(initial=-1)) + 1
        count = sum(len(span) for span in self.chronology.of_stage(self.stage))
        rents = np.zeros(max(count, hours))
        if problem.whole.any():
            # Prices of a problem with whole numbers bound nothing.
            rents[columns[still]] = np.inf
            return rents.tolist()
        reduced = problem.cost - problem.matrix.T @ result.row_duals
        full = np.array([self._full(result, int(c)) for c in still])
        saved = np.maximum(-reduced[still], 0.0) * full if len(still) else np.zeros(0)
        np.add.at(rents, columns[still], saved)
        return rents.tolist()

    def _full(self, result: Result, column: int) -> float:
        """The most a fossil column can be, by its bound or by all the capacity there may be [MW]."""
        given = float(self._ready_to_solve().problem.upper[column])
        if math.isfinite(given):
            return given
        index = result.problem.columns
        asset = result.assets.by_name.get(index.members[index.member[column]])
        if asset is None:
            return math.inf
        return asset.fixed[self.stage] + max(room for year, room in asset.room.items() if year <= self.stage)

    def _fossil(self, result: Result) -> list[float]:
        power = flows(result, self.stage, counts_as_fossil(result.inputs, self.asked.group, self.asked.imports))
        weighted = (power["fossil"] + power["fossil_import"]).to_numpy() * result.weights(self.stage)
        return [float(v) for v in weighted]

    # lengths

    def run(self) -> Frontier:
        """Solve what is asked, write the tables, and return the frontier; `KeyboardInterrupt` leaves what is done."""
        self.say("folder", str(self.folder))
        none = np.zeros(sum(len(span) for span in self.chronology.of_stage(self.stage)), dtype=bool)
        base = self.point(Candidate(0, (0,), none))
        steps = self._given(base) if self.asked.starts else self._searched(base)
        steps = [self._certified(step) for step in steps]
        created = datetime.now().astimezone().isoformat(timespec="seconds")
        title = self.case.title
        made = Frontier(title, self.case.title_zh or title, base, steps, self.asked.group, self.asked.imports, created)
        self._write(made)
        return made

    def _given(self, base: Point) -> list[Step]:
        """Each length from each given day."""
        steps = []
        for days in self.asked.days:
            for first in self.asked.starts:
                made = self._candidates(days, (first,))
                found = self.point(replace(made[0], first_days=(first,)))
                point = found if math.isfinite(found.cost) else None
                steps.append(Step(days, point, found.cost, 1, 1, given=True, proven=True))
        return steps

    def _searched(self, base: Point) -> list[Step]:
        """Each length from where it is cheapest, as far as that is found."""
        fossil, found, points = np.array(base.fossil), {}, []

        def solve(candidate: Candidate) -> Solved:
            points.append(self.point(candidate))
            return self._known[-1]

        for days in self.asked.days:
            made = self._candidates(days, range(DAYS))
            self.say("search", f"{days} days: {len(made)} distinct sets of hours")
            found[days] = cheapest(
                made, list(self._known), solve, lambda c: float(fossil[c.hours].sum()), self.asked.tries
            )
        return _risen(found, points)

    def _candidates(self, days: int, firsts: Sequence[int]) -> list[Candidate]:
        made = candidates(self.case, self.chronology, self.stage, days, firsts)
        if not made:
            where = f"--days {days}" + (f" --start {date(firsts[0])}" if len(firsts) == 1 else "")
            expected = "a run of days that the case models; the last days of a year may have no period of their own"
            raise InputError([Fault(where, "days of which no hour is modelled", expected)], "the options")
        return made

    def _certified(self, step: Step) -> Step:
        """The step with the certificate of its run, from the stored result."""
        if step.point is None:
            return step
        point = step.point
        kept = sorted((self.folder / RUNS / point.name).glob("*/result.h5"))
        if not kept:
            # Stopped between solving and keeping, or a dearer run of its length was kept in its place.
            [candidate] = self._candidates(point.days, (point.first_day,))
            self._solve(candidate, point.name, keep=True)
            kept = sorted((self.folder / RUNS / point.name).glob("*/result.h5"))
        result = store.read(kept[-1].parent)
        run = hours_of_run(self.case, 24 * point.first_day, point.days)
        found = certificate(result, self.stage, run, self.asked.group, self.asked.imports)
        self.say("certificate", f"{point.name}: " + ("holds" if found.passed else " ".join(found.faults)))
        path = self.folder / f"certificate-{point.name}.csv"
        found.hours.to_csv(path, index=False, float_format="%.10g", lineterminator="\n")
        return replace(step, certificate=found)

    def _write(self, made: Frontier) -> None:
        for name, table in ((TABLE, made.table()), (CHANGES, made.changes())):
            table.to_csv(self.folder / name, index=False, float_format="%.10g", lineterminator="\n")
        (self.folder / DATA).write_text(as_json(made.as_dict()), encoding="utf-8")


def _risen(found: dict[int, Found], points: Sequence[Point]) -> list[Step]:
    """Steps of which each is answered by the cheapest run as long or longer; see `outcome.frontier`."""
    steps, lower = [], -math.inf
    for days, search in found.items():
        lower = max(lower, search.lower)
        longer = [p for p in points if p.days >= days and math.isfinite(p.cost)]
        best = min(longer, key=lambda p: (p.cost, p.days), default=None)
        proven = best is not None and best.cost <= lower + SAME * abs(lower)
        steps.append(Step(days, best, lower, search.tried, search.candidates, given=False, proven=proven))
    return steps


def _check(ready: Ready, asked: Asked) -> None:
    """Refuse what the study cannot do.

    Raises:
        InputError: heads that follow the level, several stages, or a group that is not there.
    """
    system, faults = ready.system, []
    if system.case.water.head != "constant":
        found, remedy = f'head = "{system.case.water.head}"', 'Write head = "constant" in a case for this study.'
        faults.append(
            Fault("case, water.head", found, "a head that is constant, so that the case is built once", remedy)
        )
    if len(system.case.stages) > 1:
        found = f"stages = {list(system.case.stages)}"
        faults.append(Fault("case, stages", found, "one stage", "Write a case of one stage for this study."))
    groups = list(dict.fromkeys(system.inputs["groups"].index.get_level_values(0)))
    if asked.group not in groups:
        expected = f"one of {listed(groups)}" if groups else "a group of groups.csv, which has none"
        faults.append(Fault("--group", f'"{asked.group}"', expected, nearest(asked.group, groups)))
    if faults:
        raise InputError(faults, "the study")


def run(path: Path, asked: Asked, results: Path, say: Say = lambda *_: None) -> tuple[Frontier, Inputs, Path]:
    """Study a case.

    Args:
        path: the case file, or the name of a built-in case.
        asked: lengths, first days, and how long to search.
        results: folder that result folders are written to.
        say: is told what is going on.

    Returns:
        The frontier, the tables of the case, and the folder with tables, points, runs and certificates.
    """
    study = Study(expansion.make_ready(path, say), asked, results, say)
    return study.run(), study.ready.system.inputs, study.folder
