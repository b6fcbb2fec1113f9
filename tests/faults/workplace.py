"""A folder to do wrong things in: a copy of the two-zones system, its case, and earlier results to leave alone."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from qhenergy.cli.main import app
from qhenergy.data.builtin import root as built_in
from qhenergy.ground.faults import Fault, InputError

HOURS = 48
SECTIONS = {
    "": 'title = "Two zones"\ninputs = "two-zones"\nbase_year = 2020\nstages = [2025]',
    "time": f'kind = "hours"\nhours = {HOURS}\nwindow_hours = 24',
    "targets": 'set = "all"',
    "solver": 'profile = "simplex"',
}
#: A fault as it is printed; the remedy is what follows the last full stop of what was expected.
LINE = re.compile(r"^  (?P<where>.+?): found (?P<found>.+?); expected (?P<expected>.+)$")


@dataclass
class Workplace:
    """A folder with inputs, a case and results, all free to spoil."""

    folder: Path
    sections: dict[str, str] = field(default_factory=lambda: dict(SECTIONS))

    @classmethod
    def new(cls, folder: Path) -> Workplace:
        """Set one up: two-zones copied, an earlier result in place."""
        made = cls(folder)
        shutil.copytree(built_in() / "inputs" / "two-zones", made.inputs)
        made.case.parent.mkdir()
        earlier = made.results / made.case.stem / "20200101-000000-0123456789ab"
        earlier.mkdir(parents=True)
        (earlier / "notes.txt").write_text("an earlier result", encoding="utf-8")
        made.write_case()
        return made

    @property
    def inputs(self) -> Path:
        """The folder of tables."""
        return self.folder / "inputs" / "two-zones"

    @property
    def case(self) -> Path:
        """The case file."""
        return self.folder / "cases" / "mine.toml"

    @property
    def results(self) -> Path:
        """Where results go."""
        return self.folder / "results"

    def write_case(self) -> None:
        """Write the case from its sections."""
        parts = [f"[{name}]\n{text}" if name else text for name, text in self.sections.items()]
        self.case.write_text("\n\n".join(parts) + "\n", encoding="utf-8")

    def section(self, name: str, text: str) -> None:
        """Replace or add a section of the case."""
        self.sections[name] = text
        self.write_case()

    def top(self, text: str) -> None:
        """Add keys above the sections of the case."""
        self.sections[""] += "\n" + text
        self.write_case()

    def change(self, address: str, value: str) -> None:
        """Add a change to the case; the value as TOML."""
        text = self.sections.get("change", "")
        self.section("change", f'{text}\n"{address}" = {value}'.strip())

    def path(self, table: str) -> Path:
        """The file of a table."""
        return self.inputs / f"{table}.csv"

    def cells(self, table: str) -> list[list[str]]:
        """All rows of a table, the header first."""
        with self.path(table).open(newline="", encoding="utf-8-sig") as file:
            return list(csv.reader(file))

    def write(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Write all rows of a table, the header first."""
        with self.path(table).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)

    def edit(self, table: str, change: Callable[[list[list[str]]], Any]) -> None:
        """Change the rows of a table in place."""
        rows = self.cells(table)
        change(rows)
        self.write(table, rows)

    def at(self, table: str, column: str) -> int:
        """Position of a column."""
        return [h.split(" [")[0] for h in self.cells(table)[0]].index(column)

    def cell(self, table: str, row: int, column: str, value: str) -> None:
        """Set a cell; `row` is the line of the file, the header being line 1."""
        place = self.at(table, column)
        self.edit(table, lambda rows: rows[row - 1].__setitem__(place, value))

    def header(self, table: str, column: str, text: str) -> None:
        """Set a header."""
        self.cell(table, 1, column, text)

    def column(self, table: str, header: str, value: str) -> None:
        """Add a column with one value throughout."""
        self.edit(table, lambda rows: [r.append(value if i else header) for i, r in enumerate(rows)])

    def without_column(self, table: str, column: str) -> None:
        """Leave a column out."""
        place = self.at(table, column)
        self.edit(table, lambda rows: [row.pop(place) for row in rows])

    def without_rows(self, table: str, *lines: int) -> None:
        """Leave lines of the file out."""
        rows = self.cells(table)
        self.write(table, [row for i, row in enumerate(rows, 1) if i not in lines])

    def again(self, table: str, line: int = 2, **cells: str) -> None:
        """Add a line a second time at the end, with some cells changed."""
        places = {self.at(table, name): value for name, value in cells.items()}
        rows = self.cells(table)
        self.write(table, [*rows, [places.get(i, cell) for i, cell in enumerate(rows[line - 1])]])

    def file(self, name: str, text: str) -> Path:
        """Write a file beside the case."""
        path = self.case.parent / name
        path.write_text(text, encoding="utf-8")
        return path

    def everything(self) -> dict[str, str]:
        """Every file and folder with a digest of what it holds; the interpreter's own cache aside."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if "__pycache__" not in name:
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        return found

    def run(self, *options: str) -> Any:
        """`qhenergy run` of the case."""
        return qhenergy("run", self.case, "--results", self.results, *options)


def qhenergy(*words: object) -> Any:
    """The command line, in this process."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        kind = type(result.exception).__name__
        shown = f"exit {result.exit_code}; a traceback would be shown: {kind}: {result.exception}"
        print(shown, file=sys.stderr)
    return result


