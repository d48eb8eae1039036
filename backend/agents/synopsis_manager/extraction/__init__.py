"""How the offline model takes notes: it picks sentences and never writes any."""
