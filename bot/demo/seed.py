"""Lives the demo's story week by week: through the bot's own actions and ticks, and people's messages in Slack."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.actions.answers import do_answer, do_give_opinion, do_say_no_change
from bot.actions.appetites import do_keep_bet
from bot.actions.assumptions import do_answer_assumption
from bot.actions.criteria import do_answer_criterion
from bot.actions.decisions import Ending, do_kill_bet, do_ship_bet
from bot.actions.people import do_know
from bot.actions.placing import BetForm, do_place_bet
from bot.actions.scope_locking import do_sign_off
from bot.actions.scoping import do_begin_scope, do_begin_scope_of, do_change_scope, do_request_sign_off, do_save_draft
from bot.actions.teams import do_set_up
from bot.demo.fake_slack import World
from bot.demo.seed_samples import compare, judge, list_open_parts, list_running, push
from bot.demo.story import CHANNEL, MIA, PEOPLE, STORIES, THIS_WEEK, ZONE, End, Kept, Said, Story
from bot.demo.story_samples import FIRST_PUSH, FRIDAY, JUDGES, NOTES, PUSHED, TUESDAY
from bot.demo.story_scopes import IDEA, SCOPES, Assumed, Written
from bot.domain.answers import Content
from bot.domain.records import Actor, Bet, Team
from bot.domain.scoping import AssumptionText, Document, Scope
from bot.domain.teams import default_settings
from bot.runtime import Bot
from bot.store.bets import get_bet
from bot.store.checkins import get_newest_checkin
from bot.store.outbox import get_post, get_post_by_key
from bot.store.scopes import list_standing
from bot.store.teams import get_team_of_channel
from bot.work import tick

WEEKS = 12
NO_CHANGE = "No change"
ARRIVAL = time(10, 20)
EVENING = time(17, 30)


def seed(bot: Bot, world: World, monday: date, tell: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Twelve weeks that end on `monday` at twenty past ten, when the new check-in has just gone out.

    The bot must get the world's events directly (`DirectDelivery`), so that each step is finished when it returns.
    `tell` hears after each week how far it is.
    """
    _Teller(bot, world, monday - timedelta(weeks=WEEKS)).tell_all(tell)


