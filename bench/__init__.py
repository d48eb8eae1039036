"""Benchmarks: `make bench`, or `python -m bench NAME …` for some. Peers run beside us, in turns."""
