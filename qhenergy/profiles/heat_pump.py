"""What a heat pump gives per unit of electricity, by the warmth of the air it takes heat from.

    cop = 6.08 - 0.09*dT + 0.0005*dT^2,   dT = sink - air, at least 15 K

A fit to manufacturers' data of air-source heat pumps (Ruhnau, Hirth and Praktiknjo 2019,
doi:10.1038/s41597-019-0199-y). What is lost in operation, by defrosting and part load, is a factor of the data. Thin
air at altitude is not in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

VERSION = "1"
#: Least difference the fit is for [K].
LEAST_LIFT = 15.0


def cop(air: NDArray[np.float64], sink: float) -> NDArray[np.float64]:
    """Coefficient of performance of an air-source heat pump.

    Args:
        air: air temperature, shape (hours,) [degC].
        sink: temperature at which heat is given [degC].

    Returns:
        Heat per electricity, shape (hours,), at least one [-].
    """
    lift = np.maximum(sink - np.asarray(air, dtype=float), LEAST_LIFT)
    made: NDArray[np.float64] = np.maximum(6.08 - 0.09 * lift + 0.0005 * lift**2, 1.0)
    return made
