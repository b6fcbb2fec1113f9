"""Proves that what is refused in another process is said as it was there."""

import pickle

import pytest

from qhenergy.ground.faults import Fault, InputError, NoSolutionError, QhenergyError, SolverError

FAULTS = [Fault("stores.csv, row 3", 'zone "haxi"', "a zone", "Correct it."), Fault("case", "none", "one")]


@pytest.mark.parametrize(
    "error", [InputError(FAULTS, "the case"), NoSolutionError("no way"), SolverError("gave up"), QhenergyError("why")]
)
def test_an_error_survives_the_way_between_processes(error):
    """Were it made again from its message, every character would be a fault of its own."""
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
