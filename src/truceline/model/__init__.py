"""The nouns: frozen records and stored words, on the standard library alone."""
