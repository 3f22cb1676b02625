"""Where one local run lives: its ports, its folder, the values it deploys the template with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.environments import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT_ID = "000000000000"
REGION = "us-east-1"
STACK_NAME = "narthex"
ROOT_KEY = "test"
"""Key id and secret of the account's root on the local AWS; functions have keys of their own roles."""

# All that is inherited: functions see the environment of the local AWS, and the user's AWS account, Python
# settings and secrets are none of their business. Proxies and certificates are needed for real vendors.
_INHERITED = frozenset(
    {"HOME", "LANG", "LC_ALL", "PATH", "PYENV_ROOT", "SSL_CERT_DIR", "SSL_CERT_FILE", "XDG_CACHE_HOME"}
    | {"HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"}
)
_NOT_PROXIED = "127.0.0.1,localhost"


@dataclass(frozen=True)
class LocalRun:
    """One local AWS with its sandbox and stack; several can run beside each other.

    Args:
        port: Where the local AWS listens, on 127.0.0.1.
        sandbox_port: Where the sandbox listens, on 127.0.0.1.
        folder: Keeps the state over a restart, the logs and the process ids.
        planning_center_url: Another Planning Center than the sandbox's; empty for the sandbox.
        wegive_url: Another WeGive than the sandbox's; empty for the sandbox.
        push_timeout_seconds: The worker's timeout.
        push_visibility_seconds: How long a push stays hidden after its worker was killed.
        quiet_seconds: The wait after a create whose outcome is unknown.
        log_level: The least severe line that the functions log.
    """

    port: int = 4566
    sandbox_port: int = 8700
    folder: Path = ROOT / ".local"
    planning_center_url: str = ""
    wegive_url: str = ""
    push_timeout_seconds: int = 120
    push_visibility_seconds: int = 125
    quiet_seconds: int = 5
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> LocalRun:
        """Read the run that the variables of `make up` describe.

        Raises:
            ValueError: a port or a number of seconds is not a number; the text names the variable.
        """

        def number(name: str, default: int) -> int:
            text = environment.get(name, "") or str(default)
            if not text.isdigit():
                raise ValueError(f"{name} must be a whole number, not {text!r}.")
            return int(text)

        return cls(
            port=number("LOCAL_AWS_PORT", cls.port),
            sandbox_port=number("SANDBOX_PORT", cls.sandbox_port),
            folder=Path(environment.get("LOCAL_FOLDER", "") or ROOT / ".local").resolve(),
            planning_center_url=environment.get("PLANNING_CENTER_URL", ""),
            wegive_url=environment.get("WEGIVE_URL", ""),
            push_timeout_seconds=number("PUSH_TIMEOUT_SECONDS", cls.push_timeout_seconds),
            push_visibility_seconds=number("PUSH_VISIBILITY_SECONDS", cls.push_visibility_seconds),
            quiet_seconds=number("QUIET_SECONDS", cls.quiet_seconds),
            log_level=environment.get("LOG_LEVEL", "") or cls.log_level,
        )

    @property
    def endpoint_url(self) -> str:
        """The address of the local AWS."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """The address of the sandbox."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def needs_sandbox(self) -> bool:
        """False where both vendors' addresses were given."""
        return not (self.planning_center_url and self.wegive_url)

    @property
    def parameters(self) -> dict[str, str]:
        """The template's parameters for this run."""
        return {
            "Stage": "local",
            "Contact": "local-run@example.org",
            "LogLevel": self.log_level,
            "PushTimeoutSeconds": str(self.push_timeout_seconds),
            "PushVisibilitySeconds": str(self.push_visibility_seconds),
            "QuietSeconds": str(self.quiet_seconds),
        }

    def environment(self) -> dict[str, str]:
        """What a process that talks to this local AWS gets: its address, test keys, no AWS of the user's."""
        kept = {key: value for key, value in os.environ.items() if key in _INHERITED}
        not_proxied = ",".join(filter(None, (os.environ.get("NO_PROXY"), _NOT_PROXIED)))
        return kept | {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": not_proxied,
            "PYTHONUNBUFFERED": "1",
            "SAM_CLI_TELEMETRY": "0",
            "TZ": "UTC",
            "no_proxy": not_proxied,
        }
