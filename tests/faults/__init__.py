"""Every bad input gives its sentences and its exit code, and leaves nothing half-written."""
