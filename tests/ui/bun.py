"""Runs the browser's own modules without a browser."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMPONENTS = Path(__file__).parents[2] / "app/ui/components"


def answer(module: str, program: str) -> Any:
    """What the program returns; the module's exports are `it`."""
    bun = shutil.which("bun") or shutil.which(str(Path(sys.executable).parent / "bun"))
    if bun is None:
        pytest.skip("bun, which builds the pages, is not installed")
    path = json.dumps(str(COMPONENTS / module))
    whole = f"import * as it from {path}; console.log(JSON.stringify((() => {{ {program} }})()));"
    ran = subprocess.run([bun, "-e", whole], capture_output=True, check=True, timeout=30)
    return json.loads(ran.stdout)
