"""Throws at the API what its OpenAPI document allows, and what not: `python -m bench.fuzz`."""
