"""A better curve: the best stepwise one, the same for all days of a season, on a fixed fleet.

    cost     minimise cost of the year       subject to the rules of steps, sent >= energy
    energy   maximise sum(hours[k]*x[k], k)  subject to the rules of steps, nothing missed, cost of the year <= cost
    nearest  minimise sum(hours[k]*|x[k] - c[k]|, k)  subject to the rules of steps (or none), nothing missed

The matrix is assembled once; a curve is right-hand sides of its schedule rows (see `solving.slots`), and the search is
by cuts (see `solving.curve_search`). Where the shortfall is priced, what of the curve is missed costs the line's price,
and the least energy counts what is sent. Where nothing may be missed, what is not served at home and what clauses are
missed by may not be more than without the curve: the line is not to be held by going short at home.

What else depends on a curve of the case, and not on what is sent, is no row that could be moved:

* domestic supply first is written for the hours in which a line is asked to send. It is taken where the case has it
  for every hour (its curve is above zero in each), and then asks as much of hours in which the curve found is zero;
* adequacy counts the peak of load and curve: an enforced clause that counts the line is refused.

The duals of the dispatch say what binds. The curve found is to be run as any other for a result of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.family import PLAN
from qhenergy.data.curve_rules import CurveRules
from qhenergy.ground.faults import Fault, InputError, NoSolutionError
from qhenergy.model.assemble import Assembled
from qhenergy.model.problem import Problem
from qhenergy.outcome.better_curve import Found, Iteration, what_binds
from qhenergy.outcome.measures import PENALTIES
from qhenergy.solving.curve_search import Limits, Search, Searching
from qhenergy.solving.cuts import Oracle, Point
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import Profile
from qhenergy.solving.slots import (
    HOURS_OF_DAY,
    Seasons,
    Slots,
    costless,
    held,
    least_energy,
    missing,
    most_cost,
    no_more_penalties,
    priced,
    seasons_of,
    slots_of,
    unasked,
)
from qhenergy.solving.solution import Progress, Solution
from qhenergy.solving.step_model import CurveModel, step_model
from qhenergy.studies.optimise import Optimise
from qhenergy.studies.portfolio import FIXED, FIXED_ENERGY

Numbers = NDArray[np.float64]
Say = Callable[[str, str], None]
#: Costs that are penalties: those of the measures, and water that rules do without.
GROUPS = (*PENALTIES, "water missed")
#: Distance, as a share of the wanted energy, below which a curve is the wanted one.
SAME = 1e-8
#: Price at which the last dispatch of a curve that can be held misses what rounding leaves [CNY/MWh].
ROUNDING_PRICE = 1e4


class Study:
    """A line of a fixed fleet, and the dispatch in which it sends what it likes.

    Attributes:
        assembled: the fixed fleet.
        slots: where the curve of the line stands; in one season of hours until `within` is asked for others.
        profile: how everything is solved.
        reference: the dispatch without a curve.
        floor: its cost [CNY/yr].
        notes: sentences on what an answer rests on.
    """

    def __init__(self, assembled: Assembled, line: str, profile: Profile, say: Say = lambda *_: None) -> None:
        """Find the line and solve the reference.

        Args:
            assembled: a fixed fleet of one stage.
            line: the line, by a curve.
            profile: how everything is solved; with one that ends at a vertex each dispatch starts from the one before.
            say: is told how far it is.

        Raises:
            InputError: what is asked of is not a line by a curve, or not of a fixed fleet; or a clause stands in the
                way (see the module).
            NoSolutionError: there is no dispatch even without a curve.
        """
        self.assembled, self.profile, self.say = assembled, profile, say
        self.slots = slots_of(assembled, line, seasons_of(1))
        self.notes = tuple(_depending(assembled, self.slots))
        say("reference", "the line sends what it likes")
        free = unasked(assembled.problem, self.slots)
        try:
            self.reference = self.solved(free)
        except NoSolutionError:
            raise NoSolutionError(
                "There is no dispatch of this fleet, even where the line sends what it likes."
            ) from None
        self.floor = float(free.cost @ self.reference.values) + free.offset

    def within(self, seasons: Seasons, a_day: int = HOURS_OF_DAY) -> Study:
        """The same with a curve in other slots.

        Raises:
            InputError: a season without a modelled hour.
        """
        made = copy(self)
        made.slots = slots_of(self.assembled, self.slots.line, seasons, a_day)
        return made

    @property
    def progress(self) -> Progress:
        """Lets be told what the solver says."""
        return Progress(lambda line: self.say("solver", line))

    def solved(self, problem: Problem, seconds: float | None = None) -> Solution:
        """The least-cost dispatch of a problem."""
        return solve(problem, self.profile, self.progress, seconds)

    def strict(self, problem: Problem) -> Problem:
        """The problem in which nothing of the curve is missed, nor more at home than without it."""
        return no_more_penalties(held(problem, self.slots), self.slots, GROUPS, self.reference.values)

    def dispatch(self, curve: Numbers, strict: bool) -> tuple[Problem, Solution, float]:
        """The least-cost dispatch that is asked for a curve: problem, solution and cost less rounding's price."""
        problem = self.assembled.problem
        if strict:
            problem = no_more_penalties(problem, self.slots, GROUPS, self.reference.values)
            problem = priced(problem, self.slots, max(self.slots.price, ROUNDING_PRICE))
        problem = self.slots.at(problem, curve)
        solution = self.solved(problem)
        return problem, solution, float(problem.cost @ solution.values) + problem.offset


