"""How good are the predictions, and how much does practice help? `python -m tests.bench.readiness`."""
