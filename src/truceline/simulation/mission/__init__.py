"""The mission that a simulated truce is handed to: its agreement, its maps, its papers."""
