"""Floor 5: from technologies and clauses to one matrix."""
