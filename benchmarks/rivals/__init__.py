"""Other people's ways to join reports and to name authors, behind one interface."""
