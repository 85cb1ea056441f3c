"""Counting rules, one file each."""
