"""The sample churches: generated from a seed, installed on both sides."""

from sandbox.church.accounts import GRACE, HILLSIDE, Account
from sandbox.church.generate import generate, sample_churches
from sandbox.church.install import Installed, install
from sandbox.church.organization_file import organization_file
from sandbox.church.plan import Church

__all__ = [
    "GRACE",
    "HILLSIDE",
    "Account",
    "Church",
    "Installed",
    "generate",
    "install",
    "organization_file",
    "sample_churches",
]
