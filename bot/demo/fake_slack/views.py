"""Modals and the home tab: opened by a trigger, stacked three deep, updated by hash."""

import re
import time
from typing import TYPE_CHECKING

from . import inputs
from .blocks import check_view, elements_of, too_large
from .errors import SlackError
from .state import Json, Trigger, View, copied

if TYPE_CHECKING:
    from .world import World

STACK = 3


def filled(world: "World", blocks: list[Json]) -> list[Json]:
    """A copy with the block ids and action ids that Slack makes up for those left out."""
    result: list[Json] = copied(blocks)
    for block in result:
        if not block.get("block_id"):
            block["block_id"] = world.random_id(5)
        for element in elements_of(block):
            element.setdefault("action_id", world.random_id(5))
    return result


def as_slack(world: "World", view: View) -> Json:
    """The view object of answers and payloads, with its state."""
    spec = view.view
    body: Json = {
        "id": view.id,
        "team_id": world.team_id,
        "type": spec["type"],
        "blocks": spec["blocks"],
        "private_metadata": spec.get("private_metadata", ""),
        "callback_id": spec.get("callback_id", ""),
        "state": {"values": inputs.values(spec["blocks"], view.state)},
        "hash": view.hash,
        "title": spec.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": spec.get("clear_on_close", False),
        "notify_on_close": spec.get("notify_on_close", False),
        "close": spec.get("close"),
        "submit": spec.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": world.app_id,
        "external_id": spec.get("external_id", ""),
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }
    found: Json = copied(body)
    return found


def checked(world: "World", spec: Json, kind: str, replacing: View | None = None) -> Json:
    """The view with ids filled in; refuses what Slack refuses."""
    problems = check_view(spec, kind)
    if problems:
        raise SlackError("invalid_arguments", problems)
    if too_large(spec):
        raise SlackError("view_too_large")
    taken = (view for view in world.views_by_id.values() if view is not replacing)
    if spec.get("external_id") and any(view.view.get("external_id") == spec["external_id"] for view in taken):
        raise SlackError("duplicate_external_id")
    world.check_files(spec["blocks"], "/view/blocks", "invalid_arguments")
    return {**spec, "blocks": filled(world, spec["blocks"])}


def use_trigger(world: "World", trigger_id: str) -> Trigger:
    """Exchanges a trigger, once and within three real seconds of the click."""
    if not re.fullmatch(r"\d+\.\d+\.[0-9a-f]{32}", trigger_id):
        raise SlackError("invalid_arguments", ["invalid `trigger_id` [json-pointer:/trigger_id]"])
    trigger = world.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() - trigger.made > world.trigger_seconds:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def new_trigger(world: "World", user: str, view: str | None = None) -> Trigger:
    number = world.next_number()
    trigger = Trigger(f"{number}.{number * 7}.{world.random_hex(32)}", user, time.monotonic(), view)
    world.triggers[trigger.id] = trigger
    return trigger


def open_modal(world: "World", trigger_id: str, spec: Json) -> View:
    """The new modal becomes the person's only stack: Slack shows one modal at a time."""
    ready = checked(world, spec, "modal")
    user = use_trigger(world, trigger_id).user
    _forget(world, world.stacks.get(user, []))
    view = _new(world, user, ready)
    world.stacks[user] = [view]
    world.changed("view", user=user)
    return view


def push_modal(world: "World", trigger_id: str, spec: Json) -> View:
    ready = checked(world, spec, "modal")
    trigger = use_trigger(world, trigger_id)
    stack = world.stacks.get(trigger.user, [])
    if not any(view.id == trigger.view for view in stack):
        raise SlackError("not_found")
    return push(world, trigger.user, ready)


def push(world: "World", user: str, ready: Json) -> View:
    stack = world.stacks[user]
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    view = _new(world, user, ready, root=stack[0].id, previous=stack[-1].id)
    stack.append(view)
    world.changed("view", user=user)
    return view


def _new(world: "World", user: str, ready: Json, root: str | None = None, previous: str | None = None) -> View:
    name = world.next_id("V")
    view = View(name, user, ready, new_hash(world), root or name, previous)
    world.views_by_id[name] = view
    return view


def new_hash(world: "World") -> str:
    return f"{int(world.clock.now())}.{world.random_id(8)}"


def find_view(world: "World", view_id: str | None, external_id: str | None) -> View:
    if view_id is None and external_id is None:
        raise SlackError("invalid_arguments", ["missing required field: view_id [json-pointer:/]"])
    for view in world.views_by_id.values():
        if view.id == view_id or (view_id is None and view.view.get("external_id") == external_id):
            return view
    raise SlackError("not_found")


def update(world: "World", view: View, spec: Json, known_hash: str | None) -> View:
    """Replaces a view in place; what was typed stays where block_id and action_id are the same."""
    if known_hash is not None and known_hash != view.hash:
        raise SlackError("hash_conflict")
    replace(world, view, checked(world, spec, view.view["type"], replacing=view))
    return view


def replace(world: "World", view: View, ready: Json) -> None:
    view.state = inputs.keep_typed(view, ready["blocks"])
    view.view, view.hash = ready, new_hash(world)
    world.changed("home" if ready["type"] == "home" else "view", user=view.user)


def publish(world: "World", user: str, spec: Json, known_hash: str | None) -> View:
    if user not in world.users:
        raise SlackError("invalid_arguments", ["invalid `user_id` [json-pointer:/user_id]"])
    if not world.home_tab():
        raise SlackError("not_enabled")
    view = world.homes.get(user)
    if view is not None:
        return update(world, view, spec, known_hash)
    if known_hash is not None:
        raise SlackError("hash_conflict")
    view = _new(world, user, checked(world, spec, "home"))
    world.homes[user] = view
    world.changed("home", user=user)
    return view


def close(world: "World", view: View) -> list[View]:
    """Takes a view and all above it off the person's stack; returns them, top first."""
    stack = world.stacks.get(view.user, [])
    if view not in stack:
        return []
    gone = stack[stack.index(view) :]
    del stack[stack.index(view) :]
    _forget(world, gone)
    world.changed("view", user=view.user)
    return gone[::-1]


def _forget(world: "World", gone: list[View]) -> None:
    for view in gone:
        world.views_by_id.pop(view.id, None)
