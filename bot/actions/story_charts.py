"""The story of a bet's prediction sets: in words for the one who asks, and as a chart in their DM."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.predictions import get_story
from bot.actions.samples import list_judged
from bot.domain.records import Actor, Bet, Team
from bot.render.predictions import Version
from bot.render.story_charts import chart_data, story_chart_message, story_picture, with_chart
from bot.store.comparisons import list_comparisons, list_hidden
from bot.store.outbox import insert_post
from bot.store.predictions import list_ready
from bot.store.tables import comparisons, sample_draws


def do_tell_story(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, link: str) -> dict[str, Any]:
    """The story in words; the chart goes to the person's DM, once as long as it stays the same and nothing was compared
    since. Sets that are compared blindly now are in no chart, and one that was not sent yet is dropped."""
    message = get_story(tx, actor, team, bet)
    judged, hidden = list_judged(tx, sample_draws.c.bet_id == bet.id), list_hidden(tx, bet.id)
    ready = list_ready(tx, [bet.id]).get(bet.id, [])
    versions = [Version(one, judged.get(one.id)) for one in ready if one.id not in hidden]
    data = chart_data(versions)
    if data is None:
        return message
    told = [data, [one.id for one in list_comparisons(tx, comparisons.c.bet_id == bet.id)]]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
    chart = story_chart_message(bet, story_picture(bet, versions, data))
    key, guard = f"story:{bet.id}:{actor.user}:{digest}", {"if": "not_compared", "bet": bet.id}
    guard |= {"sets": [one.found.id for one in versions], "picture": True}
    insert_post(tx, now, key, chart, team_id=team.id, user=actor.user, guard=guard)
    return with_chart(message, link)
