"""The pages are built again when what they are made of has changed, and only then."""

from pathlib import Path

import pytest

import rxconfig
from jobs.launcher.frontend import Frontend, content_hash

pytestmark = pytest.mark.unit


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "app.py").write_text("app = 1")
    (tmp_path / "rxconfig.py").write_text("")
    return tmp_path


def test_the_same_content_gives_the_same_hash_wherever_it_lies(checkout: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "app").mkdir(parents=True)
    (elsewhere / "app" / "app.py").write_text("app = 1")

    assert content_hash(checkout, ["app"]) == content_hash(elsewhere, ["app"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("app/app.py", "app = 2"), ("app/new.py", ""), ("app/ui/table.jsx", "x")],
)
def test_every_change_changes_the_hash(checkout: Path, name: str, content: str):
    before = content_hash(checkout, ["app", "assets"])
    (checkout / name).parent.mkdir(exist_ok=True)
    (checkout / name).write_text(content)

    assert content_hash(checkout, ["app", "assets"]) != before


@pytest.mark.parametrize("name", ["app/__pycache__/app.pyc", "assets/external/app/table.jsx"])
def test_what_python_and_the_build_write_does_not_count(checkout: Path, name: str):
    before = content_hash(checkout, ["app", "assets"])
    (checkout / name).parent.mkdir(parents=True)
    (checkout / name).write_text("generated")

    assert content_hash(checkout, ["app", "assets"]) == before


def test_names_and_contents_do_not_run_into_each_other(tmp_path: Path):
    first, second = tmp_path / "1", tmp_path / "2"
    for root, name, content in ((first, "ab", "c"), (second, "a", "bc")):
        root.mkdir()
        (root / name).write_text(content)

    assert content_hash(first, ["ab", "a"]) != content_hash(second, ["ab", "a"])


def test_pages_without_a_stamp_are_not_built(checkout: Path):
    pages = Frontend(checkout).pages
    pages.mkdir(parents=True)
    (pages / "index.html").write_text("")

    assert not Frontend(checkout).is_built()


async def test_pages_that_another_instance_has_built_are_not_built_again(checkout: Path):
    frontend = Frontend(checkout)
    frontend.pages.mkdir(parents=True)
    (frontend.pages / "index.html").write_text("")
    frontend.stamp.write_text(
        f"{content_hash(checkout, ['app', 'rxconfig.py'])} {content_hash(checkout, [])}\n"
    )
    log = checkout / "build.log"

    await frontend.build(log, lambda _: None)

    assert frontend.is_built()
    assert not log.exists()


def test_built_pages_talk_to_the_host_they_came_from(tmp_path: Path):
    chunk = tmp_path / "assets" / "reflex-env-Cxyz.js"
    chunk.parent.mkdir()
    chunk.write_text('var e={PING:"http://localhost:8000/ping",EVENT:`ws://localhost:8000/_event`}')

    rxconfig.SameOrigin().post_build(static_dir=tmp_path)

    assert chunk.read_text() == (
        'var e={PING:(location.origin.replace("http","http")+"/ping"),'
        'EVENT:(location.origin.replace("http","ws")+"/_event")}'
    )


def test_a_build_without_endpoints_fails_instead_of_talking_to_the_wrong_host(tmp_path: Path):
    with pytest.raises(RuntimeError, match="name no endpoint"):
        rxconfig.SameOrigin().post_build(static_dir=tmp_path)
