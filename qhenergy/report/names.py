"""Names and colours of what a data set holds, and the words of the model itself, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from qhenergy.data.inputs import Inputs
from qhenergy.outcome.measures import PENALTIES
from qhenergy.report.words import Words, named, same

GREY = "#888888"
#: Colours for what has none in the data.
PALETTE = ("#235ebc", "#d95f0e", "#298c81", "#88419d", "#b59b00", "#c0392b", "#51588e", "#5b7f3a")
#: What stands in a balance or a cost without a row in technologies.csv.
OTHERS = {
    "ac_import": (Words("Imports over AC ties", "交流联络线购入"), "#c9b79c"),
    "ac_export": (Words("Exports over AC ties", "交流联络线售出"), "#8d6e63"),
    "unserved": (Words("Unserved", "未供电力"), "#b3261e"),
    "hydrogen_export": (Words("Compression of hydrogen sold", "外输氢压缩"), "#7fb3c8"),
}
#: Groups of named costs, in the order reports print them.
COST_GROUPS = {
    "investment": Words("Investment (annuity)", "投资（年金）"),
    "fixed O&M": Words("Fixed O&M", "固定运维"),
    "fuel": Words("Fuel", "燃料"),
    "variable O&M": Words("Variable O&M", "可变运维"),
    "starts": Words("Starts", "启停"),
    "cycle ageing": Words("Cycle ageing of stores", "储能循环老化"),
    "imports": Words("Imports", "购电"),
    "exports": Words("Exports (receipts)", "售电（收入）"),
    "CO2 price": Words("CO2 price", "碳价"),
    "CO2 feed": Words("CO2 for fuel plants", "制燃料用二氧化碳"),
    "other heat": Words("Heat not modelled", "未建模供热"),
    "hydrogen exports": Words("Hydrogen sold (receipts)", "售氢（收入）"),
    "fuel sold": Words("Liquid fuel sold (receipts)", "售液体燃料（收入）"),
    "unserved energy": Words("Unserved energy", "未供电量"),
    "unserved hydrogen": Words("Unserved hydrogen", "未供氢量"),
    "unserved heat": Words("Unserved heat", "未供热量"),
    "send-out shortfall": Words("Send-out shortfall", "外送缺额"),
    "clauses missed": Words("Clauses missed", "条款未达标"),
}
STRICTNESS = {
    "hard": Words("hard", "硬约束"),
    "priced": Words("priced", "计价"),
    "watched": Words("watched", "仅观察"),
}
#: Over what time a store is meant to shift.
STORE_CLASSES = {
    "short": Words("short", "短时"),
    "medium": Words("medium", "中时"),
    "long": Words("long", "长时"),
    "": same("–"),
}
SENSE = {">=": "≥", "<=": "≤", "=": "="}


class Names:
    """Names and colours of the rows of a data set."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._places = {str(t): i for i, t in enumerate(inputs["technologies"].index)}

    def of(self, table: str, key: str) -> Words:
        """Name of a row of a table; the key where there is no such row or no name."""
        rows = self._inputs[table]
        return named(rows.loc[key], key) if key in rows.index else same(key)

    def technology(self, key: str) -> Words:
        """Name of a technology, or of what stands in a balance without one."""
        return OTHERS[key][0] if key in OTHERS else self.of("technologies", key)

    def colour(self, key: str) -> str:
        """Colour of a technology."""
        if key in OTHERS:
            return OTHERS[key][1]
        given = str(self._inputs["technologies"].at[key, "colour"]) if key in self._places else ""
        # Grey is what the table gives when a row gives nothing.
        return PALETTE[self.order(key) % len(PALETTE)] if given == GREY else given or GREY

    def kind(self, technology: str) -> str:
        """File of algebra a technology follows; nothing where there is none."""
        return self._inputs.kind(technology) if technology in self._places else ""

    def order(self, technology: str) -> int:
        """Place in technologies.csv; what has none comes last."""
        return self._places.get(technology, len(self._places))

    def zone(self, key: str) -> Words:
        """Name of a zone."""
        return self.of("zones", key)

    def water_years(self, keys: Iterable[str]) -> Words:
        """Names of water years in their order, as one text."""
        found = [self.of("water_years", key) for key in keys]
        return Words(", ".join(year.en for year in found), "、".join(year.zh for year in found))

    def cost_colour(self, group: str, part: str) -> str:
        """Colour of a named cost."""
        if group in PENALTIES:
            return OTHERS["unserved"][1]
        ties = {"imports": "ac_import", "exports": "ac_export"}
        return self.colour(ties.get(group, part))

    def cost_part(self, group: str, part: str) -> Words:
        """Name of what stands behind the slash of a cost: a technology, a tie, a clause."""
        if part in self._places:
            return self.technology(part)
        return self.of("ac_ties", part) if part else cost_group(group)


def cost_group(group: str) -> Words:
    """Name of a group of costs."""
    return COST_GROUPS.get(group, same(group))
