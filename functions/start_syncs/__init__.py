"""The start_syncs function."""
