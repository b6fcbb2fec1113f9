"""The problem: compiled blocks stacked into one matrix with every row and column labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.compile import Compiled, Labels
from qhenergy.algebra.family import Address, Family, window_name
from qhenergy.periods.chronology import Chronology


@dataclass
class Index:
    """Which block, family, member and number each column (or row) of the problem has.

    Attributes:
        blocks, families, members: the words, in the order their codes count them.
        block, family, member, number: codes of each column or row.
    """

    blocks: list[str]
    families: list[str]
    members: list[str]
    block: NDArray[np.int32]
    family: NDArray[np.int16]
    member: NDArray[np.int32]
    number: NDArray[np.int32]

    def __len__(self) -> int:
        """Number of columns or rows."""
        return len(self.family)

    def of(self, family: str) -> NDArray[np.int64]:
        """Positions of all columns (or rows) of a family."""
        if family not in self.families:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.family == self.families.index(family))

    def label(self, position: int) -> str:
        """A column or row as one readable word."""
        return (
            f"{self.families[self.family[position]]}"
            f"[{self.members[self.member[position]]},{self.number[position]}]"
            f"@{self.blocks[self.block[position]]}"
        )


def stages_of(index: Index, spans: Chronology, stages: Sequence[int]) -> NDArray[np.int32]:
    """The stage each column (or row) belongs to.

    Those of a window are of its stage. Those of the plan are of the stage they are numbered by, or of the one whose
    real periods they count: these are numbered through all stages.
    """
    window = {window_name(span.index): span.stage for span in spans.spans}
    of_block = np.array([window.get(name, 0) for name in index.blocks], dtype=np.int32)
    found = of_block[index.block]
    in_plan = np.flatnonzero(found == 0)
    number = index.number[in_plan]
    period = np.minimum(number // max(len(spans.sequence), 1), len(stages) - 1)
    found[in_plan] = np.where(np.isin(number, stages), number, np.array(stages, dtype=np.int32)[period])
    return found


@dataclass
class Problem:
    """minimise cost @ x + offset subject to row_lower <= matrix @ x <= row_upper, lower <= x <= upper.

    Costs by name are those of a year of their stage; `cost` and `offset` are their sum with the weights of the
    stages, which is the level cost of a year; see `Horizon` of the case.

    Attributes:
        columns, rows: labels.
        families: declarations by (kind, name).
        matrix: rows x columns.
        lower, upper, row_lower, row_upper: bounds.
        whole: whether a column is a whole number.
        cost_names, cost_stages: names of costs, and the stage of whose year each is.
        cost_weights: weight of that stage.
        costs: costs x columns [CNY/yr].
        cost_offsets: constant part of each named cost [CNY/yr].
    """

    columns: Index
    rows: Index
    families: dict[tuple[str, str], Family]
    matrix: sp.csr_matrix
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    whole: NDArray[np.bool_]
    cost_names: list[str]
    costs: sp.csr_matrix
    cost_offsets: NDArray[np.float64]
    cost_stages: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    cost_weights: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Costs of which nothing else is said are of one stage."""
        if not len(self.cost_weights):
            self.cost_stages = np.zeros(len(self.cost_names), dtype=np.int32)
            self.cost_weights = np.ones(len(self.cost_names))

    @property
    def cost(self) -> NDArray[np.float64]:
        """Cost of each column [CNY/yr per unit]."""
        return np.asarray(self.costs.T @ self.cost_weights).ravel()

    @property
    def offset(self) -> float:
        """Cost that nothing changes [CNY/yr]."""
        return float(self.cost_offsets @ self.cost_weights)


