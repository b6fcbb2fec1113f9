"""All that is told of storage portfolios, one part after the other, each written as soon as it is there.

Plans come first, and what is read of them: measures beside the baseline. What is solved anew follows: value stacks,
capacity credits, curves, and the fleets in other years and at other prices, which take longest. Every part keeps what
it works out in the folder of the study, so that a study that was stopped goes on inside the part it was in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from qhenergy.model.assemble import System
from qhenergy.model.decisions import decisions
from qhenergy.outcome.portfolio_measures import Measures, joined, measured
from qhenergy.outcome.portfolios import Benchmark, PortfolioOutcome
from qhenergy.outcome.robustness import Robustness
from qhenergy.outcome.storages import GROUP
from qhenergy.outcome.summary import as_json
from qhenergy.studies import portfolio_robustness as years
from qhenergy.studies.capacity_credit import Credits
from qhenergy.studies.redispatch import Fleet
from qhenergy.studies.storage_curves import Curves
from qhenergy.studies.value_stack import Stacks

if TYPE_CHECKING:
    from qhenergy.studies.portfolios import Study

TABLE, DATA = "portfolios.csv", "portfolios.json"
#: Folders of what is kept of measures and of other years.
MEASURES, ROBUSTNESS = "measures", "robustness"


def benchmark(study: Study) -> Benchmark:
    """Solve and work out what a study asks, and write it.

    Raises:
        InputError: the case asks for years or prices that there are not.
        SolverError: a problem was not proven; all others are kept.
    """
    study.say("folder", str(study.folder))
    other = OtherYears(study) if asks_for_years(study) else None
    outcomes = study.outcomes()
    title, created = study.case.title, datetime.now().astimezone().isoformat(timespec="seconds")
    made = Benchmark(title, study.case.title_zh or title, study.stage, study.section.baseline, created, outcomes)
    write(study, made)
    if study.asked.measures:
        made = replace(made, measures=measures(study, made))
        write(study, made)
    if study.asked.stacks:
        study.say("stacks", "portfolios with some of their lines")
        made = replace(made, stacks=Stacks(study).of_portfolios(outcomes))
        write(study, made)
    if study.asked.credit:
        study.say("credit", "load that each fleet carries, with its new storage and without")
        credits_ = Credits(study)
        steps = credits_.of_technologies()
        substitutions = credits_.substitutions(steps)
        made = replace(made, credits=credits_.of_portfolios(outcomes), credit_steps=steps, substitutions=substitutions)
        write(study, made)
    if study.asked.curves:
        study.say("curves", "marginal value against capacity and duration")
        curves = Curves(study)
        made = replace(made, values=curves.by_capacity(), durations=curves.by_duration())
        write(study, made)
    if other is not None and any(o.solved for o in outcomes):
        study.say("robustness", "fleets in other years and at other prices")
        made = replace(made, robustness=other.of_portfolios(outcomes))
        write(study, made)
    return made


def write(study: Study, made: Benchmark) -> None:
    """Write the tables and the data of a benchmark, in place of earlier ones."""
    study.folder.mkdir(parents=True, exist_ok=True)
    tables = {TABLE: made.table()}
    if made.measures is not None:
        tables |= {f"{name}.csv": table for name, table in made.measures.tables().items()}
    for name, table in tables.items():
        table.to_csv(study.folder / name, index=False, float_format="%.10g", lineterminator="\n")
    (study.folder / DATA).write_text(as_json(made.as_dict(study.folder)), encoding="utf-8")


def measures(study: Study, made: Benchmark) -> Measures | None:
    """Each portfolio that has a plan beside the baseline; None if that has none."""
    if not made.of(made.baseline).solved:
        return None
    names = {o.name: f"{MEASURES}/{made.baseline}/{o.name}" for o in made.outcomes if o.solved}
    wanted = [name for name, key in names.items() if key not in study.kept]
    if wanted:
        before = study.result(made.baseline)
    for done, name in enumerate(wanted, 1):
        after = before if name == made.baseline else study.result(name)
        study.kept[names[name]] = measured(name, before, after, study.section.scope or GROUP).as_dict()
        study.say("measured", f"{done} of {len(wanted)}: {name}")
    return joined([Measures.of_dict(study.kept[key]) for key in names.values()])


def asks_for_years(study: Study) -> bool:
    """Whether fleets are taken through other years: as is asked, or else if the case says which."""
    asked = study.asked.robustness
    return "robustness" in study.case.model_fields_set if asked is None else asked


class OtherYears:
    """The fleets of portfolios in other years and at other prices; see `portfolio_robustness`.

    Raises:
        InputError: years or prices that there are not; said before anything is solved.
    """

    def __init__(self, study: Study) -> None:
        self._study, ready = study, study.ready
        self._asked = study.case.robustness
        self._members = years.members_of(ready.system, self._asked)
        self._places = years.places_of(ready, self._wide, study.say)

    def _wide(self, system: System) -> System:
        return self._study.footing_of(system).system

    def of_portfolios(self, outcomes: Sequence[PortfolioOutcome]) -> Robustness:
        """Every fleet that has a plan in every year and at all prices."""
        study, fleets = self._study, []
        for o in outcomes:
            if o.solved:
                result = study.result(o.name)
                fleets.append(Fleet(o.name, decisions(result.problem, result.values), o.costs))
        return years.Study(
            fleets,
            self._places,
            self._asked,
            self._members,
            study.ready.profile,
            study.folder / ROBUSTNESS,
            study.case.title,
            study.case.title_zh or study.case.title,
            study.asked.workers,
            study.say,
        ).run()
