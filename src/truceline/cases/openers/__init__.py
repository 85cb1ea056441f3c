"""What proposes that a case be opened, one file a reason; people open."""
