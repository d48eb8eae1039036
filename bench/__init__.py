"""Benchmarks: `make bench`, or `python -m bench NAME …` for some. Ratios, side by side in one run."""
