"""What the machine says of this process."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def peak_memory_mb() -> float:
    """Most memory this process has held [MB]; that of finished helper processes is not in it."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    # On Linux the count of `getrusage` begins with what the process that started this one had held.
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii", errors="replace"), re.M)
        if found:
            return int(found[1]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts kilobytes, macOS bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
