"""Fetching from the web, from a few named hosts and safely."""
