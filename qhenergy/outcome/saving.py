"""What one result costs less than another of the same case with other storage, told by cause; the parts add up.

Every cost has a name, a group and what it is of, and each name is sorted into one cause:

    storage               investment, fixed and variable O&M, wear and starts of what is storage (`storages`)
    fuel and running      fuel, starts and variable O&M of all else
    exchange              imports and exports over ties
    network               corridors, sections, connections, condensers and send-out lines
    curtailment           part of the fixed costs of sun and wind, see below
    generating capacity   the rest of them, and investment and fixed O&M of what else generates, by technology
    receipts              certificates, hydrogen and fuel that are sold
    CO2 price             what emissions pay
    not delivered         penalties of the model: what is not served, not sent, or missed of clauses and of water
    other                 what is left, by its name

The saving of a cause is its cost before less that after; since every name has one cause, savings of all causes add up
to the difference of the objectives exactly.

Fixed costs R of sun and wind of a technology are paid for energy used U and energy curtailed K alike, r a MWh:

    R = r*U + r*K,   r = R / (U + K)

so that less curtailment saves r0*K0 - r1*K1, and less capacity for what is used r0*U0 - r1*U1; both together are
R0 - R1. Where nothing is offered, all of R counts as capacity.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from qhenergy.outcome import measures
from qhenergy.outcome.fixed_parts import FIXED_OM, INVESTMENT
from qhenergy.outcome.result import Result
from qhenergy.outcome.storages import GROUP, storage_technologies

STORAGE, FUEL, EXCHANGE, NETWORK = "storage", "fuel and running", "exchange", "network"
CURTAILMENT, CAPACITY, RECEIPTS = "curtailment", "generating capacity", "receipts"
CO2, MISSED, OTHER = "CO2 price", "not delivered", "other"
#: In the order tables print them.
CAUSES = (STORAGE, FUEL, CURTAILMENT, CAPACITY, NETWORK, EXCHANGE, RECEIPTS, CO2, MISSED, OTHER)
#: Groups of costs whose cause does not hang on what they are of.
OF_GROUP = {
    **dict.fromkeys((*measures.PENALTIES, "water missed"), MISSED),
    **dict.fromkeys(("imports", "exports"), EXCHANGE),
    **dict.fromkeys(("certificates", "hydrogen exports", "fuel sold"), RECEIPTS),
    "CO2 price": CO2,
}
FIXED = (INVESTMENT, FIXED_OM)
RUNNING = ("fuel", "starts", "variable O&M", "cycle ageing")
NETWORK_TABLES = ("corridors", "sections", "grid_connections", "condensers", "send_out")
BEFORE, AFTER, SAVING = "before [CNY/yr]", "after [CNY/yr]", "saving [CNY/yr]"


def causes(result: Result, storage: Collection[str]) -> pd.DataFrame:
    """Costs of a year of each stage by cause.

    Args:
        result: the result.
        storage: technologies that are storage, see `storages.storage_technologies`.

    Returns:
        Columns stage, cause, item (a technology, or the name of a cost), cost [CNY/yr]; the sum of a stage is that of
        its named costs.
    """
    network, generating = _network(result), _generating(result)
    weather = {p.technology for stage in result.case.stages for p in result.potentials[stage]}
    shares = _curtailed_shares(result)
    rows = []
    for stage, name, of_group, cost in measures.costs_by_stage(result).itertuples(index=False):
        item = name.partition("/")[2] or name
        if of_group in OF_GROUP:
            rows.append((stage, OF_GROUP[of_group], name, cost))
        elif of_group in (*FIXED, *RUNNING) and item in storage:
            rows.append((stage, STORAGE, item, cost))
        elif of_group in (*FIXED, *RUNNING) and item in network:
            rows.append((stage, NETWORK, item, cost))
        elif of_group in RUNNING:
            rows.append((stage, FUEL, item, cost))
        elif of_group in FIXED and item in weather:
            curtailed = shares.get((stage, item), 0.0) * cost
            rows += [(stage, CURTAILMENT, item, curtailed), (stage, CAPACITY, item, cost - curtailed)]
        elif of_group in FIXED and item in generating:
            rows.append((stage, CAPACITY, item, cost))
        else:
            rows.append((stage, OTHER, name, cost))
    table = pd.DataFrame(rows, columns=["stage", "cause", "item", "cost [CNY/yr]"])
    return table.groupby(["stage", "cause", "item"], sort=False, as_index=False)["cost [CNY/yr]"].sum()


def saving(before: Result, after: Result, group: str = GROUP) -> pd.DataFrame:
    """What a result saves against another, by stage, cause and item.

    Args:
        before, after: of the same case; what is compared against comes first.
        group: of groups.csv that is storage.

    Returns:
        Columns stage, cause, item, before, after and saving [CNY/yr] of a year of the stage; a negative saving costs.

    Raises:
        ValueError: stages, or what they count, are not the same.
    """
    if before.case.stage_weights != after.case.stage_weights:
        raise ValueError(f"stages {before.case.stage_weights} and {after.case.stage_weights} are not of one case")
    keys = ["stage", "cause", "item"]
    # What fills a store is storage in both, also where the store stands in one of them only.
    storage = storage_technologies(before, group) | storage_technologies(after, group)
    parts = [causes(result, storage).set_index(keys)["cost [CNY/yr]"] for result in (before, after)]
    table = pd.concat(parts, axis=1, keys=[BEFORE, AFTER]).fillna(0.0)
    table[SAVING] = table[BEFORE] - table[AFTER]
    table = table[(table[BEFORE] != 0) | (table[AFTER] != 0)].reset_index()
    place = pd.DataFrame({"stage": table["stage"], "cause": table["cause"].map(CAUSES.index)})
    return table.loc[place.sort_values(["stage", "cause"], kind="stable").index].reset_index(drop=True)


def saving_by_cause(before: Result, after: Result, group: str = GROUP) -> pd.Series:
    """Saving of each cause over all stages with their weights [CNY/yr]; the sum is that of the objectives."""
    table = saving(before, after, group)
    weighted = table[SAVING] * table["stage"].map(before.case.stage_weights)
    return weighted.groupby(table["cause"]).sum().reindex(CAUSES, fill_value=0.0).rename(SAVING)


def _network(result: Result) -> set[str]:
    """Technologies of what carries energy and keeps the grid steady."""
    frames = (result.inputs[table] for table in NETWORK_TABLES)
    return {str(technology) for frame in frames for technology in frame["technology"] if technology}


def _generating(result: Result) -> set[str]:
    joins = (join for stage in result.case.stages for join in result.joins[stage])
    return {join.technology for join in joins if join.role == "generation"}


def _curtailed_shares(result: Result) -> Mapping[tuple[int, str], float]:
    """Share of what sun and wind offered that was left, by stage and technology."""
    table = measures.curtailment(result)
    return dict(zip(zip(table["stage"], table["technology"], strict=True), table["share [-]"], strict=True))
