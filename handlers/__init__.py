"""Listeners: each module translates payloads of one feature into actions, and registers itself."""

from slack_bolt import App

from handlers import (
    absences,
    bets,
    checkins,
    commands,
    decisions,
    events,
    graveyard,
    hindsight,
    home,
    nudges,
    portfolio,
    teams,
    updates,
)

MODULES = (
    events, commands, portfolio, updates, checkins, bets, decisions, nudges, graveyard, hindsight, absences, teams, home,
)  # fmt: skip


def register(app: App) -> None:
    """Registers every listener; the first that matches wins, so no two share an id."""
    for module in MODULES:
        module.register(app)
