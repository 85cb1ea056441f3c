"""The best answer there is: the posterior under the very density that a truce was drawn from."""
