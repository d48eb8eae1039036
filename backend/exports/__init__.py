"""Artifacts as files for people: Markdown, HTML, PDF, Anki. Pure: what they need is handed in."""
