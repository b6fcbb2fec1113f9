"""Which send-out lines stand in a stage, by the scenario of the case; technologies and clauses both ask."""

from __future__ import annotations

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, listed, nearest


def in_service_year(inputs: Inputs, case: Case) -> dict[str, int]:
    """First full year of every line in the scenario of the case.

    Raises:
        InputError: the scenario is not in send_out_scenarios.csv.
    """
    scenario = case.send_out.scenario
    table = inputs["send_out_scenarios"]
    known = list(dict.fromkeys(table.index.get_level_values(0)))
    if scenario and scenario not in known:
        expected = f"one of {listed(known)}" if known else "no scenario: send_out_scenarios.csv has none"
        remedy = nearest(scenario, known) or "Correct the case, or add rows to send_out_scenarios.csv."
        raise InputError([Fault("case, send_out.scenario", f'"{scenario}"', expected, remedy)], "the case")
    years = inputs["send_out"]["in_service_year"].to_dict()
    years |= {line: y for (s, line), y in table["in_service_year"].items() if s == scenario}
    return {str(line): int(y) for line, y in years.items()}


def standing(inputs: Inputs, case: Case, stage: int) -> list[str]:
    """Lines in service in a stage."""
    return [line for line, year in in_service_year(inputs, case).items() if year <= stage]
