"""The terms of a truce as dated, sourced code."""
