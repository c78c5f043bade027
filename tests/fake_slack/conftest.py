"""A world of its own for each test, a client of Slack's SDK, and a bot that notes what reaches it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.fake_slack import Clock, DirectDelivery, FakeSlack, World

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"
TEAM, SECRET = "C0TEAM", "G0SECRET"


class Bot:
    """Notes every payload; answers what the test put into `answers`, by kind or payload type, else an empty 200."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}

    def __call__(self, kind: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        self.got.append((kind, body))
        answer = self.answers.get(str(body.get("type")), self.answers.get(kind))
        answer = answer(body) if callable(answer) else answer
        return answer if isinstance(answer, tuple) else (200, answer, {})

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        found = [body["event"] for name, body in self.got if name == "events_api"]
        return [event for event in found if kind in (None, event["type"])]

    @property
    def last(self) -> dict[str, Any]:
        return self.got[-1][1]


@pytest.fixture(scope="session")
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as server:
        yield server


def people_a_world(world: World) -> World:
    for user, name in ((ADA, "ada"), (BOB, "bob"), (EVE, "eve")):
        world.add_user(user, name)
    world.add_channel(TEAM, "team", members=[ADA, BOB, world.bot_user_id])
    world.add_channel(SECRET, "secret", members=[ADA], private=True)
    return world


@pytest.fixture
def world(slack: FakeSlack) -> Iterator[World]:
    world = slack.add_world(people_a_world(World(Clock(T0, running=False), pace=0)))
    yield world
    world.stop_delivery()
    world.abort_sockets()
    del slack.worlds[world.name]


@pytest.fixture
def api(world: World) -> WebClient:
    return client_of(world)


@pytest.fixture
def bot(world: World) -> Bot:
    bot = Bot()
    world.delivery = DirectDelivery(bot)
    return bot


def client_of(world: World, token: str | None = None, timeout: int = 30) -> WebClient:
    return WebClient(token or world.bot_token, base_url=world.api_url, retry_handlers=[], timeout=timeout)


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    """Slack's error word for a call that it refuses."""
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return str(caught.value.response["error"])


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str = "press", text: str = "Press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def actions(*elements: dict[str, Any], block_id: str = "acts") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def input_block(element: dict[str, Any], block_id: str = "b", **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Label"),
        "element": {"action_id": "a", **element},
        **more,
    }


TEXT = {"type": "plain_text_input"}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = list(blocks) or [{"type": "section", "text": plain("Hello")}]
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": found, **more}


def trigger(world: World, bot: Bot, user: str = ADA) -> str:
    """A fresh trigger, as a slash command brings one."""
    world.command(user, TEAM, "x")
    return str(bot.last["trigger_id"])


def open_modal(world: World, bot: Bot, api: WebClient, *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Opens a modal for Ada and returns its view."""
    return dict(api.views_open(trigger_id=trigger(world, bot), view=modal(*blocks, **more))["view"])
