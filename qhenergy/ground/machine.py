"""What the machine says of this process."""

from __future__ import annotations

import sys


def peak_memory_mb() -> float:
    """Most memory this process has held [MB]; that of finished helper processes is not in it."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts kilobytes, macOS bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
