"""A reader of Ukrainian, Russian and English sentences."""
