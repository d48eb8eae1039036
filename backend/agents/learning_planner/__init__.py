"""The agent that plans a course: `agent.py`, and how the offline model serves it: `offline.py`.

Imports nothing: the processes that compute offline answers import parts of this package only.
"""
