"""How observers err: one file an idea, the drawing and the log density of one error side by side."""
