"""The world of a simulated truce: ground, weather, and everything that happens in it."""
