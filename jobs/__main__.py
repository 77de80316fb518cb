"""The jobs command: `python -m jobs <command>`."""

import argparse
import logging
import sys
from collections.abc import Callable, Coroutine

import structlog
import uvloop

from app.settings import Settings


def main() -> int:
    """Run the command that the arguments name; the exit code."""
    settings = Settings()
    arguments = _parser().parse_args()
    _log_as_json()
    command: Callable[[Settings, argparse.Namespace], Coroutine[object, object, int]] = (
        arguments.command
    )
    try:
        return uvloop.run(command(settings, arguments))
    except KeyboardInterrupt:
        return 130


async def _run(settings: Settings, _arguments: argparse.Namespace) -> int:
    from jobs.run import run

    await run(settings)
    return 0


async def _sandbox(settings: Settings, arguments: argparse.Namespace) -> int:
    from jobs.sandbox import serve

    await serve(
        host=arguments.host,
        port=arguments.port,
        assets=settings.assets,
        seed=arguments.seed,
        rate=settings.sandbox_rate,
        ready=lambda address: print(address, flush=True),  # noqa: T201 - the caller reads it
    )
    return 0


async def _up(settings: Settings, _arguments: argparse.Namespace) -> int:
    from jobs.launcher import up

    return await up(settings)


async def _doctor(settings: Settings, _arguments: argparse.Namespace) -> int:
    from jobs.launcher import doctor

    return await doctor(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jobs", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, command, text in (
        ("run", _run, "collect quotes, compute prices, publish and store them"),
        ("up", _up, "start everything: stores, jobs and web; what `make run` does"),
        ("doctor", _doctor, "check this machine, the stores and every live venue"),
    ):
        commands.add_parser(name, help=text).set_defaults(command=command)
    sandbox = commands.add_parser("sandbox", help="serve simulated venues on this machine")
    sandbox.set_defaults(command=_sandbox)
    sandbox.add_argument("--host", default="127.0.0.1")
    sandbox.add_argument("--port", type=int, default=0, help="0 picks a free one")
    sandbox.add_argument("--seed", type=int, default=1)
    return parser


def _log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
