"""Runs Offstage on one machine: the embedded Redis, the API and the worker as child processes.

`stack.py` puts them together; the rest are its parts.
"""
