"""The same work under other queues, each run the way its own documentation says."""
