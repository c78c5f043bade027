"""Listeners: each module translates payloads of one feature into actions, and registers itself."""

from slack_bolt import App

from handlers import (
    absences,
    bets,
    checkins,
    commands,
    criteria,
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
    events,
    commands,
    portfolio,
    updates,
    checkins,
    criteria,
    bets,
    decisions,
    nudges,
    graveyard,
    hindsight,
    absences,
    teams,
    home,
)


def register(app: App) -> None:
    """Registers every listener; the first that matches wins, so no two share an id."""
    for module in MODULES:
        module.register(app)
