"""Listeners for setting a team up and changing its settings."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.pauses import do_pause_team, do_resume_team
from bot.actions.people import do_know
from bot.actions.teams import do_change, do_set_up, get_set_up, is_leaderless, refuse_to_configure, refuse_to_set_up
from bot.domain.errors import Refusal, own
from bot.domain.records import Team
from bot.domain.teams import default_settings, settings_of
from bot.render.ids import Act, Modal
from bot.render.teams import (
    changed_answer,
    paused_answer,
    resumed_answer,
    retried_answer,
    set_up_done_answer,
    team_modal,
)
from bot.render.tokens import token_blocks
from bot.runtime import Bot
from bot.slack import NoAnswer
from bot.store.people import list_names, list_people
from bot.store.teams import get_team_or_none
from bot.store.tokens import list_tokens
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.forms import Submission
from handlers.routing import Routes

# Beside the look-up of whoever sends the form and of the channel, each a second at most.
LEADS_SECONDS = 0.5
INVITE_ME = own("I am not in that channel: invite me there first with `/invite @Bets`, then save again.")


def register(routes: Routes) -> None:
    """The button of the welcome, the form behind it, and `/bets config`."""
    routes.action(Act.SET_UP)(on_set_up)
    routes.view(Modal.TEAM)(on_save)
    hint = "the team's week, zone, leads and rules (leads only)"
    commands.add_words(Word("config", "config", hint, run_config, modal=True))


def on_set_up(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Set up this team*: opens the form with the defaults."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        refuse_to_set_up(tx, actor, str(click.channel))
    base = default_settings(actor.zone_or(bot.default_zone), bot.default_leads or (actor.user,))
    context.show_modal(bot, click, team_modal(base, {"channel": click.channel}))
    ack()


def run_config(ask: Ask) -> Reply:
    """`/bets config`: the same form with what is set now."""
    refuse_to_configure(ask.tx, ask.actor, ask.team)
    if ask.words:
        raise Refusal(own("`/bets config` opens a form with all the settings: send it without more words."))
    return Reply(modal=config_modal(ask.tx, ask.team))


def config_modal(tx: Connection, team: Team, fresh: str | None = None) -> dict[str, Any]:
    """The form of a team that is set up, with its tokens; `version` tells whether somebody else was faster. `fresh` is
    a token that was just made."""
    tokens = list_tokens(tx, team.id)
    names = list_names(tx, [one.by for one in tokens])
    more = token_blocks(tokens, names, team.zone, fresh)
    private = {"team": team.id, "version": team.version}
    return team_modal(settings_of(team), private, more, leaderless=is_leaderless(tx, team))


def pause_team(ask: Ask, words: str) -> Reply:
    """`/bets pause [until DATE]` without a key."""
    text = words.strip()
    if text and not text.lower().startswith("until "):
        raise Refusal(
            own("Write `/bets pause` or `/bets pause until friday` for the team, `/bets pause B-7` for one bet.")
        )
    until = commands.read_date(ask, ask.team, text[len("until ") :]) if text else None
    team = do_pause_team(ask.tx, ask.now, ask.actor, ask.team, until)
    return Reply(paused_answer(team.paused_until, team.zone))


def resume_team(ask: Ask, words: str) -> Reply:
    """`/bets resume` without a key; a mistyped one is not taken for the team."""
    if words.strip():
        raise Refusal(own("Write `/bets resume` for the team, `/bets resume B-7` for one bet."))
    team = do_resume_team(ask.tx, ask.now, ask.actor, ask.team)
    if ask.team.unreachable:
        return Reply(retried_answer(team.channel))
    return Reply(resumed_answer(get_set_up(ask.tx, ask.now, team)))


def on_save(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Save*: a new team, or the changed settings of one."""
    sent = forms.submission(body)
    team, answer = (_change if "team" in sent.private else _set_up)(bot, body, sent)
    ack()
    context.tell_sent(bot, sent, team.channel, answer)


def _set_up(bot: Bot, body: dict[str, Any], sent: Submission) -> tuple[Team, dict[str, Any]]:
    channel = str(sent.private.get("channel"))
    _know_leads(bot, sent.form.get("leads") or [])
    actor = context.who(bot, sent.user, channel)
    present = _list_present(bot, channel)
    with context.once(bot, body) as tx:
        base = default_settings(bot.default_zone, bot.default_leads)
        team = do_set_up(tx, bot.now(), actor, channel, base, sent.form, present)
        return team, set_up_done_answer(get_set_up(tx, bot.now(), team))


def _change(bot: Bot, body: dict[str, Any], sent: Submission) -> tuple[Team, dict[str, Any]]:
    with bot.reading() as tx:
        team = get_team_or_none(tx, sent.private["team"])
    if team is None:
        raise Refusal("This team is gone, so nothing was saved: close the form.")
    actor = context.who(bot, sent.user, team.channel)
    context.know_people(bot, set(sent.form.get("leads") or []) - set(team.leads), team, "leads", "press Save")
    with context.once(bot, body) as tx:
        team = do_change(tx, bot.now(), actor, team, forms.whole(sent.private.get("version")), sent.form)
        return team, changed_answer(get_set_up(tx, bot.now(), team))


def _list_present(bot: Bot, channel: str) -> set[str]:
    try:
        _, members = bot.slack.look_up([], [channel], bot.identity.team_id, context.LOOKUP_SECONDS)
    except NoAnswer:
        raise Refusal(context.CANNOT_CHECK) from None
    present = members.get(channel, set())
    if bot.identity.user_id not in present:
        raise Refusal(INVITE_ME)
    return present - {bot.identity.user_id}


def _know_leads(bot: Bot, users: list[str]) -> None:
    """Looks up who is not known yet, so that a guest is refused and others are shown by name.

    Nothing is refused for want of an answer: rights are checked again whenever a lead acts.
    """
    with bot.reading() as tx:
        known = list_people(tx, users)
    try:
        found, _ = bot.slack.look_up(
            [user for user in users if user not in known], [], bot.identity.team_id, LEADS_SECONDS
        )
    except NoAnswer:
        return
    with bot.transaction() as tx:
        for user, person in found.items():
            do_know(tx, bot.now(), person, user, {})
