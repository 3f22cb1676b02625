"""Pages to look at: what is in the sandbox, each batch, each day's payments."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox import overview
from sandbox.page_style import STYLE
from sandbox.request_log import RequestLog
from sandbox.wegive.tables import row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sandbox.church import Church
    from sandbox.planning_center.store import Record
    from sandbox.world import World

CENTS = 100
_LEAD = (
    "<p class='lead'>Planning Center and WeGive as one would meet them, with two invented churches. "
    "Nothing here is real, and nothing leaves this machine.</p>"
)
WINDOW_SECONDS = 20


def money(cents: int) -> str:
    """Return cents as dollars, `$1,234.56`; negative ones with a minus sign before the dollar sign."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // CENTS:,}.{abs(cents) % CENTS:02d}"


def _link(to: str, text: str) -> str:
    return f"<a href='{escape(to)}'>{escape(text)}</a>"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def document(title: str, body: str) -> str:
    """Return a whole page."""
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()) -> str:
    """Return a table of cells that are HTML already; `numeric` are the columns to set to the right."""
    kinds = [" class='n'" if column in numeric else "" for column in range(len(head))]
    cells = [f"<th scope='col'{kind}>{escape(name)}</th>" for kind, name in zip(kinds, head, strict=True)]
    lines = [
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    ]
    body = "".join(lines) or f"<tr><td colspan='{len(head)}'>Nothing yet.</td></tr>"
    head_line = f"<thead><tr>{''.join(cells)}</tr></thead>"
    return f"<div class='scroll'><table>{head_line}<tbody>{body}</tbody></table></div>"


def home(world: World) -> str:
    """Return the first page: both churches, their batches, the requests, where everything is."""
    parts = [
        "<h1>Narthex sandbox</h1>",
        _LEAD,
        _requests(world),
        *(_church(world, church) for church in world.churches),
        _doors(world),
    ]
    return document("Narthex sandbox", "".join(parts))


def _requests(world: World) -> str:
    log: RequestLog = world.log
    accounts = {(entry.vendor, entry.organization) for entry in log.entries("planning_center")}
    most = max((log.most_in_window(WINDOW_SECONDS, org, of) for of, org in accounts), default=0)
    statuses = Counter(entry.status for entry in log.entries())
    figures = [
        ("Requests to Planning Center", sum(e.vendor == "planning_center" for e in log.entries())),
        ("Most of one account in any 20 s", most),
        ("Answers 429", statuses[429]),
        ("Requests to WeGive", sum(e.vendor == "wegive" for e in log.entries())),
    ]
    items = "".join(f"<li><b>{value:,}</b><span>{escape(name)}</span></li>" for name, value in figures)
    return f"<ul class='figures'>{items}</ul><p class='note'>Counted since the sandbox was started.</p>"


def _church(world: World, church: Church) -> str:
    state = overview.church_state(world, church)
    day = state["wegive_day"]
    path = f"/churches/{escape(church.account.organization_id)}"
    day_link = _link(f"{path}/days/{day['day']}", f"{day['day']} in WeGive")
    others = ", ".join(f"{count} {reason}" for reason, count in day["not_gifts"].items())
    batches = table(
        ("Batch", "Status", "Gifts", "Total", "Refunded"),
        [
            (
                _link(f"{path}/batches/{batch['id']}", batch["description"] or "Untitled batch"),
                f"<span class='tag {escape(batch['status'])}'>{escape(batch['status'])}</span>",
                str(batch["donations"]),
                money(batch["amount_cents"]),
                str(batch["refunded"]),
            )
            for batch in state["batches"]
        ],
        numeric=(2, 3, 4),
    )
    there, here = state["wegive"], state["planning_center"]
    return (
        f"<section><h2>{escape(church.account.name)}</h2>"
        f"<p>In WeGive: {there['donors']} donors, {there['funds']} funds, {there['transactions']} payments. "
        f"In Planning Center: {here['people']} people, {here['funds']} funds, "
        f"{here['donations']} donations.</p>"
        f"<p>{day_link}: <b>{day['gifts']} gifts, "
        f"{money(day['amount_cents'])}</b>{f', and beside them {escape(others)}' if others else ''}.</p>"
        f"<h3>Batches in Planning Center</h3>{batches}</section>"
    )


