"""Routes: which handler answers which path; `*` stands for an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.planning_center import (
    batch_groups,
    batches,
    contact_details,
    donations,
    funds,
    giving_people,
    people,
    refunds,
)
from sandbox.planning_center.fund_vertices import CAMPUS, FUND, LABEL, PAYMENT_SOURCE, RECURRING_DONATION
from sandbox.planning_center.json_api import read_one
from sandbox.planning_center.listing import list_organization
from sandbox.planning_center.people_vertices import ADDRESS, EMAIL, PERSON_MERGER, PHONE_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.call import Answer, Call
    from sandbox.planning_center.vertex import Vertex

    Handler = Callable[[Call], Answer]
    Routes = dict[str, dict[str, Handler]]


def _plain(vertex: Vertex) -> Routes:
    """Return the two reads of a vertex that has nothing of its own about them."""
    return {
        vertex.collection: {"GET": lambda call: list_organization(call, vertex)},
        f"{vertex.collection}/*": {"GET": lambda call: read_one(call, vertex, call.record(vertex.type))},
    }


def _details(vertex: Vertex) -> Routes:
    """Return the routes of a contact detail: created under its person, then reached by its own id."""
    return {
        f"people/*/{vertex.collection}": {
            "GET": contact_details.list_of_person(vertex),
            "POST": contact_details.create_detail(vertex),
        },
        vertex.collection: {"GET": contact_details.list_details(vertex)},
        f"{vertex.collection}/*": {
            "GET": contact_details.read_detail(vertex),
            "PATCH": contact_details.update_detail(vertex),
            "DELETE": contact_details.delete_detail(vertex),
        },
    }


def _with(routes: Routes, pattern: str, **handlers: Handler) -> Routes:
    """Return the routes with more methods for one of them."""
    return routes | {pattern: routes[pattern] | handlers}


def _settings() -> Routes:
    """Return the routes of funds, payment sources and labels."""
    routes = _plain(FUND) | _plain(PAYMENT_SOURCE) | _plain(LABEL)
    routes = _with(routes, "funds", POST=funds.create_fund)
    routes = _with(routes, "funds/*", PATCH=funds.update_fund, DELETE=funds.delete_fund)
    routes = _with(routes, "payment_sources", POST=funds.create_payment_source)
    routes = _with(
        routes, "payment_sources/*", PATCH=funds.update_payment_source, DELETE=funds.delete_payment_source
    )
    routes = _with(routes, "labels", POST=funds.create_label)
    return _with(routes, "labels/*", PATCH=funds.update_label, DELETE=funds.delete_label)


_PEOPLE: Routes = {
    "": {"GET": people.read_organization},
    "me": {"GET": people.read_me},
    "people": {"GET": people.list_people, "POST": people.create_person},
    "people/*": {
        "GET": people.read_person,
        "PATCH": people.update_person,
        "DELETE": people.delete_person,
    },
    "people/*/organization": {"GET": people.read_organization},
    "people/*/primary_campus": {"GET": giving_people.read_campus_of_person},
    "emails/*/person": {"GET": contact_details.read_owner},
    **_details(EMAIL),
    **_details(PHONE_NUMBER),
    **_details(ADDRESS),
    **_plain(PERSON_MERGER),
}

_GIVING: Routes = {
    "me": {"GET": giving_people.read_me},
    "people": {"GET": giving_people.list_people},
    "people/*": {"GET": giving_people.read_person, "PATCH": giving_people.update_person},
    "people/*/batches": {"GET": giving_people.list_batches_of_person},
    "people/*/donations": {"GET": donations.list_donations_of("Person", "person")},
    "people/*/primary_campus": {"GET": giving_people.read_campus_of_person},
    "people/*/recurring_donations": {"GET": giving_people.list_plans_of_person},
    "batches": {"GET": batches.list_batches, "POST": batches.create_batch},
    "batches/*": {
        "GET": batches.read_batch,
        "PATCH": batches.update_batch,
        "DELETE": batches.delete_batch,
    },
    "batches/*/batch_group": {"GET": batch_groups.read_group_of_batch},
    "batches/*/commit": {"POST": batches.commit_batch},
    "batches/*/donations": {
        "GET": donations.list_donations_of("Batch", "batch"),
        "POST": donations.create_donation,
    },
    "batches/*/owner": {"GET": giving_people.read_owner},
    "batch_groups": {"GET": batch_groups.list_groups, "POST": batch_groups.create_group},
    "batch_groups/*": {
        "GET": batch_groups.read_group,
        "PATCH": batch_groups.update_group,
        "DELETE": batch_groups.delete_group,
    },
    "batch_groups/*/batches": {
        "GET": batch_groups.list_batches_of_group,
        "POST": batches.create_batch,
    },
    "batch_groups/*/commit": {"POST": batch_groups.commit_group},
    "batch_groups/*/owner": {"GET": giving_people.read_me},
    "donations": {"GET": donations.list_donations, "POST": donations.refuse_donation},
    "donations/*": {
        "GET": donations.read_donation,
        "PATCH": donations.update_donation,
        "DELETE": donations.delete_donation,
    },
    "donations/*/campus": {"GET": refunds.read_campus_of_donation},
    "donations/*/designations": {"GET": refunds.list_designations},
    "donations/*/designations/*": {"GET": refunds.read_designation},
    "donations/*/designations/*/fund": {"GET": refunds.read_fund_of_designation},
    "donations/*/issue_refund": {"POST": refunds.issue_refund},
    "donations/*/labels": {"GET": refunds.list_labels_of_donation},
    "donations/*/note": {"GET": refunds.read_note_of_donation},
    "donations/*/refund": {"GET": refunds.read_refund},
    "donations/*/refund/*/designation_refunds": {"GET": refunds.list_designation_refunds},
    "payment_sources/*/donations": {"GET": donations.list_donations_of("PaymentSource", "payment_source")},
    "campuses/*/donations": {"GET": donations.list_donations_of("Campus", "campus")},
    "recurring_donations/*/designations": {"GET": giving_people.list_designations_of_plan},
    "recurring_donations/*/designations/*/fund": {"GET": giving_people.read_fund_of_plan},
    **_settings(),
    **_plain(CAMPUS),
    **_plain(RECURRING_DONATION),
}

ROUTES: dict[str, Routes] = {"people": _PEOPLE, "giving": _GIVING, "current": {"me": {"GET": people.read_me}}}


def find_route(path: str) -> tuple[str, dict[str, Handler], tuple[str, ...]] | None:
    """Return the product, the handlers by method and the ids of a path; None: no such path is routed."""
    parts = path.strip("/").split("/")
    if len(parts) < 2 or parts[1] != "v2":  # noqa: PLR2004
        return None
    rest = parts[2:]
    ids = tuple(rest[1::2])
    rest[1::2] = "*" * len(ids)
    handlers = ROUTES.get(parts[0], {}).get("/".join(rest))
    return None if handlers is None else (parts[0], handlers, ids)
