"""Whose each column of the problem is: an asset's, or nobody's.

Columns of capacities are of the asset they are named by. Columns of the hours are, where a technology told that a
column of the same name before the slash takes part in a balance, a store or a standby as that asset's. Standby that a
reserve claims is of the asset that stands by. What is left, such as the meter of a store's cycles or whole units, is of
the asset it is named by where all rows it stands in hold columns of that asset alone.

The rest is nobody's: demand not served, exchange with neighbours, send-out, what clauses measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.standby import ready_key
from qhenergy.outcome.result import Result
from qhenergy.policy import reserve

#: Prefix of the families of capacities.
CAPACITY = "capacity"
NOBODY = -1


@dataclass(frozen=True)
class Owners:
    """Owners of columns, and of rows about one asset alone.

    Attributes:
        assets: the assets, in the order their codes count them.
        column: code of the owner of each column; `NOBODY` if it has none.
        row: code of the asset whose columns alone a row holds and that it is named by; `NOBODY` of all others.
    """

    assets: list[str]
    column: NDArray[np.int64]
    row: NDArray[np.int64]


def owners(result: Result) -> Owners:
    """Who owns the columns of a result's problem."""
    index = result.problem.columns
    assets = list(result.assets.by_name)
    code = {name: i for i, name in enumerate(assets)}
    told, standing_by = set(_told(result, code)), _standing_by(result)
    # Columns of one family and member have one owner: it is looked up once for all hours.
    pairs, at = np.unique(index.family.astype(np.int64) * len(index.members) + index.member, return_inverse=True)
    sure, maybe = np.full(len(pairs), NOBODY), np.full(len(pairs), NOBODY)
    for i, pair in enumerate(pairs):
        family, member = (index.families[pair // len(index.members)], index.members[pair % len(index.members)])
        prefix = family.split("/", 1)[0]
        asset = standing_by.get((family, member), member)
        if (prefix == CAPACITY or asset != member or (prefix, member) in told) and asset in code:
            sure[i] = code[asset]
        else:
            # Units that run in several bands are told apart by a number behind the name.
            maybe[i] = code.get(member, code.get(member.rpartition(" ")[0], NOBODY))
    column = _settled(result, pairs, at, sure, maybe)
    # A row named by somebody else, such as a connection, is shared even where one asset alone stands in it.
    words = code | {member: code[asset] for (_, member), asset in standing_by.items()}
    named = np.array([words.get(word, NOBODY) for word in result.problem.rows.members], dtype=np.int64)
    alone = _alone(result, column)
    return Owners(assets, column, np.where(alone == named[result.problem.rows.member], alone, NOBODY))


def _told(result: Result, code: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Prefixes of families and assets that technologies said are theirs."""
    for stage in result.case.stages:
        named = [(j.family, j.member) for j in (*result.joins[stage], *result.flows[stage])]
        named += [(f.family, f.column) for f in result.feeds.get(stage, ())]
        named += [(p.family, p.asset) for p in result.potentials[stage]]
        named += [(v.level, v.asset) for v in result.vessels[stage]]
        named += [(family, member) for s in result.standbys[stage] for family, member, _ in s.terms]
        yield from ((family.split("/", 1)[0], member) for family, member in named if member in code)


def _standing_by(result: Result) -> dict[tuple[str, str], str]:
    """Asset by column of the standby that reserves claim."""
    made = {}
    for clause in (c for c in result.clauses if c.kind == reserve.KIND):
        call = reserve.call_of(result.inputs, clause)
        for stage in result.case.stages:
            for part in call.parts(result.standbys[stage]):
                if part.load:
                    made[f"{reserve.KIND}/ready", ready_key(part)] = part.asset
                elif call.backed(part):
                    made[f"{reserve.KIND}/backed", call.key(part)] = part.asset
    return made


def _settled(
    result: Result,
    pairs: NDArray[np.int64],
    at: NDArray[np.int64],
    sure: NDArray[np.int64],
    maybe: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Owners of columns once those that may be an asset's were tried."""
    columns = result.problem.matrix.tocsc()
    while True:
        owner = np.where(sure >= 0, sure, maybe)[at]
        trying = np.flatnonzero((sure < 0) & (maybe >= 0))
        if not len(trying):
            return owner
        shared = _alone(result, owner) == NOBODY
        tried = np.flatnonzero(np.isin(at, trying))
        of_tried = columns[:, tried]
        refused = np.add.reduceat(np.r_[shared[of_tried.indices], False], of_tried.indptr[:-1]) > 0
        # A column that stands in no row is left out of the sum.
        refused &= np.diff(of_tried.indptr) > 0
        if not refused.any():
            return owner
        maybe = maybe.copy()
        maybe[at[tried[refused]]] = NOBODY


def _alone(result: Result, owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """The owner of all columns of each row, or `NOBODY`."""
    matrix = result.problem.matrix
    made = np.full(matrix.shape[0], NOBODY)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if len(filled):
        of_entry, starts = owner[matrix.indices], matrix.indptr[filled]
        least, most = np.minimum.reduceat(of_entry, starts), np.maximum.reduceat(of_entry, starts)
        made[filled] = np.where(least == most, least, NOBODY)
    return made
