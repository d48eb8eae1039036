"""Pure rules and shapes: no I/O, no framework."""
