"""Measures that a ladder may propose, one file each. None of them is force, sanction or alliance."""
