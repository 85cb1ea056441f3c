"""Findings, attributions and history become proposals."""
