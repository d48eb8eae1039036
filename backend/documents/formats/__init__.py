"""One reader for each format: from decoded text or bytes to readable text with Markdown marks."""
