"""The words of `/bets`, as one table: the same for the command, for a mention and for help."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.teams import refuse_to_set_up
from bot.domain.bets import allowed
from bot.domain.dates import parse_date
from bot.domain.errors import Refusal, own
from bot.domain.records import Actor, Bet, Person, Team
from bot.domain.synonyms import button_for, command_for
from bot.domain.words import clip, nearest, parse_key
from bot.domain.zones import local_date
from bot.holidays import holidays_around
from bot.render import help as help_view
from bot.render.ids import Act
from bot.render.kit import INPUT, unfit_answer, without
from bot.render.teams import set_up_answer, which_team_answer
from bot.runtime import Bot
from bot.store.bets import get_bet_by_card, get_bet_by_number
from bot.store.outbox import get_post_at
from bot.store.people import get_person
from bot.store.teams import get_team, get_team_of_channel, list_teams
from handlers import context, forms
from handlers.forms import Command
from handlers.routing import Routes


@dataclass(frozen=True)
class Ask:
    """One command as it reaches its function: who, in which team, with which words, in which transaction.

    `bet` is the bet in whose thread it was said, if any.
    """

    bot: Bot
    tx: Connection
    now: datetime
    actor: Actor
    team: Team
    request: Command
    words: str
    bet: Bet | None = None


@dataclass(frozen=True)
class Reply:
    """What only the asker sees: a message, or a modal."""

    message: dict[str, Any] | None = None
    modal: dict[str, Any] | None = None


@dataclass(frozen=True)
class Word:
    """One word of `/bets`. `modal`: its answer is a form, which a mention cannot open by itself; `everywhere`: it reads
    all the asker's teams, not just the one it was said in; `names` finds whom the words name, to be looked up first;
    `act`: the right without which it says no, so that help leaves it out for guests (what is not theirs at all takes
    the right to decide)."""

    name: str
    usage: str
    hint: str
    run: Callable[[Ask], Reply]
    writes: bool = False
    modal: bool = False
    everywhere: bool = False
    names: Callable[[str], list[str]] | None = None
    act: str = "decide"

    @property
    def keyed(self) -> bool:
        """Whether a bet's key may stand behind it, as its usage says."""
        return "B-7" in self.usage


WORDS: dict[str, Word] = {}


def add_words(*words: Word) -> None:
    """Each feature module brings its words when it is registered."""
    WORDS.update({word.name: word for word in words})


def register(routes: Routes) -> None:
    """The button that opens a mention's form, and the choice of a team in a DM."""
    for act in (Act.OPEN_MODAL, Act.PICK_TEAM):
        routes.action(act)(on_again)


