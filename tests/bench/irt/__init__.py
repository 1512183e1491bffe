"""How fast does scoring.irt calibrate and score beside others? `python -m tests.bench.irt`."""
