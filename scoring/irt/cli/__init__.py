"""How does an analyst run the engine from a terminal: `python -m scoring.irt COMMAND`?"""
