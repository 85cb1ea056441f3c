"""What people type: thin commands over the library."""
