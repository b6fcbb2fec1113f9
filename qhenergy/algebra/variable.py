"""The pattern of sources that take what the weather offers; sun and wind differ in data only.

<name>/output_limit   output[a,t] <= factor[a,t] * capacity[a]   [MW]
"""

from __future__ import annotations

from qhenergy.algebra.joins import Potential
from qhenergy.algebra.standby import DOWN, UP
from qhenergy.algebra.window import Window


def operate_variable(window: Window, name: str) -> None:
    """Write the hours of the assets of one table.

    Args:
        window: the window.
        name: asset table; the series is `<name>/availability` and the column `<name>/output`.
    """
    assets = window.in_service(name)
    factor = window.series(f"{name}/availability")
    output = window.limited(f"{name}/output", assets, "MW", "output to the grid", lambda a, t: factor[a][t])
    for a in assets:
        asset = window.assets[a]
        window.join(asset.zone, f"{name}/output", output, a, 1.0, "generation", asset.technology)
        window.offer(Potential(a, asset.technology, asset.zone, f"{name}/availability", 1.0, f"{name}/output", 1.0))
        window.stand_by(a, UP, (f"{name}/output", a, -1.0), share=1.0, series=f"{name}/availability")
        window.stand_by(a, DOWN, (f"{name}/output", a, 1.0))
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        if price:
            window.cost(f"variable O&M/{asset.technology}", price * sum(output[a, t] for t in window.hours))
