"""Rules and words of the trade: standard library only, no I/O, no clock, no log."""
