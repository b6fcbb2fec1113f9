"""What rounding of an earlier stage leaves of room is none for the next."""

import numpy as np
import pytest

from hand_solved.test_stages import FIRST, SECOND, pathway
from qhenergy.model.assemble import assemble
from qhenergy.solving.in_turn import parts

CRUMB = 1e-6


@pytest.mark.parametrize(("built", "most"), [(5.0, 10.0), (10 - CRUMB, 0.0), (CRUMB, 10 - CRUMB)])
def test_a_crumb_of_room_is_none(grid, built, most):
    """Proves: where a millionth of a MW is left of a room of 10 MW, none is; where one is gone, that is the bound.

    Where 5 MW are left it is the row of the room that says so, and the bound of the column stays.
    If it were broken, the second stage could build between two bounds that rounding alone tells apart.
    """
    system = pathway(grid, (10, 10)).add("wind", room=10, series=[1]).system()
    problem = assemble(system, workers=1).problem
    values = np.zeros(len(problem.columns))
    first, second = problem.columns.of("capacity/built")
    assert [int(problem.columns.number[i]) for i in (first, second)] == [FIRST, SECOND]
    values[first] = built
    *_, last = parts(problem, system.chronology, (FIRST, SECOND), values)
    assert last.problem.upper[last.columns == second] == pytest.approx([most], abs=1e-9)
    assert last.problem.lower[last.columns == second] == 0.0
