"""Reading plain language, Russian and English: shared by the agents and the offline model.

Pure functions, no model of a language beyond rules and word lists.
"""
