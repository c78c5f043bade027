"""Listeners and words for bets: placing, reading, editing, pausing and withdrawing them."""

from datetime import date
from typing import Any

from slack_bolt import Ack

from bot.actions.decisions import do_pause_bet, do_resume_bet, do_withdraw_bet, list_acts
from bot.actions.editing import do_edit_bet, refuse_to_edit
from bot.actions.graveyard import get_similar
from bot.actions.placing import BetForm, do_place_bet
from bot.actions.rights import refuse_unless
from bot.actions.stories import get_history, get_list, get_shown
from bot.domain.errors import Refusal, own
from bot.domain.records import Bet, Team
from bot.domain.words import parse_key
from bot.render.bet_forms import edit_bet_modal, edited_line, more_modal, new_bet_modal, placed_answer
from bot.render.decisions import decided_line
from bot.render.ids import Act, Modal
from bot.render.kit import answer, notice_modal
from bot.runtime import Bot
from bot.store.teams import get_team_or_none
from handlers import commands, context, forms, teams
from handlers.commands import Ask, Reply, Word
from handlers.forms import Command, Form
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """The card's menu, the forms behind it, and the words for reading and changing bets."""
    routes.action(Act.NEW_BET)(on_new)
    routes.view(Modal.BET)(on_place)
    routes.action(Act.CARD_MORE)(on_more)
    routes.action(f"{Act.DO}:edit")(on_edit)
    routes.view(Modal.EDIT_BET)(on_save)
    for kind in ("pause", "resume", "withdraw"):
        routes.action(f"{Act.DO}:{kind}")(on_change)
    routes.action(Act.LIST_PAGE)(on_page)
    commands.add_words(
        Word("new", "new [title]", "places a bet", run_new, modal=True),
        Word("list", "list [all]", "the team's bets that have not ended, or all", run_list, act="list"),
        Word("show", "show B-7", "one bet in full", run_show, act="list"),
        Word("history", "history B-7", "everything that happened to a bet", run_history, act="list"),
        Word("pause", "pause [B-7] [until DATE]", "stops a bet's clock; without a key the team's", run_pause, True),
        Word("resume", "resume [B-7]", "lets a bet go on; without a key the team", run_resume, True),
        Word("withdraw", "withdraw B-7", "takes back a bet that was a mistake", run_withdraw, True),
    )


def run_new(ask: Ask) -> Reply:
    """`/bets new [title]`: the form, prefilled."""
    refuse_unless(ask.actor, ask.team, "place")
    private = {"team": ask.team.id, "channel": ask.request.channel}
    return commands.with_form(ask, new_bet_modal(ask.actor.user, ask.words, private), ask.words)


