"""What people do about a matter: moves in the record, replayed into cases. Pure: no clock, no files."""
