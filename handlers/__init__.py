"""Listeners: each module translates payloads of one feature into actions, and registers itself."""

from slack_bolt import App

from handlers import (
    absences,
    assumptions,
    bets,
    checkins,
    commands,
    comparisons,
    criteria,
    decisions,
    demos,
    events,
    graveyard,
    hindsight,
    home,
    nudges,
    portfolio,
    predictions,
    samples,
    scope_acts,
    scope_items,
    scoping,
    teams,
    tokens,
    unknown,
    updates,
)
from handlers.routing import ANY, Routes, on_nothing

MODULES = (
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
    demos,
    nudges,
    predictions,
    samples,
    comparisons,
    graveyard,
    hindsight,
    absences,
    teams,
    tokens,
    home,
)


def register(app: App) -> None:
    """Puts every listener behind Bolt."""
    routes = Routes(unknown.on_press, unknown.on_form)
    for module in MODULES:
        module.register(routes)
    # Bolt tries one after the other: what comes most often is first.
    app.command("/bets")(commands.on_command)
    app.action(ANY)(routes.on_press)
    app.event(ANY)(events.keep)
    app.view(ANY)(routes.on_form)
    app.shortcut(ANY)(routes.on_shortcut)
    app.view_closed(ANY)(on_nothing)
