"""Scores, readiness, practice and reports: all that can be computed again from facts."""

import os

# Products here are small. Several threads for each wait for each other longer than they compute, on a busy
# machine a hundred times longer. Whoever runs this may still say otherwise; NumPy looks when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
