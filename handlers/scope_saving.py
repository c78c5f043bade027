"""A window of a scope is saved: at every press, whole or not, beside what others have written meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from bot.actions.graveyard import get_similar
from bot.actions.scope_gaps import get_wrong, happened_lines
from bot.actions.scoping import do_begin_scope, do_begin_scope_of, do_save_draft
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.domain.scoping import REVIEW, Document, Scope, says
from bot.render.ids import decode
from bot.render.scope_forms import Clash, Draft, scope_modal
from bot.runtime import Bot
from bot.store.bets import get_bet
from bot.store.scopes import get_scope_or_none
from handlers import context
from handlers.scope_input import read_step

SIMILAR_AT = 2
NO_TITLE = "Give it a title first: what would you say in one breath?"


@dataclass(frozen=True)
class Saved:
    """What a save left: the scope as it is now, the window that shows it, and what is wrong with it, by field."""

    bet: Bet
    team: Team
    scope: Scope
    draft: Draft
    wrong: dict[str, str]

    @property
    def clashed(self) -> bool:
        return bool(self.draft.clashes)


def draft_of(bet: Bet, team: Team, scope: Scope, mark: int = 0, **more: Any) -> Draft:
    """A saved scope as its forms show it."""
    private = {"scope": scope.id, "revision": scope.revision}
    known: dict[str, Any] = {"in_review": scope.status == REVIEW, "happened": happened_lines(bet)}
    return Draft(scope.doc, private, bet.key, mark, here=team.channel, **known, **more)


def draw(bot: Bot, actor: Actor, draft: Draft, step: int) -> dict[str, Any]:
    """A step's window; beside the data stands past work that resembles the bet, each time it is drawn."""
    if step == SIMILAR_AT:
        with bot.reading() as tx:
            scope, doc = get_scope_or_none(tx, draft.private.get("scope")), draft.doc
            apart = scope.bet_id if scope else None
            found = get_similar(tx, actor, doc.title, doc.problem, doc.hypothesis, apart)
        draft = replace(draft, similar=found)
    return scope_modal(draft, step)


def save(bot: Bot, body: dict[str, Any], view: dict[str, Any], button: str, *, strict: bool = False) -> Saved:
    """Saves what stands in a step's window, and begins the scope if this is the first time.

    `strict`: what is wrong in this window is refused, and nothing saved; else it is kept as it is.
    """
    private, user = decode(view.get("private_metadata")), str(body["user"]["id"])
    actor = context.who(bot, user, private.get("channel"))
    typed = read_step(view)
    named = {"owners": set(typed.get("owners") or ()), "reviewer": {str(typed.get("reviewer") or "")}}
    know_named(bot, actor, private, named, button)
    with context.once(bot, body) as tx:
        saved = (save_typed if private.get("scope") else _begin)(tx, bot, actor, private, typed)
        if strict:
            refuse_wrong(saved, typed)
    return saved


def know_named(bot: Bot, actor: Actor, private: dict[str, Any], named: dict[str, set[str]], button: str) -> None:
    """Looks up whoever is named in a window of a scope for the first time; `named` by the fields."""
    with bot.reading() as tx:
        scope = get_scope_or_none(tx, private.get("scope"))
        known = {actor.user, "", *((*scope.doc.owners, scope.doc.reviewer) if scope else ())}
        bet_id = scope.bet_id if scope else private.get("bet")
        bet = context.find_bet(tx, actor, bet_id) if bet_id else None
        team = bet[1] if bet else context.find_team(tx, actor, private.get("team"))
    fresh = {field: users - known for field, users in named.items() if users - known}
    if fresh:
        # One look for all of them: Slack waits for the acknowledgement.
        context.know_people(bot, set().union(*fresh.values()), team, next(iter(fresh)), f"press {button}")


def _begin(tx: Connection, bot: Bot, actor: Actor, private: dict[str, Any], typed: dict[str, Any]) -> Saved:
    """The first save of a new scope, or of one for a bet that has none yet."""
    if private.get("bet"):
        bet, team = context.find_bet(tx, actor, private["bet"])
        scope = do_begin_scope_of(tx, bot.now(), actor, team, bet)
        # The window showed what the bet says, as the first revision does, also if somebody else began it meanwhile.
        return save_typed(tx, bot, actor, {"scope": scope.id, "revision": 1}, typed)
    team = context.find_team(tx, actor, private.get("team"))
    if not str(typed.get("title") or "").strip():
        raise Refusal(NO_TITLE, "title")
    bet, scope = do_begin_scope(tx, bot.now(), actor, team, Document(**typed))
    wrong = get_wrong(tx, bot.now(), team, bet, scope.doc, scope.author)
    return Saved(bet, team, scope, draft_of(bet, team, scope), wrong)


def save_typed(
    tx: Connection, bot: Bot, actor: Actor, private: dict[str, Any], typed: Document | dict[str, Any]
) -> Saved:
    before, seen = get_scope_or_none(tx, private.get("scope")), private.get("revision")
    bet, team = context.find_bet(tx, actor, before.bet_id if before else None)
    assert before is not None
    result = do_save_draft(tx, bot.now(), actor, team, before.id, seen, typed)
    # Somebody else has saved since this window was drawn: it forgets its fields and shows what is there now.
    mark = result.scope.revision if before.revision != seen else int(private.get("mark") or 0)
    clashes = {one.field: Clash(_as_text(one.mine), one.kept) for one in result.conflicts}
    bet = get_bet(tx, bet.id)
    return Saved(bet, team, result.scope, draft_of(bet, team, result.scope, mark, clashes=clashes), result.wrong)


def _as_text(mine: Any) -> str:
    return mine if isinstance(mine, str) else ", ".join(map(says, mine))


def refuse_wrong(saved: Saved, names: Iterable[str]) -> None:
    """Refused with what is wrong in the fields of these names."""
    if found := wrong_in(saved, names):
        raise Refusal(next(iter(found.values())), fields=found)


def wrong_in(saved: Saved, names: Iterable[str]) -> dict[str, str]:
    """What is wrong in the fields of these names, and a title that was cleared."""
    wrong = saved.wrong | ({} if saved.scope.doc.title.strip() else {"title": NO_TITLE})
    return {name: sentence for name, sentence in wrong.items() if name in names}
