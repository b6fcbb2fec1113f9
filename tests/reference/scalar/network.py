"""Corridors and sections, ties to neighbours, and lines that send out."""

from __future__ import annotations

import math

import pyomo.environ as pyo

from scalar.system import System


def write(system: System) -> None:
    """Write all that crosses a border of a zone."""
    _write_corridors(system)
    _write_sections(system)
    _write_ties(system)
    _write_send_out(system)


def _write_corridors(system: System) -> None:
    asset, lines = system.asset, system.fleet["corridors"]
    for word, sender, receiver in (("forward", "from_zone", "to_zone"), ("backward", "to_zone", "from_zone")):
        flow = system.hourly(f"corridor_{word}", lines)
        system.limit(f"corridor_{word}", lines, system.rated)
        for c in lines:
            system.gets[asset[c][sender]].append((flow, c, -1.0))
            system.gets[asset[c][receiver]].append((flow, c, 1.0 - asset[c]["loss"]))


def _write_sections(system: System) -> None:
    m, lines, inputs = system.m, system.fleet["corridors"], system.inputs
    crossing = inputs["section_members"]["direction"].to_dict()
    sections = [s for s in inputs["sections"].index if any(s == t and c in lines for t, c in crossing)]

    def through(s: str, h: int) -> object:
        net = {c: m.corridor_forward[c, h] - m.corridor_backward[c, h] for c in lines}
        return sum(d * net[c] for (t, c), d in crossing.items() if t == s and c in lines)

    def most(s: str) -> object:
        grown = m.capacity_installed[s] if s in system.fleet["sections"] else 0.0
        return inputs["sections"].at[s, "limit"] + grown

    @m.Constraint(sections, m.T)
    def section_forward(m, s, h):
        return through(s, h) <= most(s)

    @m.Constraint(sections, m.T)
    def section_backward(m, s, h):
        return through(s, h) >= -most(s)


def _write_ties(system: System) -> None:
    m = system.m
    ties = {str(n): r for n, r in system.inputs["ac_ties"].iterrows() if not r["earliest_year"] > system.year}
    energy: dict[str, dict[str, object]] = {"import": {}, "export": {}}
    for word, sign in (("import", 1.0), ("export", -1.0)):
        flow = system.hourly(f"ac_tie_{word}", list(ties))
        system.limit(f"ac_tie_{word}", list(ties), lambda n, h, word=word: ties[n][f"{word}_limit"])
        for n, r in ties.items():
            system.gets[r["zone"]].append((flow, n, sign))
            energy[word][n] = system.year_sum(lambda h, n=n, flow=flow: flow[n, h])
            system.pay(f"{word}s/{n}", sign * r[f"{word}_price"] * energy[word][n])
            if word == "import":
                system.emitting.append((flow, n, r["emission"]))

    for word, of_year in energy.items():
        limited = [n for n, r in ties.items() if not math.isnan(r[f"{word}_energy"])]

        def rule(m, n, word=word, of_year=of_year):
            return of_year[n] <= ties[n][f"{word}_energy"]

        setattr(m, f"ac_tie_{word}_energy", pyo.Constraint(limited, rule=rule))


def _write_send_out(system: System) -> None:
    m, clock, inputs, case = system.m, system.clock, system.inputs, system.case
    since = inputs["send_out"]["in_service_year"].to_dict()
    since |= {
        line: r["in_service_year"]
        for (scenario, line), r in inputs["send_out_scenarios"].iterrows()
        if scenario == case.send_out.scenario
    }
    direct = system.direct = {str(n): r for n, r in inputs["send_out"].iterrows() if since[n] <= system.year}
    by_curve = [n for n, r in direct.items() if r["schedule"] == "curve"]
    by_energy = [n for n, r in direct.items() if r["schedule"] == "energy"]

    def bound(n: str) -> tuple[float, float]:
        least = direct[n]["minimum_output"] if n in by_energy else 0.0
        return least * direct[n]["capacity"], direct[n]["capacity"]

    system.hourly("send_out_sent", list(direct), bounds=lambda _, n, h: bound(n))
    system.hourly("send_out_shortfall", by_curve)
    m.send_out_missing = pyo.Var(by_energy, within=pyo.NonNegativeReals)

    @m.Constraint(by_curve, m.T)
    def send_out_schedule(m, n, h):
        share = inputs["send_out_curves"].loc[(direct[n]["curve"], clock.month[h])][f"hour_{clock.hour_of_day[h]}"]
        return m.send_out_sent[n, h] + m.send_out_shortfall[n, h] == share * direct[n]["capacity"]

    @m.Constraint(by_energy)
    def send_out_energy(m, n):
        sent = system.year_sum(lambda h: m.send_out_sent[n, h])
        return sent + m.send_out_missing[n] >= direct[n]["yearly_energy"]

    for n, r in direct.items():
        technology = r["technology"]
        system.gets[r["zone"]].append((m.send_out_sent, n, -1.0))
        system.pay(f"fixed O&M/{technology}", system.price(technology, "fixed_om") * r["capacity"])
        # In service since the year after the base year: it stood when the base year ended.
        if since[n] > case.base_year + 1:
            yearly = system.annuity(technology) * system.price(technology, "investment") + system.laid_by(technology)
            system.pay(f"investment/{technology}", yearly * r["capacity"])
        missed = m.send_out_missing[n] if n in by_energy else None
        if n in by_curve:
            missed = system.year_sum(lambda h, n=n: m.send_out_shortfall[n, h])
        system.pay("send-out shortfall", r["shortfall_price"] * missed)
