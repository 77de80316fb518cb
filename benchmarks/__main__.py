"""`python -m benchmarks [ONLY]`: a line of JSON for each result, remarks on standard error."""

import argparse
import logging
import sys
from collections.abc import Callable, Mapping

import structlog

from benchmarks import index_step, ingest_decode, ingest_socket, receipt, start
from benchmarks.measure import NotMeasuredError, Report


def main() -> int:
    """Measure what is asked for; 1 if something cannot be measured here."""
    arguments = _parser().parse_args()
    wanted: str = arguments.name or arguments.only
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    failed = False
    for name in [wanted] if wanted else BENCHES:
        try:
            for report in BENCHES[name](arguments):
                print(report.line(), flush=True)
        except NotMeasuredError as error:
            print(f"{name} was not measured: {error}", file=sys.stderr)
            failed = True
    return int(failed)


def _tick_to_browser(arguments: argparse.Namespace) -> list[Report]:
    try:
        from benchmarks import tick_to_browser
    except ImportError as error:
        raise NotMeasuredError(f"{error.name} is missing: install requirements-dev.txt") from error
    return tick_to_browser.run(assets=arguments.assets)


BENCHES: Mapping[str, Callable[[argparse.Namespace], list[Report]]] = {
    "ingest_decode": lambda arguments: ingest_decode.run(with_peers=arguments.peers),
    "ingest_socket": lambda arguments: ingest_socket.run(),
    "index_step": lambda arguments: index_step.run(),
    "receipt": lambda arguments: receipt.run(),
    "tick_to_browser": _tick_to_browser,
    "start": lambda arguments: start.run(cold=arguments.cold),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=[*BENCHES], help="the only one to run")
    parser.add_argument("--only", choices=[*BENCHES], help="the same")
    parser.add_argument("--peers", action="store_true", help="install and measure other libraries")
    parser.add_argument("--cold", action="store_true", help="start from a fresh clone as well")
    parser.add_argument("--assets", type=int, default=2000, help="size of the simulated market")
    return parser


if __name__ == "__main__":
    sys.exit(main())
