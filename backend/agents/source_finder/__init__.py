"""The agent that looks for sources: see `agent.py`."""
