"""Floor 6: solver profiles, the solver's door, certificates and explanations."""