def better_curve(study: Study, asked: Optimise, of_line: CurveRules) -> Found:
    """The best stepwise curve of a line.

    Args:
        study: the line and its fleet.
        asked: what is asked of the curve.
        of_line: the rules of steps of the line, which what is asked may change.

    Raises:
        InputError: a season without a modelled hour; or rules that contradict each other.
        NoSolutionError: no curve that the rules allow sends the energy.
        SolverError: a dispatch was not proven optimal, or time was over before any curve was found.
    """
    rules = asked.rules(of_line)
    study = study.within(asked.seasons, asked.slots)
    slots, problem = study.slots, study.assembled.problem
    steps = step_model(rules, len(slots.seasons), slots.a_day)
    energy_of_one = slots.hours * slots.rating
    model = steps
    if asked.energy is not None:
        most = float(energy_of_one.sum())
        if asked.energy > most:
            found, expected = f"{asked.energy / 1e6:g} TWh", f"{most / 1e6:.4g} TWh or less: the rating all year"
            raise InputError([Fault("--optimise, energy", found, expected, "Ask for less.")], "the options")
        # The dispatch counts what is sent, the master what is asked, which is no less.
        problem, model = least_energy(problem, slots, asked.energy), steps.at_least(energy_of_one, asked.energy)
    notes = list(study.notes)
    if asked.objective == "energy":
        base = study.strict(problem if asked.cost is None else most_cost(priced(problem, slots, 0.0), asked.cost))
        base, aim = costless(base), "energy"
        steps, model = steps.aiming(-energy_of_one), model.aiming(-energy_of_one)
    elif asked.shortfall == "none":
        base, aim = study.strict(problem), "cost"
    else:
        base, aim = problem, "cost"
        notes.append(f"What is missed of the curve costs {slots.price:g} CNY/MWh; the least energy is of what is sent.")
    search = _searched(study, base, steps, model, asked, aim)
    return _found(study, search, aim, asked.shortfall == "none" or aim == "energy", notes, base=base)


def nearest_curve(study: Study, wanted: Numbers, asked: Optimise, of_line: CurveRules | None = None) -> Found:
    """The curve nearest to a wanted one that can be held every day of a season, and what separates the two.

    Args:
        study: the line and its fleet.
        wanted: power of every schedule row of the line in the order of `Slots.rows`, or of every slot [MW].
        asked: seasons and slots, and when the search ends.
        of_line: rules of steps that the curve keeps; None for the nearest of all.

    Returns:
        The curve; `binding` is what separates it from the wanted one: what a unit more of each limit in each of its
        hours brings the two closer by [MWh/yr].

    Raises:
        InputError: a season without a modelled hour, or a wanted curve of another length.
        NoSolutionError: no curve can be held.
        SolverError: a dispatch was not proven optimal.
    """
    study = study.within(asked.seasons, asked.slots)
    slots = study.slots
    wanted = np.asarray(wanted, dtype=float).ravel()
    if len(wanted) == slots.count and len(wanted) != len(slots.rows):
        wanted = wanted[slots.slot]
    if len(wanted) != len(slots.rows):
        found, expected = f"{len(wanted)} values", f"{len(slots.rows)} modelled hours, or {slots.count} slots"
        raise InputError([Fault("the wanted curve", found, expected)], "the curve")
    free_rules = CurveRules(rating=slots.rating)
    rules = free_rules if of_line is None else asked.rules(of_line)
    model = step_model(rules, len(slots.seasons), slots.a_day)
    model = model.near(slots.slot, wanted / slots.rating, slots.weight * slots.rating)
    base = costless(study.strict(study.assembled.problem))
    search = _searched(study, base, model, model, asked, "nearest", float(slots.weight @ wanted))
    found = _found(study, search, "nearest", True, list(study.notes), base=base)
    off = found.curve.ravel()[slots.slot] - wanted
    if found.value <= SAME * float(slots.weight @ wanted):
        word = "In the hours of the plan the wanted curve itself can be held: what is missed of it lies in others."
        found = replace(found, binding=(), notes=(*found.notes, word))
    return replace(
        found,
        wanted=slots.mean(wanted).reshape(found.curve.shape),
        above=float(slots.weight @ np.maximum(off, 0.0)),
        below=float(slots.weight @ np.maximum(-off, 0.0)),
        farthest=float(np.abs(off).max()),
    )


