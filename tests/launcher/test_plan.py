"""What a run tells its children, and where it keeps things."""

import os
import sys
from pathlib import Path

import pytest

from app.settings import Settings
from jobs.launcher.plan import Plan, child_environ, origins
from jobs.launcher.program import SettingError
from jobs.launcher.stores import Urls

pytestmark = pytest.mark.unit

LOOPBACK = ["http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000"]


def test_each_source_keeps_its_own_data(tmp_path: Path):
    settings = Settings(data_dir=tmp_path)

    assert Plan(settings=settings, source="live").data_dir == tmp_path / "live"
    assert Plan(settings=settings, source="sandbox").data_dir == tmp_path / "sandbox"


def test_children_are_told_what_was_decided(tmp_path: Path):
    plan = Plan(settings=Settings(data_dir=tmp_path, port=9000, source="auto"), source="sandbox")

    environ = plan.environ(Urls("postgresql://x", "unix:///y"), sandbox_url="http://127.0.0.1:1")

    expected = {
        "DATABASE_URL": "postgresql://x",
        "REDIS_URL": "unix:///y",
        "MARKETCAP_HOST": "127.0.0.1",
        "MARKETCAP_PORT": "9000",
        "MARKETCAP_DATA_DIR": str(tmp_path),
        "MARKETCAP_SOURCE": "sandbox",
        "MARKETCAP_SANDBOX_URL": "http://127.0.0.1:1",
        "MARKETCAP_ASSETS": "2000",
        "MARKETCAP_DATE": "",
        "MARKETCAP_ORIGINS": ",".join(LOOPBACK),
        "PYTHONUNBUFFERED": "1",
    }
    assert {name: environ[name] for name in expected} == expected


def test_programs_of_our_environment_are_found_first():
    assert child_environ({})["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_replay_without_recordings_is_refused():
    with pytest.raises(SettingError, match="SOURCE=replay needs recordings"):
        Plan(settings=Settings(captures=None), source="replay")


def test_loopback_pages_come_from_this_machine_only():
    assert origins(Settings(port=9000), ["192.168.0.7"]) == LOOPBACK


def test_on_every_network_each_address_of_the_machine_is_an_origin():
    settings = Settings(port=9000, host="0.0.0.0")

    assert origins(settings, ["box", "192.168.0.7"]) == [
        *LOOPBACK,
        "http://box:9000",
        "http://192.168.0.7:9000",
    ]


def test_a_public_address_and_further_origins_are_added_once():
    settings = Settings(
        port=9000, public_url="https://market.example/x", origins="https://market.example, http://b"
    )

    assert origins(settings, []) == [*LOOPBACK, "https://market.example", "http://b"]


def test_a_server_on_every_network_is_reached_on_loopback():
    plan = Plan(settings=Settings(host="::", port=9000), source="live")

    assert plan.local_url == "http://127.0.0.1:9000"
