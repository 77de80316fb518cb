"""The embedded stores: real servers that keep their data and never outlive who started them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from jobs.launcher.claim import InUseError
from jobs.launcher.stores import embedded_stores, run_with_stores

pytestmark = pytest.mark.store

HOLDS_STORES = """
import sys, time
from pathlib import Path
import psutil
from jobs.launcher.stores import embedded_stores
with embedded_stores(Path(sys.argv[1])):
    print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
    time.sleep(60)
"""


def test_both_stores_answer_and_leave_no_process_behind(home: Path):
    others = psutil.Process().children(recursive=True)
    with embedded_stores(home) as urls:
        children = psutil.Process().children(recursive=True)
        started = [child for child in children if child not in others]
        names = {process.name() for process in started}
        with psycopg.connect(urls.database_url) as connection:
            assert connection.info.server_version // 10_000 == 18
        with redis.Redis.from_url(urls.redis_url) as client:
            assert client.ping()

    assert names == {"postgres", "valkey-server"}
    assert [process for process in started if process.is_running()] == []


def test_a_second_start_finds_the_rows_of_the_first(home: Path):
    with embedded_stores(home) as urls, psycopg.connect(urls.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with embedded_stores(home) as urls, psycopg.connect(urls.database_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_nothing_listens_on_the_network(home: Path):
    with embedded_stores(home):
        listening = [
            connection
            for process in psutil.Process().children(recursive=True)
            for connection in process.net_connections("inet")
        ]

    assert listening == []


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_whoever_is_killed_takes_its_stores_along(home: Path, ending: signal.Signals):
    if ending == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux ends the children of a killed process")
    holder, stores = _holder(home)

    holder.send_signal(ending)
    holder.wait(10)
    _, alive = psutil.wait_procs(stores, 15)

    assert alive == []
    with embedded_stores(home) as urls:
        assert urls.database_url.startswith("postgresql://")


def test_the_pid_file_of_a_killed_server_does_not_name_an_innocent_process(home: Path):
    with embedded_stores(home):
        pass
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{home / 'postgres'}\n")

    with embedded_stores(home) as urls, psycopg.connect(urls.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_deep_directory_gets_its_sockets_elsewhere(home: Path):
    deep = home / ("d" * 90) / "sandbox"

    with embedded_stores(deep) as urls, psycopg.connect(urls.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert str(deep) not in urls.redis_url


def test_a_second_user_of_the_directory_is_told_who_has_it(home: Path):
    with (
        embedded_stores(home),
        pytest.raises(InUseError, match=rf"in use by process {os.getpid()}\."),
        embedded_stores(home),
    ):
        pass


def test_a_command_finds_the_stores_in_its_environment():
    script = "import os; raise SystemExit(len(os.environ['DATABASE_URL'].split('://')))"

    assert run_with_stores(["--", sys.executable, "-c", script]) == 2


def _holder(home: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A process that holds both stores, and their processes."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_STORES, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder.stdout:
        pids = re.findall(r"\d+", holder.stdout.readline())
    assert len(pids) >= 2
    return holder, [psutil.Process(int(pid)) for pid in pids]
