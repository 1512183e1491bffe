"""Which items does a candidate meet next, and when is it enough? One module a question, imported by name."""
