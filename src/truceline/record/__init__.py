"""The append-only log, its exhibits and its checks."""
