"""The built-in case of several water years: each keeps its own water."""

import numpy as np
import pytest

from qhenergy.data.builtin import find
from qhenergy.data.case import read_case
from qhenergy.data.inputs import read_inputs
from qhenergy.model.assemble import prepare, window_series
from qhenergy.model.catalogue import BUILT_IN


def test_every_year_has_the_inflow_of_its_own():
    """Proves: through its own representative weeks each year has the mean inflow its factor says.

    If it were broken, a dry year would be told by weeks of a wet one, and all three would be alike.
    """
    case = read_case(find("cases", "dry-years-2025", suffix=".toml"))
    inputs = read_inputs(find("inputs", case.inputs), BUILT_IN.tables, case.change)
    system = prepare(inputs, case, BUILT_IN)
    inflow = window_series(system)["hydro/inflow"]
    spans = system.chronology.spans
    per_year = len(system.chronology.sequence) // 3
    means = []
    for year in range(3):
        of_year = system.chronology.sequence[year * per_year : (year + 1) * per_year]
        assert {spans[s].hours[0] // 8760 for s in of_year} == {year}
        means.append(np.mean([inflow[s].to_numpy().sum(axis=1).mean() for s in of_year]))
    factors = inputs["water_years"]["factor"]
    whole = system.series["hydro/inflow"].sum(axis=1).to_numpy().reshape(3, -1).mean(axis=1)
    assert means == pytest.approx(whole, rel=0.01)
    assert means[1] / means[0] == pytest.approx(factors["dry"] / factors["normal"], rel=0.01)
    assert sum(span.weight * len(span) for span in spans) == pytest.approx(8760)
