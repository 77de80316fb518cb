"""Whether anybody answers; true even before there is a market."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

PATH = "/api/v3/ping"


async def ping(request: Request) -> Response:
    """The sentence that CoinGecko's clients expect."""
    return JSONResponse({"gecko_says": "(V3) To the Moon!"}, headers={"Cache-Control": "no-store"})
