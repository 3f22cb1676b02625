"""Organizations, secrets, correlations, reviews and schedules in memory, as exact as the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from narthex.domain.correlation import (
    Correlation,
    CorrelationKind,
    CorrelationState,
    NewPerson,
    Review,
    ReviewState,
)
from narthex.domain.errors import InvalidInputError, ReconnectNeededError
from narthex.domain.organization import Credentials, Organization
from narthex.ports import Clock

NEW_PERSON_LIFE_MS = 7 * 24 * 3600 * 1000


class FakeOrganizations:
    """An `OrganizationStore`."""

    def __init__(self, *organizations: Organization) -> None:
        self._organizations = {organization.id: organization for organization in organizations}

    def get(self, organization_id: str) -> Organization:
        organization = self._organizations.get(organization_id)
        if organization is None:
            raise InvalidInputError(f"there is no organization {organization_id!r}", field="organization_id")
        return organization

    def put(self, organization: Organization) -> None:
        self._organizations[organization.id] = organization


class FakeSecrets:
    """A `SecretStore`."""

    def __init__(self, credentials: dict[str, Credentials] | None = None) -> None:
        self._credentials = dict(credentials or {})

    def get(self, organization_id: str) -> Credentials:
        credentials = self._credentials.get(organization_id)
        if credentials is None:
            raise ReconnectNeededError(f"organization {organization_id!r} has no credentials")
        return credentials

    def put(self, organization_id: str, credentials: Credentials) -> None:
        self._credentials[organization_id] = credentials


class FakeCorrelations:
    """A `CorrelationStore`; people whom we created are forgotten after seven days of `clock`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._forward: dict[tuple[str, CorrelationKind], dict[str, Correlation]] = {}
        self._holders: dict[tuple[str, CorrelationKind, str], str] = {}
        self._new: dict[tuple[str, str], dict[str, NewPerson]] = {}

    def get_many(
        self, organization_id: str, kind: CorrelationKind, wegive_ids: Sequence[str]
    ) -> dict[str, Correlation]:
        kept = self._forward.get((organization_id, kind), {})
        return {wegive_id: kept[wegive_id] for wegive_id in wegive_ids if wegive_id in kept}

    def claim(self, organization_id: str, correlation: Correlation, seen: Correlation | None) -> bool:
        kind, wegive_id = correlation.kind, correlation.wegive_id
        linked = correlation.state is CorrelationState.LINKED
        if linked and correlation.planning_center_id is not None:
            key = (organization_id, kind, correlation.planning_center_id)
            if self._holders.setdefault(key, wegive_id) != wegive_id:
                return False
        kept = self._forward.setdefault((organization_id, kind), {})
        stored = kept.get(wegive_id)
        if linked and stored == correlation:
            return True
        if stored != seen:
            return False
        kept[wegive_id] = correlation
        self._release(organization_id, correlation, seen)
        return True

    def holder(self, organization_id: str, kind: CorrelationKind, planning_center_id: str) -> str | None:
        return self._holders.get((organization_id, kind, planning_center_id))

    def remember_new_person(self, organization_id: str, new: NewPerson, keys: Sequence[str]) -> None:
        for key in keys:
            self._new.setdefault((organization_id, key), {})[new.person.id] = new

    def new_people(self, organization_id: str, key: str) -> list[NewPerson]:
        oldest_ms = self._clock.now_ms() - NEW_PERSON_LIFE_MS
        kept = self._new.get((organization_id, key), {})
        return [kept[person_id] for person_id in sorted(kept) if kept[person_id].created_ms > oldest_ms]

    def _release(self, organization_id: str, correlation: Correlation, seen: Correlation | None) -> None:
        if seen is None or seen.state is not CorrelationState.LINKED or seen.planning_center_id is None:
            return
        now = correlation.planning_center_id if correlation.state is CorrelationState.LINKED else None
        if now == seen.planning_center_id:
            return
        key = (organization_id, seen.kind, seen.planning_center_id)
        if self._holders.get(key) == seen.wegive_id:
            del self._holders[key]


class FakeReviews:
    """A `ReviewStore`."""

    def __init__(self) -> None:
        self._reviews: dict[str, dict[str, Review]] = {}

    def get_many(self, organization_id: str, donor_ids: Sequence[str]) -> dict[str, Review]:
        kept = self._reviews.get(organization_id, {})
        return {donor_id: kept[donor_id] for donor_id in donor_ids if donor_id in kept}

    def open(self, organization_id: str, review: Review) -> None:
        self._reviews.setdefault(organization_id, {}).setdefault(review.donor_id, review)

    def reopen(self, organization_id: str, review: Review) -> None:
        self._reviews.setdefault(organization_id, {})[review.donor_id] = review

    def decide(self, organization_id: str, review: Review) -> None:
        kept = self._reviews.get(organization_id, {})
        stored = kept.get(review.donor_id)
        decided = replace(review, state=ReviewState.DECIDED)
        if stored == decided:
            return
        if stored is None or stored.state is not ReviewState.OPEN:
            raise InvalidInputError(f"donor {review.donor_id} has no open question", field="donor_id")
        kept[review.donor_id] = decided

    def all(self, organization_id: str) -> list[Review]:
        kept = self._reviews.get(organization_id, {})
        return [kept[donor_id] for donor_id in sorted(kept)]


class FakeSchedules:
    """A `Schedules`: what was put last, by organization id; a paused one is kept, switched off."""

    def __init__(self) -> None:
        self.organizations: dict[str, Organization] = {}

    def put(self, organization: Organization) -> None:
        self.organizations[organization.id] = organization

    def enabled(self, organization_id: str) -> bool:
        return not self.organizations[organization_id].settings.paused
