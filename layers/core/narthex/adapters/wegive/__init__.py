"""WeGive, read through either of its two API surfaces (S53)."""
