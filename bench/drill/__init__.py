"""Fault drills: `make drill`, or `python -m bench.drill NAME --seed N`. One machine, real processes
and real signals; each ends with a table and is over within two minutes."""
