"""The source of the package, read as text and as syntax trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import qhenergy

PACKAGE = Path(qhenergy.__file__).resolve().parent
TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent


def modules() -> list[Path]:
    """Python files of the package."""
    return sorted(p for p in PACKAGE.rglob("*.py") if "builtin" not in p.relative_to(PACKAGE).parts)


def name_of(path: Path) -> str:
    """A file as the tests print it: `solving/highs.py`."""
    return path.relative_to(PACKAGE).as_posix()


def imported(text: str) -> Iterator[str]:
    """Dotted names of everything a source imports, at any depth, whatever the way it is written."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError("a relative import: write it from qhenergy, so that its floor can be seen")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str))


@dataclass(frozen=True)
class Row:
    """A declaration of a family of rows: its name and algebra as patterns (an f-string has wildcards)."""

    line: int
    name: str
    algebra: str
    name_pattern: str
    algebra_pattern: str


def declared_rows(text: str) -> list[Row]:
    """Every call of `.rows(name, members, unit, algebra, ...)` in a source."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rows":
            given = dict(zip(("name", "members", "unit", "algebra"), node.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            if "algebra" in given:
                name, algebra = given["name"], given["algebra"]
                found.append(Row(node.lineno, _text(name), _text(algebra), _pattern(name), _pattern(algebra)))
    return found


def missing_algebra(text: str) -> list[str]:
    """Rows of a source whose algebra, or whose name on the same line, is not in the docstring of the module."""
    docstring = ast.get_docstring(ast.parse(text)) or ""
    lines = entries(docstring)
    faults = []
    for row in declared_rows(text):
        having = [line for line in lines if re.search(row.algebra_pattern, line)]
        if not having:
            faults.append(f"line {row.line}: {row.name}: {row.algebra}")
        elif not any(re.match(row.name_pattern, line) for line in having):
            faults.append(f"line {row.line}: {row.name} does not stand before its algebra: {row.algebra}")
    return faults


def entries(docstring: str) -> list[str]:
    """Lines of a docstring, each with the lines below it that are indented deeper, and every blank single."""
    lines = docstring.splitlines()
    depth = [len(line) - len(line.lstrip()) if line.strip() else 0 for line in lines]
    made = []
    for i, line in enumerate(lines):
        end = i + 1
        while end < len(lines) and lines[end].strip() and depth[end] > depth[i]:
            end += 1
        made.append(squeezed(" ".join([line, *lines[i + 1 : end]])))
    return made


def squeezed(text: str) -> str:
    """Text with every run of blanks as one."""
    return re.sub(r"\s+", " ", text).strip()


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _parts(node: ast.expr) -> list[str | None]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [p.value if isinstance(p, ast.Constant) else None for p in node.values]
    raise ValueError(
        f"line {node.lineno}: neither a string nor an f-string, so it cannot be compared with the docstring"
    )


def _text(node: ast.expr) -> str:
    return "".join("{...}" if p is None else p for p in _parts(node))


def _pattern(node: ast.expr) -> str:
    # A wildcard stands for a name, in angle brackets where the docstring speaks of any.
    return "".join(r"[\w<>/ ]+" if p is None else re.escape(squeezed_inside(p)) for p in _parts(node))


def squeezed_inside(text: str) -> str:
    """Text with every run of blanks as one, keeping those at its ends."""
    return re.sub(r"\s+", " ", text)
