"""What Reflex is told: no telemetry, no badge, and pages that talk to the host they came from."""

import os
import re
from pathlib import Path

import reflex as rx

_API_URL = "http://localhost:8000"
_ENDPOINT = re.compile(r"""(["'`])(http|ws)://localhost:8000(/[^"'`]*)\1""")


class SameOrigin(rx.plugins.Plugin):
    """Makes one build fit every host and port: Reflex would bake in the address of the build."""

    def post_build(self, **context) -> None:
        """Every endpoint in the built pages is relative to the address they were loaded from."""
        chunks = list(Path(context["static_dir"]).glob("assets/reflex-env-*.js"))
        if not sum(_made_relative(chunk) for chunk in chunks):
            raise RuntimeError("the built pages name no endpoint: has Reflex renamed reflex-env?")


def _made_relative(chunk: Path) -> int:
    script, count = _ENDPOINT.subn(
        lambda found: f'(location.origin.replace("http","{found[2]}")+"{found[3]}")',
        chunk.read_text(),
    )
    chunk.write_text(script)
    return count


def _origins() -> list[str]:
    """The addresses whose pages may open the state socket, exactly as browsers spell them."""
    port = os.environ.get("MARKETCAP_PORT", "8000")
    further = os.environ.get("MARKETCAP_ORIGINS", "").split(",")
    loopback = [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]
    return list(dict.fromkeys([*loopback, *(origin.strip() for origin in further if origin)]))


config = rx.Config(
    app_name="app",
    api_url=_API_URL,
    deploy_url=None,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # One web worker a process: states live in it, and leave it soon after the tab is gone.
    state_manager_mode="memory",
    redis_token_expiration=900,
    cors_allowed_origins=_origins(),
    default_color_mode="dark",
    # Logos, copied beside the built pages; the components name the packages that they import.
    frontend_packages=["cryptocurrency-icons@0.18.1"],
    plugins=[SameOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
