"""What is remembered of a channel that is out of reach, from its loss until a message goes through again."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete

from bot.store.db import listed
from bot.store.meta import get_meta, update_meta
from bot.store.prepared import change
from bot.store.tables import meta

# In the place of a team: the whole workspace, when what the bot may do there was cut.
WORKSPACE = 0
# Built once, since every message that goes through forgets them.
_FORGET = delete(meta).where(meta.c.key.in_(listed()))


@dataclass(frozen=True)
class Loss:
    """`look_at`: when to look next whether the channel is back. `seen`: Slack's description of the channel showed the
    loss, so that it will show its end too; else only a message can tell, and `tries` counts how often one was tried."""

    look_at: datetime
    tries: int = 0
    seen: bool = False


def get_loss(tx: Connection, team_id: int) -> Loss | None:
    """The loss of a team's channel; it outlives the channel's return until a message has gone through."""
    value = get_meta(tx, _key(team_id))
    if value is None:
        return None
    kept = json.loads(value)
    return Loss(**kept | {"look_at": datetime.fromisoformat(kept["look_at"])})


def update_loss(tx: Connection, team_id: int, loss: Loss) -> None:
    """Remembers the loss."""
    update_meta(tx, _key(team_id), json.dumps(asdict(loss) | {"look_at": loss.look_at.isoformat()}))


def delete_losses(tx: Connection, team_id: int) -> None:
    """A message has gone through: nothing is wrong with that channel, nor with the workspace."""
    change(tx, _FORGET, wanted=[_key(team_id), _key(WORKSPACE)])


def _key(team_id: int) -> str:
    return f"lost:{team_id}"
