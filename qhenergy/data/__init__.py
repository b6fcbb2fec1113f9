"""Floor 2: validated tables and cases."""
