"""How the API describes itself: one OpenAPI 3.1 document made of what the routes are made of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.coingecko.schemas import Ping
from app.api.errors import V3
from app.api.limits import QUOTA, WINDOW
from app.api.parameters import LenientParameters, Parameters, openapi_parameters
from app.api.resource import Resource
from app.api.v1.candles import CandlesQuery
from app.api.v1.schemas import Candidate, CandlesAnswer, Envelope

Endpoint = Callable[[Request], Awaitable[Response]]

DESCRIPTION: Final = (
    "One cross-checked price per crypto asset. `/api/v1` is our own surface; `/api/v3` answers"
    " in CoinGecko's shapes, so that an existing client works after changing its base URL."
    f" Without a key {QUOTA} requests in {WINDOW} seconds are free; every answer says in"
    " `RateLimit` how many are left. What is unknown is null, and what is old says so."
)


class Alive(BaseModel):
    """The process answers."""

    status: str = Field(examples=["ok"])


class ProblemError(BaseModel):
    """One parameter that was refused."""

    parameter: str = Field(examples=["per_page"])
    accepted: str = Field(examples=["an integer from 1 to 250"])
    received: str | None = Field(examples=["500"])
    problem: str = Field(examples=["refused"], description="refused, missing or unknown.")


class Problem(BaseModel):
    """An RFC 9457 problem."""

    type: str = Field(examples=["/api/docs#error-400"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["per_page takes an integer from 1 to 250, not '500'."])
    instance: str = Field(examples=["/api/v1/markets"])
    request_id: str = Field(examples=["6f1c0b8f3f0b4b1f9a5f0e4a2d7c9e31"])
    errors: list[ProblemError] | None = None
    near: list[str] | None = Field(default=None, examples=[["bitcoin"]])
    candidates: list[Candidate] | None = Field(
        default=None, description="The assets that a ticker may mean."
    )


class V3Status(BaseModel):
    """Why CoinGecko's clients are asked to wait."""

    error_code: int = Field(examples=[429])
    error_message: str


class V3Error(BaseModel):
    """One of the two bodies that CoinGecko's clients expect of an error."""

    error: str | None = Field(default=None, examples=["invalid vs_currency"])
    accepted: str | None = None
    status: V3Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is said of one address."""

    name: str
    summary: str
    tag: str
    shape: Any
    query: type[Parameters | LenientParameters] = Parameters


CANDLES: Final = Operation(
    name="candles",
    summary="Open, high, low and close of one asset",
    tag="v1",
    shape=CandlesAnswer,
    query=CandlesQuery,
)
PING: Final = Operation(name="v3_ping", summary="Proof of life", tag="v3", shape=Ping)
ALIVE: Final = Operation(name="healthz", summary="The process answers", tag="probes", shape=Alive)
READY: Final = Operation(
    name="readyz", summary="There is a market to show", tag="probes", shape=Envelope
)


def of_resource(resource: Resource[Any]) -> Operation:
    """What is said of a resource."""
    return Operation(
        name=resource.name,
        summary=resource.summary,
        tag="v3" if resource.path.startswith(V3) else "v1",
        shape=resource.shape,
        query=resource.query,
    )


def add(api: FastAPI, path: str, endpoint: Endpoint, operation: Operation) -> None:
    """The endpoint answers GET at the path and is part of the document."""
    api.add_api_route(
        path,
        endpoint,
        methods=["GET"],
        name=operation.name,
        operation_id=operation.name,
        summary=operation.summary,
        tags=[operation.tag],
        response_model=None,
        responses={200: {"model": operation.shape}},
        openapi_extra={"parameters": list(openapi_parameters(operation.query, path))},
    )


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """The document with the errors that every address can answer with."""
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, ProblemError, Candidate, V3Error, V3Status):
        described = model.model_json_schema(ref_template="#/components/schemas/{model}")
        described.pop("$defs", None)
        schemas[model.__name__] = described
    for path, operations in schema["paths"].items():
        media, model = (
            ("application/json", "V3Error")
            if path.startswith(V3)
            else ("application/problem+json", "Problem")
        )
        content = {media: {"schema": {"$ref": f"#/components/schemas/{model}"}}}
        operations["get"]["responses"]["default"] = {"description": "Refused", "content": content}
    return schema
