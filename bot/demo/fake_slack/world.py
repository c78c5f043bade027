"""A small Slack workspace: what people do in it, what they see, and what happened."""

import threading
from datetime import datetime
from typing import Any

from . import control, interact, messages, objects, people, views
from .clock import Clock
from .delivery import HttpDelivery, deliver_due
from .errors import NotPossible
from .events import emit
from .faults import Fault
from .ground import Ground
from .sockets import SocketDelivery
from .state import Channel, Json, Message, Reply, User


class World(Ground):
    """One workspace with one app. Safe to use from any thread; nothing is delivered while the lock is held."""

    def __init__(
        self,
        clock: Clock | None = None,
        manifest: Json | None = None,
        pace: float = 1.0,
        seed: int = 1,
        name: str | None = None,
    ) -> None:
        super().__init__(clock, manifest, pace, seed, name)
        self.sockets = SocketDelivery(seed)
        self.delivery = self.sockets
        self._delivering = threading.RLock()
        self._thread: threading.Thread | None = None
        self._later: list[tuple[float, Any]] = []
        self.users["USLACKBOT"] = User("USLACKBOT", "slackbot", "Slackbot", is_bot=True, team_id=self.team_id)
        self.add_user(self.bot_user_id, "bets", "Bets", is_bot=True)
        self.clock.on_move(self._wake)

    @property
    def api_url(self) -> str:
        return f"{self.base_url}api/"

    # setting the stage
    def add_user(self, id: str, name: str, real_name: str | None = None, tz: str = "UTC", **fields: Any) -> str:
        with self.lock:
            team_id = fields.pop("team_id", None) or self.team_id
            self.users[id] = User(id, name, real_name or name.title(), tz, team_id=team_id, **fields)
        return id

    def add_channel(self, id: str, name: str, members: Any = (), private: bool = False, archived: bool = False) -> str:
        with self.lock:
            kind = "group" if private else "channel"
            self.channels_by_id[id] = Channel(id, name, kind, list(members), archived, int(self.clock.now()))
        return id

    def join(self, channel: str, user: str) -> None:
        with self.lock:
            people.join(self, self.channels_by_id[channel], user)

    def leave(self, channel: str, user: str) -> None:
        with self.lock:
            people.leave(self, self.channels_by_id[channel], user)

    def archive(self, channel: str, by: str = "USLACKBOT") -> None:
        with self.lock:
            people.set_archived(self, self.channels_by_id[channel], True, by)

    def unarchive(self, channel: str, by: str = "USLACKBOT") -> None:
        with self.lock:
            people.set_archived(self, self.channels_by_id[channel], False, by)

    def rename(self, channel: str, name: str) -> None:
        with self.lock:
            people.rename(self, self.channels_by_id[channel], name)

    def delete_channel(self, channel: str) -> None:
        with self.lock:
            people.delete_channel(self, self.channels_by_id[channel])

    def change_user(self, id: str, **fields: Any) -> None:
        with self.lock:
            for name, value in fields.items():
                if not hasattr(self.users[id], name):
                    raise NotPossible(f"a user has no {name}")
                setattr(self.users[id], name, value)
            event = {"type": "user_change", "user": self.user_object(self.users[id]), "event_ts": self.next_ts()}
            emit(self, event | {"cache_ts": int(self.clock.now())})

    def revoke_token(self, state: str = "token_revoked") -> None:
        """`state` may be account_inactive or invalid_auth as well; `restore_token` undoes it."""
        with self.lock:
            self.token_state = state
            if state == "token_revoked":
                emit(
                    self, {"type": "tokens_revoked", "tokens": {"bot": [self.bot_user_id]}, "event_ts": self.next_ts()}
                )

    def restore_token(self) -> None:
        self.token_state = "ok"

    # what people do
    def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Any = (),
        raw: bool = False,
    ) -> str:
        """Posts as a person; `raw` text is already in Slack's encoding (<@U1>). Files: names or (name, bytes)."""
        with self.lock:
            self.catch_up()
            return people.say(self, user, channel, text, thread_ts, broadcast, tuple(files), raw)

    def edit(self, user: str, channel: str, ts: str, text: str, raw: bool = False) -> None:
        with self.lock:
            people.edit(self, user, channel, ts, text, raw)

    def remove(self, user: str, channel: str, ts: str) -> None:
        with self.lock:
            messages.delete(self, people.own_message(self, user, channel, ts))

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        with self.lock:
            people.react(self, user, channel, ts, name, True)

    def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        with self.lock:
            people.react(self, user, channel, ts, name, False)

    def command(
        self, user: str, channel: str, text: str = "", command: str = "/bets", thread_ts: str | None = None
    ) -> Reply:
        return interact.command(self, user, channel, text, command, thread_ts)

    def click(
        self, user: str, channel: str, ts: str, action_id: str, block_id: str | None = None, value: Any = None
    ) -> Reply:
        return interact.click(self, user, channel, ts, action_id, block_id, value)

    def click_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        block_id: str | None = None,
        value: Any = None,
        state: Json | None = None,
    ) -> Reply:
        return interact.click_view(self, user, view_id, action_id, block_id, value, state)

    def submit(self, user: str, view_id: str, state: Json | None = None) -> Reply:
        return interact.submit(self, user, view_id, state)

    def close(self, user: str, view_id: str, all_of_them: bool = False) -> None:
        interact.close(self, user, view_id, all_of_them)

    def open_home(self, user: str) -> None:
        with self.lock:
            interact.open_home(self, user)

    def shortcut(self, user: str, callback_id: str, channel: str, ts: str) -> Reply:
        return interact.shortcut(self, user, callback_id, channel, ts)

    def open_dm(self, user: str) -> str:
        with self.lock:
            for channel in self.channels_by_id.values():
                if channel.kind == "im" and user in channel.members:
                    return channel.id
            members = [user, self.bot_user_id]
            channel = Channel(self.next_id("D"), user, "im", members, created=int(self.clock.now()))
            self.channels_by_id[channel.id] = channel
            return channel.id

    def reload(self, user: str) -> None:
        """What a reload of Slack does to that person: ephemeral messages are gone, modals closed."""
        with self.lock:
            for kept in self.ephemerals.values():
                for ts in [ts for ts, message in kept.items() if message.visible_to == user]:
                    del kept[ts]
            for root in self.stacks.get(user, [])[:1]:
                views.close(self, root)

    # delivery
    def deliver(self) -> int:
        """Delivers what is due now, retries included; returns how many events were acknowledged."""
        with self._delivering:
            self.catch_up()
            return deliver_due(self)

    def start_delivery(self) -> None:
        """From now on a thread delivers events by itself."""
        with self.lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._deliver_for_ever, name=f"events-{self.name}", daemon=True)
                self._thread.start()

    def _deliver_for_ever(self) -> None:
        while self._thread is not None:
            self.deliver()
            with self.wake:
                if self._thread is not None and not any(event.due <= self.clock.now() for event in self.queue):
                    self.wake.wait(0.5)

    def _wake(self) -> None:
        with self.wake:
            self.wake.notify_all()

    def stop_delivery(self) -> None:
        with self.wake:
            thread, self._thread = self._thread, None
            self.wake.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join(10)

    def deliver_to(self, url: str) -> None:
        """Events, commands and clicks go to this address by signed HTTP."""
        self.delivery = HttpDelivery(url)
        self.start_delivery()

    def duplicate(self, events: int) -> None:
        self.chance.to_duplicate = events

    def drop(self, events: int) -> None:
        self.chance.to_drop = events

    def shuffle(self, on: bool = True) -> None:
        self.chance.shuffled = on

    def forget_events(self) -> None:
        with self.lock:
            self.queue.clear()

    # what one sees
    def messages(self, channel: str, thread_ts: str | None = None, as_user: str | None = None) -> list[Json]:
        """Oldest first: the channel's own line (replies only if also sent to it), or one thread with its parent.
        Ephemeral ones: all, or with `as_user` that person's."""
        with self.lock:
            self.catch_up()
            found = [*self.messages_by_channel.get(channel, {}).values(), *self.ephemerals.get(channel, {}).values()]
            shown = [
                self._shown(message)
                for message in found
                if _belongs(message, thread_ts) and (as_user is None or message.visible_to in (None, as_user))
            ]
        return sorted(shown, key=lambda message: str(message["ts"]))

    def _shown(self, message: Message) -> Json:
        body = messages.as_slack(self, message, metadata=True)
        body["blocks"] = message.blocks
        for name, empty in (
            ("edited", None),
            ("reactions", []),
            ("files", []),
            ("metadata", None),
            ("thread_ts", None),
        ):
            body.setdefault(name, empty)
        hidden = message.visible_to is not None
        return body | {"ephemeral": hidden, "visible_to": message.visible_to, "broadcast": message.broadcast}

    def views(self, user: str) -> list[Json]:
        with self.lock:
            return [views.as_slack(self, view) for view in self.stacks.get(user, [])]

    def home(self, user: str) -> Json | None:
        with self.lock:
            return views.as_slack(self, self.homes[user]) if user in self.homes else None

    def channels(self, user: str | None = None) -> list[Json]:
        with self.lock:
            found = [channel for channel in self.channels_by_id.values() if user is None or user in channel.members]
            return [self.channel_object(channel) | {"members": list(channel.members)} for channel in found]

    def people(self) -> list[Json]:
        with self.lock:
            return [self.user_object(user) for user in self.users.values()]

    def calls(self, method: str | None = None) -> list[Json]:
        with self.lock:
            return [dict(vars(call)) for call in self.recorded if method in (None, call.method)]

    def refusals(self) -> list[Json]:
        with self.lock:
            return list(self.refused)

    def late_acks(self) -> list[Json]:
        return list(self.late)

    def files(self) -> list[Json]:
        with self.lock:
            return [self.file_object(file) for file in self.files_by_id.values()]

    def file_content(self, id: str) -> bytes:
        return self.files_by_id[id].content or b""

    def pending_events(self) -> int:
        return len(self.queue)

    def user_object(self, user: User) -> Json:
        return objects.user_object(self, user)

    def channel_object(self, channel: Channel) -> Json:
        return objects.channel_object(self, channel)

    # faults
    def fail(
        self,
        method: str,
        nth: int | None = 1,
        fault: str = "ok",
        seconds: float = 0,
        pid: int | None = None,
        channel: str | None = None,
    ) -> None:
        """`method` is a Web API method, upload, response_url or * for all; nth counts from now, None is always.
        With `channel` only calls that name it count."""
        with self.lock:
            self.faults.add(method, nth, Fault(fault, seconds, pid), channel)

    def clear_faults(self, method: str | None = None) -> None:
        with self.lock:
            self.faults.clear(method)

    def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        self.sockets.disconnect(self, reason)

    def abort_sockets(self) -> None:
        """Resets the TCP lines of all sockets."""
        self.sockets.abort()

    def deafen_sockets(self) -> None:
        """The sockets stay open but nothing is read from them any more."""
        self.sockets.deafen()

    def expire_triggers(self) -> None:
        with self.lock:
            for trigger in self.triggers.values():
                trigger.made -= self.trigger_seconds + 1

    def later(self, seconds: float, act: Any) -> None:
        """Runs `act` once the world's clock is that much further (apply_after)."""
        self._later.append((self.clock.now() + seconds, act))

    def catch_up(self) -> None:
        with self.lock:
            now = self.clock.now()
            due = [act for at, act in self._later if at <= now]
            self._later = [(at, act) for at, act in self._later if at > now]
            for act in due:
                act()

    def facts(self) -> Json:
        return control.facts(self)

    def set_pace(self, seconds: float) -> None:
        self.pace = seconds

    def set_file_delay(self, seconds: float) -> None:
        self.file_delay = seconds

    # the clock, for those who are far away
    def move_to(self, instant: datetime | str) -> None:
        self.clock.move_to(datetime.fromisoformat(instant) if isinstance(instant, str) else instant)

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def now(self) -> float:
        return self.clock.now()


def _belongs(message: Message, thread_ts: str | None) -> bool:
    if thread_ts is None:
        return not message.is_reply or message.broadcast
    return thread_ts in (message.ts, message.thread_ts)
