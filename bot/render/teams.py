"""Messages and the modal about a team's set-up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.calendar import say_week
from bot.domain.records import TeamSettings
from bot.domain.teams import DECIDERS, MATURITIES, OFF, WEEKDAYS, show_settings, week_words
from bot.domain.words import clip
from bot.domain.zones import describe_date, describe_instant
from bot.render import kit
from bot.render.ids import Act, Modal, cut_to_fit

TITLE = "Set up this team"
DAYS = [*((day, day.capitalize()) for day in WEEKDAYS), (OFF, "Off")]
DECIDER_NAMES = dict(zip(DECIDERS, ("Leads", "Owners and leads", "Anyone"), strict=True))
MATURITY_NAMES = dict(zip(MATURITIES, ("Young: few bets at once", "Mixed", "Mature: many bets at once"), strict=True))
ROW_NAMES = {OFF: "Keep and show them", "on": "Link only, for sensitive data"}
_LINK_ONLY = (
    "Link only: of every set that comes from now on I keep just the ids of its rows, a link to it and people's votes. "
    "Texts and images are neither stored nor posted: people judge what they see behind the link."
)
_LEADERLESS = (
    "No lead of this team is in the channel any more, so every member may change its settings: choose new *Leads*."
)
_LOST = {
    "is_archived": "it is archived",
    "not_in_channel": "I was removed from it",
    "channel_not_found": "it is gone, or I was removed from it",
}


@dataclass(frozen=True)
class SetUp:
    """A team's settings with what is said beside them; `leads` are names as typed, `overdue` is the week whose check-in
    comes at once."""

    settings: TeamSettings
    leads: Sequence[str]
    next_checkin: datetime | None
    paused_until: date | None = None
    overdue: str | None = None

    @property
    def first(self) -> str:
        """When the next check-in comes."""
        if self.next_checkin is None:
            return "off"
        due = describe_instant(self.next_checkin, self.settings.zone)
        return f"now, for the {say_week(self.overdue)}, then {due}" if self.overdue else due


def set_up_button() -> kit.Block:
    """The way to a set-up."""
    return kit.actions(kit.button(TITLE, Act.SET_UP, style="primary"))


def set_up_answer() -> dict[str, Any]:
    """In a channel that is no team yet: the way to make it one."""
    return kit.answer(
        "This channel has no team yet. Set it up once, and I start with your next check-in day.", set_up_button()
    )


def welcome_message() -> dict[str, Any]:
    """What the bot says when it comes into a channel: what it is for, and the way to begin."""
    text = "Hello, I am Bets. I help this team find out soon which of its ideas are worth going on with."
    more = (
        "Once a week I ask each bet's owners what they learned and how sure they are, "
        "and tell the team when it is time to stop one or to double down.\n"
        "I post nothing else here until somebody sets the team up. It takes a minute; the defaults are good."
    )
    return kit.message(f"{text} Press {TITLE} to begin.", [kit.section(f"{text}\n{more}"), set_up_button()])


def set_up_message(team: SetUp) -> dict[str, Any]:
    """What the welcome turns into: the finished set-up, for everybody."""
    text = f"This team is set up. Next check-in: {team.first}."
    blocks = [kit.section(f"*This team is set up.*\nNext check-in when this was saved: {team.first}.")]
    blocks += [kit.section(_week(team)), kit.section(_people(team))]
    return kit.message(
        text, [*blocks, kit.context("Place a bet with `/bets new`. Leads change this with `/bets config`.")]
    )


def set_up_done_answer(team: SetUp) -> dict[str, Any]:
    """After *Save* of a new team, for whoever saved it."""
    if team.next_checkin is None:
        return kit.answer("The team is set up. Check-ins are off: `/bets config` turns them on.")
    text = f"The team is set up. The first check-in comes {team.first}, for the bets that are live by then."
    return kit.answer(text, kit.section(_week(team)), kit.context("Place the first bet now: `/bets new`."))


def changed_answer(team: SetUp) -> dict[str, Any]:
    """After *Save* of a team that was set up before, for whoever saved it."""
    text = f"Saved. Next check-in: {team.first}."
    paused = [kit.context(_paused(team))] if team.paused_until else []
    return kit.answer(text, kit.section(_week(team)), *paused)


def _paused(team: SetUp) -> str:
    assert team.paused_until is not None
    return f"The team is paused until {describe_date(team.paused_until)}."


def _week(team: SetUp) -> str:
    lines = [f"*{name}* {when}" for name, when in week_words(team.settings)]
    country = team.settings.country
    holidays = f"holidays of {country} move a day" if country else "no holidays"
    return "\n".join([*lines, f"All in {team.settings.zone}; {holidays}."])


def _people(team: SetUp) -> str:
    leads = ", ".join(kit.esc_line(name, 80) for name in team.leads[:30]) or "none named yet"
    return f"*Leads* {leads}\n*Who may decide* {DECIDER_NAMES[team.settings.deciders].lower()}"


def team_modal(
    settings: TeamSettings, private: dict[str, Any], more: Sequence[kit.Block] = (), *, leaderless: bool = False
) -> dict[str, Any]:
    """*Set up this team*, filled with `settings`; the field names are the keys of `bets team set`. `more` stands below
    them; it is `leaderless` while no lead is in the channel."""
    now = show_settings(settings)

    def day(line: str, label: str, hint: str = "") -> kit.Block:
        return kit.field(f"{line}_day", label, kit.select(DAYS, now[f"{line}_day"]), hint=hint)

    def typed(key: str, label: str, hint: str = "", *, optional: bool = False) -> kit.Block:
        return kit.field(key, label, kit.text_input(str(now[key]), max_length=80), optional=optional, hint=hint)

    blocks = [
        typed("zone", "Time zone", "A name such as Europe/Berlin. The team's week runs on its clock."),
        day("checkin", "Check-in day"),
        typed("checkin_time", "Check-in time", "Such as 10:00."),
        typed("reminder_time", "Reminder time", "On the working day after, at each person's own hour; or off."),
        day("samples", "Samples day"),
        day("decisions", "Decisions day"),
        day("close", "Close day", "The week's digest. It comes after the check-in, in the same week."),
        typed("close_time", "Close time"),
        typed("country", "Holidays (country)", "A code such as DE; empty for none.", optional=True),
        kit.field("leads", "Leads", kit.people_input(settings.leads), hint="They change settings and pause the team."),
        kit.field("deciders", "Who may decide", kit.select(list(DECIDER_NAMES.items()), settings.deciders)),
        kit.field("maturity", "Team maturity", kit.select(list(MATURITY_NAMES.items()), settings.maturity),
                  hint="How far to spread: a seasoned team can carry more bets at once."),
    ]  # fmt: skip
    # A set-up takes a minute; what becomes of samples can wait until there are some.
    blocks += [] if "team" not in private else [
        typed("samples_kept_days", "Keep samples for (days)",
              "After that the texts and images of a prediction set are deleted, here and in its messages."),
        kit.field("samples_link_only", "Rows of prediction sets",
                  kit.select(list(ROW_NAMES.items()), now["samples_link_only"]), hint=_LINK_ONLY),
    ]  # fmt: skip
    blocks = [*([kit.context(_LEADERLESS)] if leaderless else []), *blocks]
    return kit.modal(Modal.TEAM, TITLE, [*blocks, *more], submit="Save", private=private)


def paused_answer(until: date | None, zone: str) -> dict[str, Any]:
    """After a pause of the team, for whoever asked for it."""
    end = f"until {describe_date(until)} ({zone}), that day included" if until else "until `/bets resume`"
    text = f"The team is paused {end}: no check-ins, reminders or digests."
    return kit.answer(f"{text} The days of its bets go on counting; `/bets pause B-7` stops one bet's clock.")


def resumed_answer(team: SetUp) -> dict[str, Any]:
    """After the end of a pause, for whoever ended it."""
    return kit.answer(f"The team goes on. What was due during the pause is not made up. Next check-in: {team.first}.")


def retried_answer(channel: str) -> dict[str, Any]:
    """After a lead asked to try a channel again that was out of reach."""
    return kit.answer(f"I try again in <#{channel}>: what waits for it goes out now.")


def lost_message(channel: str, code: str) -> dict[str, Any]:
    """To a lead, once: nothing can be posted in the channel any more."""
    why = _LOST.get(code, f"Slack says {code}")
    text = f"I cannot post in <#{channel}> any more: {why}. I wait, and go on by myself when it is back; "
    text += "`/bets resume` lets me try at once."
    return kit.answer(text)


def unposted_message(channel: str, code: str, text: str) -> dict[str, Any]:
    """To a lead, once: Slack takes one of the bot's messages in no form; `text` is its words, escaped already."""
    said = f"I could not post a message in <#{channel}>: Slack refused it ({code}), also as plain text. "
    shown = re.sub(r"(<[^>]*|&[^;]{0,4})…$", "…", clip(text, 300))  # no half of a mention or an escaped sign
    return kit.answer(f"{said}Everything else goes on. It was to say: {shown}")


