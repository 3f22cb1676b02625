"""The product's own code against both sandboxes, on a virtual clock, with seeded faults at every call."""
