"""The wire to Slack's Web API: three clients that differ in patience, and the few calls that answer one person."""

import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, TypeVar

from slack_sdk.errors import SlackClientError

from bot.domain.records import Person
from bot.wire import Client

T = TypeVar("T")

POST_SECONDS = 10
QUICK_SECONDS = 1
LOOKUPS_AT_ONCE = 8
# Slack does not know whom or what it is asked about, or does not show it to the bot.
UNKNOWN = {"user_not_found", "users_not_found", "user_not_visible", "channel_not_found", "not_in_channel"}
# No answer, or half of one.
CUT_OFF = (SlackClientError, OSError, HTTPException, ValueError)


class NoAnswer(Exception):
    """Slack could not be reached in time, or refused; nothing that was promised depends on it."""


@dataclass(frozen=True)
class Identity:
    """Who the bot is in its workspace, and where people open that, if Slack says so."""

    team_id: str
    user_id: str
    bot_id: str
    url: str = ""


class Slack:
    """Slack, as the bot reaches it.

    `post` never retries by itself, because a retried post is a second message; `read` may retry, for calls that change
    nothing; `quick` gives up after a second, for what is asked while Slack waits for an acknowledgement.
    """

    def __init__(self, token: str, base_url: str) -> None:
        self.token = token
        self.base_url = base_url
        self.post = Client(token, base_url=base_url, timeout=POST_SECONDS, retry_handlers=[])
        self.read = Client(token, base_url=base_url, timeout=POST_SECONDS)
        self.quick = Client(token, base_url=base_url, timeout=QUICK_SECONDS, retry_handlers=[])
        self._lookups = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="lookup")

    def identify(self, *, quick: bool = False) -> Identity:
        """Asks Slack who the bot is; `quick` while somebody waits for an answer."""
        try:
            found = (self.quick if quick else self.read).auth_test()
        except CUT_OFF as error:
            raise NoAnswer(_code(error)) from None
        where = str(found.get("url") or "")
        return Identity(str(found["team_id"]), str(found["user_id"]), str(found.get("bot_id") or ""), where)

    def list_scopes(self) -> set[str] | None:
        """What the token allows, as Slack says it with its answers; None when this one does not say."""
        try:
            headers = self.read.auth_test().headers
        except CUT_OFF as error:
            raise NoAnswer(_code(error)) from None
        said = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
        return None if not said else {scope.strip() for scope in said.split(",")}

    def get_person(self, user: str, workspace: str | None) -> Person:
        """The person as Slack describes them now, within a second."""
        try:
            return person_of(self.quick.users_info(user=user)["user"], workspace)
        except CUT_OFF as error:
            raise NoAnswer(_code(error)) from None

    def list_members(self, channel: str, seconds: float = QUICK_SECONDS) -> set[str]:
        """Everybody in the channel, or NoAnswer when that takes longer than `seconds`."""
        found: set[str] = set()
        cursor, until = "", time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                page = self.quick.conversations_members(channel=channel, limit=1000, cursor=cursor or None)
                found.update(page.get("members") or ())
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return found
        except CUT_OFF as error:
            raise NoAnswer(_code(error)) from None
        raise NoAnswer("timeout")

    def look_up(
        self, users: Iterable[str], channels: Iterable[str], workspace: str | None, seconds: float
    ) -> tuple[dict[str, Person], dict[str, set[str]]]:
        """People, and who is in channels, asked for at once; NoAnswer when not all of it came within `seconds`.

        Whoever or whatever Slack does not know is left out.
        """
        people = {user: self._lookups.submit(self.get_person, user, workspace) for user in users}
        members = {channel: self._lookups.submit(self.list_members, channel, seconds) for channel in channels}
        asked: list[Future[Any]] = [*people.values(), *members.values()]
        _, late = wait(asked, timeout=seconds)
        if late:
            for future in late:
                future.cancel()
            raise NoAnswer("timeout")
        return _known(people), _known(members)

    def show_modal(self, trigger_id: str, view: dict[str, Any], *, on_top: bool = False) -> None:
        """Opens a modal, or lays it on top of the one in which the press was made."""
        try:
            (self.quick.views_push if on_top else self.quick.views_open)(trigger_id=trigger_id, view=view)
        except CUT_OFF as error:
            raise NoAnswer(_code(error)) from None

    def change_modal(self, view_id: str, hash_: str | None, view: dict[str, Any]) -> None:
        """Replaces a modal that is open; with `hash_` only if it is still the one the person acted in."""
        given = {"hash": hash_} if hash_ else {}
        try:
            self.quick.views_update(view_id=view_id, view=view, **given)
        except CUT_OFF as error:
            raise NoAnswer(_code(error)) from None

    def respond(self, url: str, body: dict[str, Any]) -> None:
        """Answers by the address that came with the press; it is used at once and never kept."""
        try:
            self.post.respond(url, body)
        except CUT_OFF as error:
            raise NoAnswer(type(error).__name__) from None

    def whisper(self, channel: str, user: str, thread_ts: str | None, body: dict[str, Any]) -> None:
        """Shows a message to one person in a channel or thread."""
        try:
            self.post.chat_postEphemeral(channel=channel, user=user, thread_ts=thread_ts, **body)
        except CUT_OFF as error:
            raise NoAnswer(_code(error)) from None


def _known(asked: dict[str, Future[T]]) -> dict[str, T]:
    found = {}
    for name, future in asked.items():
        try:
            found[name] = future.result()
        except NoAnswer as error:
            if str(error) not in UNKNOWN:
                raise
    return found


def person_of(raw: dict[str, Any], workspace: str | None) -> Person:
    """Slack's description of a user as ours; whoever belongs to another workspace is an outsider."""
    profile = raw.get("profile") or {}
    names = (profile.get("display_name"), raw.get("real_name"), profile.get("real_name"), raw.get("name"), raw["id"])
    home = raw.get("team_id") or workspace
    return Person(
        user=str(raw["id"]),
        name=next(str(name) for name in names if name),
        zone=raw.get("tz") or None,
        guest=bool(raw.get("is_restricted") or raw.get("is_ultra_restricted")),
        outsider=bool(raw.get("is_stranger")) or (workspace is not None and home != workspace),
        deleted=bool(raw.get("deleted")),
        bot=bool(raw.get("is_bot")) or raw["id"] == "USLACKBOT",
    )


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    return str(response.get("error", "")) if response is not None and hasattr(response, "get") else type(error).__name__
