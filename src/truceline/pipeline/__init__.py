"""The line itself: the order of the steps, plug-in discovery, settings."""
