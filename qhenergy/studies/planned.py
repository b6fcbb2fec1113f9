"""The plan whose fleet a schedule is about: a stored result, or a case, which is planned unless it was before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from qhenergy.data.case import Schedule
from qhenergy.data.inputs import declared_now
from qhenergy.ground.faults import Fault, InputError
from qhenergy.model.catalogue import with_extra
from qhenergy.outcome import store
from qhenergy.outcome.result import Result
from qhenergy.studies import expansion, variants
from qhenergy.studies.expansion import Say


@dataclass(frozen=True)
class Planned:
    """A plan whose fleet is meant: its result with the tables as they are declared now, and where it is.

    `extra` are the files that its case names there.
    """

    name: str
    result: Result
    folder: Path
    extra: tuple[Path, ...] = ()


def planned(source: Path, results: Path, say: Say) -> list[Planned]:
    """The results whose fleets are meant: the one named, or those of a case, planned now where it has none.

    Args:
        source: folder of a result, or a case.
        results: folder that results of cases are in.
        say: is told what is going on.

    Raises:
        InputError: there is neither.
    """
    if (source / store.FILE).is_file():
        result = store.read(source)
        return [_now("", result, source, _own_files(result, Path()))]
    path = expansion.case_file(source)
    asked = [(v.name, v.case, v.folder) for v in variants.plan(path, results)]
    if not asked:
        asked = [("", expansion.make_ready(path).system.case, results / path.stem)]
    made = []
    for name, case, folder in asked:
        # What is asked of a schedule is none of the plan's business.
        ready = expansion.ready_of(case.model_copy(update={"schedule": Schedule()}), path, say)
        digest = store.content_hash(ready.system.case, ready.system.inputs)
        there = [p.parent for p in folder.glob(f"[!.]*-{digest}*/{store.FILE}")]
        say("fleet", f"planned before: {max(there)}" if there else f"to be planned: {name or path.stem}")
        result, where = (store.read(max(there)), max(there)) if there else expansion.run_ready(ready, folder, say)
        # Files that a case names are relative to it.
        own = [str(path.parent / c) if (path.parent / c).is_file() else c for c in case.schedule.curves]
        said = case.schedule.model_copy(update={"curves": tuple(own)})
        result = replace(result, case=result.case.model_copy(update={"schedule": said}))
        made.append(_now(name, result, where, _own_files(result, path.parent)))
    return made


def _own_files(result: Result, beside: Path) -> tuple[Path, ...]:
    """Files of the user's own that a result was planned with.

    Args:
        result: the result.
        beside: folder of its case; for a stored result, which does not know it, where the command is called.

    Raises:
        InputError: one is not there.
    """
    files = tuple((beside / name).resolve() for name in result.case.extra)
    remedy = "Name the case instead of its result, or go to the folder of the case."
    faults = [
        Fault("extra of the result", f'"{f}", which is not there', "a file", remedy) for f in files if not f.is_file()
    ]
    if faults:
        raise InputError(faults, "the files a result was planned with")
    return files


def _now(name: str, result: Result, folder: Path, extra: tuple[Path, ...]) -> Planned:
    return Planned(name, replace(result, inputs=declared_now(result.inputs, with_extra(extra).tables)), folder, extra)
