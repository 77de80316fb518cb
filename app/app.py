"""Composition root of the web process: one live market, given to the pages and to the API.

Importing it connects to nothing: Reflex imports it to build the pages, and forks after the import.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import redis.asyncio as redis
import reflex as rx
import structlog
from starlette.types import ASGIApp

from app.api import create_api, in_front
from app.api.freshness import STALE_AFTER
from app.clock import steady_clock
from app.logs import log_as_json
from app.settings import Settings
from app.store.database import Database
from app.store.incidents import RecentEvents
from app.store.mirror import Mirror
from app.store.quality import Measured
from app.store.receipts import Receipts
from app.ui.live.binding import bind
from app.ui.live.hub import Hub
from app.ui.live.quality import QualityDesk
from app.ui.live.receipts import ReceiptDesk
from app.ui.live.socket import Socket
from app.ui.seo.first_paint import FirstPaint
from app.ui.site import add_pages, head, wraps

log = structlog.get_logger(__name__)

clock = steady_clock()

log_as_json()
settings = Settings()
# Without an address, as when the pages are built, the default one is never connected to.
mirror = Mirror(redis.from_url(settings.redis_url or "redis://"), clock=clock)
database = Database(settings.database_url)
measured = Measured(mirror, stale_after=STALE_AFTER)
explained = Receipts(mirror, clock=clock)
api = create_api(
    mirror,
    settings=settings,
    clock=clock,
    database=database,
    measured=measured,
    explained=explained,
)


class Site(rx.App):
    """Reflex with the API and the first paint in front of it."""

    def __call__(self) -> ASGIApp:
        """The ASGI application that the server runs."""
        address = settings.public_url or f"http://{settings.host}:{settings.port}"
        pages = FirstPaint(super().__call__(), hub=hub, clock=clock, public_url=address)
        return in_front(api, pages)


def _failed(exception: Exception) -> None:
    """A handler that raised is logged; the page keeps what it shows."""
    log.error("page_event_failed", exc_info=exception)


@asynccontextmanager
async def open_database() -> AsyncGenerator[None]:
    """The connections are there while the process runs."""
    await database.open()
    try:
        yield
    finally:
        await database.close()


app = Site(
    html_lang="en",
    app_wraps=wraps(),
    head_components=head(),
    toaster=None,
    backend_exception_handler=_failed,
)
quality = QualityDesk(mirror, measured, RecentEvents(database))
hub = Hub(mirror, Socket(app), clock=clock, quality=quality)
bind(mirror, hub, ReceiptDesk(mirror, explained))
add_pages(app)

app.register_lifespan_task(open_database)
app.register_lifespan_task(mirror.run)
app.register_lifespan_task(hub.run)
