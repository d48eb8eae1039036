"""Offstage: LLM agents off the request path. Start reading at `backend/worker/queue.py`."""

__version__ = "0.1.0"
