"""Who a Person id is today: itself, whom it was merged into, or nobody (S13, planning-center-api.md 3.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from narthex.adapters.planning_center.client import PER_PAGE, PlanningCenterClient, attributes_of
from narthex.adapters.planning_center.wire import PersonMergerAttributes
from narthex.domain.errors import RecordNotFoundError, RejectedError

MOST_MERGES_IN_A_CHAIN: Final = 20


class Survivors:
    """Finds them with the fewest requests: one per hundred living people, two per merged one.

    `where[id]=1,2,3` is in public use and not documented. As soon as an answer shows that it is not
    honoured, each id is read by itself, for the life of this object.
    """

    def __init__(self, client: PlanningCenterClient) -> None:
        self._client = client
        self.reads_in_bulk = True

    def __call__(self, person_ids: Sequence[str]) -> dict[str, str | None]:
        """Map each id to the living person's id, None when there is nobody."""
        # WeGive's hint is any text; what is no number is nobody.
        wanted = [one for one in dict.fromkeys(person_ids) if one.isascii() and one.isdigit()]
        alive: set[str] = set()
        if len(wanted) > 1:
            for start in range(0, len(wanted), PER_PAGE):
                alive |= self._listed(wanted[start : start + PER_PAGE])
        nobody: dict[str, str | None] = dict.fromkeys(person_ids)
        return nobody | {
            one: one if one in alive else self._followed(one, was_listed=len(wanted) > 1) for one in wanted
        }

    def _listed(self, person_ids: Sequence[str]) -> set[str]:
        """Those of at most a hundred ids that one question finds; empty when it cannot be asked so."""
        if not self.reads_in_bulk:
            return set()
        try:
            page = self._client.get("/people", {"where[id]": ",".join(person_ids), "per_page": PER_PAGE})
        except RejectedError:
            self.reads_in_bulk = False
            return set()
        found = {person.id for person in page.many}
        if not found <= set(person_ids):
            self.reads_in_bulk = False
            return set()
        return found

    def _followed(self, person_id: str, *, was_listed: bool) -> str | None:
        """An id that no list showed: alive all the same, merged (perhaps again and again), or gone."""
        presumed_dead = was_listed and self.reads_in_bulk
        met = {person_id}
        current = person_id
        for _ in range(MOST_MERGES_IN_A_CHAIN):
            if not presumed_dead and self._is_alive(current):
                return current
            kept = self._kept_instead_of(current)
            if kept is None and presumed_dead and self._is_alive(current):
                self.reads_in_bulk = False
                return current
            if kept is None or kept in met:
                return None
            presumed_dead = False
            met.add(kept)
            current = kept
        return None

    def _is_alive(self, person_id: str) -> bool:
        try:
            return self._client.get(f"/people/{person_id}").many[0].id == person_id
        except RecordNotFoundError:
            return False

    def _kept_instead_of(self, person_id: str) -> str | None:
        page = self._client.get("/person_mergers", {"where[person_to_remove_id]": person_id})
        for merger in page.many:
            attributes = attributes_of(merger, PersonMergerAttributes)
            removed = attributes.person_to_remove_id or merger.related_id("person_to_remove")
            if removed == person_id:
                return attributes.person_to_keep_id or merger.related_id("person_to_keep")
        return None
