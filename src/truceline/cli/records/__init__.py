"""What can be asked of the record: one file a subcommand, found by its name."""