def _doors(world: World) -> str:
    links = [
        ("/control/state", "all counts as JSON"),
        ("/control/requests", "the request log"),
        ("/control/faults", "faults that wait"),
        ("/control/staff", "what staff can do by hand, for POST /control/staff/{vendor}/{action}"),
        ("/control/options/planning_center", "Planning Center's switches"),
        ("/control/options/wegive", "WeGive's switches"),
    ]
    links += [
        (
            f"/control/organization-files/{church.account.organization_id}",
            f"church.json of {church.account.name}",
        )
        for church in world.churches
    ]
    items = "".join(f"<li>{_link(to, to)} {escape(text)}</li>" for to, text in links)
    return (
        "<section><h2>Where everything is</h2><ul>"
        "<li><code>/planning-center/people/v2</code> and <code>/planning-center/giving/v2</code></li>"
        f"<li><code>/wegive/api/dashboard</code></li>{items}</ul></section>"
    )


def _heading(title: str, church: Church) -> str:
    """Return a page's head down to the start of its summary."""
    back = "<p><a href='/'>Sandbox</a></p>"
    return f"{back}<h1>{escape(title)}</h1><p class='lead'>{escape(church.account.name)}: "


def batch_page(world: World, church: Church, batch_id: str) -> str | None:
    """Return a batch with its donations, or None when there is none of this id."""
    organization_id = church.account.planning_center_organization_id
    batch = world.store.get("Batch", organization_id, batch_id)
    if batch is None:
        return None
    donations = world.store.find("Donation", "batch", organization_id, batch_id)
    totals: Counter[str] = Counter()
    rows = []
    for donation in donations:
        attributes = donation["attributes"]
        funds = [(_fund(world, organization_id, part), part) for part in donation["designations"]]
        for name, part in funds:
            totals[name] += part["attributes"]["amount_cents"]
        rows.append(
            (
                escape(_person(world, organization_id, donation["relations"]["person"])),
                money(attributes["amount_cents"]),
                escape(", ".join(name for name, _ in funds)),
                escape(f"{attributes['payment_method']} {attributes['payment_last4'] or ''}"),
                money(attributes["fee_cents"] or 0),
                _local(attributes["received_at"], church),
                "refunded" if attributes["refunded"] else "",
            )
        )
    total = sum(totals.values())
    head = ("Person", "Amount", "Fund", "Paid by", "Fee", "Received", "")
    name = batch["attributes"]["description"] or "Untitled batch"
    funds_table = table(("Fund", "Total"), [(escape(f), money(c)) for f, c in sorted(totals.items())], (1,))
    return document(
        name,
        _heading(name, church)
        + f"{escape(batch['attributes']['status'])}, {_counted(len(rows), 'donation')}, {money(total)}</p>"
        f"<h2>By fund</h2>{funds_table}<h2>Donations</h2>{table(head, rows, (1, 4))}",
    )


def day_page(world: World, church: Church, day: date) -> str:
    """Return a church-local day as WeGive has it."""
    organization_id = church.account.wegive_organization_id
    rows = []
    for row in overview.day_rows(world, church, day):
        allocations = row["fund_allocations"] or [{"fund_id": row["fund_id"], "amount": row["amount"]}]
        funds = [world.wegive_records.get("fund", str(part["fund_id"])) or {} for part in allocations]
        donor = row_of(world.wegive_records, "donor", organization_id, row["donor_id"])
        rows.append(
            (
                str(row["id"]),
                escape(_donor_name(donor)),
                money(row["amount"]),
                escape(", ".join(str(fund.get("name")) for fund in funds)),
                escape(row["source_type"]),
                money(row["fee_amount"]),
                _local(row["created_at"], church),
                escape(overview.why_no_gift(row)),
            )
        )
    totals = overview.day_totals(world, church, day)
    head = ("Payment", "Donor", "Amount", "Fund", "Paid by", "Fee", "Time", "Not a gift")
    return document(
        f"{day} in WeGive",
        _heading(f"{day} in WeGive", church)
        + f"{totals['gifts']} gifts, {money(totals['amount_cents'])}</p>{table(head, rows, (2, 5))}",
    )


def _fund(world: World, organization_id: str, part: Record) -> str:
    fund = world.store.get("Fund", organization_id, str(part["relations"]["fund"]))
    return str(fund["attributes"]["name"]) if fund else "a deleted fund"


def _person(world: World, organization_id: str, person_id: str | None) -> str:
    person = person_id and world.store.get("Person", organization_id, person_id)
    return str(person["attributes"]["name"]) if person else "Anonymous"


def _donor_name(donor: dict[str, Any] | None) -> str:
    if donor is None:
        return "Guest"
    return donor["name"] or f"{donor['first_name'] or ''} {donor['last_name'] or ''}".strip()


def _local(text: str | None, church: Church) -> str:
    if text is None:
        return ""
    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(church.time_zone)):%Y-%m-%d %H:%M:%S}"
