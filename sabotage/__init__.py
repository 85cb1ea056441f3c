"""Break each promise once, and see that its test fails."""
