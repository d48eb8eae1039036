"""How good the offline notes are: scored against summaries that people wrote."""
