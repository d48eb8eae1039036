"""Who is asking: a way to tell for each AUTH_MODE, behind one interface."""
