"""Many of a noun at a time: Arrow schemas, digests, the posterior."""
