"""Planning Center as one would meet it: People, Giving, and the oddities of both."""

from __future__ import annotations

from sandbox.planning_center.accounts import add_organization
from sandbox.planning_center.app import PlanningCenter, create_app
from sandbox.planning_center.options import Options

__all__ = ["Options", "PlanningCenter", "add_organization", "create_app"]
