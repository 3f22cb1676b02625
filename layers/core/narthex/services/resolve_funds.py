"""Which Planning Center fund takes what WeGive calls by its own fund id (3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from narthex.domain.correlation import Correlation, CorrelationKind, CorrelationState
from narthex.domain.errors import NeedsAttentionError
from narthex.domain.giving import FundVisibility, PlanningCenterFund, WeGiveFund
from narthex.domain.organization import Organization
from narthex.ports import CorrelationStore, Vendors


@dataclass(slots=True)
class Funds:
    """The answer for each WeGive fund: a fund's id, or why there is none.

    `to_create` lists funds that a real run creates and a dry run only announces.
    """

    ids: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    to_create: list[WeGiveFund] = field(default_factory=list)
    default_id: str | None = None
    default_problem: str | None = None

    def require(self, wegive_fund_ids: Iterable[str]) -> tuple[Mapping[str, str], str]:
        """Planning Center ids for a gift's funds, and the default's.

        Raises:
            NeedsAttentionError: When one of them has none; the text says what to do.
        """
        wanted = list(wegive_fund_ids)
        for fund_id in wanted:
            if fund_id in self.problems:
                raise NeedsAttentionError(self.problems[fund_id])
        if not wanted and self.default_id is None:
            raise NeedsAttentionError(self.default_problem or "there is no default fund")
        return self.ids, self.default_id or ""


def resolve_funds(
    organization: Organization,
    vendors: Vendors,
    correlations: CorrelationStore,
    wegive_fund_ids: Iterable[str],
    *,
    dry_run: bool,
) -> Funds:
    """Resolve the funds that a day names, by id, then by exact name, then by creating them.

    Args:
        organization: Whose funds.
        vendors: Both of them.
        correlations: Where ties are kept.
        wegive_fund_ids: What the day's gifts name.
        dry_run: Write nothing; funds to be created get the id "new:<WeGive id>".
    """
    wanted = sorted(set(wegive_fund_ids))
    there = vendors.giving.funds()
    funds = Funds(names={fund.id: fund.name for fund in there})
    _resolve_default(funds, organization, there)
    if not wanted:
        return funds
    by_id = {fund.id: fund for fund in vendors.wegive.funds()}
    known = correlations.get_many(organization.id, CorrelationKind.FUND, wanted)
    for fund_id in wanted:
        fund = _survivor(by_id, fund_id)
        if fund is None:
            funds.problems[fund_id] = f"WeGive names fund {fund_id}, but has no such fund; correct the gift"
            continue
        found = _find(fund, known.get(fund_id), there)
        if found is None and not organization.settings.switches.push_funds:
            funds.problems[fund_id] = (
                f"Planning Center has no fund named {fund.name!r}, and creating funds is switched off; "
                f"create it there or switch push_funds on"
            )
            continue
        if found is None:
            funds.to_create.append(fund)
            if dry_run:
                funds.ids[fund_id] = f"new:{fund_id}"
                funds.names[funds.ids[fund_id]] = fund.name
                continue
            try:
                found = vendors.giving.create_fund(fund)
            except NeedsAttentionError as refused:
                funds.problems[fund_id] = (
                    f"the fund {fund.name!r} could not be created in Planning Center: {refused}; create it "
                    f"there by hand, or correct its name in WeGive"
                )
                continue
            there.append(found)
        _accept(funds, fund_id, found)
        if not dry_run and known.get(fund_id) is None:
            _tie(correlations, organization, fund_id, found)
    return funds


def _accept(funds: Funds, fund_id: str, found: PlanningCenterFund) -> None:
    funds.names[found.id] = found.name
    if found.visibility is FundVisibility.NOWHERE:
        funds.problems[fund_id] = _closed(found)
    else:
        funds.ids[fund_id] = found.id


def _resolve_default(funds: Funds, organization: Organization, there: list[PlanningCenterFund]) -> None:
    named = [fund for fund in there if fund.name == organization.default_fund]
    if not named:
        funds.default_problem = (
            f"Planning Center has no fund named {organization.default_fund!r} (the default fund in the "
            f"settings); create it there or name another one"
        )
    elif named[0].visibility is FundVisibility.NOWHERE:
        funds.default_problem = _closed(named[0])
    else:
        funds.default_id = named[0].id


def _closed(fund: PlanningCenterFund) -> str:
    return (
        f"the fund {fund.name!r} is closed in Planning Center (visibility nowhere) and takes no gifts; "
        f"set it to 'admin only' there"
    )


def _survivor(by_id: Mapping[str, WeGiveFund], fund_id: str) -> WeGiveFund | None:
    """The fund itself or the one it was merged into, however long the chain; None at a loop's end."""
    seen: set[str] = set()
    fund = by_id.get(fund_id)
    while fund is not None and fund.merged_into_id is not None and fund.id not in seen:
        seen.add(fund.id)
        fund = by_id.get(fund.merged_into_id)
    return None if fund is not None and fund.merged_into_id is not None else fund


def _find(
    fund: WeGiveFund, known: Correlation | None, there: list[PlanningCenterFund]
) -> PlanningCenterFund | None:
    by_id = {candidate.id: candidate for candidate in there}
    for fund_id in (known.planning_center_id if known else None, fund.planning_center_id):
        if fund_id is not None and fund_id in by_id:
            return by_id[fund_id]
    return next((candidate for candidate in there if candidate.name == fund.name), None)


def _tie(
    correlations: CorrelationStore, organization: Organization, fund_id: str, found: PlanningCenterFund
) -> None:
    tie = Correlation(
        kind=CorrelationKind.FUND,
        wegive_id=fund_id,
        state=CorrelationState.LINKED,
        planning_center_id=found.id,
        matched_by="name",
    )
    # Two WeGive funds of one name share a Planning Center fund: the second tie is refused and not needed.
    correlations.claim(organization.id, tie, None)
