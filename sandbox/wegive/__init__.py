"""WeGive as one would meet it (wegive-api.md, section 13 above all)."""

from sandbox.wegive.app import create_app
from sandbox.wegive.options import Options
from sandbox.wegive.tables import add_organization

__all__ = ["Options", "add_organization", "create_app"]
