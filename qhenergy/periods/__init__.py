"""Floor 2: from the hours of a year to windows with weights."""
