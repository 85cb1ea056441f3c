"""A dossier becomes a document; the one publication function."""