def on_command(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """`/bets ...`: the answer comes with the acknowledgement."""
    request = forms.command(body)
    reply = answer(bot, body, request)
    if reply.modal:
        context.show_modal(bot, request, reply.modal)
    ack({"response_type": "ephemeral"} | reply.message if reply.message else "")


def on_again(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The same words again, now with a trigger for a form or with a team chosen."""
    click = forms.click(body)
    request = Command(click.user, str(click.value.get("channel") or click.channel), str(click.value.get("words", "")),
                      click.trigger_id, click.response_url, click.value.get("thread"),
                      chosen=click.action_id.startswith(Act.PICK_TEAM))  # fmt: skip
    reply = answer(bot, body, request)
    if reply.modal:
        context.show_modal(bot, request, reply.modal)
    if reply.message:
        context.tell(bot, click, reply.message, replace=True)
    ack()


def answer(bot: Bot, body: dict[str, Any], request: Command) -> Reply:
    """Does what the words say, in a transaction of its own, once for each delivery."""
    with bot.reading() as tx:
        team = get_team_of_channel(tx, request.channel)
        lacking = lacks_team(team, request.channel)
        word, rest = (None, "") if lacking else find_word(request.text)
        known = word and context.who_if_known(tx, bot.now(), request.user, None if word.everywhere else team)
        if word and known and not word.writes:
            return run(bot, tx, word, rest, known, request, team)
    if word is None:
        return Reply(way_to_team(bot, request) if lacking else help_answer(_reader(bot, request), rest))
    actor = known or context.who(bot, request.user, place_of(request))
    if word.names and (named := word.names(rest)):
        _know_named(bot, named, actor, team)
    with context.once(bot, body) if word.writes else bot.reading() as tx:
        return run(bot, tx, word, rest, actor, request, get_team_of_channel(tx, request.channel))


def _know_named(bot: Bot, named: list[str], actor: Actor, team: Team | None) -> None:
    """Looks up whom the words name, before the transaction in which they are acted on."""
    if team is None:
        with bot.reading() as tx:
            teams = [one for one in list_teams(tx) if one.id in actor.team_ids]
        team = teams[0] if len(teams) == 1 else None
    if team:
        context.know_people(bot, named, team, None, "send it")


def with_form(ask: Ask, form: dict[str, Any], typed: str) -> Reply:
    """The form; what was `typed` and is too long for its field is given back beside it, with the whole command."""
    return Reply(unfit_answer(f"/bets {ask.request.text}") if len(typed) > INPUT else None, form)


def read_date(ask: Ask, team: Team, text: str) -> date:
    """The day that the words name where the asker is, in the team's working days."""
    today = local_date(ask.now, ask.actor.zone_or(team.zone))
    return parse_date(text, today, holidays_around(team.country, today))


def place_of(request: Command) -> str | None:
    """Where the asker has to be known: in the channel they ask in, or everywhere (None)."""
    word = WORDS.get(_split(request.text)[0].lower())
    return None if word and word.everywhere else request.channel


def _reader(bot: Bot, request: Command) -> Person:
    """Who asks for help, as last known: nothing changes by it."""
    with bot.reading() as tx:
        known = get_person(tx, request.user)
    return known or context.who(bot, request.user, request.channel).person


def help_answer(reader: Person, about: str = "") -> dict[str, Any]:
    """Every word with what it does, or the one that it is asked `about`; a guest is shown those that serve them."""
    word, _ = find_word(about)
    if word:
        return help_view.word_answer(word.usage, word.hint)
    # Whoever is no guest may come to do all of it, as a lead or while a team has none.
    role = "guest_owner" if reader.limited else "lead"
    shown = help_view.help_message(told_words(role))
    return shown if allowed("place", role) else without(shown, Act.NEW_BET)


def told_words(role: str = "lead") -> list[tuple[str, str]]:
    """(usage, what it does) of every word that somebody of this role may use, for those who list them to people."""
    return [(word.usage, word.hint) for word in WORDS.values() if allowed(word.act, role)]


def lacks_team(team: Team | None, channel: str) -> bool:
    """Whatever is asked in a channel without a team, even help: the answer is the way to one."""
    return team is None and not channel.startswith("D")


def way_to_team(bot: Bot, request: Command) -> dict[str, Any]:
    """The button that sets a team up, for whoever may press it; others are told whom to ask."""
    actor = context.who(bot, request.user, request.channel)
    with bot.reading() as tx:
        refuse_to_set_up(tx, actor, request.channel)
    return set_up_answer()


def run(bot: Bot, tx: Connection, word: Word, rest: str, actor: Actor, request: Command, team: Team | None) -> Reply:
    """One word's answer in the channel's team, in a DM in the one that is meant; without a team the way to one."""
    if team is None:
        teams = [team for team in list_teams(tx) if team.id in actor.team_ids]
        team = teams[0] if len(teams) == 1 else _team_of_key(tx, actor, word, rest)
    if team is None:
        return Reply(which_team_answer([team.channel for team in teams], request.text))
    return word.run(Ask(bot, tx, bot.now(), actor, team, request, rest, _bet_of_thread(tx, request)))


def _team_of_key(tx: Connection, actor: Actor, word: Word, rest: str) -> Team | None:
    """The team whose bet the words name, since a key is no other team's; None where they name none."""
    number = parse_key(rest.partition(" ")[0]) if word.keyed and actor.team_ids else None
    return get_team(tx, _bet_of_key(tx, actor, number).team_id) if number else None


def _bet_of_thread(tx: Connection, request: Command) -> Bet | None:
    post = get_post_at(tx, request.channel, request.thread_ts) if request.thread_ts else None
    return get_bet_by_card(tx, post.id) if post else None


def find_word(text: str) -> tuple[Word | None, str]:
    """The table's entry for the first word, and the rest; None is help. An unknown word names the nearest one."""
    first, rest = _split(text)
    if first.lower() in ("", "help"):
        return None, rest
    word = WORDS.get(first.lower())
    if word is None:
        meant = _what_was_meant(first, rest)
        hint = meant if "/bets help" in meant else f"{meant} `/bets help` lists what I know.".lstrip()
        raise Refusal(f"I do not know '{clip(first, 40)}': {own(hint)}")
    return word, rest


def _what_was_meant(first: str, rest: str) -> str:
    """A sentence that names the command, with the key that was said, or the button; empty when nothing is like it."""
    number = parse_key(first)
    if number:
        return f"did you mean `/bets show B-{number}`?"
    if re.fullmatch(r"\d{1,3}%", first):
        return f"did you mean `/bets update B-7 {first} ...`?"
    key = parse_key(rest.split()[0]) if rest else None
    button = button_for(first, f"B-{key or 7}")
    known = [*WORDS, "help"] if len(first) > 2 else []  # two letters are like anything
    near = command_for(first) or nearest(first.lower(), known)
    if button or near is None:
        # So many words are no command: as a rule somebody answers a reminder.
        return button or ("to answer for a bet, begin with `/bets update B-7`." if len(rest.split()) >= 3 else "")
    takes_key = near in WORDS and WORDS[near].keyed
    return f"did you mean `/bets {near}{f' B-{key}' if key and takes_key else ''}`?"


def _split(text: str) -> tuple[str, str]:
    """The first word and the rest; the command itself, said once more (`/bets /bets list`), counts for nothing."""
    words = text.split(maxsplit=1)
    while words and words[0].lower() in ("/bets", "bets"):
        words = words[1].split(maxsplit=1) if len(words) > 1 else []
    return (words[0] if words else ""), (words[1].strip() if len(words) > 1 else "")


def find_bet(ask: Ask, text: str) -> tuple[Bet, Team, str]:
    """The bet that the words begin with (or in whose thread they were said), its team, and the rest of the words.

    A key of a team the asker is not in gets the same answer as one that does not exist.
    """
    first, _, rest = text.partition(" ")
    number = parse_key(first)
    if number is None and ask.bet:
        return *context.find_bet(ask.tx, ask.actor, ask.bet.id), text
    if number is None:
        raise Refusal(own("Which bet? Name its key, such as B-7; `/bets list` shows them."))
    bet = _bet_of_key(ask.tx, ask.actor, number)
    return bet, get_team(ask.tx, bet.team_id), rest.strip()


def _bet_of_key(tx: Connection, actor: Actor, number: int) -> Bet:
    bet = get_bet_by_number(tx, number)
    if bet is None or bet.team_id not in actor.team_ids:
        raise Refusal(f"There is no B-{number} here.")
    return bet


def find_one_bet(ask: Ask) -> tuple[Bet, Team]:
    """The same for a word that takes a key alone: what stands behind it would be passed over in silence."""
    bet, team, rest = find_bet(ask, ask.words)
    if rest and parse_key(rest.split()[0]) is not None:
        raise Refusal(f"One bet at a time: send it for {bet.key} alone, then for the next.")
    if rest:
        raise Refusal(f"There I read a bet's key and nothing more: send it again without '{clip(rest, 40)}'.")
    return bet, team
