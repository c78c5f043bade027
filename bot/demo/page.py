"""The demo's web page: a small Slack in the browser, over the simulated workspace.

It knows only what Slack's people know: messages, views and the clock. Everything it does goes through `World`.
"""

import base64
import binascii
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from .fake_slack.errors import NotPossible
from .feed import Feed
from .loopback import LoopbackOnly
from .seen import bot_of, channels_of, file_of, messages_in, thread_of, users_of

HERE = Path(__file__).parent
MOST_BODY = 30_000_000  # a 20 MB file in base64, and a little
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
MONDAY = time(12)  # late enough for the check-in of nearly every team

# What a person may do: the arguments each act takes, by name; everything else in the body is refused.
ACTS: dict[str, tuple[str, ...]] = {
    "say": ("channel", "text", "thread_ts", "broadcast", "file"),
    "edit": ("channel", "ts", "text"),
    "remove": ("channel", "ts"),
    "react": ("channel", "ts", "name"),
    "unreact": ("channel", "ts", "name"),
    "command": ("channel", "text", "thread_ts"),
    "click": ("channel", "ts", "action_id", "block_id", "value"),
    "click_view": ("view_id", "action_id", "block_id", "value", "state"),
    "submit": ("view_id", "state"),
    "close": ("view_id", "all_of_them"),
    "reload": (),
    "open_home": (),
    "shortcut": ("callback_id", "channel", "ts"),
}


class Controls(Protocol):
    """What the page needs from the demo besides the workspace."""

    zone: str
    people: list[dict[str, str]]  # id, name, role
    commands: list[dict[str, str]]  # name, usage, hint of each word of the bot's command

    def now(self) -> datetime: ...
    def next_event(self) -> tuple[str, datetime] | None: ...
    def advance(self, to: datetime) -> bool: ...  # whether anything was posted meanwhile


