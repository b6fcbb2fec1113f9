"""What must hold of every system, tried on random ones."""
