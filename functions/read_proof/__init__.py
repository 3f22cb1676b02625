"""The read_proof function."""
