"""What a weapon's name says: its class, calibre and greatest range, where the name gives them."""
