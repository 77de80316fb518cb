"""The programs of our own that a run is made of; each is a child with its own log."""

import socket
import sys
from collections.abc import Callable, Mapping

from jobs.launcher.plan import ROOT, Plan
from jobs.launcher.program import Program

_WEB_ENVIRON = {
    "REFLEX_ENV_MODE": "prod",
    # The pages are built already: the process compiles nothing and serves them itself.
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
}

_MOST_CONNECTIONS = "20000"
"""Granian holds back whoever comes after so many, and a page with live prices stays connected."""

Environ = Mapping[str, str]


def migration(plan: Plan, environ: Environ) -> Program:
    """Brings the tables up to date, and ends."""
    return _ours(plan, environ, "migrate", "The migration", "alembic", "upgrade", "head")


def sandbox_process(plan: Plan, environ: Environ, port: int) -> Program:
    """The simulated venues, all on that port."""
    argv = ("jobs", "sandbox", "--port", str(port))
    return _ours(plan, environ, "sandbox", "The sandbox", *argv, ready=_listens("127.0.0.1", port))


def jobs_process(plan: Plan, environ: Environ) -> Program:
    """Listens to the venues and publishes prices; it has no address to ask whether it is ready."""
    return _ours(plan, environ, "jobs", "The jobs process", "jobs", "run")


def web_process(plan: Plan, environ: Environ) -> Program:
    """Serves pages, API and sockets on the one public port."""
    host, port = plan.settings.host, plan.settings.port
    argv = (
        *("granian", "--interface", "asgi", "--factory", "app.app:app"),
        *("--host", host, "--port", str(port), "--workers", "1"),
        *("--backlog", "4096", "--backpressure", _MOST_CONNECTIONS),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
    )
    ready = _listens(plan.local_host, port)
    return _ours(plan, {**environ, **_WEB_ENVIRON}, "web", "The web process", *argv, ready=ready)


def _ours(
    plan: Plan,
    environ: Environ,
    log: str,
    title: str,
    *module: str,
    ready: Callable[[], bool] = lambda: True,
) -> Program:
    return Program(
        name=title,
        argv=(sys.executable, "-m", *module),
        environ=environ,
        cwd=ROOT,
        log=plan.log(log),
        ready=ready,
    )


def _listens(host: str, port: int) -> Callable[[], bool]:
    def connects() -> bool:
        try:
            socket.create_connection((host, port), timeout=1.0).close()
        except OSError:
            return False
        return True

    return connects
