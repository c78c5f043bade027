"""auth, views, files and the opening of a socket."""

from typing import TYPE_CHECKING

from . import files, objects, responses, views
from .errors import SlackError
from .rules import Problems, array, record, string
from .state import Json, View

if TYPE_CHECKING:
    from .world import World

_uploads = array(record({"id": string(30)}, {"title": string(1000)}), 1, 10)


def auth_test(world: "World", args: Json) -> Json:
    user = world.users[world.bot_user_id]
    return {
        "url": f"https://{world.domain}.slack.com/",
        "team": world.domain,
        "user": user.name,
        "team_id": world.team_id,
        "user_id": user.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def api_test(world: "World", args: Json) -> Json:
    if args.get("error"):
        raise SlackError(args["error"], args=args)
    return {"args": args}


def open_connection(world: "World", args: Json) -> Json:
    return {"url": world.sockets.new_address(world)}


def _shown(world: "World", view: View) -> Json:
    return {"view": views.as_slack(world, view)}


def _trigger(args: Json) -> str:
    if "trigger_id" not in args:
        raise SlackError("invalid_arguments", ["missing required field: trigger_id [json-pointer:/]"])
    return str(args["trigger_id"])


def open_view(world: "World", args: Json) -> Json:
    return _shown(world, views.open_modal(world, _trigger(args), args["view"]))


def push_view(world: "World", args: Json) -> Json:
    return _shown(world, views.push_modal(world, _trigger(args), args["view"]))


def update_view(world: "World", args: Json) -> Json:
    view = views.find_view(world, args.get("view_id"), args.get("external_id"))
    return _shown(world, views.update(world, view, args["view"], args.get("hash")))


def publish_view(world: "World", args: Json) -> Json:
    return _shown(world, views.publish(world, args["user_id"], args["view"], args.get("hash")))


def upload_url(world: "World", args: Json) -> Json:
    url, name = files.start_upload(world, args["filename"], args["length"], args.get("alt_txt", ""))
    return {"upload_url": url, "file_id": name}


def complete_upload(world: "World", args: Json) -> Json:
    problems: Problems = []
    _uploads(args["files"], "/files", problems)
    if problems:
        raise SlackError("invalid_arguments", problems)
    named = args.get("channels") or args.get("channel_id") or ""
    channels = [objects.writable(world, name.strip()).id for name in named.split(",") if name.strip()]
    comment, blocks = args.get("initial_comment", ""), args.get("blocks") or []
    if blocks:
        comment, blocks = responses.content(world, {"text": comment, "blocks": blocks})
    return {"files": files.complete_upload(world, args["files"], channels, comment, args.get("thread_ts"), blocks)}


def file_info(world: "World", args: Json) -> Json:
    file = files.find_file(world, args["file"])
    return {"file": files.file_object(world, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def delete_file(world: "World", args: Json) -> Json:
    files.delete(world, args["file"])
    return {}
