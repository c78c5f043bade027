"""Scopes made by the actions themselves, for tests of what comes after them."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.actions.scope_locking import do_sign_off
from bot.actions.scoping import do_begin_scope, do_request_sign_off
from bot.domain.records import Actor, Bet, Team
from bot.domain.records import Person as Known
from bot.domain.scoping import AssumptionText, Document, Scope, Source
from bot.store.bets import get_bet
from bot.store.people import update_membership, update_person
from bot.store.teams import get_team
from tests.conftest import ANA, GUEST, LEAD, LEE, RAJ, Office

WHOLE = Document(
    title="Rank tickets",
    problem="Support waits for hours",
    hypothesis="A small model is enough",
    inputs="Ticket text",
    outputs="A rank",
    sources=(Source("Tickets of 2025", "warehouse", "yes", RAJ, "for billing"),),
    assumptions=(
        AssumptionText("Labels exist", "labels", True, ANA, date(2026, 12, 7), "Count them"),
        AssumptionText("Agents read the rank", "people", False),
    ),
    success="I never scroll again",
    appetite_weeks="4",
    criteria=("Fewer than half agree by 2026-12-11",),
    owners=(ANA,),
    reviewer=RAJ,
)


def actor(office: Office, user: str) -> Actor:
    """Somebody of the team, as the bot knows them."""
    name = {ANA: "Ana", RAJ: "Raj", LEE: "Lee", LEAD: "Mia Lead", GUEST: "Gus Guest"}[user]
    return Actor(Known(user, name, guest=user == GUEST), frozenset({1}))


class Scoping:
    """One team's scoping by direct calls; everybody is known and in the channel."""

    def __init__(self, office: Office) -> None:
        self.office = office
        with office.bot.transaction() as tx:
            for user in (ANA, RAJ, LEE, LEAD, GUEST):
                update_person(tx, replace(actor(office, user).person, looked_up_at=office.bot.now()))
                update_membership(tx, office.bot.now(), 1, user, True)

    @property
    def team(self) -> Team:
        with self.office.bot.reading() as tx:
            return get_team(tx, 1)

    def do(self, act: Any, user: str, *args: Any, **more: Any) -> Any:
        """One action of that person, in a transaction of its own."""
        with self.office.bot.transaction() as tx:
            return act(tx, self.office.bot.now(), actor(self.office, user), self.team, *args, **more)

    def bet(self, bet: Bet) -> Bet:
        """The bet as it is now."""
        with self.office.bot.reading() as tx:
            return get_bet(tx, bet.id)

    def begin(self, doc: Document = WHOLE, by: str = ANA) -> tuple[Bet, Scope]:
        return self.do(do_begin_scope, by, doc)

    def lock(self, scope: Scope, by: str = ANA, reviewer: str = RAJ) -> Scope:
        """Asked for and signed off."""
        asked = self.do(do_request_sign_off, by, scope.id)
        return self.do(do_sign_off, reviewer, asked.id, asked.revision)

    def locked(self, doc: Document = WHOLE) -> tuple[Bet, Scope]:
        """An idea that is scoped."""
        bet, scope = self.begin(doc)
        scope = self.lock(scope)
        return self.bet(bet), scope
