"""How much of what lines are sent clean energy can back: the book of `policy.clean_export`, counted again.

The operation is given; what is looked for is the book of clean energy that backs most. It is a linear problem of
its own, solved after the first, so that a clause that is only watched costs no column, and one that binds is
checked by other code than wrote it:

    minimise  sum(omega[t] * missing[t]),  missing[t] = sum(sent[l,t] - backed[l,t], l) + sum(uncovered[z,t], z)
    subject to the rows of `policy.clean_export`, with numbers for all but the book, and
      - a corridor carries clean energy the way it carries energy net
      - `uncovered` is what pumps and heaters took and no clean energy stands for; it counts as missing with
        what the lines are sent, since it comes back as clean generation

The energy missing in the year is unique and exact: no book backs more. Which hours it is missing in is not, where
a store could give in one hour or in another.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from qhenergy.algebra.joins import Vessel
from qhenergy.ground.faults import SolverError
from qhenergy.outcome.result import Result
from qhenergy.policy.clean_export import KIND, RETURNED

Array = NDArray[np.float64]


def missing(result: Result, stage: int) -> pd.DataFrame:
    """What no clean energy backs, by line [MW]; a column `uncovered` for what pumps and heaters took beside.

    All lines that a clause of the stage is about, whatever its strictness, share one book.

    Returns:
        Frame, hours of the stage x lines and `uncovered`; kept with the result, since it takes a while.

    Raises:
        SolverError: the linear problem was not solved.
    """
    kept = result.__dict__.setdefault("_clean_accounts", {})
    if stage not in kept:
        kept[stage] = _Account(result, stage).solve()
    return kept[stage]


def room(result: Result, stage: int, line: str) -> Array:
    """Room of a clause in every hour of a stage [MW]: never above zero, and below it what is not backed."""
    made = missing(result, stage)
    values: Array = -(made[line] + made["uncovered"]).to_numpy()
    return values


class _Account:
    """The linear problem of one stage, block of hours by block of hours."""

    def __init__(self, result: Result, stage: int) -> None:
        self.result, self.stage = result, stage
        self.hours = result.of_stage(stage)
        self.count = self.hours.stop - self.hours.start
        self.step = result.case.time.step
        self.upper: list[Array] = []
        self.zones: dict[str, list[tuple[int, float]]] = {}
        self.given: dict[str, Array] = {}
        #: rows of accounts as (block, matrix) parts and their right-hand sides
        self.rows: list[tuple[list[tuple[int, sp.spmatrix]], Array]] = []
        self._frames: dict[str, pd.DataFrame] = {}
        clauses = [r.clause for r in result.requirements if r.clause.kind == KIND and r.stage == stage and r.measured]
        self.lines = list(dict.fromkeys(str(c.row["send_out_line"]) for c in clauses))
        self.technologies = set(result.inputs.members(str(clauses[0].row["group"])))

    def values(self, family: str, member: str) -> Array:
        """Values of a column in the hours of the stage; zero where it has none."""
        if family not in self._frames:
            self._frames[family] = self.result.column(family).iloc[self.hours]
        return np.nan_to_num(self._frames[family][member].to_numpy(dtype=float))

    def block(self, upper: Array) -> int:
        """A new block of columns between zero and some values; its number."""
        self.upper.append(np.maximum(upper, 0.0))
        return len(self.upper) - 1

    def gives(self, zone: str, block: int, coefficient: float) -> None:
        """Let a block give to the book of a zone."""
        self.zones.setdefault(zone, []).append((block, coefficient))

    def solve(self) -> pd.DataFrame:
        """Build the blocks and rows, solve, and give back what is missing."""
        joins, vessels = self.result.joins[self.stage], self.result.vessels[self.stage]
        own = {v.asset for v in vessels}
        used: dict[str, Array] = {}
        backed, sent = {}, {}
        for j in joins:
            clean = j.role == "generation" and j.technology in self.technologies
            if (clean or j.role in RETURNED) and j.asset not in own:
                change = j.coefficient * self.values(j.family, j.member)
                self.given[j.zone] = self.given.get(j.zone, np.zeros(self.count)) + change
                if not clean:
                    used[j.zone] = used.get(j.zone, np.zeros(self.count)) - change
            elif j.role == "send_out" and j.asset in self.lines:
                sent[j.asset] = -j.coefficient * self.values(j.family, j.member)
                backed[j.asset] = self.block(sent[j.asset])
                self.gives(j.zone, backed[j.asset], -1.0)
        uncovered = [self.block(taken) for taken in used.values()]
        for zone, block in zip(used, uncovered, strict=True):
            self.gives(zone, block, 1.0)
        self._flows()
        for v in vessels:
            self._vessel(v)
        weights = self.result.weights(self.stage)
        cost = np.zeros(len(self.upper) * self.count)
        for blocks, sign in ((backed.values(), -1.0), (uncovered, 1.0)):
            for b in blocks:
                cost[b * self.count : (b + 1) * self.count] = sign * weights
        found = self._solved(cost)
        made = {line: np.maximum(sent[line] - found[b], 0.0) for line, b in backed.items()}
        made["uncovered"] = sum((found[b] for b in uncovered), np.zeros(self.count))
        return pd.DataFrame(made)

    def _flows(self) -> None:
        """A corridor carries clean energy the way it carries energy net."""
        ends: dict[tuple[str, str], list[tuple[str, float]]] = {}
        for j in self.result.joins[self.stage]:
            if j.role == "transfer":
                ends.setdefault((j.member, j.family), []).append((j.zone, j.coefficient))
        for (member, family), places in ends.items():
            others = [self.values(f, m) for m, f in ends if m == member and f != family]
            block = self.block(self.values(family, member) - sum(others, np.zeros(self.count)))
            for zone, coefficient in places:
                self.gives(zone, block, coefficient)

    def _vessel(self, v: Vessel) -> None:
        level = self.values(v.level, v.asset)
        carried = f"{v.level}_lowest"
        fresh = False
        if self.result.has(carried) and v.asset in (lowest := self.result.column(carried)).columns:
            spans = self.result.spans.of_stage(self.stage)
            least = [float(lowest[v.asset].iloc[span.index]) for span in spans]
            level, fresh = level - np.repeat(least, [len(span) for span in spans]), True
        stored = self.block(level)
        drawn = self.block(sum((self.values(f, m) for f, m, _ in v.discharging), np.zeros(self.count)))
        one = sp.identity(self.count, format="csr")
        kept = v.keep**self.step
        parts = [(stored, one - kept * self._before(fresh)), (drawn, self.step * v.discharging[0][2] * one)]
        self.gives(v.zone, drawn, 1.0)
        for f, m, rate in v.charging:
            charged = self.block(self.values(f, m))
            parts.append((charged, -self.step * rate * one))
            self.gives(v.zone, charged, -1.0)
        right = np.zeros(self.count)
        if self.result.assets[v.asset].technology in self.technologies:
            right = sum((self.step * rate * self.values(f, m) for f, m, rate in v.natural), right)
        self.rows.append((parts, right))

    def _before(self, fresh: bool) -> sp.csr_matrix:
        """Matrix that takes each hour to the one before it: of the chain, or of its own period unless it is fresh."""
        spans, start, before = self.result.spans.of_stage(self.stage), 0, np.arange(self.count) - 1
        kept = np.ones(self.count)
        for span in spans:
            if not self.result.spans.chained:
                before[start] = start + len(span) - 1
                kept[start] = 0.0 if fresh else 1.0
            start += len(span)
        before[before < 0] = self.count - 1
        return sp.csr_matrix((kept, (np.arange(self.count), before)), shape=(self.count, self.count))

    def _solved(self, cost: Array) -> list[Array]:
        """Values of every block at the least cost."""
        one = sp.identity(self.count, format="csr")
        rows = [([(b, -k * one) for b, k in terms], self.given.get(z, np.zeros(self.count)))
                for z, terms in self.zones.items()]  # fmt: skip
        rows += self.rows
        grid: list[list[sp.spmatrix | None]] = []
        for parts, _ in rows:
            line: list[sp.spmatrix | None] = [None] * len(self.upper)
            for b, part in parts:
                old = line[b]
                line[b] = part if old is None else old + part
            grid.append(line)
        bounds = np.column_stack([np.zeros(len(cost)), np.concatenate(self.upper)])
        answer = linprog(
            cost,
            A_ub=sp.bmat(grid, format="csr"),
            b_ub=np.concatenate([right for _, right in rows]),
            bounds=bounds,
            method="highs",
        )
        if answer.x is None:
            raise SolverError(f"the account of clean energy of {self.stage} was not solved: {answer.message}")
        return list(answer.x.reshape(len(self.upper), self.count))
