"""Measurements of what Narthex promises, as counts and ratios."""
