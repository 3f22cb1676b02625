"""Refusals in Planning Center's error document (planning-center-api.md 1.6)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - it is the vendor's answer, not our fault
    """An answer other than success: its status and the error objects of its document."""

    def __init__(self, status: int, errors: list[dict[str, Any]]) -> None:
        super().__init__(status, errors)
        self.status = status
        self.errors = errors


def bad_request(code: str, detail: str, parameter: str | None = None) -> Refusal:
    """Return the 400 for a request that cannot be understood."""
    error: dict[str, Any] = {"status": "400", "title": "Bad Request", "code": code, "detail": detail}
    if parameter is not None:
        error["source"] = {"parameter": parameter}
    return Refusal(400, [error])


def forbidden(description: str) -> Refusal:
    """Return the 403 that Planning Center itself gives; `description` names the user and the deed."""
    error = {
        "status": "403",
        "title": "Forbidden",
        "detail": "You do not have access to this resource",
        "meta": {"description": description},
    }
    return Refusal(403, [error])


def not_found() -> Refusal:
    """Return the 404 of an id that is deleted, merged, of another church, or never was."""
    error = {
        "status": "404",
        "title": "Not Found",
        "detail": "The resource you requested could not be found",
    }
    return Refusal(404, [error])


def unassignable(parameter: str) -> dict[str, Any]:
    """Return the error object for an attribute that is unknown or read only."""
    return {
        "status": "422",
        "title": "Forbidden Attribute",
        "detail": f"{parameter} cannot be assigned",
        "source": {"parameter": parameter},
    }


def invalid(parameter: str, detail: str, resource: str = "") -> dict[str, Any]:
    """Return the error object for a value that breaks a rule."""
    return {
        "status": "422",
        "title": "Validation Error",
        "detail": f"{parameter} {detail}",
        "source": {"parameter": parameter},
        "meta": {"resource": resource, "associated_resources": []},
    }


def related_not_found(parameter: str, related_id: str) -> dict[str, Any]:
    """Return the error object for a related id that this church does not have."""
    return {
        "status": "422",
        "title": "Validation Error",
        "code": "attribute_resource_not_found",
        "detail": f"No resource with id {related_id} was found for {parameter}",
        "source": {"parameter": parameter},
    }


def unprocessable(*errors: dict[str, Any]) -> Refusal:
    """Return the 422 that lists these error objects."""
    return Refusal(422, list(errors))


def impossible(detail: str) -> Refusal:
    """Return the 422 of an action that this record does not allow now."""
    return Refusal(422, [{"status": "422", "title": "Unprocessable Entity", "detail": detail}])
