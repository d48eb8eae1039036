"""What every request passes through, outermost first as `app.py` lists it. Pure ASGI."""
