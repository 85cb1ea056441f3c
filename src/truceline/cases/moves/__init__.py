"""Every move that people may make, one file an idea."""
