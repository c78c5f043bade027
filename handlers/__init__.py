"""Listeners: each module translates payloads of one feature into actions, and registers itself."""

from slack_bolt import App

from handlers import (
    absences,
    assumptions,
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
    scope_acts,
    scope_items,
    scoping,
    teams,
    unknown,
    updates,
)

MODULES = (
    events,
    commands,
    portfolio,
    updates,
    checkins,
    criteria,
    assumptions,
    scoping,
    scope_items,
    scope_acts,
    bets,
    decisions,
    nudges,
    graveyard,
    hindsight,
    absences,
    teams,
    home,
    unknown,
)


def register(app: App) -> None:
    """Registers every listener; the first that matches wins, so no two share an id, and `unknown` is last."""
    for module in MODULES:
        module.register(app)
