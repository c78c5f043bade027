"""What people do with the app's surfaces: commands, clicks, modals, shortcuts; each waits for the bot's ack."""

from typing import TYPE_CHECKING, Any

from . import inputs, messages, responses, views
from .delivery import Answer
from .entities import encode
from .errors import NotPossible, SlackError
from .events import emit
from .state import Channel, Json, Message, Reply, View

if TYPE_CHECKING:
    from .world import World

IN_THREAD = "slash commands do not work in threads"
NOT_SET_UP = "This app is not configured to handle interactive responses."
TROUBLE = "We had some trouble connecting. Try again?"
INVALID_ANSWER = "invalid_command_response"


def ask(world: "World", kind: str, body: Json, failed: str) -> tuple[Reply, Answer]:
    """Delivers one payload and waits for its ack; one that comes too late is shown as operation_timeout."""
    answer = world.delivery.send(world, kind, body)
    world.note_ack(kind, answer, str(body.get("type") or body.get("command")))
    reply = Reply(answer.status, answer.body, {}, answer.late, None, answer.ms)
    if answer.late:
        reply.error = "operation_timeout"
    elif not answer.acked:
        reply.error = failed
    return reply, answer


def command(world: "World", user: str, channel_id: str, text: str, name: str, thread_ts: str | None) -> Reply:
    declared = world.declared_command(name)
    if declared is None:
        return Reply(error=f"{name} is not a valid command")
    if thread_ts is not None:
        return Reply(error=IN_THREAD)
    with world.lock:
        channel = _conversation(world, user, channel_id)
        typed = text.strip()
        escaped = encode(world, typed, with_name=True) if declared.get("should_escape") else typed
        body = _command_body(world, user, channel, escaped, name)
    reply, _ = ask(world, "slash_commands", body, "dispatch_failed")
    if reply.ok and reply.body:
        try:
            with world.lock:
                responses.answer_command(world, user, channel_id, reply.body)
        except SlackError as error:
            world.note_refusal(name, reply.body, error)
            reply.error = INVALID_ANSWER
    return reply


def _conversation(world: "World", user: str, channel_id: str) -> Channel:
    channel = world.channels_by_id[channel_id]
    if user not in channel.members and channel.kind != "channel":
        raise NotPossible(f"{user} is not in {channel_id}")
    return channel


def _command_body(world: "World", user: str, channel: Channel, text: str, name: str) -> Json:
    names = {"im": "directmessage", "group": "privategroup"}
    return {
        "token": world.verification_token,
        "team_id": world.team_id,
        "team_domain": world.domain,
        "channel_id": channel.id,
        "channel_name": names.get(channel.kind, channel.name),
        "user_id": user,
        "user_name": world.users[user].name,
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": responses.new_url(world, user, channel.id),
        "trigger_id": views.new_trigger(world, user).id,
    }


def _payload(world: "World", kind: str, user: str, view: View | None = None) -> Json:
    """The part that all interactive payloads share."""
    person = world.users[user]
    return {
        "type": kind,
        "team": {"id": world.team_id, "domain": world.domain},
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team_id},
        "api_app_id": world.app_id,
        "token": world.verification_token,
        "trigger_id": views.new_trigger(world, user, view.id if view else None).id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel_name(channel: Channel) -> Json:
    return {"id": channel.id, "name": {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)}


def click(
    world: "World", user: str, channel_id: str, ts: str, action_id: str, block_id: str | None, value: Any
) -> Reply:
    """A button or menu of a message; an ephemeral one only by the person who sees it."""
    if not world.interactive:
        return Reply(error=NOT_SET_UP)
    with world.lock:
        channel = _conversation(world, user, channel_id)
        message = world.find_message(channel_id, ts, as_user=user)
        if message is None:
            raise NotPossible(f"{user} sees no message {ts} in {channel_id}")
        action = _action(world, message.blocks, action_id, block_id, value, message.state)
        body = _payload(world, "block_actions", user) | _message_part(world, message, channel, user)
        body["state"] = {"values": inputs.values(message.blocks, message.state)}
        body["actions"] = [action]
    return ask(world, "interactive", body, TROUBLE)[0]


def _message_part(world: "World", message: Message, channel: Channel, user: str) -> Json:
    hidden = message.visible_to is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    part: Json = {
        "container": container,
        "channel": _channel_name(channel),
        "response_url": responses.new_url(world, user, channel.id, message),
    }
    return part if hidden else part | {"message": messages.as_slack(world, message, metadata=True)}


def _action(world: "World", blocks: list[Json], action_id: str, block_id: str | None, value: Any, state: Json) -> Json:
    """The entry of `actions`; what was chosen stays in the element."""
    block, element = inputs.find(blocks, action_id, block_id)
    kind = element["type"]
    action: Json = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
    action["action_ts"] = world.next_ts()
    if kind == "button":
        action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        return action
    chosen = inputs.convert(world, element, value)
    if kind != "overflow":
        state.setdefault(block["block_id"], {})[element["action_id"]] = chosen
    return action | chosen


def click_view(
    world: "World", user: str, view_id: str, action_id: str, block_id: str | None, value: Any, state: Json | None
) -> Reply:
    if not world.interactive:
        return Reply(error=NOT_SET_UP)
    with world.lock:
        view = _open_view(world, user, view_id)
        inputs.type_into(world, view, state)
        block, _ = inputs.find(view.view["blocks"], action_id, block_id)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise NotPossible(f"{action_id} is an input that tells the app nothing before the submit")
        action = _action(world, view.view["blocks"], action_id, block_id, value, view.state)
        body = _payload(world, "block_actions", user, view)
        body |= {"container": {"type": "view", "view_id": view.id}, "view": views.as_slack(world, view)}
        body["actions"] = [action]
    return ask(world, "interactive", body, TROUBLE)[0]


