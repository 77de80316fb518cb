"""Reading the recorded frames beside the checkout; they are never copied into it."""

import ast
import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RECORDED = Path(os.environ.get("MARKETCAP_RECORDED", "../shared/data"))
_RECEIVED = re.compile(r"^(\d{9,10}\.\d+): (.*)$")
_ANSWERED = re.compile(r"^(https?://\S+) -> (\d+\.\d+): (.*)$")


def recorded(path: str) -> Path:
    """The recorded file, or a skip that says what is missing."""
    file = RECORDED / path
    if not file.exists():
        pytest.skip(f"recorded market data not found at {RECORDED}")
    return file


def frames(path: str) -> Iterator[tuple[float, bytes]]:
    """Receive time and raw frame of each socket message of one capture, in order."""
    with gzip.open(recorded(path), "rt", encoding="utf-8") as lines:
        if path.endswith(".jsonl.gz"):
            yield from _frames_v3(lines)
            return
        for line in lines:
            if match := _RECEIVED.match(line.rstrip("\n")):
                yield float(match[1]), _unquoted(match[2])


def answers(path: str) -> Iterator[tuple[str, bytes]]:
    """URL and body of each REST answer of one capture, in order."""
    with gzip.open(recorded(path), "rt", encoding="utf-8") as lines:
        for line in lines:
            if path.endswith(".jsonl.gz"):
                record = json.loads(line)
                if record["t"] == "http":
                    yield record["url"], record["data"].encode()
            elif match := _ANSWERED.match(line.rstrip("\n")):
                yield match[1], match[3].encode()


def samples(group: str, variant: str) -> list[bytes]:
    """The single messages of one group of the samples file, encoded as they travel."""
    groups = json.loads(recorded("ws_samples/tardis_mapper_messages.json").read_text())
    for entry in groups[group]:
        if entry["var"] == variant:
            return [_encoded(message) for message in entry["messages"]]
    raise KeyError(variant)


def _frames_v3(lines: Iterator[str]) -> Iterator[tuple[float, bytes]]:
    for line in lines:
        record = json.loads(line)
        if record["t"] == "recv":
            yield record["ts"], record["data"].encode()


def _unquoted(text: str) -> bytes:
    if text.startswith("b'") or text.startswith('b"'):
        raw: bytes = ast.literal_eval(text)
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return text.encode()


def _encoded(message: Any) -> bytes:
    return message.encode() if isinstance(message, str) else json.dumps(message).encode()
