"""Query parameters as models: read in one call, refused with what they take, shown in OpenAPI.

Endpoints read them here instead of in their signature because both surfaces must word their
refusals themselves and because an answer that is ready must cost no parsing at all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, TypeVar, cast
from urllib.parse import parse_qsl

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from app.api.errors import Mistake, ParameterError
from app.market.view import PER_PAGE_MAX

IDS_MAX = 250
PAGE_MAX = 100_000

Schema = Mapping[str, Any]
"""A JSON schema, which is as untyped as JSON."""


class Parameters(BaseModel):
    """What one endpoint can be asked; unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LenientParameters(BaseModel):
    """The same for `/api/v3`, where unknown parameters are ignored as CoinGecko does."""

    model_config = ConfigDict(extra="ignore", frozen=True)


Model = TypeVar("Model", bound=Parameters | LenientParameters)


@dataclass(frozen=True, slots=True)
class Choice:
    """Annotates a text that is one of these words."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))


def split(text: object) -> object:
    """The words of a list as callers write it, with commas."""
    if not isinstance(text, str):
        return text
    return [word.strip() for word in text.split(",") if word.strip()]


def _seconds(text: object) -> object:
    """Epoch seconds from what a caller wrote; raises ValueError."""
    if not isinstance(text, str):
        return text
    try:
        return float(text)
    except ValueError:
        time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time needs its zone")
    return time.timestamp()


Ids = Annotated[
    tuple[str, ...],
    Field(max_length=IDS_MAX, examples=[["bitcoin", "ethereum"]]),
    BeforeValidator(split),
]
Page = Annotated[int, Field(ge=1, le=PAGE_MAX, description="Counted from 1.")]
PerPage = Annotated[int, Field(ge=1, le=PER_PAGE_MAX, description="Rows of one page.")]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Time = Annotated[
    float,
    BeforeValidator(_seconds),
    Field(
        ge=0,
        lt=253_402_300_800,
        allow_inf_nan=False,
        json_schema_extra={"accepted": "epoch seconds, or RFC 3339 such as 2026-11-22T20:39:00Z"},
    ),
]


def read(model: type[Model], query: str, path: Mapping[str, str]) -> Model:
    """The parameters of one request; raises ParameterError that names each mistake."""
    given = dict(parse_qsl(query, keep_blank_values=True))
    clashing = given.keys() & path.keys()
    if clashing and issubclass(model, Parameters):
        raise ParameterError(*(_unknown(model, name, given[name]) for name in sorted(clashing)))
    try:
        return model.model_validate({**given, **path})
    except ValidationError as error:
        raise _refusal(model, error) from error


def openapi_parameters(model: type[BaseModel], path: str) -> Iterator[dict[str, object]]:
    """The parameters as an OpenAPI operation lists them."""
    schema = model.model_json_schema()
    for name, property in schema.get("properties", {}).items():
        if not property.get("default", True):
            # An empty default stands for "not asked for", which no caller can write.
            del property["default"]
        inside = f"{{{name}}}" in path
        described: dict[str, object] = {
            "name": name,
            "in": "path" if inside else "query",
            "required": name in schema.get("required", ()),
            "description": f"Takes {accepted(property)}.",
            "schema": property,
        }
        if property.get("type") == "array":
            described |= {"style": "form", "explode": False}
        yield described


def accepted(schema: Schema) -> str:
    """What a parameter takes, in words."""
    if "accepted" in schema:
        return schema["accepted"]
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if "const" in schema:
        return schema["const"]
    return _ACCEPTED[schema["type"]](schema)


def _integer(schema: Schema) -> str:
    return f"an integer from {schema['minimum']} to {schema['maximum']}"


def _array(schema: Schema) -> str:
    fewest = schema.get("minItems", 0)
    return f"{fewest} to {schema['maxItems']} values separated by commas"


def _string(schema: Schema) -> str:
    return f"text of {schema.get('minLength', 0)} to {schema['maxLength']} characters"


_ACCEPTED: Mapping[str, Callable[[Schema], str]] = {
    "integer": _integer,
    "array": _array,
    "string": _string,
    "boolean": lambda _: "true or false",
}


def _refusal(model: type[BaseModel], error: ValidationError) -> ParameterError:
    details = error.errors(include_url=False)
    mistakes = [_mistake(model, detail) for detail in details]
    too_large = all(
        detail["loc"] == ("per_page",) and detail["type"] == "less_than_equal" for detail in details
    )
    return ParameterError(*mistakes, status=HTTPStatus.BAD_REQUEST if too_large else None)


def _mistake(model: type[BaseModel], detail: ErrorDetails) -> Mistake:
    name = str(detail["loc"][0])
    received = detail["input"]
    if detail["type"] == "extra_forbidden":
        return _unknown(model, name, received)
    schema = model.model_json_schema()["properties"][name]
    if detail["type"] == "missing":
        return Mistake(name, accepted(schema), problem="missing")
    if isinstance(received, list):
        return Mistake(name, accepted(schema), f"{len(cast('list[str]', received))} values")
    return Mistake(name, accepted(schema), _shortened(received))


def _unknown(model: type[BaseModel], name: str, received: object) -> Mistake:
    known = ", ".join(model.model_json_schema().get("properties", {})) or "no parameters"
    return Mistake(_shortened(name), known, _shortened(received), "unknown")


def _shortened(received: object) -> str:
    text = str(received)
    return text if len(text) <= 80 else text[:79] + "…"
