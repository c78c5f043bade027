"""The page over a simulated workspace with a toy bot that speaks Slack's Web API, and a browser to look at it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.demo.fake_slack import Clock, DirectDelivery, FakeSlack, World
from bot.demo.page import create_page
from tests.page.toy import ToyBot, toy_manifest

T0 = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday, ten o'clock in Berlin
TEAM, LEADS = "C0TEAM", "G0LEADS"
ANA, BEN = "U0ANA", "U0BEN"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Whatever else Chromium keeps processes for, the one page needs none of them.
FLAGS += ["--renderer-process-limit=1", "--disable-features=SpareRendererForSitePerProcess"]
FLAGS += ["--no-zygote", "--in-process-gpu"]
# A request to anywhere but loopback fails, and the console says so: cheaper than to be told of each of all requests.
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class ToyControls:
    """A demo without a demo: a clock to move, and one thing that comes next."""

    zone = "Europe/Berlin"

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = [
            {"id": ANA, "name": "Ana Ruiz", "role": "lead"},
            {"id": BEN, "name": "Ben Okafor", "role": "guest"},
        ]
        self.commands = [
            {"name": "summary", "usage": "[mine]", "hint": "every bet in a line"},
            {"name": "new", "usage": "[title]", "hint": "places a bet"},
        ]
        self.moved: list[datetime] = []
        self.posts = True

    def now(self) -> datetime:
        return self.world.clock.utcnow()

    def next_event(self) -> tuple[str, datetime] | None:
        return "reminder", T0 + timedelta(hours=5)

    def advance(self, to: datetime) -> bool:
        self.moved.append(to)
        self.world.clock.move_to(to)
        return self.posts


class Desk:
    """One test's workspace, its toy bot and the page's address."""

    def __init__(self, slack: FakeSlack) -> None:
        self.world = slack.add_world(World(clock=Clock(T0, running=False), manifest=toy_manifest(), pace=0))
        self.world.add_user(ANA, "ana", "Ana Ruiz", tz="Europe/Berlin")
        self.world.add_user(BEN, "ben", "Ben Okafor", tz="Europe/Berlin", restricted=True)
        self.world.add_channel(TEAM, "applied-ml", [ANA, BEN, self.world.bot_user_id])
        self.world.add_channel(LEADS, "leads", [ANA], private=True)
        self.client = WebClient(self.world.bot_token, base_url=self.world.api_url)
        self.bot = ToyBot(self.world, self.client)
        self.world.delivery = DirectDelivery(self.bot.answer)
        self.world.start_delivery()
        self.controls = ToyControls(self.world)
        self.app = create_page(self.world, self.controls, "Lantern Labs")
        self.url = slack.url

    def post(self, text: str, blocks: Any = None, **more: Any) -> str:
        return str(self.client.chat_postMessage(channel=TEAM, text=text, blocks=blocks, **more)["ts"])


@pytest.fixture(scope="session")
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as server:
        yield server


@pytest.fixture
def desk(slack: FakeSlack) -> Iterator[Desk]:
    desk = Desk(slack)
    slack.fallback = desk.app
    yield desk
    desk.world.stop_delivery()
    slack.fallback = None


class Tabs:
    """The tabs of one browser, lent to one test after the other: a new tab takes longer than most of them use it."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self._free: list[Any] = []
        self._lent: list[Any] = []

    def take(self, address: str, width: int, height: int) -> Any:
        """A tab in which the page at that address is ready to use."""
        page = self._free.pop() if self._free else self.context.new_page()
        self._lent.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        page.locator("#ready").wait_for(state="attached")
        return page

    def forget(self) -> None:
        """The browser knows no more than a new one: nothing is stored."""
        for page in self._lent:
            page.evaluate("localStorage.clear(), sessionStorage.clear()")

    def leave(self) -> None:
        """Every tab is empty, and free for the next test."""
        for page in self._lent:
            page.goto("about:blank")
        self._free += self._lent
        self._lent = []


@pytest.fixture(scope="session")
def tabs() -> Iterator[Tabs]:
    """One browser for all tests; its cache makes opening the page quick."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context()
        context.set_default_timeout(20_000)  # the machine may be busy
        yield Tabs(context)
        browser.close()


class Look:
    """Opens the page as a person; notes what the console says and whether a dialog opens."""

    def __init__(self, tabs: Tabs, desk: Desk) -> None:
        self.tabs, self.desk = tabs, desk
        self.complaints: list[str] = []
        self._watch = {
            "console": lambda said: said.type in ("error", "warning") and self.complaints.append(said.text),
            "weberror": lambda failed: self.complaints.append(str(failed.error)),
            "dialog": self._refuse,
        }
        for event, note in self._watch.items():
            tabs.context.on(event, note)

    def __call__(self, person: str = ANA, width: int = 1200, height: int = 800, query: str = "") -> Any:
        return self.tabs.take(f"{self.desk.url}?as={person}{query}", width, height)

    def _refuse(self, dialog: Any) -> None:
        self.complaints.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def close(self) -> None:
        """Leaves the browser as a new one would be: no page, nothing remembered."""
        self.tabs.forget()
        for event, note in self._watch.items():
            self.tabs.context.remove_listener(event, note)
        self.tabs.leave()


@pytest.fixture
def look(tabs: Tabs, desk: Desk) -> Iterator[Look]:
    """Every browser test ends with: the console had nothing to say, and nobody beyond loopback was asked."""
    look = Look(tabs, desk)
    yield look
    look.close()
    assert look.complaints == []
