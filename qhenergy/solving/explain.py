"""Explanation of a case: which clauses clash, and what mends it, or how far the clauses are from clashing.

Clauses and limits of the data give at a price (see `solving.levers` and `solving.elastic`); costs are left out.

* A smallest clash is found by hitting sets (Ignatiev et al. 2015, doi:10.1007/978-3-319-23219-5_13). Where some
  clauses give and all others hold, every clash has one of those that give. A smallest set of clauses with one of
  each such list is asked alone: if it cannot hold, no smaller clash exists; if it can, what gives then is one more
  list. Where that takes too many questions, leaving out one clause after another gives a set of which none can be
  spared (Chinneck and Dravnieks 1991, doi:10.1287/ijoc.3.2.157), which need not be the smallest.
* Clashes are found one after the other: one clause of each is freed before the next is looked for.
* What a lever has to give alone is the least it gives while all clauses hold. Levers are screened by the duals of
  the problem in which all clauses give, which rule out for certain.
* Remedies are ranked by what is given over what is asked (or over what the limit is).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from qhenergy.ground.faults import listed
from qhenergy.model.assemble import Assembled
from qhenergy.model.problem import Problem
from qhenergy.solving.elastic import MOST, Elastic, Given
from qhenergy.solving.levers import Lever, levers
from qhenergy.solving.profile import Profile

#: What a share of a clause costs that is to hold, where another gives at a price of one.
HELD = 100.0
#: Questions asked for a smallest clash before one that none can be spared of is enough.
QUESTIONS = 40
#: Largest clash that is looked for by trying all sets of a size.
TRIED_SIZE = 4
#: Limits of the data that are tried, those first that may have to give least.
TRIED_LEVERS = 6
#: Pairs that are tried where no lever mends it alone.
TRIED_PAIRS = 12
#: A limit that had to be so many times itself is no remedy.
FAR = 20.0
#: Columns that are looked at to name those without a limit.
SHOWN = 1000

Say = Callable[[str], None]


@dataclass(frozen=True)
class Change:
    """What one lever gives.

    Attributes:
        lever: which.
        amount: what it gives in all [inside unit]; a share gives of what it is measured in.
        parts: of the amounts of the lever, in their order.
        relative: over what is asked, or over what the limit is.
        left: what is then asked: a share for a clause about a share, else in the inside unit; None for what has no
            single number.
    """

    lever: Lever
    amount: float
    parts: tuple[float, ...]
    relative: float
    left: float | None


@dataclass(frozen=True)
class Remedy:
    """Changes that together let everything else hold, and the sum of what they give in relation."""

    changes: tuple[Change, ...]

    @property
    def relative(self) -> float:
        """Sum over the changes of what is given over what is asked."""
        return sum(change.relative for change in self.changes)


@dataclass(frozen=True)
class Clash:
    """Clauses that cannot all hold; without any one of them the others of the clash can.

    Attributes:
        clauses: the levers of the clauses.
        smallest: whether it is proven that no clash has fewer, of the clauses that were not freed before.
    """

    clauses: tuple[Lever, ...]
    smallest: bool


@dataclass(frozen=True)
class Room:
    """How much more a clause could ask, all others as they are; `unlimited` if more than was looked for."""

    change: Change
    unlimited: bool


@dataclass(frozen=True)
class Explanation:
    """What was found.

    Attributes:
        verdict: `holds`, `clash`, or `system` where it is not the clauses that cannot hold.
        clashes: one after the other.
        remedies: ranked, what gives least first; of pairs only where no lever mends it alone.
        least: changes whose sum is least where neither a lever nor a pair mends it.
        hopeless: clauses of the clashes that mend nothing alone, however far they give.
        untried: limits that may mend it but were not tried.
        rooms: where all can hold, how much more each clause could ask; the tightest first.
        delivered: whether all energy had to be served and sent.
        whole: whether whole numbers were taken as any.
        questions: problems solved.
    """

    verdict: str
    clashes: tuple[Clash, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    least: Remedy | None = None
    hopeless: tuple[Lever, ...] = ()
    untried: tuple[Lever, ...] = ()
    rooms: tuple[Room, ...] = ()
    delivered: bool = False
    whole: bool = False
    questions: int = 0


def explain(
    assembled: Assembled,
    profile: Profile,
    data: bool = True,
    delivered: bool = False,
    rooms: bool = True,
    more: Sequence[Lever] = (),
    say: Say = lambda _: None,
) -> Explanation:
    """Find out whether the hard clauses clash, which, and what mends it.

    Args:
        assembled: the case.
        profile: its scaling is used; each question is solved by simplex, a large one by HiPO first.
        data: whether limits of the data are tried as remedies.
        delivered: whether all energy must be served and sent, whatever its price.
        rooms: whether to look how much more each clause could ask where all can hold.
        more: further limits that may be tried as remedies.
        say: is told what is going on.
    """
    elastic = Elastic(assembled.problem, [*levers(assembled, delivered, data), *more], profile)
    search = _Search(assembled, elastic, say)
    say(f"{len(search.clauses)} hard clauses, {len(search.others)} limits of the data; may all clauses hold?")
    found = search.made()
    if found.verdict == "holds" and rooms:
        found = replace(found, rooms=search.rooms())
    return replace(found, delivered=delivered, whole=bool(assembled.problem.whole.any()), questions=elastic.solved)


def without_limit(problem: Problem) -> str:
    """Families whose columns earn money and have no limit, in words; nothing where there are none."""
    cost = problem.cost
    falls = ((cost < 0) & np.isinf(problem.upper)) | ((cost > 0) & np.isinf(problem.lower))
    return listed(dict.fromkeys(problem.columns.label(int(i)).split("@")[0] for i in np.flatnonzero(falls)[:SHOWN]))


class _Search:
    """The questions asked of one case."""

    def __init__(self, assembled: Assembled, elastic: Elastic, say: Say) -> None:
        self._problem, self._elastic, self._say = assembled.problem, elastic, say
        self.levers = elastic.levers
        self.clauses = [i for i, lever in enumerate(self.levers) if lever.kind == "clause"]
        self.others = [i for i, lever in enumerate(self.levers) if lever.kind != "clause"]

    def made(self) -> Explanation:
        """The verdict, with clashes and remedies."""
        first = self._elastic.least(dict.fromkeys(self.clauses, 1.0))
        clashes: list[list[int]] = []
        smallest: list[bool] = []
        if first is None:
            # Where no clause is at fault, a limit may be; without one nothing can be said.
            self._say("not the clauses alone: may it hold if limits of the data give?")
            first = self._elastic.least(dict.fromkeys(self.clauses + self.others, 1.0)) if self.others else None
            if first is None:
                return Explanation("system")
        elif first.shares.sum() <= self._elastic.nothing:
            return Explanation("holds")
        else:
            clashes, smallest = self._clashes(first)
        return self._remedied(first, clashes, smallest)

    def _giving(self, given: Given, among: Iterable[int]) -> list[int]:
        return [i for i in among if given.shares[i] > self._elastic.nothing]

    def _clashes(self, first: Given) -> tuple[list[list[int]], list[bool]]:
        """Clashes one after the other; of each, the clause that gives most at first is freed."""
        known = [set(self._giving(first, self.clauses))]
        freed: set[int] = set()
        found, smallest = [], []
        while True:
            clash = self._smallest(known, freed)
            if clash is None:
                return found, smallest
            found.append(sorted(clash[0]))
            smallest.append(clash[1])
            self._say(f"clash {len(found)}: {listed(self.levers[i].name for i in found[-1])}")
            # What gives at first has one of every clash.
            giving = [i for i in found[-1] if i in known[0]] or found[-1]
            freed.add(max(giving, key=lambda i: first.shares[i]))

    def _smallest(self, known: list[set[int]], freed: set[int]) -> tuple[set[int], bool] | None:
        """A smallest clash of the clauses that are not freed, and whether that is proven; None if all can hold."""
        left = [i for i in self.clauses if i not in freed]
        for _ in range(QUESTIONS):
            lists = [hit - freed for hit in known]
            if not all(lists):
                return None
            asked, proven = _hitting(lists)
            given = self._elastic.least({i: HELD if i in asked else 1.0 for i in left}, freed)
            if given is not None and self._giving(given, asked):
                rest = set(left) - asked
                alone = self._elastic.least(dict.fromkeys(asked, 1.0), rest | freed)
                if alone is None or self._giving(alone, asked):
                    return asked, proven
                given = self._elastic.least(dict.fromkeys(rest, 1.0), freed)
            if given is None:
                break
            known.append(set(self._giving(given, set(left) - asked)))
        return self._irreducible(left, freed), False

    def _irreducible(self, left: Sequence[int], freed: set[int]) -> set[int]:
        """Clauses of which none can be left out without the rest being able to hold."""
        kept = set(left)
        for i in left:
            given = self._elastic.least(dict.fromkeys(kept - {i}, 1.0), set(self.clauses) - kept | {i} | freed)
            if given is not None and self._giving(given, kept - {i}):
                kept.discard(i)
        return kept

    def _remedied(self, first: Given, clashes: list[list[int]], smallest: list[bool]) -> Explanation:
        named = sorted({i for clash in clashes for i in clash})
        # A lever has to give at least what all give together over its slope.
        bounds = {i: first.total / s if (s := first.slopes[i]) > 0 else np.inf for i in range(len(self.levers))}
        data = sorted((i for i in self.others if bounds[i] <= FAR), key=lambda i: bounds[i])
        singles, hopeless = [], []
        for i in named or self._giving(first, self.clauses):
            change = self._alone(i) if bounds[i] < np.inf else None
            if change is None:
                hopeless.append(i)
            else:
                singles.append(Remedy((change,)))
        for i in data[:TRIED_LEVERS]:
            change = self._alone(i)
            if change is not None:
                singles.append(Remedy((change,)))
        least = None
        if not singles:
            singles, least = self._together(first, clashes, named, data)
        return Explanation(
            verdict="clash" if clashes else "system",
            clashes=tuple(
                Clash(tuple(self.levers[i] for i in clash), proven)
                for clash, proven in zip(clashes, smallest, strict=True)
            ),
            remedies=tuple(sorted(singles, key=lambda r: r.relative)),
            least=least,
            hopeless=tuple(self.levers[i] for i in hopeless),
            untried=tuple(self.levers[i] for i in data[TRIED_LEVERS:]),
        )

    def _alone(self, i: int) -> Change | None:
        """What a lever has to give where all clauses hold; None if that is not enough however much it gives."""
        self._say(f"how far would {self.levers[i].name} ({self.levers[i].kind}) have to give alone?")
        given = self._held([i])
        return None if given is None else self._change(i, given)

    def _held(self, giving: Sequence[int]) -> Given | None:
        """The least some levers give where all clauses hold; None if that cannot be."""
        rest = [c for c in self.clauses if c not in giving]
        given = self._elastic.least({**dict.fromkeys(rest, HELD), **dict.fromkeys(giving, 1.0)})
        if given is not None and not self._giving(given, rest):
            return given
        # Either nothing is enough, or giving far is dearer than what the others are held at.
        given = self._elastic.least(dict.fromkeys(rest, 1.0), giving)
        if given is None or self._giving(given, rest):
            return None
        return self._elastic.least(dict.fromkeys(giving, 1.0))

    def _together(
        self, first: Given, clashes: list[list[int]], named: list[int], data: list[int]
    ) -> tuple[list[Remedy], Remedy | None]:
        """Pairs that mend it, and the least of everything if there is none."""
        self._say("none mends it alone: what is least together?")
        given = self._elastic.least(dict.fromkeys([*self.clauses, *data], 1.0))
        if given is None:
            given = first
        least = self._giving(given, range(len(self.levers)))
        if len(least) <= 2:
            found = [tuple(least)]
        else:
            # A pair of clauses must have one of every clash; a limit may mend several.
            among = dict.fromkeys([*least, *named, *data[:TRIED_LEVERS]])
            found = [
                pair
                for pair in combinations(among, 2)
                if all(any(i in clash or i in self.others for i in pair) for clash in clashes)
            ][:TRIED_PAIRS]
        pairs = []
        for pair in found:
            self._say(f"how far would {listed(self.levers[i].name for i in pair)} have to give together?")
            held = self._held(pair)
            if held is not None:
                pairs.append(Remedy(tuple(self._change(i, held) for i in self._giving(held, pair))))
        unlike = {frozenset(c.lever.name for c in pair.changes): pair for pair in pairs}
        return list(unlike.values()), Remedy(tuple(self._change(i, given) for i in least)) if not pairs else None

    def rooms(self) -> tuple[Room, ...]:
        """How much more each clause could ask where all can hold, the tightest first."""
        turned = []
        for i in self.clauses:
            lever = self.levers[i]
            asked = lever.requirement
            # Nothing is less than nothing, and what must be equal cannot be more.
            if asked is None or asked.sense == "=" or len(lever.hours) or (asked.sense == "<=" and not asked.required):
                continue
            gives = tuple(replace(give, row_signs=-give.row_signs) for give in lever.gives)
            turned.append(replace(lever, gives=gives))
        elastic = Elastic(self._problem, turned, self._elastic.profile)
        found = []
        for i, lever in enumerate(turned):
            self._say(f"how much more could {lever.name} ask?")
            given = elastic.least({i: -1.0})
            if given is not None:
                unlimited = given.shares[i] >= MOST * (1 - 1e-6)
                found.append(Room(self._changed(lever, given.parts[i], given, -1.0), unlimited))
        self._elastic.solved += elastic.solved
        return tuple(sorted(found, key=lambda room: (room.unlimited, room.change.relative)))

    def _change(self, i: int, given: Given) -> Change:
        return self._changed(self.levers[i], given.parts[i], given)

    def _changed(self, lever: Lever, parts: np.ndarray, given: Given, sign: float = 1.0) -> Change:
        """What a lever gives in an answer; `sign` is -1 where it asks more."""
        amount, asked = float(parts.sum()), lever.requirement
        amounts = tuple(float(p) for p in parts)
        if asked is None:
            return Change(lever, amount, amounts, amount / lever.size, None)
        down = {">=": -1.0, "<=": 1.0, "=": float(parts[-1] > parts[0]) * 2.0 - 1.0}[asked.sense] * sign
        if asked.by_hour:
            return Change(lever, amount, amounts, amount / lever.size, None)
        if not asked.has_base:
            return Change(lever, amount, amounts, amount / lever.size, asked.required + down * amount)
        base = self._base(lever, given)
        left = asked.required + down * amount / base if base > 0 else None
        return Change(lever, amount, amounts, amount / ((asked.required or 1.0) * base) if base > 0 else np.inf, left)

    def _base(self, lever: Lever, given: Given) -> float:
        """What a share is a share of in an answer."""
        index, asked = self._problem.columns, lever.requirement
        for place in index.of(f"{lever.table}/base"):
            if index.members[index.member[place]] == lever.name and asked and index.number[place] == asked.stage:
                return float(given.values[place])
        return 0.0


def _hitting(lists: list[set[int]]) -> tuple[set[int], bool]:
    """A smallest set with one of every list, and whether it is sure to be smallest."""
    everything = sorted(set().union(*lists))
    for size in range(1, TRIED_SIZE + 1):
        for chosen in combinations(everything, size):
            if all(hit.intersection(chosen) for hit in lists):
                return set(chosen), True
    chosen_so_far: set[int] = set()
    while open_ := [hit for hit in lists if not hit & chosen_so_far]:
        chosen_so_far.add(max(everything, key=lambda i: sum(i in hit for hit in open_)))
    return chosen_so_far, False
