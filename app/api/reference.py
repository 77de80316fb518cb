"""The readable side of the OpenAPI document: one plain page, no script, nothing from elsewhere."""

from collections.abc import Iterator
from html import escape
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.api.health import Endpoint

PATH: Final = "/api/docs"

_HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
_STYLE = (
    "body{font:16px/1.5 system-ui;max-width:56rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}code{font-size:.9em}h2{margin-top:2.5rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;"
    "padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}"
)
_ERRORS = {
    400: "A page larger than we serve.",
    404: "Nothing has this name; near lists names like it, candidates what a ticker may mean.",
    405: "The address exists, but not for this method; see Allow.",
    406: "The caller accepts no JSON.",
    422: "A parameter is unknown, missing or outside what it takes; see errors.",
    429: "The caller's window is full; Retry-After says for how many seconds.",
    500: "Our mistake; the request id finds it in our log.",
    503: "There is no market yet, or history is away; see Retry-After.",
}


def page_of(api: FastAPI) -> Endpoint:
    """The endpoint that shows the document."""

    async def docs(request: Request) -> Response:
        return HTMLResponse("".join(_page(api.openapi())), headers=_HEADERS)

    return docs


def _page(document: dict[str, Any]) -> Iterator[str]:
    title = escape(document["info"]["title"])
    yield f"<!doctype html><html lang=en><meta charset=utf-8><title>{title} API</title>"
    yield '<meta name=viewport content="width=device-width,initial-scale=1">'
    yield f"<style>{_STYLE}</style><h1>{title} API</h1>"
    yield f"<p>{_prose(document['info']['description'])}</p>"
    yield '<p>As a document for tools: <a href="/api/openapi.json">/api/openapi.json</a>.</p>'
    for path, operations in document["paths"].items():
        yield from _operation(path, operations["get"])
    yield "<h2>Errors</h2><table>"
    for status, meaning in _ERRORS.items():
        yield f"<tr id=error-{status}><td>{status}<td>{escape(meaning)}"
    yield "</table>"


def _operation(path: str, operation: dict[str, Any]) -> Iterator[str]:
    name = escape(operation["operationId"])
    yield f"<h2 id={name}><code>GET {escape(path)}</code></h2>"
    yield f"<p>{escape(operation['summary'])}</p>"
    if parameters := operation.get("parameters"):
        yield "<table>"
        for parameter in parameters:
            needed = " (required)" if parameter["required"] else ""
            yield f"<tr><td><code>{escape(parameter['name'])}</code>{needed}"
            yield f"<td>{escape(parameter['description'])}"
        yield "</table>"


def _prose(text: str) -> str:
    """The text with what stands between backticks as code."""
    pieces = escape(text).split("`")
    return "".join(
        f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces)
    )
