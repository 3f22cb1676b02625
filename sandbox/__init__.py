"""The two vendors as one would meet them, with faults on demand; knows nothing of the product."""
