"""The whole product as a person starts it, on a free port and in a directory of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

STARTED_WITHIN = 240.0
"""Seconds; the first start builds the pages."""


@contextmanager
def running_product(**settings: str) -> Generator[str]:
    """The address of a product with these MARKETCAP settings, until the block is left."""
    port = _free_port()
    directory = Path(tempfile.mkdtemp(prefix="marketcap-product-"))
    chosen = {"SOURCE": "sandbox", "PORT": str(port), "DATA_DIR": str(directory), **settings}
    environ = {name: os.environ[name] for name in os.environ if not name.startswith("MARKETCAP_")}
    environ.pop("DATABASE_URL", None)
    environ.pop("REDIS_URL", None)
    environ |= {f"MARKETCAP_{name}": value for name, value in chosen.items()}
    with (directory / "up.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jobs", "up"],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield _opened(process, f"http://127.0.0.1:{port}", directory)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            shutil.rmtree(directory, ignore_errors=True)


def _opened(process: "subprocess.Popen[bytes]", address: str, directory: Path) -> str:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=2.0).is_success:
                return address
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError("the product did not start:\n" + (directory / "up.log").read_text())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