def on_new(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*New bet*: as `/bets new`, for the team of the button, else where it was pressed."""
    click = forms.click(body)
    with bot.reading() as tx:
        team = get_team_or_none(tx, click.value.get("team"))
    here = team.channel if team else str(click.channel)
    reply = commands.answer(bot, body, Command(click.user, here, "new", click.trigger_id))
    if reply.modal:
        context.show_modal(bot, click, reply.modal)
    elif reply.message:
        context.tell(bot, click, reply.message)
    ack()


def on_place(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Place bet*."""
    sent = forms.submission(body)
    actor = context.who(bot, sent.user)
    form = bet_form(sent.form)
    with bot.reading() as tx:
        team = context.find_team(tx, actor, sent.private.get("team"))
    refuse_unless(actor, team, "place")
    context.know_people(bot, form.owners, team, "owners", "press Place bet")
    with context.once(bot, body) as tx:
        bet = do_place_bet(tx, bot.now(), actor, team, form)
    with bot.reading() as tx:
        similar = get_similar(tx, actor, bet.title, bet.problem, bet.hypothesis)
    ack()
    there = str(sent.private.get("channel") or team.channel)
    context.tell_sent(bot, sent, there, placed_answer(bet, team.channel, similar))


def bet_form(form: Form, bet: Bet | None = None) -> BetForm:
    """What was typed; a text too long for Slack's forms had no field, so it stays as it is."""
    kept = bet_texts(bet) if bet else {}
    typed = {name: form.get(name, kept.get(name, "")) for name in BetForm.__dataclass_fields__}
    return BetForm(**typed | {"owners": tuple(typed["owners"] or ())})


def bet_texts(bet: Bet) -> dict[str, str]:
    """The texts of a bet as its form has them."""
    criteria = "\n".join(item.text for item in bet.kill_criteria)
    texts = {"problem": bet.problem, "hypothesis": bet.hypothesis, "kill_criteria": criteria}
    return texts | {"demo_link": bet.demo_link or ""}


def on_more(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*More*: everything that this person may do with the bet now."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        refuse_unless(actor, team, "read", bet.owners)
        acts = list_acts(tx, bot.now(), actor, team, bet)
    context.show_modal(bot, click, more_modal(bet, acts))
    ack()


def on_edit(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Edit*: the form with everything as it is."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        refuse_to_edit(actor, team, bet)
    context.show_modal(bot, click, edit_bet_modal(bet, context.menu_of(click)))
    ack()


def on_save(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Save* of an edited bet."""
    sent = forms.submission(body)
    actor = context.who(bot, sent.user)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
    form = bet_form(sent.form, bet)
    context.know_people(bot, set(form.owners) - set(bet.owners), team, "owners", "press Save")
    with context.once(bot, body) as tx:
        bet, team = context.find_bet(tx, actor, bet.id)
        bet, changed = do_edit_bet(tx, bot.now(), actor, team, bet, sent.private.get("version"), form)
    ack()
    context.tell_result(bot, sent, team.channel, edited_line(bet, changed))


def on_change(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Pause*, *Resume*, *Withdraw*: done at once, and the menu gives way to what was done."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        if click.suffix == "pause":
            bet = do_pause_bet(tx, bot.now(), actor, team, bet, None)
        else:
            change = {"resume": do_resume_bet, "withdraw": do_withdraw_bet}[click.suffix]
            bet = change(tx, bot.now(), actor, team, bet)
    ack()
    context.change_modal(bot, click, notice_modal(Modal.NOTICE, "Done", decided_line(bet, click.suffix, team.zone)))


def on_page(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Next* and *Previous* of a list or a history."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    page = forms.whole(click.value.get("page"))
    with bot.reading() as tx:
        if click.value.get("what") == "history":
            bet, team = context.find_bet(tx, actor, click.value.get("bet"))
            shown = get_history(tx, bot.now(), actor, team, bet, page)
        else:
            team = context.find_team(tx, actor, click.value.get("team"))
            shown = get_list(tx, bot.now(), actor, team, bool(click.value.get("all")), page)
    context.tell(bot, click, shown, replace=True)
    ack()


def run_list(ask: Ask) -> Reply:
    """`/bets list [all]`."""
    word = ask.words.lower()
    if word not in ("", "all"):
        raise Refusal(own("Write `/bets list` for what has not ended, or `/bets list all`."))
    return Reply(get_list(ask.tx, ask.now, ask.actor, ask.team, word == "all"))


def run_show(ask: Ask) -> Reply:
    """`/bets show B-7`."""
    bet, team = commands.find_one_bet(ask)
    return Reply(get_shown(ask.tx, ask.now, ask.actor, team, bet))


def run_history(ask: Ask) -> Reply:
    """`/bets history B-7`."""
    bet, team = commands.find_one_bet(ask)
    return Reply(get_history(ask.tx, ask.now, ask.actor, team, bet))


def run_pause(ask: Ask) -> Reply:
    """`/bets pause [B-7] [until DATE]`: the bet, or without a key the team."""
    if not _names_bet(ask):
        return teams.pause_team(ask, ask.words)
    bet, team, rest = commands.find_bet(ask, ask.words)
    until = _read_until(ask, team, rest)
    bet = do_pause_bet(ask.tx, ask.now, ask.actor, team, bet, until)
    return Reply(answer(decided_line(bet, "pause", team.zone)))


def _read_until(ask: Ask, team: Team, text: str) -> date | None:
    if not text:
        return None
    word, _, day = text.partition(" ")
    if word.lower() != "until":
        raise Refusal(own("Write `/bets pause B-7` or `/bets pause B-7 until friday`."))
    return commands.read_date(ask, team, day)


def run_resume(ask: Ask) -> Reply:
    """`/bets resume [B-7]`: the bet, or without a key the team."""
    if not _names_bet(ask):
        return teams.resume_team(ask, ask.words)
    bet, team = commands.find_one_bet(ask)
    bet = do_resume_bet(ask.tx, ask.now, ask.actor, team, bet)
    return Reply(answer(decided_line(bet, "resume", team.zone)))


def run_withdraw(ask: Ask) -> Reply:
    """`/bets withdraw B-7`."""
    bet, team = commands.find_one_bet(ask)
    bet = do_withdraw_bet(ask.tx, ask.now, ask.actor, team, bet)
    return Reply(answer(decided_line(bet, "withdraw", team.zone)))


def _names_bet(ask: Ask) -> bool:
    return ask.bet is not None or parse_key(ask.words.partition(" ")[0]) is not None
