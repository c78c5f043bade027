"""What the demo's page may do besides what people do in Slack: tell the time, and let it pass."""

from datetime import datetime, time, timedelta
from time import monotonic, sleep

from sqlalchemy import Connection, select

from bot.actions.teams import get_next_lines, get_schedule
from bot.demo.fake_slack import World
from bot.demo.story import CHANNEL, PEOPLE, ZONE
from bot.domain.calendar import local_instant, reminder_day, reminder_instant, week_of
from bot.domain.records import Team
from bot.runtime import Bot
from bot.store import occurrences, people
from bot.store.claims import count_sent_posts, get_counts
from bot.store.comparisons import list_comparisons
from bot.store.samples import list_rounds
from bot.store.tables import comparisons, sample_rounds
from bot.store.tables import occurrences as occurrence_table
from bot.store.teams import get_team_of_channel
from bot.work import tick
from handlers.commands import told_words

# How long the clock waits for what the bot is posting, and how often it looks.
REST_SECONDS, GLANCE_SECONDS = 30.0, 0.02
# The lines of the week, as the clock's button names them.
SHOWN = {
    "checkin": "check-in",
    "reminder": "reminder",
    "samples": "sample predictions",
    "decisions": "decisions",
    "close": "close and digest",
}


class Controls:
    """The clock bar's way to the workspace and the bot."""

    zone = ZONE

    def __init__(self, world: World, bot: Bot) -> None:
        self._world, self._bot = world, bot
        self.people = [{"id": user, "name": name, "role": role} for user, name, _, role, _ in PEOPLE]
        self.commands = [_shown(usage, hint) for usage, hint in (*told_words(), ("help", "what I know"))]

    def now(self) -> datetime:
        """The workspace's time."""
        return self._world.clock.utcnow()

    def next_event(self) -> tuple[str, datetime] | None:
        """What the bot does next by itself; while the team pauses, that it goes on again."""
        if back := self._pause_ends():
            return "the pause ends", back
        found = [(at, SHOWN[line]) for line, at in self._lines().items() if at is not None and line in SHOWN]
        found += [(at, "reminder") for at in self._personal()] + self._closing()
        at, label = min(found, default=(None, ""))
        return (label, at) if at else None

    def advance(self, to: datetime) -> bool:
        """Lets time pass until `to`, stopping wherever something is due, as it would pass by itself; returns whether
        the bot posted anything meanwhile."""
        self._rest()
        before = self._count_posted()
        while (following := self.next_event()) and following[1] <= to:
            self._arrive(following[1])
        self._arrive(to)
        return self._count_posted() > before

    def _arrive(self, at: datetime) -> None:
        if at > self.now():
            self._world.clock.move_to(at)
        tick.once(self._bot)
        self._rest()

    def _rest(self) -> None:
        """Returns once the bot has nothing left to do now; what the other thread of it is about to post, such as a
        picture that it draws first, would else stand at the hour to which the clock moves meanwhile."""
        until = monotonic() + REST_SECONDS
        while monotonic() < until:
            if self._world.pending_events() or tick.settle(self._bot):
                self._world.deliver()
            elif self._is_sending():
                sleep(GLANCE_SECONDS)
            else:
                return

    def _is_sending(self) -> bool:
        with self._bot.reading() as tx:
            return get_counts(tx)["sending"] > 0

    def _count_posted(self) -> int:
        with self._bot.reading() as tx:
            return count_sent_posts(tx)

    def _pause_ends(self) -> datetime | None:
        """Midnight after the last day of the team's pause, if it has one."""
        with self._bot.reading() as tx:
            team = get_team_of_channel(tx, CHANNEL)
        if team is None or team.paused_until is None:
            return None
        return local_instant(team.paused_until + timedelta(days=1), time(0), team.zone)

    def _team(self, tx: Connection) -> Team | None:
        """The team while it is at work; of one that pauses nothing is due."""
        team = get_team_of_channel(tx, CHANNEL)
        return team if team and not team.paused_at else None

    def _lines(self) -> dict[str, datetime | None]:
        with self._bot.reading() as tx:
            team = self._team(tx)
            if team is None:
                return {}
            lines = get_next_lines(tx, team, self.now())
        return lines | {"reminder": None}

    def _closing(self) -> list[tuple[datetime, str]]:
        """When what people judge now closes."""
        now = self.now()
        with self._bot.reading() as tx:
            team = self._team(tx)
            rounds = list_rounds(tx, sample_rounds.c.closed_at.is_(None)) if team else []
            compared = list_comparisons(tx, comparisons.c.closed_at.is_(None)) if team else []
        found = [(one.closes_at, "result of samples") for one in rounds]
        found += [(one.closes_at, "result of a comparison") for one in compared]
        return [(at, label) for at, label in found if at > now]

    def _personal(self) -> list[datetime]:
        """Reminders, which come at each person's own hour, and what somebody snoozed."""
        now = self.now()
        with self._bot.reading() as tx:
            team = self._team(tx)
            if team is None:
                return []
            week, schedule = week_of(now, team.zone), get_schedule(team, now)
            day = reminder_day(schedule, week, occurrences.get_prompted_at(tx, team.id, week.label))
            asked = occurrences.list_asked(tx, team.id, week.label)
            zones = {user: person.zone or team.zone for user, person in people.list_people(tx, asked).items()}
            snoozed = select(occurrence_table.c.due_at).where(occurrence_table.c.state == "pending")
            found = list(tx.execute(snoozed).scalars())
        if day and schedule.reminder_time:
            found += [reminder_instant(day, schedule.reminder_time, zones.get(user, team.zone)) for user in asked]
        return [at for at in found if at > now]


def _shown(usage: str, hint: str) -> dict[str, str]:
    """A word of the command as the page completes it, where nothing is marked up."""
    name, _, more = usage.partition(" ")
    return {"name": name, "usage": more, "hint": hint.replace("`", "")}
