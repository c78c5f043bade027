"""Compares a rendered message or view with the one that was looked at and kept in `golden/`.

`UPDATE_GOLDEN=1 make test` writes them anew: look at the difference before committing it.
"""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"


def check_golden(name: str, view: dict[str, Any]) -> None:
    """`view` is what golden/`name`.json says."""
    path, shown = FOLDER / f"{name}.json", json.dumps(view, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown)
    assert path.exists(), f"no {path.name} yet: run once with UPDATE_GOLDEN=1 and look at it"
    assert json.loads(shown) == json.loads(path.read_text())
