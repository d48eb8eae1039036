"""Where sentences end in unpunctuated speech: fits the model and measures it."""
