"""Variants of a case, run one after the other and compared: contradictions of plans as choices.

Every variant is read and checked before the first is solved. One whose result is there already, of the same case,
tables and version, is not solved again. One without a solution is told of at the end, when all others are done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qhenergy.data.case import Case, read_case, variants_of
from qhenergy.data.fleet import fleet_of
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, NoSolutionError, QhenergyError, SolverError
from qhenergy.outcome import store
from qhenergy.outcome.comparison import Comparison, Side, side
from qhenergy.outcome.result import Result
from qhenergy.policy.target_set import chosen
from qhenergy.report.words import Words
from qhenergy.studies.expansion import Say, case_file, read_tables, ready_of, run_ready


@dataclass(frozen=True)
class Variant:
    """A variant that is read and checked.

    Attributes:
        name: its name.
        case: the case it is.
        folder: where its results go.
        hash: what a result of it would be made from.
    """

    name: str
    case: Case
    folder: Path
    hash: str

    @property
    def found(self) -> Path | None:
        """Its newest result, if there is one of the same case, tables and version."""
        # What is being written is hidden until it is whole.
        whole = [path.parent for path in self.folder.glob(f"[!.]*-{self.hash}*/{store.FILE}")]
        return max(whole, default=None)


@dataclass(frozen=True)
class Run:
    """What came of the variants of a case.

    Attributes:
        title: of the case.
        folder: of its results.
        sides: what is compared of those that have a result, in their order.
        folders: of their results.
        failed: why others have none, by name.
    """

    title: Words
    folder: Path
    sides: tuple[Side, ...]
    folders: tuple[Path, ...]
    failed: dict[str, QhenergyError]


def plan(path: Path, results: Path) -> list[Variant]:
    """Read and check every variant of a case; none if it has none.

    Args:
        path: the case file, or the name of a built-in case.
        results: folder that result folders are written to.

    Raises:
        InputError: with the faults of all variants, each under its name.
    """
    path = case_file(path)
    made, faults = [], []
    for name, case in variants_of(path).items():
        try:
            inputs = _checked(case, path)
        except InputError as error:
            faults += [Fault(f"variant {name}: {f.where}", f.found, f.expected, f.remedy) for f in error.faults]
        else:
            made.append(Variant(name, case, results / path.stem / name, store.content_hash(case, inputs)))
    if faults:
        raise InputError(faults, f"the variants of {path.name}")
    return made


def _checked(case: Case, path: Path) -> Inputs:
    """The tables of a variant as its result would hold them."""
    inputs, catalogue, _ = read_tables(case, path.parent)
    inputs = fleet_of(inputs, case)
    chosen(inputs, case, catalogue.clauses)
    return inputs


def run(
    path: Path,
    results: Path,
    say: Say = lambda *_: None,
    again: bool = False,
    finish: Callable[[Result, Path], None] = lambda *_: None,
) -> Run:
    """Run all variants of a case.

    Args:
        path: the case file, or the name of a built-in case.
        results: folder that result folders are written to: `<case>/<variant>/<time>-<hash>`.
        say: is told what is going on.
        again: solve also what has a result already.
        finish: is given every result and its folder, those that were there already as well.

    Raises:
        InputError: faults of the input, or no room for a result.
    """
    path = case_file(path)
    variants = plan(path, results)
    sides, folders, failed = [], [], {}
    for i, variant in enumerate(variants, 1):
        found = None if again else variant.found
        say("variant", f"{i} of {len(variants)}: {variant.name}" + (f", found in {found}" if found else ""))
        if found is not None:
            result, folder = store.read(found), found
        else:
            try:
                result, folder = run_ready(ready_of(variant.case, path, say), variant.folder, say)
            except (NoSolutionError, SolverError) as error:
                say("variant", f"{variant.name}: {str(error).splitlines()[0]}")
                failed[variant.name] = error
                continue
        finish(result, folder)
        sides.append(side(variant.name, result))
        folders.append(folder)
    case = read_case(path)
    title = Words(case.title, case.title_zh or case.title)
    return Run(title, results / path.stem, tuple(sides), tuple(folders), failed)


def stored(folders: Sequence[Path]) -> Comparison:
    """Stored results side by side, each under the name of its variant or case.

    Args:
        folders: of the results, the one the others are compared with first.

    Raises:
        InputError: fewer than two, the same one twice, or one that cannot be read.
    """
    whole = [folder.resolve() for folder in folders]
    if len(set(whole)) < max(len(whole), 2):
        found = "one result" if len(whole) < 2 else "the same result twice"
        raise InputError([Fault("compare", found, "two results or more", "Name another one.")], "the comparison")
    names = [folder.parent.name for folder in whole]
    if len(set(names)) < len(names):
        names = [f"{folder.parent.name}/{folder.name}" for folder in whole]
    return Comparison(tuple(side(name, store.read(folder)) for name, folder in zip(names, folders, strict=True)))
