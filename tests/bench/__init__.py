"""Benchmarks: what is fast enough, beside what the machine itself allows. Run by hand, never asserted."""
