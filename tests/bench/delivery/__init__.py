"""How fast does the server take in an exam? `python -m tests.bench.delivery`, or `make bench-delivery`."""
