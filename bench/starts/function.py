"""One start of a function, in a fresh interpreter; `bench.cold_start` hands it the folders."""

import sys
from time import process_time_ns

sys.path[0:1] = sys.argv[1:]

import handler  # type: ignore[import-not-found]

handler.use_case()
ready_ns = process_time_ns()

import gc
import json

# A builder may leave a client for the first event: that belongs to the start all the same.
kept = [
    (type(each).__name__, each)
    for each in gc.get_objects()
    if type(each).__name__ in {"Connection", "VendorConnector"}
]
since_ns = process_time_ns()
for kind, each in kept:
    client = each.client if kind == "Connection" else each._transport
clients_ns = process_time_ns() - since_ns
json.dump(
    {
        "milliseconds": (ready_ns + clients_ns) / 1e6,
        "clients_milliseconds": clients_ns / 1e6,
        "clients": [kind for kind, _ in kept],
    },
    sys.stdout,
)