def ownerless_message(name: str, bets: Sequence[tuple[str, str]], channel: str | None = None) -> dict[str, Any]:
    """To a lead, once: these bets (key, title) have no owner any more who could answer, since somebody left the
    workspace, or `channel` alone."""
    listed = "\n".join(f"• *{key}* {kit.esc_line(title, 80)}" for key, title in bets[:20])
    more = f"\nand {len(bets) - 20} more" if len(bets) > 20 else ""
    left = "one of their bets has" if len(bets) == 1 else f"{len(bets)} of their bets have"
    place = f"<#{channel}>" if channel else "the workspace"
    text = f"{kit.esc_line(name, 80)} has left {place}, and {left} no owner any more"
    advice = "Name somebody else with *More*, *Edit* on the card, or end the bet."
    return kit.message(f"{text}.", [kit.section(f"{text}:\n{listed}{more}"), kit.context(advice)])


def which_team_answer(channels: Sequence[str], words: str) -> dict[str, Any]:
    """In a DM with somebody of several teams (or none): *Which team?*, each shown by its channel."""
    if not channels:
        return kit.answer(
            "You are in no channel that has a team. Add me to your team's channel first: `/invite @Bets`."
        )
    fitting = [cut_to_fit({"channel": channel, "words": words}, "words") for channel in channels[:20]]
    if any(value["words"] != words for value in fitting):
        text = "That is longer than a button carries: say it in your team's channel, where it needs none."
        return kit.message(text, [kit.section(text), *kit.given_back(f"/bets {words}")])
    # Only Slack knows a channel's name, and shows it in a paragraph but not on a button.
    choices = [
        kit.section(f"<#{value['channel']}>", kit.button("Choose", Act.PICK_TEAM, value, suffix=str(index)))
        for index, value in enumerate(fitting)
    ]
    return kit.answer("Which team?", *choices)