def _searched(
    study: Study, base: Problem, steps: CurveModel, model: CurveModel, asked: Optimise, aim: str, wanted: float = 0.0
) -> Search:
    slots, limit = study.slots, aim != "cost"
    of_windows = np.array([name != PLAN for name in base.columns.blocks])[base.columns.block]

    def size(point: Point) -> float:
        if aim == "nearest":
            return max(wanted, 1.0)
        if aim == "energy":
            return max(abs(point.value), 1.0)
        values = point.solution.values[: len(base.lower)]
        return max(float(np.abs(base.cost[of_windows]) @ np.abs(values[of_windows])), 1.0)

    # A curve that misses as little as it can: penalties stay as they are, and energy is that of the curve.
    strict = no_more_penalties(study.assembled.problem, slots, GROUPS, study.reference.values)
    lacking = replace(model, objective=np.zeros_like(model.objective))
    searching = Searching(
        Oracle(base, slots, steps, study.profile, limit, study.progress),
        Oracle(missing(strict, slots), slots, lacking, study.profile, True, study.progress),
        model,
        slots.rating,
        0.0 if limit else study.floor,
        size,
        Limits(asked.gap, asked.seconds),
        lambda line: study.say("search", line),
    )
    try:
        return searching.run()
    except NoSolutionError:
        words = "sends the energy that is asked for" if aim == "cost" and asked.energy is not None else "can be held"
        raise NoSolutionError(f"No curve that the rules of steps allow {words}.") from None


def _found(study: Study, search: Search, aim: str, strict: bool, notes: Sequence[str], base: Problem) -> Found:
    slots, best = study.slots, search.best
    shape = (len(slots.seasons), slots.a_day)
    study.say("dispatch", "of the curve found")
    if strict:
        _, last, cost = study.dispatch(best.curve, strict)
        values = last.values
    else:
        values, cost = best.solution.values, best.value
    sent = float(slots.weight @ values[slots.sent])
    energy = float(slots.hours @ best.curve)
    duals = best.solution.row_duals[: len(base.row_lower)]
    of_dispatch = best.solution.values[: len(base.lower)]
    sign = -1.0 if aim == "energy" else 1.0
    missed = float(slots.weight @ values[slots.shortfall])
    sizes = {"cost": "costs of operation", "energy": "energy of the curve", "nearest": "energy of the wanted curve"}
    return Found(
        line=slots.line,
        aim=aim,
        rating=slots.rating,
        seasons=slots.seasons,
        curve=best.curve.reshape(shape),
        free=search.free.curve.reshape(shape),
        wanted=None,
        value=sign * best.value,
        bound=sign * search.bound,
        gap=search.gap,
        size_is=sizes[aim],
        proven=search.proven,
        ended=search.ended,
        cost=cost,
        reference=study.floor,
        energy=energy,
        sent=sent,
        missed=missed,
        binding=what_binds(base, of_dispatch, duals, slots.rows, (FIXED, FIXED_ENERGY)),
        iterations=tuple(
            Iteration(s.kind, sign * s.value, sign * s.best, sign * s.bound, s.seconds) for s in search.steps
        ),
        notes=tuple(notes),
    )


def _depending(assembled: Assembled, slots: Slots) -> list[str]:
    """What depends on the curve of the case: faults where it cannot be moved, sentences where it stays."""
    system, problem = assembled.system, assembled.problem
    zone, stage = str(system.inputs["send_out"].at[slots.line, "zone"]), system.case.stages[0]
    faults, notes = [], []
    hours = sum(len(span) for span in system.chronology.of_stage(stage))
    for clause in (c for c in system.clauses if c.applies(stage)):
        where = f"clause {clause.name}"
        counts = clause.kind == "adequacy" and float(clause.row["send_out"]) > 0 and clause.row["zone"] in ("", zone)
        if counts and clause.strictness != "watched":
            found = f"{clause.strictness}, and counts the curve of {slots.line} in its peak"
            faults.append(Fault(where, found, "watched, or send_out = 0", "Watch it while a curve is sought."))
        if clause.kind == "domestic_first" and clause.strictness != "watched":
            rows = problem.rows.of("domestic_first/hourly")
            member = problem.rows.members.index(clause.name) if clause.name in problem.rows.members else -1
            written = int((problem.rows.member[rows] == member).sum())
            if written < hours:
                found = f"written for {written} of {hours} hours: the curve of the case is zero in the others"
                remedy = "Begin from a curve that asks in every hour, such as a flat one."
                faults.append(Fault(where, found, "a row for every hour", remedy))
            else:
                notes.append(f"{clause.name} asks of every hour, also of those in which the curve found is zero.")
    if faults:
        raise InputError(faults, "the clauses that depend on the curve")
    return notes
