"""Alembic's folder: `env.py`, the template for a new revision, and the revisions."""
