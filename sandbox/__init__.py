"""Planning Center and WeGive as one would meet them, with sample churches and faults on demand."""
