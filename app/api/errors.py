"""Everything the API refuses, and how that is said on each surface.

    ApiError
    ├── NotFoundError         404
    ├── MethodError           405
    ├── NotAcceptableError    406
    ├── ParameterError        422, or 400 for a page that is too large
    ├── LimitError            429
    ├── InternalError         500: our own mistake
    ├── NotReadyError         503: no market yet
    └── HistoryAwayError      503: Postgres does not answer

`/api/v3` speaks CoinGecko's bodies, everything else RFC 9457 problem+json.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

V3: Final = "/api/v3/"
_DOCS: Final = "/api/docs#error-"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One parameter that was refused, and what it takes."""

    parameter: str
    accepted: str
    """What it takes; for an unknown parameter, the names that are known."""
    received: str | None = None
    """None where the parameter is missing."""
    problem: Literal["refused", "missing", "unknown"] = "refused"

    @property
    def sentence(self) -> str:
        """The mistake as a person reads it."""
        if self.problem == "missing":
            return f"{self.parameter} is missing: it takes {self.accepted}."
        if self.problem == "unknown":
            return f"{self.parameter} is unknown: this address knows {self.accepted}."
        return f"{self.parameter} takes {self.accepted}, not {self.received!r}."


class ApiError(Exception):
    """An answer other than the one that was asked for."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(
        self,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        extension: Mapping[str, object] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.extension = extension or {}
        self.status = HTTPStatus(status or self.status)

    def v3_body(self) -> dict[str, object]:
        """The shape that CoinGecko's clients look for at this status."""
        if self.status < HTTPStatus.TOO_MANY_REQUESTS:
            return {"error": self.detail}
        return {"status": {"error_code": self.status.value, "error_message": self.detail}}


class NotFoundError(ApiError):
    """There is nothing under this name.

    `near` lists names that look like it, `candidates` the assets whose ticker it is.
    """

    status = HTTPStatus.NOT_FOUND

    def __init__(
        self,
        detail: str,
        *,
        near: Sequence[str] = (),
        candidates: Sequence[Mapping[str, object]] = (),
    ) -> None:
        told = {"near": list(near), "candidates": list(candidates)}
        super().__init__(detail, extension={name: names for name, names in told.items() if names})


class MethodError(ApiError):
    """The path exists, but not for this method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, method: str, allow: str) -> None:
        super().__init__(f"{method} is not possible here: use {allow}.", headers={"Allow": allow})


class NotAcceptableError(ApiError):
    """The caller accepts no JSON, and there is nothing else."""

    status = HTTPStatus.NOT_ACCEPTABLE


class ParameterError(ApiError):
    """Parameters that are unknown, missing or outside what they take.

    `candidates` are the assets that an ambiguous ticker may mean.
    """

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(
        self,
        *mistakes: Mistake,
        status: int | None = None,
        candidates: Sequence[Mapping[str, object]] = (),
    ) -> None:
        self.mistakes = mistakes
        extension: dict[str, object] = {"errors": [asdict(mistake) for mistake in mistakes]}
        if candidates:
            extension["candidates"] = list(candidates)
        detail = " ".join(mistake.sentence for mistake in mistakes)
        super().__init__(detail, extension=extension, status=status)

    def v3_body(self) -> dict[str, object]:
        """CoinGecko's own sentence, with what we would accept beside it."""
        first = self.mistakes[0]
        said = "Missing parameter" if first.problem == "missing" else "invalid"
        return {"error": f"{said} {first.parameter}", "accepted": first.accepted}


class LimitError(ApiError):
    """The caller's window is full."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, *, seconds: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(seconds)})


class NotReadyError(ApiError):
    """This process has no market to show yet."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, reason: str) -> None:
        super().__init__(reason, headers={"Retry-After": "1"})


class HistoryAwayError(ApiError):
    """Postgres does not answer; live prices go on."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            "History is away for the moment; live prices go on.", headers={"Retry-After": "5"}
        )


OUR_MISTAKE: Final = "This is our mistake; the request id finds it in our log."


class InternalError(ApiError):
    """Our own mistake; the log has it under the same request id."""


def from_http(error: HTTPException) -> ApiError:
    """What the framework or the limiter raised, as one of ours."""
    return ApiError(str(error.detail), headers=error.headers, status=error.status_code)


def rendered(error: ApiError, *, path: str, request_id: str) -> Response:
    """The answer that says so; never HTML, never cached."""
    headers = {"Cache-Control": "no-store", **error.headers}
    status = error.status.value
    if path.startswith(V3):
        body = orjson.dumps(error.v3_body())
        return Response(body, status, headers, media_type="application/json")
    problem = {
        "type": f"{_DOCS}{status}",
        "title": error.status.phrase,
        "status": status,
        "detail": error.detail,
        "instance": quote(path),
        "request_id": request_id,
        **error.extension,
    }
    body = orjson.dumps(problem)
    return Response(body, status, headers, media_type="application/problem+json")
