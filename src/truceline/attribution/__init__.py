"""Evidence about each act becomes responsibility, or stays undetermined."""
