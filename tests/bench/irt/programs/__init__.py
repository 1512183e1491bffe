"""Each module does the tasks of the benchmark with one program; only the worker process imports it.

A task takes its inputs and options, prepares what may be prepared beforehand, and returns the function that
is timed. That function returns arrays as `referee.Solution` describes them.
"""