def ended(result: Any, code: int) -> str:
    """What was said to the user, once it is sure that the exit code is right and that no traceback was shown."""
    trouble = result.exception
    assert trouble is None or isinstance(trouble, SystemExit), f"a traceback: {type(trouble).__name__}: {trouble}"
    said = result.stderr
    assert result.exit_code == code, f"exit code {result.exit_code}, not {code}:\n{said}{result.stdout[:200]}"
    assert "Traceback" not in said + result.stdout
    return str(said)


def faults_in(said: str) -> list[dict[str, str]]:
    """The faults of the one message, which must count them rightly."""
    lines = said.splitlines()
    starts = [i for i, line in enumerate(lines) if re.match(r"^\d+ faults? in .+:$", line)]
    assert len(starts) == 1, f"not one message:\n{said}"
    message = lines[starts[0] :]
    shown = [LINE.match(line) for line in message[1:]]
    assert all(shown), f"not all lines are faults:\n{said}"
    count = int(message[0].split()[0])
    assert count == len(shown), f"{count} faults announced, {len(shown)} shown:\n{said}"
    assert message[0].startswith("1 fault in" if count == 1 else f"{count} faults in")
    return [m.groupdict() for m in shown if m]


@dataclass(frozen=True)
class Wrong:
    """One way of spoiling a case, and what must be said of it.

    Attributes:
        name: of the test.
        spoil: does it.
        says: for every fault, pieces of where it is, what was found, what was expected with what to do.
    """

    name: str
    spoil: Callable[[Workplace], Any]
    says: tuple[tuple[str, str, str], ...]


def wrong(name: str, spoil: Callable[[Workplace], Any], *says: tuple[str, str, str]) -> Wrong:
    """A way of going wrong; see `Wrong`."""
    return Wrong(name, spoil, says)


#: Faults of cases that were run already in this process.
SEEN: dict[Wrong, list[Fault]] = {}


def check_refused(place: Workplace, case: Wrong, screen: Any) -> None:
    """Spoil, run, and see that the one message says it all and that nothing was written.

    `screen` is pytest's `capfd`: what a library prints past Python is seen as well.
    """
    case.spoil(place)
    before = place.everything()
    screen.readouterr()
    with listening(SEEN.setdefault(case, [])):
        result = place.run()
    said = ended(result, 2)
    shown = faults_in(said)
    assert len(shown) == len(case.says), f"{len(case.says)} faults were made:\n{said}"
    left = list(shown)
    for where, found, expected in case.says:
        match = [f for f in left if where in f["where"] and found in f["found"] and expected in f["expected"]]
        assert match, f"nothing says ({where} | {found} | {expected}):\n{said}"
        left.remove(match[0])
    assert result.stdout == ""
    printed = screen.readouterr()
    assert printed.out + printed.err == ""
    assert place.everything() == before


def check_says_what_to_do(place: Workplace, case: Wrong) -> None:
    """See that every fault of a case has its four parts, the remedy among them."""
    faults = SEEN.get(case, [])
    if case not in SEEN:
        case.spoil(place)
        with listening(faults):
            ended(place.run(), 2)
    assert faults, "it was not refused"
    for fault in faults:
        assert fault.where
        assert fault.found
        assert fault.expected
        assert fault.remedy, f"nothing says what to do: {fault}"


@contextmanager
def listening(faults: list[Fault]) -> Iterator[None]:
    """Collect the faults of the refusal that is raised meanwhile."""
    made = InputError.__init__

    def heard(self: InputError, found: Any, subject: str = "the input") -> None:
        found = list(found)
        faults[:] = found
        made(self, found, subject)

    InputError.__init__ = heard  # type: ignore[method-assign]
    try:
        yield
    finally:
        InputError.__init__ = made  # type: ignore[method-assign]
