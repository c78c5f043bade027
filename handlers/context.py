"""What listeners share: who acts, once-only transactions, and answers that only one person sees."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.home import do_refresh_home
from bot.actions.people import do_know, refuse_who_left
from bot.domain.errors import Duplicate, Refusal
from bot.domain.records import Actor, Bet, Team
from bot.render.ids import Modal
from bot.render.kit import carrying, notice_modal
from bot.runtime import Bot
from bot.slack import NoAnswer
from bot.store.bets import get_bet_or_none
from bot.store.inbox import insert_receipt
from bot.store.people import get_actor, get_standing, list_names
from bot.store.teams import Place, get_team, list_places
from handlers.forms import Click, Command, Submission, receipt_key

# How long Slack may take to say who somebody is, in all and before the acknowledgement: the person who acts, and the
# people they name.
LOOKUP_SECONDS, NAMED_SECONDS = 1.0, 1.5
CANNOT_CHECK = "I could not check with Slack who you are, so nothing was changed: please press or send it again."
# What a form carries of the thread it was opened from: its channel and its first message's time.
AT = "at"
TOO_LATE = "That took too long for Slack, so no form opened and nothing was changed: please press or send it again."


@contextmanager
def once(bot: Bot, body: dict[str, Any]) -> Iterator[Connection]:
    """The transaction of one delivery: its receipt, its effect and what it owes are stored together, or not at all."""
    with bot.transaction() as tx:
        if not insert_receipt(tx, bot.now(), receipt_key(body)):
            raise Duplicate
        yield tx
        do_refresh_home(tx, bot.now(), str(body.get("user_id") or body["user"]["id"]))


@contextmanager
def acting(bot: Bot, body: dict[str, Any], user: str, channel: str | None = None) -> Iterator[tuple[Connection, Actor]]:
    """`once`, with the person who acts in it: known to it, or else looked up in Slack before it is begun anew."""
    try:
        with once(bot, body) as tx:
            actor, unsure = _look_up(tx, bot.now(), user, _places(tx, channel))
            if actor is None or unsure:
                raise _Stranger
            yield tx, actor
            return
    except _Stranger:
        pass
    actor = who(bot, user, channel)
    with once(bot, body) as tx:
        yield tx, actor


class _Stranger(Exception):
    """Nobody looked this person up in the last day."""


def who(bot: Bot, user: str, channel: str | None = None) -> Actor:
    """The person who acts, looked up in Slack if nobody did in the last day; refused when Slack does not answer.

    In a channel only the team of that channel is looked at, in a DM or the home tab every team.
    """
    with bot.reading() as tx:
        actor, unsure = _look_up(tx, bot.now(), user, _places(tx, channel))
    if actor and not unsure:
        return actor
    asked = [] if actor else [user]
    try:
        people, members = bot.slack.look_up(
            asked, [team.channel for team in unsure], bot.identity.team_id, LOOKUP_SECONDS
        )
    except NoAnswer:
        raise Refusal(CANNOT_CHECK) from None
    if set(people) != set(asked):
        raise Refusal(CANNOT_CHECK)
    present = {team.id: user in members[team.channel] for team in unsure if team.channel in members}
    with bot.transaction() as tx:
        return do_know(tx, bot.now(), people.get(user), user, present)


def who_in(bot: Bot, user: str, team: Team, refusal: str) -> Actor:
    """The person who acts in the team; refused with these words when they are not in its channel, but for its owners,
    who are told why."""
    actor = who(bot, user, team.channel)
    if actor.role(team) == "none":
        with bot.reading() as tx:
            refuse_who_left(tx, actor, team.id)
        raise Refusal(refusal)
    return actor


def who_if_known(tx: Connection, now: datetime, user: str, team: Team | None) -> Actor | None:
    """The person who acts in `team` (None: in any), if Slack need not be asked."""
    actor, unsure = _look_up(tx, now, user, [Place(team.id, team.channel)] if team else _places(tx, None))
    return None if unsure else actor


def _places(tx: Connection, channel: str | None) -> list[Place]:
    """The team of that channel; in a DM all that Slack can be asked about: one that is gone stops nobody elsewhere."""
    return list_places(tx, None if not channel or channel.startswith("D") else channel)


def _look_up(tx: Connection, now: datetime, user: str, wanted: list[Place]) -> tuple[Actor | None, list[Place]]:
    """The person if somebody looked them up in the last day, and the teams of which it is not known if they are in."""
    actor, known = get_standing(tx, user, now)
    return actor, [team for team in wanted if team.id not in known]


def know_people(bot: Bot, users: Iterable[str], team: Team, field: str | None, again: str) -> None:
    """Looks up in Slack whoever of these people is not known to be in the team's channel, all within two seconds.

    Without an answer it is refused beside `field`, if there is one; `again` is what to do again. Whom Slack does not
    know stays unknown here.
    """
    with bot.reading() as tx:
        actors = {user: get_actor(tx, user, bot.now()) for user in users}
        names = list_names(tx, actors)
    strangers = [user for user, actor in actors.items() if actor is None or team.id not in actor.team_ids]
    if not strangers:
        return
    shown = ", ".join(names.get(user, user) for user in strangers[:5])
    failed = Refusal(f"I could not look up {shown} now, so nothing was changed: {again} again.", field)
    try:
        people, members = bot.slack.look_up(strangers, [team.channel], bot.identity.team_id, NAMED_SECONDS)
    except NoAnswer:
        raise failed from None
    if team.channel not in members:
        raise failed
    with bot.transaction() as tx:
        for user, person in people.items():
            do_know(tx, bot.now(), person, user, {team.id: user in members[team.channel]})


def find_bet(tx: Connection, actor: Actor, bet_id: Any) -> tuple[Bet, Team]:
    """The bet of a button or form with its team; the same answer for none and for one of a team they are not in, unless
    they own bets there."""
    bet = get_bet_or_none(tx, bet_id) if isinstance(bet_id, int) else None
    if bet is not None:
        refuse_who_left(tx, actor, bet.team_id)
    if bet is None or bet.team_id not in actor.team_ids:
        raise Refusal("There is no such bet here.")
    return bet, get_team(tx, bet.team_id)


def find_team(tx: Connection, actor: Actor, team_id: Any) -> Team:
    """The team of a button or form, if this person is in its channel."""
    if not isinstance(team_id, int) or team_id not in actor.team_ids:
        raise Refusal("You are not in that team's channel: join it first.")
    return get_team(tx, team_id)


def dm_link(bot: Bot) -> str:
    """Where the person who reads it finds their DM with the bot."""
    return f"slack://user?team={bot.identity.team_id}&id={bot.identity.user_id}"


def tell(bot: Bot, to: Click | Command, answer: dict[str, Any], *, replace: bool = False) -> None:
    """Shows `answer` to that one person, after the acknowledgement; `replace` puts it in the place of a message that
    only they see. A press inside a modal or the home tab is answered by a small modal."""
    bot.later(_tell, bot, to, answer, replace)


def _tell(bot: Bot, to: Click | Command, answer: dict[str, Any], replace: bool) -> None:
    try:
        if isinstance(to, Click) and to.view:
            notice = notice_modal(Modal.NOTICE, "Bets", answer["text"])
            bot.slack.show_modal(to.trigger_id, notice, on_top=to.in_modal)
        elif to.response_url:
            again = replace and isinstance(to, Click) and to.ephemeral
            body = {"response_type": "ephemeral", "replace_original": again, **_thread(to)}
            bot.slack.respond(to.response_url, answer | body)
        elif to.channel:
            bot.slack.whisper(to.channel, to.user, to.thread_ts, answer)
    except NoAnswer:
        return  # a lost answer costs only a repeat


def replace(bot: Bot, address: Any, answer: dict[str, Any]) -> None:
    """Puts `answer` in the place of the message that only one person sees and in which they pressed what opened a form,
    now that they sent it; `address` came with that press, and the form carried it."""
    if isinstance(address, str):
        bot.later(_replace, bot, address, answer)


def _replace(bot: Bot, address: str, answer: dict[str, Any]) -> None:
    try:
        bot.slack.respond(address, {"response_type": "ephemeral", "replace_original": True} | answer)
    except NoAnswer:
        return  # the form itself has said it too


def tell_sent(bot: Bot, sent: Submission, channel: str, answer: dict[str, Any]) -> None:
    """Shows to whoever sent a form what it has done: in the thread or DM where it was opened, else in `channel`."""
    bot.later(_tell, bot, _origin(sent, channel), answer, False)


def _origin(sent: Submission, channel: str) -> Command:
    at = sent.private.get(AT)
    if isinstance(at, list) and len(at) == 2 and all(isinstance(one, str) for one in at):
        return Command(sent.user, at[0], "", None, thread_ts=at[1] or None)
    return Command(sent.user, channel, "", None)


def _from_where(to: Click | Command, view: dict[str, Any]) -> dict[str, Any]:
    """The form, which carries the thread or the DM that it is opened from, or that the one below it was."""
    thread, direct = _thread(to).get("thread_ts"), (to.channel or "").startswith("D")
    at = [to.channel, thread or ""] if thread or direct else to.private.get(AT) if isinstance(to, Click) else None
    return carrying(view, {AT: at}) if at else view


def _thread(to: Click | Command) -> dict[str, str]:
    """Where an answer belongs: in the thread of the pressed message, unless that is the thread's first one."""
    first = isinstance(to, Click) and to.thread_ts == to.message_ts
    return {"thread_ts": to.thread_ts} if to.thread_ts and not first else {}


