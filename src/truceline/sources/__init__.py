"""Outside material becomes observations, exposures, claims and holdings."""
