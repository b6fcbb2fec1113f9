"""A result as named arrays and words, and back; what a file of results holds, whatever its format.

Families keep their name as the path of their numbers, so that a file can be read without this program:

    /columns/<family>/...   value, lower, upper; block, member, number; position in the matrix; whole
    /rows/<family>/...      dual, lower, upper; block, member, number; position in the matrix
    /words/...              what the codes of blocks, families and members stand for
    /matrix, /costs         the matrix and the named costs as compressed sparse rows
    /inputs/<table>/...     every table the result was made from, sources and confidence included
    /series/<name>/...      hourly series of the modelled hours
    /time/...               spans, the sequence of real periods, the calendar
    /plan/...               assets, clauses, requirements, joins, flows, feeds, potentials, vessels, standbys as JSON
    /basis/...              which columns and rows are basic, if the solution is a vertex
    /price_ranges           where the shadow prices of clauses hold, as JSON
    /case, /solve, /versions, /log
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.assets import Asset, Assets
from qhenergy.algebra.family import Family
from qhenergy.algebra.joins import Feed, Flow, Join, Potential, Vessel
from qhenergy.algebra.standby import Backing, Standby
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.table import REQUIRED, Column, Table
from qhenergy.model.problem import Index, Problem
from qhenergy.outcome.result import Result
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.policy.clause import Clause, Requirement
from qhenergy.solving.solution import Basis, PriceRange

Array = NDArray[Any]


@dataclass
class Tree:
    """Arrays of numbers and lists of words by path, with attributes of groups.

    Attributes:
        numbers: arrays by path.
        words: lists of words by path.
        attributes: small facts by path of a group; `/` is the root.
    """

    numbers: dict[str, Array] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put_json(self, path: str, content: Any) -> None:
        """Keep a small structure as one word."""
        self.words[path] = [json.dumps(content, ensure_ascii=False)]

    def json(self, path: str) -> Any:
        """A structure that `put_json` kept."""
        return json.loads(self.words[path][0])


def pack(result: Result) -> Tree:
    """A result as arrays and words."""
    tree = Tree()
    tree.put_json("/case", result.case.model_dump(mode="json"))
    tree.put_json("/solve", result.solve)
    tree.put_json("/versions", result.versions)
    tree.put_json("/created", result.created)
    tree.put_json("/log", result.log)
    _pack_problem(tree, result)
    for name, table in result.inputs.declared.items():
        _pack_table(tree, table, result.inputs[name])
    tree.put_json("/tables", {"folder": result.inputs.folder.name, "names": list(result.inputs.declared)})
    tree.put_json("/hourly", list(result.series))
    for name, frame in result.series.items():
        tree.numbers[f"/series/{name}/values"] = frame.to_numpy(dtype=float)
        tree.words[f"/series/{name}/members"] = [str(m) for m in frame.columns]
    _pack_time(tree, result)
    _pack_plan(tree, result)
    if result.basis is not None:
        tree.numbers["/basis/columns"], tree.numbers["/basis/rows"] = result.basis.columns, result.basis.rows
    tree.put_json("/price_ranges", _dicts(result.price_ranges))
    return tree


def unpack(tree: Tree) -> Result:
    """The result that `pack` was given; the folder of its inputs is only a name.

    Raises:
        KeyError, ValueError, TypeError: the tree does not hold a whole result.
    """
    tables = tree.json("/tables")
    declared = {name: _table(tree.json(f"/inputs/{name}/declaration")) for name in tables["names"]}
    frames = {name: _frame(tree, table) for name, table in declared.items()}
    inputs = Inputs(Path(tables["folder"]), declared, frames)
    problem, values, duals = _problem(tree)
    clauses = [_clause(c, inputs) for c in tree.json("/plan/clauses")]
    by_name = {c.name: c for c in clauses}
    basis = None
    if "/basis/columns" in tree.numbers:
        basis = Basis(tree.numbers["/basis/columns"], tree.numbers["/basis/rows"])
    series = {}
    for name in tree.json("/hourly"):
        frame = pd.DataFrame(tree.numbers[f"/series/{name}/values"], columns=tree.words[f"/series/{name}/members"])
        series[name] = frame.rename_axis(index="hour")
    return Result(
        case=Case.model_validate(tree.json("/case")),
        inputs=inputs,
        problem=problem,
        values=values,
        row_duals=duals,
        spans=_chronology(tree),
        month=tree.numbers["/time/month"],
        hour_of_day=tree.numbers["/time/hour_of_day"],
        assets=_assets(tree.json("/plan/assets")),
        clauses=clauses,
        requirements=[Requirement(**{**r, "clause": by_name[r["clause"]]}) for r in tree.json("/plan/requirements")],
        joins={int(y): [Join(**j) for j in part] for y, part in tree.json("/plan/joins").items()},
        flows={int(y): [Flow(**f) for f in part] for y, part in tree.json("/plan/flows").items()},
        feeds={int(y): [Feed(**f) for f in part] for y, part in tree.json("/plan/feeds").items()},
        potentials={int(y): [Potential(**p) for p in part] for y, part in tree.json("/plan/potentials").items()},
        vessels=_vessels(tree.json("/plan/vessels")),
        standbys=_standbys(tree),
        series=series,
        solve=tree.json("/solve"),
        versions=tree.json("/versions"),
        created=tree.json("/created"),
        log=tree.json("/log"),
        basis=basis,
        price_ranges=[PriceRange(**r) for r in tree.json("/price_ranges")],
    )


def _pack_problem(tree: Tree, result: Result) -> None:
    problem = result.problem
    tree.put_json("/words/declared", [asdict(family) for family in problem.families.values()])
    for (kind, name), family in problem.families.items():
        facts = {"unit": family.unit, "algebra": family.algebra, "source": family.source}
        tree.attributes[f"/{kind}s/{name}"] = facts
    _pack_index(
        tree,
        "/columns",
        problem.columns,
        {"value": result.values, "lower": problem.lower, "upper": problem.upper, "whole": problem.whole},
    )
    _pack_index(
        tree,
        "/rows",
        problem.rows,
        {"dual": result.row_duals, "lower": problem.row_lower, "upper": problem.row_upper},
    )
    _pack_sparse(tree, "/matrix", problem.matrix)
    _pack_sparse(tree, "/costs", problem.costs)
    tree.words["/costs/names"] = list(problem.cost_names)
    tree.numbers["/costs/offsets"] = problem.cost_offsets
    tree.numbers["/costs/stages"] = problem.cost_stages
    tree.numbers["/costs/weights"] = problem.cost_weights
    tree.numbers["/costs/yearly"] = problem.costs @ result.values + problem.cost_offsets


def _pack_index(tree: Tree, root: str, index: Index, data: dict[str, Array]) -> None:
    tree.attributes[root] = {"count": len(index)}
    tree.words[f"/words{root}/blocks"] = index.blocks
    tree.words[f"/words{root}/families"] = index.families
    tree.words[f"/words{root}/members"] = index.members
    labels = {"block": index.block, "member": index.member, "number": index.number}
    for family in index.families:
        at = index.of(family)
        if len(at):
            tree.numbers[f"{root}/{family}/position"] = at
            for name, values in (data | labels).items():
                tree.numbers[f"{root}/{family}/{name}"] = values[at]


def _unpack_index(tree: Tree, root: str, types: dict[str, Any]) -> tuple[Index, dict[str, Array]]:
    count = int(tree.attributes[root]["count"])
    families = tree.words[f"/words{root}/families"]
    labels: dict[str, Array] = {name: np.zeros(count, np.int32) for name in ("block", "member", "number")}
    data = {name: np.zeros(count, dtype) for name, dtype in types.items()}
    of_family = np.full(count, -1, np.int16)
    for code, family in enumerate(families):
        at = tree.numbers.get(f"{root}/{family}/position")
        if at is None:
            continue
        of_family[at] = code
        for name, values in (labels | data).items():
            values[at] = tree.numbers[f"{root}/{family}/{name}"]
    if (of_family < 0).any():
        raise ValueError(f"{root} are not complete")
    blocks, members = tree.words[f"/words{root}/blocks"], tree.words[f"/words{root}/members"]
    return Index(blocks, families, members, labels["block"], of_family, labels["member"], labels["number"]), data


def _pack_sparse(tree: Tree, root: str, matrix: sp.csr_matrix) -> None:
    tree.attributes[root] = {"rows": matrix.shape[0], "columns": matrix.shape[1]}
    for part in ("data", "indices", "indptr"):
        tree.numbers[f"{root}/{part}"] = getattr(matrix, part)


def _sparse(tree: Tree, root: str) -> sp.csr_matrix:
    shape = (int(tree.attributes[root]["rows"]), int(tree.attributes[root]["columns"]))
    return sp.csr_matrix(tuple(tree.numbers[f"{root}/{part}"] for part in ("data", "indices", "indptr")), shape=shape)


def _problem(tree: Tree) -> tuple[Problem, Array, Array]:
    columns, of_columns = _unpack_index(
        tree, "/columns", {"value": float, "lower": float, "upper": float, "whole": bool}
    )
    rows, of_rows = _unpack_index(tree, "/rows", {"dual": float, "lower": float, "upper": float})
    families = [Family(**f) for f in tree.json("/words/declared")]
    problem = Problem(
        columns=columns,
        rows=rows,
        families={(f.kind, f.name): f for f in families},
        matrix=_sparse(tree, "/matrix"),
        lower=of_columns["lower"],
        upper=of_columns["upper"],
        row_lower=of_rows["lower"],
        row_upper=of_rows["upper"],
        whole=of_columns["whole"],
        cost_names=tree.words["/costs/names"],
        costs=_sparse(tree, "/costs"),
        cost_offsets=tree.numbers["/costs/offsets"],
        cost_stages=tree.numbers["/costs/stages"],
        cost_weights=tree.numbers["/costs/weights"],
    )
    if problem.matrix.shape != (len(rows), len(columns)):
        raise ValueError("the matrix does not fit its labels")
    return problem, of_columns["value"], of_rows["dual"]


def _key(name: str) -> str:
    """A name as one step of a path."""
    return name.replace("/", "%2F")


def _pack_table(tree: Tree, table: Table, frame: pd.DataFrame) -> None:
    columns = []
    for c in table.columns:
        # A column without a default is marked by an object, which no file can hold.
        known = c.default is None or isinstance(c.default, (int, float, str))
        columns.append({**vars(c), "default": c.default if known else {"required": True}})
    flat = frame.reset_index() if table.keys else frame
    names = [str(name) for name in flat.columns]
    tree.put_json(f"/inputs/{table.name}/declaration", {**vars(table), "columns": columns})
    tree.put_json(f"/inputs/{table.name}/order", names)
    for name in names:
        path = f"/inputs/{table.name}/rows/{_key(name)}"
        if pd.api.types.is_numeric_dtype(flat[name].dtype):
            tree.numbers[path] = flat[name].to_numpy()
        else:
            tree.words[path] = [str(cell) for cell in flat[name]]


def _table(kept: dict[str, Any]) -> Table:
    columns = []
    for c in kept.pop("columns"):
        default = REQUIRED if isinstance(c["default"], dict) else c["default"]
        columns.append(Column(**{**c, "default": default, "choices": tuple(c["choices"])}))
    return Table(**kept, columns=tuple(columns))


def _frame(tree: Tree, table: Table) -> pd.DataFrame:
    data: dict[str, Any] = {}
    for name in tree.json(f"/inputs/{table.name}/order"):
        path = f"/inputs/{table.name}/rows/{_key(name)}"
        numbers = tree.numbers.get(path)
        data[name] = numbers if numbers is not None else tree.words[path]
    if data and not len(next(iter(data.values()))):
        return table.empty()
    return table.indexed(pd.DataFrame(data))


def _pack_time(tree: Tree, result: Result) -> None:
    spans = result.spans.spans
    tree.attributes["/time"] = {"chained": result.spans.chained}
    for name, values in (
        ("stage", [s.stage for s in spans]),
        ("first", [int(s.hours[0]) for s in spans]),
        ("length", [len(s) for s in spans]),
        ("weight", [s.weight for s in spans]),
        ("sequence", result.spans.sequence),
        ("first_hours", result.spans.first_hours),
        ("month", result.month),
        ("hour_of_day", result.hour_of_day),
    ):
        tree.numbers[f"/time/{name}"] = np.asarray(values)


def _chronology(tree: Tree) -> Chronology:
    stage, first, length, weight = (tree.numbers[f"/time/{n}"] for n in ("stage", "first", "length", "weight"))
    spans = tuple(
        Span(i, int(stage[i]), np.arange(first[i], first[i] + length[i]), float(weight[i])) for i in range(len(stage))
    )
    facts = tree.attributes["/time"]
    return Chronology(spans, bool(facts["chained"]), tree.numbers["/time/sequence"], tree.numbers["/time/first_hours"])


def _pack_plan(tree: Tree, result: Result) -> None:
    assets = result.assets
    tree.put_json(
        "/plan/assets",
        {
            "stages": list(assets.stages),
            "with_energy": sorted(assets.with_energy),
            "assets": [asdict(a) for a in assets.by_name.values()],
        },
    )
    tree.put_json(
        "/plan/clauses",
        [
            {
                "name": c.name,
                "kind": c.kind,
                "strictness": c.strictness,
                "penalty": c.penalty,
                "until": c.until,
                "table": _table_of(c.name, result.inputs),
            }
            for c in result.clauses
        ],
    )
    requirements = [{**vars(r), "clause": r.clause.name} for r in result.requirements]
    tree.put_json("/plan/requirements", requirements)
    tree.put_json("/plan/joins", _by_year(result.joins))
    tree.put_json("/plan/flows", _by_year(result.flows))
    tree.put_json("/plan/feeds", _by_year(result.feeds))
    tree.put_json("/plan/potentials", _by_year(result.potentials))
    tree.put_json("/plan/vessels", _by_year(result.vessels))
    tree.put_json("/plan/standbys", _by_year(result.standbys))


def _vessels(kept: dict[str, list[dict[str, Any]]]) -> dict[int, list[Vessel]]:
    """Stores by stage."""
    parts = ("charging", "discharging", "natural")
    return {
        int(year): [
            Vessel(**{**v, **{word: tuple((f, m, r) for f, m, r in v[word]) for word in parts}}) for v in vessels
        ]
        for year, vessels in kept.items()
    }


def _by_year(parts: dict[int, list[Any]]) -> dict[int, list[dict[str, Any]]]:
    return {stage: _dicts(part) for stage, part in parts.items()}


def _dicts(records: Iterable[Any]) -> list[dict[str, Any]]:
    return [asdict(record) for record in records]


def _table_of(clause: str, inputs: Inputs) -> str:
    """The clause table that has a row of that name; no two have."""
    tables = (t for t in inputs.declared.values() if t.keys == 1 and t.key_names == ["clause"])
    return next(t.name for t in tables if clause in inputs[t.name].index)


def _clause(kept: dict[str, Any], inputs: Inputs) -> Clause:
    row = inputs[kept.pop("table")].loc[kept["name"]]
    return Clause(**kept, row=row)


def _standbys(tree: Tree) -> dict[int, list[Standby]]:
    """The parts of standby by stage."""
    return {int(y): [_standby(s) for s in part] for y, part in tree.json("/plan/standbys").items()}


def _standby(kept: dict[str, Any]) -> Standby:
    terms = tuple((str(f), str(m), float(value)) for f, m, value in kept["terms"])
    backing = Backing(**kept["backing"]) if kept["backing"] else None
    return Standby(**{**kept, "terms": terms, "backing": backing})


def _assets(kept: dict[str, Any]) -> Assets:
    by_name = {}
    for a in kept["assets"]:
        for part in ("fixed", "room", "aged", "gone"):
            a[part] = {int(year): value for year, value in a[part].items()}
        by_name[a["name"]] = Asset(**a)
    return Assets(tuple(kept["stages"]), by_name, set(kept["with_energy"]))