def show_modal(bot: Bot, to: Click | Command, view: dict[str, Any]) -> None:
    """Opens `view`, on top of the modal in which the press was made if it was made in one."""
    bot.later(_show_modal, bot, to, _from_where(to, view))


def _show_modal(bot: Bot, to: Click | Command, view: dict[str, Any]) -> None:
    try:
        bot.slack.show_modal(to.trigger_id or "", view, on_top=isinstance(to, Click) and to.in_modal)
    except NoAnswer:
        _tell(bot, to, {"text": TOO_LATE}, False)


def show_notice(bot: Bot, click: Click, notice: dict[str, Any]) -> None:
    """Shows what a press has done in a modal of its own; one that comes too late for Slack is left out."""
    bot.later(_show_notice, bot, click, notice)


def _show_notice(bot: Bot, click: Click, notice: dict[str, Any]) -> None:
    try:
        bot.slack.show_modal(click.trigger_id, notice, on_top=False)
    except NoAnswer:
        return  # what was pressed is saved


def change_modal(bot: Bot, click: Click, view: dict[str, Any]) -> None:
    """Replaces the modal in which the press was made, if it was made in one; what was typed stays where field names
    stay."""
    if click.view:
        bot.later(_change_modal, bot, click.view, _from_where(click, view))


def _change_modal(bot: Bot, shown: dict[str, Any], view: dict[str, Any]) -> None:
    try:
        bot.slack.change_modal(str(shown["id"]), shown.get("hash"), view)
    except NoAnswer:
        return  # the person has moved on (closed it, or pressed something else first)


def change_below(bot: Bot, view_id: str, view: dict[str, Any]) -> None:
    """Replaces the modal on which another one lies."""
    bot.later(_change_below, bot, view_id, view)


def _change_below(bot: Bot, view_id: str, view: dict[str, Any]) -> None:
    try:
        bot.slack.change_modal(view_id, None, view)
    except NoAnswer:
        return  # it was closed meanwhile; what was sent is saved


def menu_of(click: Click) -> dict[str, Any]:
    """What a form opened from a menu carries, so that its result can take the menu's place."""
    return {"menu": click.view["id"]} if click.view and click.in_modal else {}


def tell_result(bot: Bot, sent: Submission, channel: str, text: str) -> None:
    """What a sent form has done, in one line: in the place of the menu it was opened from, else in the thread or the
    channel."""
    bot.later(_tell_result, bot, sent, str(sent.private.get("channel") or channel), text)


def _tell_result(bot: Bot, sent: Submission, channel: str, text: str) -> None:
    try:
        bot.slack.change_modal(str(sent.private["menu"]), None, notice_modal(Modal.NOTICE, "Done", text))
    except (KeyError, NoAnswer):
        # There was no menu, or it was closed meanwhile.
        _tell(bot, _origin(sent, channel), {"text": text}, False)
