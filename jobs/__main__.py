"""The jobs command: `python -m jobs <command>`; each command loads only what it needs."""

import argparse
import sys
from collections.abc import Coroutine
from pathlib import Path

import uvloop
from pydantic import ValidationError

from app.clock import steady_clock
from app.logs import log_as_json
from app.settings import Settings
from jobs.operator.arguments import add_to as add_operator_to


def main() -> int:
    """Run the command that the arguments name; the exit code."""
    arguments = _parser().parse_args()
    log_as_json()
    outcome: int | Coroutine[object, object, int] = arguments.command(arguments)
    try:
        return outcome if isinstance(outcome, int) else uvloop.run(outcome)
    except ValidationError as error:
        return _refuse_settings(error)
    except KeyboardInterrupt:
        return 130


def _refuse_settings(error: ValidationError) -> int:
    """Say what each setting would accept; 2 is the exit code of a bad setting."""
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else "settings"
        variable = name if name.isupper() else f"MARKETCAP_{name.upper()}"
        said = f"{variable}={problem['input']!r}: {problem['msg'].lower()}"
        print(said, file=sys.stderr)  # noqa: T201 - for the person at the terminal
    return 2


async def _run(_arguments: argparse.Namespace) -> int:
    from jobs.run import run

    await run(Settings(), clock=steady_clock())
    return 0


async def _sandbox(arguments: argparse.Namespace) -> int:
    from jobs.sandbox import serve

    settings = Settings()
    await serve(
        host=arguments.host,
        port=arguments.port,
        assets=settings.assets,
        seed=arguments.seed,
        rate=settings.sandbox_rate,
        ready=lambda address: print(address, flush=True),  # noqa: T201 - the caller reads it
    )
    return 0


async def _up(_arguments: argparse.Namespace) -> int:
    from jobs.launcher.up import up

    return await up(Settings())


async def _build(_arguments: argparse.Namespace) -> int:
    from jobs.launcher.up import build

    return await build(Settings())


async def _doctor(_arguments: argparse.Namespace) -> int:
    from jobs.launcher.doctor import doctor

    return await doctor(Settings())


def _browser(_arguments: argparse.Namespace) -> int:
    from jobs.launcher.browser import tell_chromium

    return tell_chromium()


def _methodology(_arguments: argparse.Namespace) -> int:
    from jobs.methodology import markdown

    print(markdown(), end="")  # noqa: T201 - the caller writes it to a file
    return 0


def _stores(arguments: argparse.Namespace) -> int:
    from jobs.launcher.stores import run_with_stores

    argv: list[str] = arguments.argv
    return run_with_stores(argv[1:] if argv[:1] == ["--"] else argv)


def _scenario(arguments: argparse.Namespace) -> int:
    from jobs.scenario.command import run

    files: list[Path] = arguments.files
    return run(files)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jobs", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, command, text in (
        ("run", _run, "collect quotes, compute prices, publish and store them"),
        ("up", _up, "start everything: stores, jobs and web; what `make run` does"),
        ("build", _build, "build the pages"),
        ("doctor", _doctor, "check this machine, the stores and every live venue"),
        ("methodology", _methodology, "print how a price is made, as docs/methodology.md has it"),
        ("browser", _browser, "print the path of a Chromium for the tests, installed if need be"),
    ):
        commands.add_parser(name, help=text).set_defaults(command=command)
    stores = commands.add_parser("stores", help="run a command beside empty embedded stores")
    stores.set_defaults(command=_stores)
    stores.add_argument("argv", nargs=argparse.REMAINDER, help="-- command and its arguments")
    sandbox = commands.add_parser("sandbox", help="serve simulated venues on this machine")
    sandbox.set_defaults(command=_sandbox)
    sandbox.add_argument("--host", default="127.0.0.1")
    sandbox.add_argument("--port", type=int, default=0, help="0 picks a free one")
    sandbox.add_argument("--seed", type=int, default=1)
    scenario = commands.add_parser("scenario", help="play incidents and check what is published")
    scenario.set_defaults(command=_scenario)
    scenario.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add_operator_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
