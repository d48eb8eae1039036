"""Agents and the one way they run. They never see SQL, Redis or HTTP: see `context.py`."""
