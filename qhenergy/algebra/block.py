"""A block: one small Pyomo model with named families, ready to be compiled and dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.family import Address, Family

Bound = float | Callable[[str, int], float | None] | None


class Block:
    """Columns, rows and named costs over members and numbers (hours of a window, stages of a plan).

    Attributes:
        name: name of the block.
        numbers: the second index of every family.
        model: the Pyomo model behind it.
        families: declared families by name.
        ports: columns that are columns of other blocks, by id of the Pyomo variable.
    """

    def __init__(self, name: str, numbers: Sequence[int]) -> None:
        self.name = name
        self.numbers = list(numbers)
        self.model = pyo.ConcreteModel(name)
        self.families: dict[str, Family] = {}
        self.ports: dict[int, Address] = {}
        self._ports_by_address: dict[Address, Any] = {}
        self.costs: dict[tuple[str, int], list[Any]] = {}
        #: name and stage of a cost by the name of its objective
        self.named: dict[str, tuple[str, int]] = {}

    def columns(
        self,
        name: str,
        members: Iterable[str],
        unit: str,
        meaning: str,
        *,
        lower: Bound = 0.0,
        upper: Bound = None,
        whole: bool = False,
        numbers: Sequence[int] | None = None,
    ) -> Any:
        """Declare a family of columns.

        Args:
            name: name of the family.
            members: first index.
            unit: inside unit.
            meaning: one line for `qhenergy math`.
            lower, upper: a number, a function of (member, number), or None for no bound.
            whole: whether values are whole numbers.
            numbers: second index, if not that of the block.

        Returns:
            The Pyomo variable, indexed `[member, number]`.
        """
        self._declare(Family(name, "column", unit, meaning))
        domain = pyo.Integers if whole else pyo.Reals

        def bounds(_: Any, member: str, number: int) -> tuple[float | None, float | None]:
            return (
                lower(member, number) if callable(lower) else lower,
                upper(member, number) if callable(upper) else upper,
            )

        variable = pyo.Var(list(members), list(numbers or self.numbers), domain=domain, bounds=bounds)
        self.model.add_component(name, variable)
        return variable

    def rows(
        self,
        name: str,
        members: Iterable[str],
        unit: str,
        algebra: str,
        rule: Callable[[str, int], Any],
        *,
        source: str = "",
        numbers: Sequence[int] | None = None,
    ) -> None:
        """Declare a family of rows.

        Args:
            name: name of the family.
            members: first index.
            unit: inside unit of both sides.
            algebra: the row as printed algebra; it stands in the docstring of the file as well.
            rule: (member, number) -> relation, or `SKIP`.
            source: where the formula is from.
            numbers: second index, if not that of the block.
        """
        self._declare(Family(name, "row", unit, algebra, source))
        members = list(members)
        if members:
            constraint = pyo.Constraint(members, list(numbers or self.numbers), rule=lambda _, m, n: rule(m, n))
            self.model.add_component(name, constraint)

    def _declare(self, family: Family) -> None:
        if family.name in self.families:
            raise ValueError(f"family {family.name} is declared twice in {self.name}")
        self.families[family.name] = family

    def port(self, address: Address) -> Any:
        """A column of another block (or of this one), as a variable of this block."""
        if address not in self._ports_by_address:
            holder = self.model.component("ports")
            if holder is None:
                holder = pyo.VarList(domain=pyo.Reals)
                self.model.add_component("ports", holder)
            variable = holder.add()
            self._ports_by_address[address] = variable
            self.ports[id(variable)] = address
        return self._ports_by_address[address]

    def cost(self, name: str, expression: Any, stage: int) -> None:
        """Add to a named cost of a year of a stage [CNY/yr]; no cost enters the objective without a name."""
        self.costs.setdefault((name, stage), []).append(expression)

    def close(self) -> None:
        """Write the named costs as objectives; nothing may be added afterwards."""
        for (name, stage), terms in self.costs.items():
            self.named[f"cost:{name}:{stage}"] = (name, stage)
            self.model.add_component(f"cost:{name}:{stage}", pyo.Objective(expr=pyo.quicksum(terms)))


SKIP = pyo.Constraint.Skip