class Wrong(Exception):
    """A request that makes no sense: a sentence, and the status that goes with it."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def create_page(world: Any, controls: Controls, title: str = "Bets demo") -> Starlette:
    """The page's web app; `title` names the workspace. Serve it on loopback; it refuses every other host and origin."""
    page = Page(world, controls, title)
    routes = [
        Route("/", page.index),
        Route("/api/people", page.people),
        Route("/api/events", page.events),
        Route("/api/file/{file}", page.file),
        Route("/api/advance", page.advance, methods=["POST"]),
        Route("/api/act/{act}", page.act, methods=["POST"]),
        Route("/api/{what}", page.read),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    handlers: dict[Any, Any] = {Wrong: _wrong, NotPossible: _not_possible}
    return Starlette(routes=routes, middleware=[Middleware(LoopbackOnly)], exception_handlers=handlers)


async def _wrong(request: Request, problem: Exception) -> Response:
    return JSONResponse({"error": str(problem)}, getattr(problem, "status", 400))


async def _not_possible(request: Request, problem: Exception) -> Response:
    return JSONResponse({"error": f"{str(problem)[:1].upper()}{str(problem)[1:]}"}, 409)


class Page:
    """The routes; holds the world, the demo's controls and the stream of changes."""

    def __init__(self, world: Any, controls: Controls, title: str) -> None:
        self.world, self.controls, self.title = world, controls, title
        self.feed = Feed(world)
        self.templates = Jinja2Templates(HERE / "templates")
        self._moving = threading.Lock()
        self._readers: dict[str, Callable[[str, Request], Any]] = {
            "workspace": self._workspace,
            "clock": lambda person, request: self._clock(),
            "messages": self._messages,
            "thread": self._thread,
            "views": lambda person, request: {"views": self.world.views(person)},
            "home": lambda person, request: {"view": self.world.home(person)},
        }

    async def index(self, request: Request) -> Response:
        response = self.templates.TemplateResponse(request, "index.html", {"workspace": self.title})
        response.headers["Cache-Control"] = "no-store"
        return response

    async def people(self, request: Request) -> Response:
        return JSONResponse({"people": self.controls.people})

    async def events(self, request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self.feed.stream(self._person(request)), media_type="text/event-stream", headers=headers
        )

    async def read(self, request: Request) -> Response:
        reader = self._readers.get(request.path_params["what"])
        if reader is None:
            raise Wrong("There is nothing of that name here.", 404)
        answer = await run_in_threadpool(reader, self._person(request), request)
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    async def file(self, request: Request) -> Response:
        """A file of the workspace, for those who may see it. Only pictures are shown; the rest is downloaded."""
        found = file_of(self.world, self._person(request), request.path_params["file"])
        if found is None:
            raise Wrong("There is no such file.", 404)
        kind = PICTURES.get(Path(found["name"]).suffix.lower())
        headers = {"Content-Disposition": "inline" if kind else "attachment", "Cache-Control": "no-cache"}
        return Response(
            self.world.file_content(found["id"]), headers=headers, media_type=kind or "application/octet-stream"
        )

    async def act(self, request: Request) -> Response:
        person, act = self._person(request), request.path_params["act"]
        if act not in ACTS:
            raise Wrong("There is nothing of that name to do here.", 404)
        given = await _json(request)
        args = {name: given.pop(name) for name in ACTS[act] if name in given}
        if given:
            raise Wrong(f"{act} does not take {', '.join(sorted(given))}.")
        if args.get("channel") is not None:
            self._channel(person, args["channel"])
        return JSONResponse(await run_in_threadpool(self._do, person, act, args))

    def _do(self, person: str, act: str, args: dict[str, Any]) -> dict[str, Any]:
        if "view_id" in args and args["view_id"] not in self._view_ids(person):
            if act == "close":
                return {}  # two quick Esc, or the bot was faster: it is closed, as asked
            raise Wrong("This form is no longer open.", 409)
        if file := args.pop("file", None):
            args["files"] = [_decoded(file)]
        try:
            reply = getattr(self.world, act)(person, **args)
        except (TypeError, KeyError, AttributeError) as error:
            raise Wrong(f"{act} cannot be done with that.") from error
        return _reply(reply)

    def _view_ids(self, person: str) -> set[str]:
        views = [*self.world.views(person), self.world.home(person)]
        return {view["id"] for view in views if view}

    async def advance(self, request: Request) -> Response:
        self._person(request)
        how = (await _json(request)).get("how")
        return JSONResponse(await run_in_threadpool(self._advance, how))

    def _advance(self, how: Any) -> dict[str, Any]:
        """Moves the clock one step; one mover at a time, and every page sees that the bot is at work."""
        if not self._moving.acquire(blocking=False):
            raise Wrong("The clock is already moving.", 409)
        try:
            following, to = self.controls.next_event(), self._target(how)
            self.feed.tell({"kind": "clock"})
            posted = self.controls.advance(to)
        finally:
            self._moving.release()
            self.feed.tell({"kind": "clock"})
        if how != "next" or following is None or posted:
            return self._clock()
        label, at = following
        when = f"{at.astimezone(ZoneInfo(self.controls.zone)):%a %H:%M}"
        return self._clock() | {"note": f"It is {when}: {label}, and there was nothing to post."}

    def _target(self, how: Any) -> datetime:
        now, following = self.controls.now(), self.controls.next_event()
        if how == "next" and following is None:
            raise Wrong("Nothing is planned. Move the clock by a day instead.", 409)
        targets = {
            "next": following[1] if following else now,
            "day": tomorrow(now, self.controls.zone),
            "monday": next_monday(now, self.controls.zone),
        }
        if how not in targets:
            raise Wrong("The clock moves to next, day or monday.")
        return targets[how]

    def _clock(self) -> dict[str, Any]:
        now, following, zone = self.controls.now(), self.controls.next_event(), self.controls.zone
        return {
            "epoch": now.timestamp(),
            "busy": self._moving.locked(),
            "next": {"label": following[0], "epoch": following[1].timestamp()} if following else None,
            "tomorrow": tomorrow(now, zone).timestamp(),
            "monday": next_monday(now, zone).timestamp(),
        }

    def _workspace(self, person: str, request: Request) -> dict[str, Any]:
        features = (self.world.manifest or {}).get("features", {})
        shortcuts = [one for one in features.get("shortcuts", []) if one.get("type") == "message"]
        return {
            "workspace": self.title,
            "team": self.world.team_id,
            "zone": self.controls.zone,
            "people": self.controls.people,
            "users": users_of(self.world, self.controls.people),
            "bot": bot_of(self.world),
            "channels": channels_of(self.world, person),
            "shortcuts": [{"callback_id": one["callback_id"], "name": one["name"]} for one in shortcuts],
            "commands": self.controls.commands,
            "clock": self._clock(),
        }

    def _messages(self, person: str, request: Request) -> dict[str, Any]:
        channel, limit = (
            self._channel(person, request.query_params.get("channel")),
            request.query_params.get("limit", "100"),
        )
        if not limit.isdecimal():
            raise Wrong("limit is a number.")
        messages = messages_in(self.world, channel, person)
        return {"messages": messages[-int(limit) :], "more": len(messages) > int(limit)}

    def _thread(self, person: str, request: Request) -> dict[str, Any]:
        channel = self._channel(person, request.query_params.get("channel"))
        return {"messages": thread_of(self.world, channel, request.query_params.get("ts", ""), person)}

    def _person(self, request: Request) -> str:
        person = request.query_params.get("as")
        if person not in {one["id"] for one in self.controls.people}:
            raise Wrong("There is nobody of that name in this workspace.", 404)
        return str(person)

    def _channel(self, person: str, name: Any) -> str:
        if name not in [channel["id"] for channel in self.world.channels(person)]:
            raise Wrong("There is no such channel for this person.", 404)
        return str(name)


def tomorrow(now: datetime, zone: str) -> datetime:
    """The same wall-clock time of the next day in that zone, whatever summer time does in between."""
    return _at(now.astimezone(ZoneInfo(zone)) + timedelta(days=1))


def next_monday(now: datetime, zone: str) -> datetime:
    """Noon of the first Monday after today in that zone."""
    local = now.astimezone(ZoneInfo(zone))
    return _at(datetime.combine(local.date() + timedelta(days=7 - local.weekday()), MONDAY, local.tzinfo))


def _at(local: datetime) -> datetime:
    return local.astimezone(ZoneInfo("UTC"))


def _reply(reply: Any) -> dict[str, Any]:
    """What a person learns of an act: the answer's status and errors, or nothing at all."""
    if not hasattr(reply, "errors"):
        return {}
    return {"status": reply.status, "errors": reply.errors, "late": reply.late, "error": reply.error}


def _decoded(file: Any) -> tuple[str, bytes]:
    try:
        return str(file["name"]), base64.b64decode(file["base64"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise Wrong("A file is a name and its bytes in base64.") from error


async def _json(request: Request) -> dict[str, Any]:
    if int(request.headers.get("content-length") or 0) > MOST_BODY:
        raise Wrong("That is too large: 20 MB at most.", 413)
    try:
        body = await request.json()
    except ValueError as error:
        raise Wrong("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise Wrong("The body is not a JSON object.")
    return body
