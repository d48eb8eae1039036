"""Everything about a job on Redis and RQ: submit (`queue.py`), run (`tasks.py`), the process that
runs many (`agents_worker.py`), what brings lost ones back (`recovery.py`)."""
