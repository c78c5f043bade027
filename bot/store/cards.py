"""Where people find the cards of bets in Slack."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.domain.links import message_link
from bot.domain.records import Bet
from bot.store.db import listed
from bot.store.meta import BOT, get_meta
from bot.store.prepared import find
from bot.store.tables import outbox

_POSTED = select(outbox.c.id, outbox.c.channel, outbox.c.ts).where(outbox.c.id.in_(listed()), outbox.c.ts.is_not(None))


def list_card_links(tx: Connection, bets: Iterable[Bet]) -> dict[int, str]:
    """The addresses of the cards by the id of their bet, of those that were posted; none where Slack never said under
    which address the workspace is opened."""
    workspace = json.loads(get_meta(tx, BOT) or "{}").get("url") or ""
    cards = {bet.card_id: bet.id for bet in bets if bet.card_id} if workspace else {}
    rows = find(tx, _POSTED, wanted=list(cards)) if cards else []
    links = {cards[row.id]: message_link(workspace, row.channel, row.ts) for row in rows}
    return {bet_id: link for bet_id, link in links.items() if link}
