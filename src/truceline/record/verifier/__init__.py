"""What checks a bundle far from here: one file that needs nothing but Python."""
