"""Do items, candidates and cut scores behave as the model says? One module a question, imported by name."""
