"""Files: uploaded in three steps, looked at for a while before they are ready, downloaded with the token."""

import mimetypes
from typing import TYPE_CHECKING

from . import messages
from .errors import SlackError
from .state import File, Json, Message

if TYPE_CHECKING:
    from .ground import Ground
    from .world import World


def is_ready(world: "Ground", file: File) -> bool:
    return file.complete and not file.deleted and world.clock.now() >= file.ready_at


def file_object(world: "Ground", file: File) -> Json:
    """Slack's file object; `mimetype` stays empty until the file is ready. Of a deleted one a tombstone is left."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    ready = is_ready(world, file)
    mimetype = (mimetypes.guess_type(file.name)[0] or "application/octet-stream") if ready else ""
    ending = file.name.rsplit(".", 1)[-1].lower() if "." in file.name else "binary"
    link = f"{world.base_url}files-pri/{file.id}/{file.id.lower()}"
    return {
        "id": file.id,
        "created": int(file.created),
        "timestamp": int(file.created),
        "name": file.name,
        "title": file.title or file.name,
        "alt_txt": file.alt_text,
        "mimetype": mimetype,
        "filetype": ending if ready else "",
        "pretty_type": ending.upper() if ready else "",
        "user": file.user,
        "user_team": world.team_id,
        "editable": False,
        "size": len(file.content or b""),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(file.shared_in),
        "public_url_shared": False,
        "url_private": link,
        "url_private_download": f"{link}?download=1",
        "permalink": f"https://{world.domain}.slack.com/files/{file.user}/{file.id}/{file.id.lower()}",
        "channels": _shared_in(world, file, "channel"),
        "groups": _shared_in(world, file, "group"),
        "ims": _shared_in(world, file, "im"),
        "file_access": "visible",
    }


def _shared_in(world: "Ground", file: File, kind: str) -> list[str]:
    """By what the conversation is: ids do not tell, since those of private channels begin with C as well."""
    return [name for name in file.shared_in if name in world.channels_by_id and world.channels_by_id[name].kind == kind]


def start_upload(world: "World", filename: str, length: int, alt_text: str) -> tuple[str, str]:
    """(upload url, file id) for the bytes that come next."""
    if length <= 0:
        raise SlackError("invalid_arguments", ["`length` must be greater than 0 [json-pointer:/length]"])
    now = world.clock.now()
    file = File(world.next_id("F"), filename, length, now + world.file_delay, world.bot_user_id, now, "", alt_text)
    world.files_by_id[file.id] = file
    return f"{world.base_url}upload/{file.id}", file.id


def take_bytes(world: "World", file_id: str, body: bytes) -> str:
    """The upload host: takes the bytes once, of just the announced length."""
    file = world.files_by_id.get(file_id)
    if file is None or file.content is not None:
        raise SlackError("invalid_upload_url", status=404)
    if len(body) != file.length:
        raise SlackError("length_mismatch", status=400)
    file.content = body
    return f"OK - {len(body)}"


def is_seen(world: "World", file: File) -> bool:
    """Whether the bot may see a file: its own, or one that was shared where it is."""
    places = (world.channels_by_id.get(name) for name in file.shared_in)
    return file.user == world.bot_user_id or any(place and world.bot_user_id in place.members for place in places)


def find_file(world: "World", file_id: str) -> File:
    """An uploaded file; refused where there is none that the bot may see, or no longer."""
    file = world.files_by_id.get(file_id)
    if file is None or not file.complete or not is_seen(world, file):
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file


def delete(world: "World", file_id: str) -> None:
    """The bot deletes a file of its own; messages that show it keep a tombstone."""
    file = find_file(world, file_id)
    if file.user != world.bot_user_id:
        raise SlackError("cant_delete_file")
    file.deleted, file.content = True, None


def add_to_message(world: "World", message: Message, ids: list[str]) -> list[str]:
    """Shows uploaded files in a message, which shares them with its channel."""
    found = [world.files_by_id.get(name) for name in ids]
    for file in found:
        if file is None or not file.complete or file.deleted:
            raise SlackError("file_not_found")
        if message.channel not in file.shared_in:
            file.shared_in.append(message.channel)
    return list(ids)


def complete_upload(
    world: "World", entries: list[Json], channels: list[str], comment: str, thread_ts: str | None, blocks: list[Json]
) -> list[Json]:
    """Makes files of uploads; with channels, each gets a message (without metadata, as in Slack)."""
    found = []
    for entry in entries:
        file = world.files_by_id.get(entry["id"])
        if file is None or file.content is None or file.complete:
            raise SlackError("file_not_found")
        found.append((file, entry.get("title") or file.name))
    for file, title in found:
        file.title, file.complete, file.ready_at = title, True, world.clock.now() + world.file_delay
    for channel in channels:
        for file, _ in found:
            file.shared_in.append(channel)
        message = Message(
            channel, world.next_ts(), world.bot_user_id, comment, blocks, by_bot=True, subtype="file_share"
        )
        message.files, message.thread_ts = [file.id for file, _ in found], thread_ts
        messages.post(world, message)
    return [file_object(world, file) for file, _ in found]
