"""Use cases, one verb a module; they ask for what they need through `narthex.ports`."""
