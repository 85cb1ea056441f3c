"""Kinds of evidence about the author of an act, one file each."""
