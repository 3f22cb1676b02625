"""The peer that the shared limit is measured beside, in an environment of its own."""
