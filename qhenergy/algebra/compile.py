"""Compile a block to arrays and drop its Pyomo model.

`LinearStandardFormCompiler` drops columns that stand in no row and rows that are trivially true, so
addresses are taken from the rows and columns it returns, never from position.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from numpy.typing import NDArray
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from qhenergy.algebra.block import Block
from qhenergy.algebra.family import Address, Family


@dataclass
class Labels:
    """Which family, member and number each column (or row) of a block has."""

    families: list[str]
    members: list[str]
    family: NDArray[np.int16]
    member: NDArray[np.int32]
    number: NDArray[np.int32]

    def __len__(self) -> int:
        """Number of columns or rows."""
        return len(self.family)


@dataclass
class Compiled:
    """A block as arrays.

    Attributes:
        name: name of the block.
        families: declarations of all its families.
        columns, rows: labels; the last `len(ports)` columns of the matrix are ports and have none.
        ports: addresses of the columns of other blocks.
        lower, upper: bounds of own columns; infinite where there is none.
        whole: whether an own column is a whole number.
        matrix: rows x (own columns + ports).
        row_lower, row_upper: bounds of rows.
        cost_names, cost_stages: names of costs, and the stage of whose year each is.
        cost: costs x (own columns + ports) [CNY/yr].
        cost_offset: constant part of each cost [CNY/yr].
    """

    name: str
    families: dict[str, Family]
    columns: Labels
    rows: Labels
    ports: list[Address]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    whole: NDArray[np.bool_]
    matrix: sp.csr_matrix
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    cost_names: list[str]
    cost_stages: list[int]
    cost: sp.csr_matrix
    cost_offset: NDArray[np.float64]
    notes: dict[str, object] = field(default_factory=dict)


def compile_block(block: Block) -> Compiled:
    """Compile a closed block.

    Raises:
        ValueError: a row or cost is not linear (Pyomo names it).
    """
    own: list[pyo.Var] = []
    families: list[str] = []
    members: dict[str, int] = {}
    labels: list[tuple[int, int, int]] = []
    for variable in block.model.component_objects(pyo.Var, descend_into=False):
        if variable.local_name == "ports":
            continue
        families.append(variable.local_name)
        family = len(families) - 1
        for (member, number), data in variable.items():
            own.append(data)
            labels.append((family, members.setdefault(member, len(members)), number))
    position = {id(data): i for i, data in enumerate(own)}
    ports = list(block.ports.values())
    for i, key in enumerate(block.ports):
        position[key] = len(own) + i

    has_objective = bool(block.costs)
    if not has_objective:
        block.model.add_component("cost:none", pyo.Objective(expr=0.0))
    form = LinearStandardFormCompiler().write(block.model, mixed_form=True, set_sense=None)
    target = np.array([position[id(v)] for v in form.columns], dtype=np.int64)
    width = len(own) + len(ports)

    matrix = _spread(form.A, target, width)
    row_lower, row_upper, row_labels, row_families, row_members = _row_labels(form)
    cost = _spread(form.c, target, width)
    named = [block.named.get(objective.local_name, ("", 0)) for objective in form.objectives]
    offset = np.asarray(form.c_offset, dtype=float).reshape(-1)
    if not has_objective:
        named, cost, offset = [], sp.csr_matrix((0, width)), np.zeros(0)
    return Compiled(
        name=block.name,
        families=dict(block.families),
        columns=_labels(families, list(members), labels),
        rows=_labels(row_families, row_members, row_labels),
        ports=ports,
        lower=np.array([-np.inf if v.lb is None else v.lb for v in own], dtype=float),
        upper=np.array([np.inf if v.ub is None else v.ub for v in own], dtype=float),
        whole=np.array([v.is_integer() for v in own], dtype=bool),
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        cost_names=[name for name, _ in named],
        cost_stages=[stage for _, stage in named],
        cost=cost,
        cost_offset=offset,
    )


def _spread(form: sp.spmatrix, target: NDArray[np.int64], width: int) -> sp.csr_matrix:
    """The matrix with its columns moved to the positions of the block; equal positions add up."""
    coo = form.tocoo()
    return sp.csr_matrix((coo.data, (coo.row, target[coo.col])), shape=(form.shape[0], width))


def _row_labels(form: object) -> tuple[NDArray[np.float64], NDArray[np.float64], list, list[str], list[str]]:
    rhs = np.asarray(form.rhs, dtype=float)
    lower, upper = np.full(len(rhs), -np.inf), np.full(len(rhs), np.inf)
    families: dict[str, int] = {}
    members: dict[str, int] = {}
    labels = []
    for i, (constraint, sense) in enumerate(form.rows):
        member, number = constraint.index()
        name = constraint.parent_component().local_name
        labels.append((families.setdefault(name, len(families)), members.setdefault(member, len(members)), number))
        # mixed form: 0 equality, +1 upper bound, -1 lower bound
        if sense >= 0:
            upper[i] = rhs[i]
        if sense <= 0:
            lower[i] = rhs[i]
    return lower, upper, labels, list(families), list(members)


def _labels(families: list[str], members: list[str], labels: list[tuple[int, int, int]]) -> Labels:
    table = np.array(labels, dtype=np.int64).reshape(-1, 3)
    return Labels(
        families,
        members,
        table[:, 0].astype(np.int16),
        table[:, 1].astype(np.int32),
        table[:, 2].astype(np.int32),
    )
