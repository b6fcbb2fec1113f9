"""What the machine says of a process."""

import subprocess
import sys


def test_peak_memory_is_that_of_the_process_alone():
    """Proves: a small process started by a large one is small.

    If it were broken, the peak of a run would be that of whatever started it (seen as 400 MB instead of 250).
    """
    held = bytearray(600_000_000)
    code = "from qhenergy.ground.machine import peak_memory_mb; print(peak_memory_mb())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(told) < 0.5 * len(held) / 1e6