def stack(blocks: Sequence[Compiled], weights: Mapping[int, float]) -> Problem:
    """Stack blocks; ports become the columns they point at.

    Args:
        blocks: the plan and the windows.
        weights: what the cost of a year of each stage counts.

    Raises:
        KeyError: a port points at a column that no block has.
    """
    starts = np.cumsum([0, *(len(b.columns) for b in blocks)])
    total = int(starts[-1])
    places = _places(blocks, starts)
    named = list(dict.fromkeys(key for b in blocks for key in zip(b.cost_names, b.cost_stages, strict=True)))
    cost_place = {key: i for i, key in enumerate(named)}
    matrices, costs = [], []
    offsets = np.zeros(len(named))
    for block, start in zip(blocks, starts[:-1], strict=True):
        own = np.arange(start, start + len(block.columns))
        target = np.concatenate([own, np.array([places[a] for a in block.ports], dtype=np.int64)])
        matrices.append(_moved(block.matrix, target, total))
        cost = block.cost.tocoo()
        into = np.array(
            [cost_place[key] for key in zip(block.cost_names, block.cost_stages, strict=True)], dtype=np.int64
        )
        costs.append(sp.csr_matrix((cost.data, (into[cost.row], target[cost.col])), shape=(len(named), total)))
        np.add.at(offsets, into, block.cost_offset)
    families = {(f.kind, f.name): f for b in blocks for f in b.families.values()}
    return Problem(
        columns=_index([b.name for b in blocks], [b.columns for b in blocks]),
        rows=_index([b.name for b in blocks], [b.rows for b in blocks]),
        families=families,
        matrix=sp.vstack(matrices, format="csr"),
        lower=np.concatenate([b.lower for b in blocks]),
        upper=np.concatenate([b.upper for b in blocks]),
        row_lower=np.concatenate([b.row_lower for b in blocks]),
        row_upper=np.concatenate([b.row_upper for b in blocks]),
        whole=np.concatenate([b.whole for b in blocks]),
        cost_names=[name for name, _ in named],
        costs=sum(costs[1:], costs[0]),
        cost_offsets=offsets,
        cost_stages=np.array([stage for _, stage in named], dtype=np.int32),
        cost_weights=np.array([weights[stage] for _, stage in named], dtype=float),
    )


def _moved(matrix: sp.csr_matrix, target: NDArray[np.int64], width: int) -> sp.csr_matrix:
    moved = sp.csr_matrix((matrix.data, target[matrix.indices], matrix.indptr), shape=(matrix.shape[0], width))
    # A port to the block's own columns puts two entries in one place.
    moved.sum_duplicates()
    return moved


def _places(blocks: Sequence[Compiled], starts: NDArray[np.int64]) -> dict[Address, int]:
    """Where the columns are that ports point at; only their families are looked up."""
    wanted = {address for block in blocks for address in block.ports}
    by_block: dict[str, set[str]] = {}
    for address in wanted:
        by_block.setdefault(address.block, set()).add(address.family)
    places: dict[Address, int] = {}
    for block, start in zip(blocks, starts[:-1], strict=True):
        labels = block.columns
        for family in by_block.get(block.name, ()):
            if family not in labels.families:
                continue
            for i in np.flatnonzero(labels.family == labels.families.index(family)):
                address = Address(block.name, family, labels.members[labels.member[i]], int(labels.number[i]))
                if address in wanted:
                    places[address] = int(start + i)
    missing = wanted - places.keys()
    if missing:
        raise KeyError(f"no block has the column {min(missing, key=str)}")
    return places


def _index(names: list[str], labels: list[Labels]) -> Index:
    families: dict[str, int] = {}
    members: dict[str, int] = {}
    block, family, member, number = [], [], [], []
    for i, part in enumerate(labels):
        of_family = np.array([families.setdefault(f, len(families)) for f in part.families], dtype=np.int16)
        of_member = np.array([members.setdefault(m, len(members)) for m in part.members], dtype=np.int32)
        block.append(np.full(len(part), i, dtype=np.int32))
        family.append(of_family[part.family] if len(part) else part.family)
        member.append(of_member[part.member] if len(part) else part.member)
        number.append(part.number)
    return Index(
        names,
        list(families),
        list(members),
        np.concatenate(block),
        np.concatenate(family),
        np.concatenate(member),
        np.concatenate(number),
    )
