"""Floor 1: units, tables and faults. Knows nothing of power systems."""
