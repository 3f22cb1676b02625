"""One module per use case: settings in, ready object out; nothing is built at import."""
