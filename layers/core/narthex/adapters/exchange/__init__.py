"""One request to a vendor and what may be believed of its answer; the one retry layer (S62)."""