def _open_view(world: "World", user: str, view_id: str) -> View:
    """The view that this person can touch: the top of the stack, or the home tab."""
    stack = world.stacks.get(user, [])
    shown = [stack[-1]] if stack else []
    for view in [*shown, *([world.homes[user]] if user in world.homes else [])]:
        if view.id == view_id:
            return view
    raise NotPossible(f"{user} does not see the view {view_id}")


def submit(world: "World", user: str, view_id: str, state: Json | None) -> Reply:
    """Sends a modal off, after the checks that Slack's client makes by itself."""
    with world.lock:
        view = _open_view(world, user, view_id)
        if view.view["type"] != "modal" or "submit" not in view.view:
            raise NotPossible(f"{view_id} has no submit button")
        inputs.type_into(world, view, state)
        found = inputs.values(view.view["blocks"], view.state)
        errors = _client_errors(view, found)
        if errors:
            return Reply(errors=errors, error="not sent")
        body = _payload(world, "view_submission", user, view)
        body |= {"view": views.as_slack(world, view), "response_urls": []}
    reply, answer = ask(world, "interactive", body, TROUBLE)
    if reply.ok:
        _take_ack(world, view, answer, reply)
    return reply


def _client_errors(view: View, found: Json) -> dict[str, str]:
    errors = {}
    for block in view.view["blocks"]:
        if block["type"] == "input":
            refusal = inputs.refusal(block, found[block["block_id"]][block["element"]["action_id"]])
            if refusal:
                errors[block["block_id"]] = refusal
    return errors


def _take_ack(world: "World", view: View, answer: Answer, reply: Reply) -> None:
    """Does what the ack of a submission says; nothing said closes the view."""
    body = answer.body or {}
    with world.lock:
        try:
            _respond(world, view, body, reply)
        except SlackError as error:
            world.note_refusal("view_submission", body, error)
            reply.error = TROUBLE


def _respond(world: "World", view: View, body: Json, reply: Reply) -> None:
    action = body.get("response_action")
    if not body:
        views.close(world, view)
    elif action == "clear":
        for root in world.stacks.get(view.user, [])[:1]:
            views.close(world, root)
    elif action == "errors":
        reply.errors = _field_errors(view, body)
    elif action == "update":
        views.replace(world, view, views.checked(world, body.get("view") or {}, "modal", replacing=view))
    elif action == "push":
        views.push(world, view.user, views.checked(world, body.get("view") or {}, "modal"))
    else:
        raise SlackError("invalid_response_action", [f"unknown response_action: {action} [json-pointer:/]"])


def _field_errors(view: View, body: Json) -> dict[str, str]:
    errors = body.get("errors")
    fields = {block["block_id"] for block in view.view["blocks"] if block["type"] == "input"}
    if (
        not isinstance(errors, dict)
        or not errors
        or not all(isinstance(text, str) and text for text in errors.values())
    ):
        raise SlackError("invalid_errors", ["errors must map block ids to sentences [json-pointer:/errors]"])
    unknown = sorted(set(errors) - fields)
    if unknown:
        raise SlackError(
            "invalid_errors", [f"no input block is called {name} [json-pointer:/errors]" for name in unknown]
        )
    return dict(errors)


def close(world: "World", user: str, view_id: str, all_of_them: bool = False) -> None:
    """Cancel or Back closes this view and what lies on it; `all_of_them` is the X, which clears the whole stack."""
    with world.lock:
        stack = world.stacks.get(user, [])
        target = next((view for view in stack if view.id == view_id), None)
        if target is None:
            raise NotPossible(f"{user} does not see the view {view_id}")
        gone = views.close(world, stack[0] if all_of_them else target)
        told = [view for view in gone if view.view.get("notify_on_close")]
        bodies = [_closed_body(world, view, all_of_them) for view in told]
    for body in bodies:
        ask(world, "interactive", body, TROUBLE)


def _closed_body(world: "World", view: View, cleared: bool) -> Json:
    """view_closed has no trigger, and nothing of what was typed."""
    body = _payload(world, "view_closed", view.user)
    del body["trigger_id"]
    shown = views.as_slack(world, view) | {"state": {"values": {}}}
    return body | {"view": shown, "is_cleared": cleared}


def shortcut(world: "World", user: str, callback_id: str, channel_id: str, ts: str) -> Reply:
    if not world.interactive or not world.declared_shortcut(callback_id):
        return Reply(error=NOT_SET_UP)
    with world.lock:
        channel = _conversation(world, user, channel_id)
        message = world.find_message(channel_id, ts)
        if message is None:
            raise NotPossible(f"there is no message {ts} in {channel_id}")
        body = _payload(world, "message_action", user) | {
            "callback_id": callback_id,
            "action_ts": world.next_ts(),
            "channel": _channel_name(channel),
            "message_ts": ts,
            "message": messages.as_slack(world, message),
            "response_url": responses.new_url(world, user, channel.id, message),
        }
    return ask(world, "interactive", body, TROUBLE)[0]


def open_home(world: "World", user: str) -> None:
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": world.open_dm(user),
        "tab": "home",
        "event_ts": world.next_ts(),
    }
    if user in world.homes:
        event["view"] = views.as_slack(world, world.homes[user])
    if world.home_tab():
        emit(world, event)
