"""Clauses about capacities: totals and shares, storage and its sides and layers, exits, land, lines."""

from __future__ import annotations

import math

import pandas as pd

from scalar.system import System


def _total(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    return system.capacity(r["group"], r["zone"]) - r["capacity"], r["sense"]


def _share(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    return system.capacity(r["group"]) - r["share"] * system.capacity(r["of_group"]), ">="


def _storage(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    return system.capacity(r["group"]) - r["power"], ">="


def _in_step(system: System, c: str, r: pd.Series) -> tuple[object, str] | None:
    followed = system.places(r["renewables"])
    planned = system.inputs["capacity_totals"].loc[r["planned"]]
    hydro = sum(system.stands[a] for a in system.places(planned["group"]) if a not in followed)
    power = system.inputs["storage_targets"].at[r["target"], "power"]
    ratio = power / (planned["capacity"] - hydro - sum(q["existing"] for q in followed.values()))
    here = system.places(r["renewables"], r["zone"])
    grown = system.capacity(r["renewables"], r["zone"]) - sum(q["existing"] for q in here.values())
    return (system.capacity(r["storage"], r["zone"]) - ratio * grown, ">=") if here else None


def _side(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    m = system.m
    sided = {a: q["side"] for a, q in system.asset.items() if q.get("side", "") and r["zone"] in ("", q["zone"])}
    there = sum(m.capacity_installed[a] for a, side in sided.items() if side == r["side"])
    if math.isnan(r["share"]):
        return there - r["power"], r["sense"]
    return there - r["share"] * sum(m.capacity_installed[a] for a in sided), r["sense"]


def _layer(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    asset = system.asset
    cycle = {a: q.get("cycle", "long" if "mode" in q else "") for a, q in asset.items()}
    cycle |= {a: "long" if q["live_storage"] > 0 else "" for a, q in asset.items() if "live_storage" in q}
    stores = [a for a, word in cycle.items() if word == r["cycle"]]
    return sum(system.m.capacity_installed[a] for a in stores) - r["power"], ">="


def _exit(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    leaving = r["power"] if math.isnan(r["share"]) else r["share"] * system.asset[r["asset"]]["existing"]
    return system.m.capacity_retired[r["asset"]] - leaving, ">="


def _land(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    need = system.inputs["land_needs"]["land"]
    plants = system.places(r["group"], r["zone"])
    covered = sum(need[q["technology"]] * system.m.capacity_installed[a] for a, q in plants.items())
    return covered - r["usable"] * (r["area"] - r["redline"] - r["excluded"]), "<="


def _backing(system: System, c: str, r: pd.Series) -> tuple[object, str] | None:
    rated = sum(q["capacity"] for q in system.direct.values() if q["zone"] == r["zone"])
    zones = r["zones"].split(" | ") if r["zones"] else [r["zone"]]
    behind = sum(system.capacity(r["group"], z) for z in zones)
    return (behind - r["ratio"] * rated, ">=") if rated else None


CLAUSES = {
    "capacity_totals": _total,
    "capacity_shares": _share,
    "storage_targets": _storage,
    "storage_steps": _in_step,
    "storage_sides": _side,
    "storage_layers": _layer,
    "small_hydro_exits": _exit,
    "land_uses": _land,
    "line_backings": _backing,
}
