"""How do two scales, or the scores of two forms, correspond? One module a question, imported by name."""
