"""Logs, metrics and traces: seen from the start, by everyone who runs Offstage."""
