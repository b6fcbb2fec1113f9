"""Floor 9: studies, one file each."""