class _Teller:
    def __init__(self, bot: Bot, world: World, first: date) -> None:
        self.bot, self.world, self.first = bot, world, first
        self.bets: dict[str, int] = {}

    def tell_all(self, tell: Callable[[int, int], None]) -> None:
        self._set_stage()
        for week in range(1, WEEKS + 1):
            self._tell_week(week)
            tell(week, WEEKS + 1)
        self._at(WEEKS + 1, 0, time(10))
        for minute, (title, said) in enumerate(THIS_WEEK):
            self._at(WEEKS + 1, 0, time(10, 8 + minute * 5))
            self._say(title, said)
        self._at(WEEKS + 1, 0, ARRIVAL)
        for user, *_ in PEOPLE:
            self.world.reload(user)  # what only one person saw in those weeks is long gone
        tell(WEEKS + 1, WEEKS + 1)

    def _set_stage(self) -> None:
        self.world.clock.move_to(self._instant(1, 0, time(9)))
        for user, name, zone, _, guest in PEOPLE:
            self.world.add_user(user, name.split()[0].lower(), name, tz=zone, restricted=guest)
        users = [user for user, *_ in PEOPLE]
        self.world.add_channel(CHANNEL, "nlp-vision", members=users)
        self.world.join(CHANNEL, self.world.bot_user_id)
        self._settle()
        with self.bot.transaction() as tx:
            now, workspace = self.bot.now(), self.bot.identity.team_id
            for user in users:
                do_know(tx, now, self.bot.slack.get_person(user, workspace), user, {})
            lead = self._actor(MIA)
            do_set_up(tx, now, lead, CHANNEL, default_settings(ZONE, (MIA,)), {}, users)
        self._settle()

    def _tell_week(self, week: int) -> None:
        self._at(week, 0, time(9, 30))
        for story in STORIES:
            if story.start == week:
                self._place(story)
        self._at(week, 0, time(10))
        answers = [(story.title, said) for story in STORIES for said in story.said.get(week, ())]
        for number, (title, said) in enumerate(answers[::2]):
            self._move(week, 0, time(11 + number // 3, 13 * (number % 3) + number % 7))
            self._say(title, said)
        for hour in (10, 11):
            self._at(week, 1, time(hour))  # the reminders, at each person's own hour
        for story in STORIES:
            if week in story.answers:
                self._answer_criterion(story.title, *story.answers[week])
        for title, written in self._written():
            if week in written.checked:
                self._answer_assumption(title, *written.checked[week])
        for number, (title, said) in enumerate(answers[1::2]):
            self._move(week, 1, time(12 + number // 3, 13 * (number % 3) + number % 7))
            self._say(title, said)
        self._compare_versions(week)
        self._at(week, 1, time(17, 30))
        self._push_predictions(week, TUESDAY)
        if week > FIRST_PUSH:
            self._at(week, 2, time(11))
            self._judge_samples(week)
        self._at(week, 2, time(14))
        for story in STORIES:
            for said in story.opinions.get(week, ()):
                self._give_opinion(story.title, said)
        for title, written in self._written():
            if written.week == week:
                self._write_scope(title, written)
        self._at(week, 3, time(10))
        for story in STORIES:
            if story.end and story.end.week == week:
                self._at(week, 3, time(14))
                self._end(story.title, story.end)
            if story.kept and story.kept.week == week:
                self._at(week, 3, time(14))
                self._keep(story.title, story.kept)
        if week > FIRST_PUSH:
            self._at(week, 4, time(11))  # the round closes
        self._at(week, 4, time(15))
        self._push_predictions(week, FRIDAY)
        if week == IDEA.week:
            self._at(week, 4, time(17, 40))
            self._write_idea(IDEA)

    def _place(self, story: Story) -> None:
        form = BetForm(
            title=story.title,
            problem=story.problem,
            hypothesis=story.hypothesis,
            owners=story.owners,
            appetite_weeks=str(story.appetite),
            upside=story.upside,
            area=story.area,
            tags=story.tags,
            kill_criteria=story.kill_criteria,
        )
        with self.bot.transaction() as tx:
            bet = do_place_bet(tx, self.bot.now(), self._actor(story.owners[0]), self._team(), form)
        self.bets[story.title] = bet.id
        self._settle()

    def _say(self, title: str, said: Said) -> None:
        bet, team = self._bet(title), self._team()
        if said.text != NO_CHANGE and said.days is None:
            self.world.say(said.user, CHANNEL, said.text, thread_ts=self._thread(bet))
        else:
            with self.bot.transaction() as tx:
                now, actor = self.bot.now(), self._actor(said.user)
                checkin = get_newest_checkin(tx, team.id)
                assert checkin is not None
                if said.text == NO_CHANGE:
                    do_say_no_change(tx, now, actor, team, bet, checkin.id)
                else:
                    given = Content(said.text, said.confidence, said.days, said.blocked)
                    do_answer(tx, now, actor, team, bet, given, "modal")
        self._settle()

    def _answer_criterion(self, title: str, user: str, state: str) -> None:
        bet, team = self._bet(title), self._team()
        open_one = next(one for one in bet.kill_criteria if one.state == "open")
        with self.bot.transaction() as tx:
            now, actor, checkin = self.bot.now(), self._actor(user), get_newest_checkin(tx, team.id)
            assert checkin is not None
            do_answer_criterion(tx, now, actor, team, bet, open_one.id, state, checkin.id)
        self._settle()

    def _push_predictions(self, week: int, weekday: int) -> None:
        for title, versions in PUSHED.items():
            for one in versions:
                if (one.week, one.weekday) == (week, weekday):
                    self.world.clock.move_to(self._instant(week, weekday, EVENING))
                    push(self.bot, self._team(), self._bet(title), one)
                    self._settle()

    def _judge_samples(self, week: int) -> None:
        """People judge the week's samples one after the other, and write down what struck them."""
        parts = list_open_parts(self.bot)
        for minute, user in enumerate(JUDGES):
            self.world.clock.move_to(self._instant(week, 2, time(11, 20 + 9 * minute)))
            judge(self.bot, self._actor(user), parts)
        for user, title, text in NOTES.get(week, ()):
            part = next(one for one in parts if one.bet.title == title)
            note = f"{part.samples[0].sample.number}. {text}"
            self.world.say(user, CHANNEL, note, thread_ts=self._message(part.draw.round_id))

    def _compare_versions(self, week: int) -> None:
        running = list_running(self.bot)
        for minute, user in enumerate(JUDGES if running else ()):
            self.world.clock.move_to(self._instant(week, 1, time(16, 3 + 4 * minute)))
            compare(self.bot, self._actor(user), running)

    def _written(self) -> list[tuple[str, Written]]:
        return [(title, written) for title, versions in SCOPES.items() for written in versions]

    def _write_scope(self, title: str, written: Written) -> None:
        """A bet's scope, or its next version: written, asked for, and signed off an hour later."""
        self._at(written.week, 2, time(15))
        with self.bot.transaction() as tx:
            now, actor, team, bet = self.bot.now(), self._actor(written.by), self._team(), self._bet(title)
            if written.reason:
                scope = do_change_scope(tx, now, actor, team, bet, written.reason)
            else:
                scope = do_begin_scope_of(tx, now, actor, team, bet)
            doc = self._document(scope.doc, written)
            scope = self._ask(tx, actor, do_save_draft(tx, now, actor, team, scope.id, scope.revision, doc).scope)
        self._settle()
        self._at(written.week, 2, time(16))
        with self.bot.transaction() as tx:
            reviewer = self._actor(scope.doc.reviewer)
            do_sign_off(tx, self.bot.now(), reviewer, self._team(), scope.id, scope.revision)
        self._settle()

    def _write_idea(self, written: Written) -> None:
        with self.bot.transaction() as tx:
            actor = self._actor(written.by)
            doc = self._document(Document(), written)
            _, scope = do_begin_scope(tx, self.bot.now(), actor, self._team(), doc, area="support", tags=["nlp"])
            self._ask(tx, actor, scope)
        self._settle()

    def _ask(self, tx: Connection, actor: Actor, scope: Scope) -> Scope:
        return do_request_sign_off(tx, self.bot.now(), actor, self._team(), scope.id)

    def _document(self, before: Document, written: Written) -> Document:
        assumed = tuple(self._assumption(one) for one in written.assumed)
        return replace(before, **written.words, assumptions=assumed or before.assumptions)

    def _assumption(self, one: Assumed) -> AssumptionText:
        day = self.first + timedelta(weeks=one.week - 1)
        return AssumptionText(one.text, one.kind, one.critical, one.owner, day, one.how)

    def _answer_assumption(self, title: str, user: str, start: str, state: str) -> None:
        bet, team = self._bet(title), self._team()
        with self.bot.transaction() as tx:
            now, actor = self.bot.now(), self._actor(user)
            found = next(one for one in list_standing(tx, [bet.id])[bet.id] if one.text.startswith(start))
            do_answer_assumption(tx, now, actor, team, bet, found.id, state)
        self._settle()

    def _give_opinion(self, title: str, said: Said) -> None:
        with self.bot.transaction() as tx:
            actor = self._actor(said.user)
            do_give_opinion(tx, self.bot.now(), actor, self._team(), self._bet(title), said.confidence or 0, said.text)
        self._settle()

    def _end(self, title: str, end: End) -> None:
        ending = Ending(reason=end.reason, learning=end.learning, outcome=end.outcome)
        with self.bot.transaction() as tx:
            now, actor, team, bet = self.bot.now(), self._actor(end.by), self._team(), self._bet(title)
            (do_kill_bet if end.kind == "kill" else do_ship_bet)(tx, now, actor, team, bet, ending)
        self._settle()

    def _keep(self, title: str, kept: Kept) -> None:
        until = self.first + timedelta(weeks=kept.until - 1, days=4)
        with self.bot.transaction() as tx:
            now, actor, team, bet = self.bot.now(), self._actor(kept.by), self._team(), self._bet(title)
            do_keep_bet(tx, now, actor, team, bet, kept.reason, until, kept.criterion)
        self._settle()

    def _instant(self, week: int, weekday: int, at: time) -> datetime:
        day = self.first + timedelta(weeks=week - 1, days=weekday)
        return datetime.combine(day, at, ZoneInfo(ZONE)).astimezone(UTC)

    def _move(self, week: int, weekday: int, at: time) -> None:
        instant = self._instant(week, weekday, at)
        if instant > self.bot.now():
            self.world.clock.move_to(instant)

    def _at(self, week: int, weekday: int, at: time) -> None:
        self._move(week, weekday, at)
        tick.once(self.bot)
        self._settle()

    def _settle(self) -> None:
        while self.world.deliver() + tick.settle(self.bot):
            pass

    def _actor(self, user: str) -> Actor:
        with self.bot.reading() as tx:
            person = self.bot.slack.get_person(user, self.bot.identity.team_id)
            team = get_team_of_channel(tx, CHANNEL)
        return Actor(person, frozenset([team.id] if team else []))

    def _team(self) -> Team:
        with self.bot.reading() as tx:
            team = get_team_of_channel(tx, CHANNEL)
        assert team is not None
        return team

    def _bet(self, title: str) -> Bet:
        with self.bot.reading() as tx:
            return get_bet(tx, self.bets[title])

    def _thread(self, bet: Bet) -> str:
        with self.bot.reading() as tx:
            card = get_post(tx, bet.card_id or 0)
        assert card is not None and card.ts is not None
        return card.ts

    def _message(self, round_id: int) -> str:
        with self.bot.reading() as tx:
            post = get_post_by_key(tx, f"samples:{round_id}")
        assert post is not None and post.ts is not None
        return post.ts
