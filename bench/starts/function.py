"""One start of a function, by `bench.cold_start`, in a fresh interpreter; the folders are the arguments."""

import sys
from time import process_time_ns

sys.path[0:1] = sys.argv[1:]

import handler  # type: ignore[import-not-found]

handler.use_case()
ready_ns = process_time_ns()

import gc
import json

# A builder may leave a client for the first event: that belongs to the start all the same.
kept = [(type(each).__name__, each) for each in gc.get_objects()]
since_ns = process_time_ns()
for kind, each in kept:
    if kind == "Connection":
        each.client  # noqa: B018 - makes it
    elif kind == "VendorConnector":
        each._transport  # noqa: B018 - makes it
clients_ns = process_time_ns() - since_ns
json.dump({"milliseconds": (ready_ns + clients_ns) / 1e6}, sys.stdout)
