"""What is so in every scenario."""

from typing import Any

import pytest

from bot.reports.charts import draw

_SKETCHES: dict[str, bytes] = {}


@pytest.fixture(autouse=True)
def sketched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few look at a chart's lines: the first of a kind is drawn, and shown for all others. Who does look, has a
    `sketched` of their own that leaves the charts alone."""

    def sketch(name: str, data: dict[str, Any]) -> bytes:
        if name not in _SKETCHES:
            _SKETCHES[name] = draw(name, data)
        return _SKETCHES[name]

    monkeypatch.setattr("bot.work.pictures.draw", sketch)
