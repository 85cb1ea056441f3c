"""One file a feed: each ends with FEED = Feed(...)."""
