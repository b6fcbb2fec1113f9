"""Floor 6: results by name, kept in files, measured, judged and checked again."""
