"""Texts: what outlets, people and parties write in three languages, of made-up parties."""
