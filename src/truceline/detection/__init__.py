"""Text and signals become observations."""
