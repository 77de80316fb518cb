"""Each thing that keeps the product from starting is told in one sentence that helps."""

import re
import socket
from pathlib import Path

import pytest

from jobs.launcher.preflight import (
    LEAST_FREE,
    check_data_dir,
    check_database,
    check_port,
    check_redis,
    check_room,
    free_port,
)
from jobs.launcher.program import LaunchError, SettingError
from jobs.launcher.stores import embedded_stores


@pytest.mark.unit
def test_a_taken_port_is_named_with_one_that_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LaunchError) as told:
            check_port("127.0.0.1", port)

    found = re.fullmatch(
        rf"Port {port} is taken by another program\. Choose another: make run PORT=(\d+)",
        str(told.value),
    )
    assert found is not None
    assert int(found[1]) > port


@pytest.mark.unit
def test_a_free_port_passes_even_just_after_it_was_used():
    port = free_port()
    with (
        socket.create_server(("127.0.0.1", port)) as server,
        socket.create_connection(("127.0.0.1", port)),
    ):
        server.accept()[0].close()

    check_port("127.0.0.1", port)


@pytest.mark.unit
def test_a_foreign_address_is_a_wrong_setting():
    with pytest.raises(SettingError, match=r"^HOST=192\.0\.2\.1 is no address of this machine"):
        check_port("192.0.2.1", 8000)


@pytest.mark.unit
def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(LaunchError) as told:
        check_data_dir(tmp_path / "file" / "data")

    assert str(told.value) == (
        f"The data directory {tmp_path}/file/data cannot be written (Not a directory). "
        "Choose another: make run DATA_DIR=…"
    )


@pytest.mark.unit
def test_a_full_disk_is_told_with_what_is_needed(tmp_path: Path):
    check_room(tmp_path, LEAST_FREE)
    with pytest.raises(LaunchError, match=r"^Only 0\.9 GiB is free on the disk of .*; 1 GiB is"):
        check_room(tmp_path, int(0.9 * LEAST_FREE))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root@localhost/x", "DATABASE_URL must be postgresql://…, not mysql://…"),
        ("localhost:5432", "DATABASE_URL must be postgresql://…, not localhost://…"),
        ("market", "DATABASE_URL must be postgresql://…, not “market”"),
    ],
)
def test_an_address_of_another_database_is_refused(url: str, sentence: str):
    with pytest.raises(SettingError) as told:
        check_database(url)

    assert str(told.value) == sentence
    assert told.value.code == 2


@pytest.mark.unit
def test_a_database_that_nobody_serves_is_one_sentence_without_the_password():
    with pytest.raises(SettingError) as told:
        check_database(f"postgresql://me:secret@127.0.0.1:{free_port()}/x")

    sentence = str(told.value)
    assert sentence.startswith("DATABASE_URL cannot be used: ")
    assert sentence.endswith("Connection refused")
    assert "\n" not in sentence
    assert "secret" not in sentence


@pytest.mark.unit
def test_a_redis_that_nobody_serves_is_one_sentence():
    with pytest.raises(SettingError, match=r"^REDIS_URL cannot be used: .*refused\.$"):
        check_redis(f"redis://127.0.0.1:{free_port()}")


@pytest.mark.store
def test_stores_that_answer_pass_and_unknown_users_do_not(home: Path):
    with embedded_stores(home) as urls:
        check_redis(urls.redis_url)
        assert check_database(urls.database_url).startswith("18.")
        with pytest.raises(SettingError, match='role "nobody" does not exist'):
            check_database(urls.database_url.replace("postgres@", "nobody@"))
