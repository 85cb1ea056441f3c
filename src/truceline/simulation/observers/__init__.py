"""Observers: one file a kind, its physics and failings written once."""
