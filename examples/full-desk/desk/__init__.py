"""The invented week, written down in the formats that a mission receives."""
