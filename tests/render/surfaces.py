"""Every message and view that the bot can show, built around one text that somebody typed everywhere they could."""

import inspect
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import bot.render
from bot.domain.demos import Try
from bot.domain.ledger import Line as Evidence
from bot.domain.policy import Advice
from bot.domain.rails import Rail
from bot.domain.records import Absence, Bet, Confidence, Decision, KillCriterion, Person, Update
from bot.domain.scope_state import ScopeState
from bot.domain.summary import Filter, Line
from bot.domain.teams import default_settings
from bot.domain.tokens import TeamToken
from bot.render import (
    absences,
    bet_forms,
    bet_lists,
    bets,
    checkins,
    criteria,
    decisions,
    demos,
    digest,
    evidence,
    graveyard,
    help,
    hindsight,
    home,
    nudges,
    portfolio,
    rails,
    start_votes,
    teams,
    tokens,
    updates,
)
from bot.render.bet_lists import Entry
from bot.render.bets import BetFacts
from bot.render.ids import Modal
from bot.render.scope_prompt import ScopePrompt
from tests.render.comparison_surfaces import comparison_surfaces
from tests.render.sample_surfaces import sample_surfaces
from tests.render.scope_surfaces import assumption_of, scope_surfaces

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ZONE, WEEK, CHANNEL, OWNER = "Europe/Berlin", "2026-W49", "C0TEAM", "U0OWNER"
LINK = "https://example.slack.com/archives/D1/p1"
DEMO = "https://demo.example/try?a=1&b=2"
# The entities that the bot itself writes around the typed text; every other one came alive from it.
OURS = {f"<@{OWNER}>", f"<#{CHANNEL}>", f"<{LINK}|The chart is in our direct message.>"}
OURS |= {"<https://demo.example/try?a=1&amp;b=2|demo.example>", f"<{LINK}|its card and thread>", f"<{LINK}|B-7>"}
DAY = date(2026, 12, 4)


def bet_of(text: str, **values: Any) -> Bet:
    """A bet whose every text is `text`, as far as the form would take it."""
    line = " ".join(text.split()) or "x"
    base = Bet(
        id=7, number=7, team_id=1, title=line[:150], problem=text, hypothesis=text, area=line[:100], upside="M",
        tags=(line[:40],), owners=(OWNER,), status="live", author=OWNER, appetite_weeks=4, appetite_people_weeks=4,
        created_at=T0, started_at=T0, ended_at=None, appetite_started_at=T0, appetite_until=None, paused_at=None,
        paused_until=None, paused_days=0, card_id=1, version=1, kill_criteria=(KillCriterion(line[:3000], DAY),) * 3,
    )  # fmt: skip
    return replace(base, **values)


def packet_of(text: str, number: int = 1, **values: Any) -> nudges.Packet:
    """A nudge on a bet whose every text is `text`, with as much evidence as there can be."""
    line = " ".join(text.split())[:200] or "x"
    reasons = (*[Evidence("criterion_met", -1.2, line, True, 3)] * 3, Evidence("index", 0.0, line))
    advice = Advice("kill", "kill", 1, 0.04, 0.25, 0.3, reasons, line, reasons * 7, reasons[:1], freed_pw=2.5)
    states = (("open", 3), ("passed", 4), ("failed", 5))
    criteria = tuple(replace(one, id=known, state=state) for one, (state, known) in zip(
        bet_of(text).kill_criteria, states, strict=True))  # fmt: skip
    tried = demos.tried_words([Try(OWNER, text[:300], T0)] * 9, {OWNER: text[:80]})
    standing = nudges.Standing(number, bet_of(text, kill_criteria=criteria), "kill", **values)
    known = Confidence(value=40, spark=(80, None, 40), weeks=("2026-W47", "2026-W48", WEEK))
    return nudges.Packet(standing, advice, known, 2.6, 4.0, 2.6, 4.0, (OWNER,), tried=tried)


def surfaces(text: str) -> dict[str, dict[str, Any]]:
    """Each builder of `render` with `text` wherever a person could have typed it; the key is module.function."""
    bet, name, line = bet_of(text), text[:80] or "x", " ".join(text.split())[:500]
    killed = replace(bet, status="killed", ended_at=T0)
    decision = Decision(1, 7, "kill", OWNER, text[:3000], text[:3000], "no", None, T0)
    facts = BetFacts(bet, T0, ZONE, {OWNER: name}, Confidence(value=60, previous=50, opinions=40, last_learning=text))
    facts = facts._replace(scope=ScopeState(0, 4, True, OWNER))
    idea = facts._replace(bet=replace(bet, status="idea", started_at=None))
    ended = facts._replace(bet=killed, decision=decision)
    update = Update(3, 7, OWNER, WEEK, text, 70, 2.0, text[:3000], False, False, False, 1, "modal", "q", T0, ts="1.0")
    token_rows = tokens.token_blocks([TeamToken(1, 1, "abcd", OWNER, T0, T0)] * 20, {OWNER: name}, ZONE, "bets-x")
    team = teams.SetUp(default_settings(ZONE, (OWNER,)), [name], T0)
    due = [(bet, assumption_of(text))]
    part = home.HomePart(1, CHANNEL, [bet], [bet], [facts], DAY, True, sign_offs=[bet], due=due)
    part = replace(
        part,
        cards={7: LINK},
        ballots=[home.Ballot(bet, blind, blind, "Fri 4 Dec 2026, 11:00") for blind in (True, False)],
    )
    shown = Line(bet, facts.confidence, (name,), 1.0, 4.0, 1.0, 4.0, (line,))
    page = portfolio.Page(
        CHANNEL, WEEK, Filter(tag=line[:40]), line, [shown] * 30, [shown] * 30, "Two bets.", 0, [line] * 9
    )
    packets = [packet_of(text, number) for number in range(3)]
    snoozed = nudges.snoozed_line(name, DAY)
    answered = [
        packet_of(text, 1, answered=snoozed, votable=False),
        packet_of(text, 2, result=nudges.result_line("Killed", name, DAY), votes=start_votes.tally_line(["yes"])),
    ]
    overdue = packets[0].bet.kill_criteria[:2]
    asks = [packet_of(text, number, overdue=overdue, earlier={overdue[0].text: text}) for number in range(3)]
    warnings = [nudges.warning_line(replace(bet, number=n), 28, 100, ZONE) for n in range(30)]
    asked = [
        criteria.AskedCriterion(KillCriterion(line or "x", DAY, "failed", number, OWNER, T0), name, ZONE)
        for number in range(9)
    ]
    picture = {"chart": "summary", "data": portfolio.chart_data([shown]), "alt": portfolio.chart_alt([shown])}
    grave = graveyard.Grave(killed, decision, name, 6.4, CHANNEL, ZONE)
    shared, odd = replace(bet, demo_link=DEMO), replace(bet, demo_link=text)
    tried = demos.tried_words([Try(OWNER, text[:300], T0)] * 9, {OWNER: name})
    entries = [
        Entry(T0, "demo_try", OWNER, {}, {"said": text}),
        Entry(T0, "edited", OWNER, {"title": text, "owners": [OWNER]}, {"title": text, "tags": [line[:40]]}),
        Entry(T0, "update", OWNER, {}, {"week": WEEK, "text": text, "blocked_by": text, "confidence": 5}),
        Entry(T0, "kill", OWNER, {}, {"reason": text, "learning": text, "outcome": "no"}),
        Entry(T0, "note", OWNER, {}, {"text": text}),
        Entry(T0, "hindsight", OWNER, {}, {"decision": 1, "verdict": line}),
        Entry(T0, "prediction_metric", OWNER, {}, {"label": line, "metric": text}),
    ]
    return (
        scope_surfaces(text, bet)
        | sample_surfaces(bet, text)
        | comparison_surfaces(bet, text)
        | {
            "bets.card_message": bets.card_message(facts, goes_on=True),
            "bets.card_message ended": bets.card_message(ended),
            "bets.card_message demo": bets.card_message(facts._replace(bet=shared, first_evidence=9)),
            "bets.card_message no demo": bets.card_message(facts._replace(bet=odd)),
            "bet_lists.show_message demo": bet_lists.show_message(facts._replace(bet=shared), tried),
            "demos.demo_message": demos.demo_message(shared, name),
            "demos.no_demo_message": demos.no_demo_message(shared),
            "demos.tried_modal": demos.tried_modal(shared, {}, text[:300]),
            "bet_forms.new_bet_modal": bet_forms.new_bet_modal(OWNER, text, {"team": 1}),
            "bet_forms.edit_bet_modal": bet_forms.edit_bet_modal(bet, {}),
            "bet_forms.more_modal": bet_forms.more_modal(bet, list(bet_forms.ACTIONS)),
            "bet_forms.placed_answer": bet_forms.placed_answer(bet, CHANNEL),
            "bet_forms.placed_answer similar": bet_forms.placed_answer(bet, CHANNEL, [grave] * 3),
            "bet_lists.list_message": bet_lists.list_message([facts] * 20, 1, 10, 200, 1, True),
            "bet_lists.show_message": bet_lists.show_message(facts, card_link=LINK),
            "bet_lists.show_message ended": bet_lists.show_message(ended),
            "bet_lists.history_message": bet_lists.history_message(bet, entries * 2, {OWNER: name}, ZONE, T0, 1, 3),
            **{
                f"decisions.decision_modal {kind}".removesuffix(" kill"): decisions.decision_modal(
                    kind, bet, {}, text, DAY, [Rail("concentration", line)]
                )
                for kind in decisions.FORMS
            },
            **{
                f"decisions.decided_notice {kind}": decisions.decided_notice(facts, replace(decision, kind=kind))
                for kind in ("double", "keep", "rebet", "reopen", "lapse")
            },
            "decisions.decided_notice undo": decisions.decided_notice(facts, replace(decision, kind="undo"), decision),
            "decisions.undone_notice": decisions.undone_notice(decisions.decided_notice(ended, decision)),
            "decisions.decided_notice": decisions.decided_notice(ended, decision),
            "checkins.checkin_message": checkins.checkin_message(
                checkins.RoundFacts(
                    WEEK, [(bet, [checkins.Named(name, True), checkins.Named(name, False, True)])] * 60, 3, 120
                )
            ),
            "checkins.prompt_message": checkins.prompt_message(bet, 4, WEEK, "What do we know now?", [OWNER]),
            "checkins.prompt_message with criteria": checkins.prompt_message(bet, 4, WEEK, "What?", [OWNER], asked),
            "criteria.criterion_answer": criteria.criterion_answer(bet, "failed", True),
            "nudges.decisions_message": nudges.decisions_message("Decisions", packets, warnings),
            "nudges.decisions_message asked": nudges.decisions_message("Decisions", asks, warnings),
            "nudges.decisions_message answered": nudges.decisions_message("Decisions", answered),
            "evidence.details_message": evidence.details_message(packets[0]),
            "start_votes.start_vote_modal": start_votes.start_vote_modal(bet, text, {"bet": 7}, "yes"),
            "start_votes.voted_modal": start_votes.voted_modal(["yes", "no"]),
            "checkins.reminder_message": checkins.reminder_message(CHANNEL, [bet] * 30, [bet] * 30, 4, snooze=True),
            "checkins.reminder_message of all": checkins.reminder_message(
                CHANNEL,
                [bet] * 30,
                [bet] * 30,
                4,
                [bet] * 30,
                [(bet, assumption_of(text))] * 30,
                snooze=True,
                cards={7: LINK},
            ),
            "checkins.over_message": checkins.over_message("2026-W49"),
            "checkins.done_message": checkins.done_message("2026-W49", all_in=False, over=True),
            "checkins.snoozed_message": checkins.snoozed_message("Wed 2 Dec 2026, 10:00 Europe/Berlin"),
            "checkins.confidence_question": checkins.confidence_question(3, bet.key),
            "updates.no_update_now_answer": updates.no_update_now_answer(bet.key),
            "updates.empty_note_answer": updates.empty_note_answer(),
            "checkins.not_recorded_answer": checkins.not_recorded_answer(text),
            "graveyard.graveyard_message": graveyard.graveyard_message(
                [grave] * graveyard.PAGE, 1, 9, 50, text, 1, "C0HERE"
            ),
            "graveyard.graveyard_message none": graveyard.graveyard_message([], 0, 1, 0, text, 1, CHANNEL),
            "digest.digest_message": digest.digest_message(
                digest.DigestFacts(
                    WEEK,
                    [digest.BetWeek(bet, [(name, update)] * 2, 50)] * 30,
                    3,
                    5,
                    [("placed", [bet] * 9), ("kill", [bet])],
                    [(bet, tried)] * 9,
                    ScopePrompt(1, [(bet, 3)] * 30),
                )
            ),
            "updates.updates_modal": updates.updates_modal(updates.UpdatesForm(1, [bet], {7: update}, [8], WEEK)),
            "updates.sent_answer": updates.sent_answer([bet.key]),
            "updates.sent_modal": updates.sent_modal([bet.key], 1, [8]),
            "updates.opinion_noted_modal": updates.opinion_noted_modal(bet, update, early=True),
            "updates.opinion_modal": updates.opinion_modal(bet, update, 40),
            "updates.confidence_modal": updates.confidence_modal(3, bet.key, "https://h/1"),
            "updates.recorded_answer": updates.recorded_answer(bet, update, early=False),
            "updates.confidence_answer": updates.confidence_answer(update, bet.key),
            "updates.taken_back_answer": updates.taken_back_answer(bet.key, text),
            "absences.away_modal": absences.away_modal(1, DAY),
            "absences.away_answer": absences.away_answer(name, DAY, DAY, ZONE, DAY),
            "absences.back_answer": absences.back_answer(name, [Absence(1, 1, OWNER, DAY, DAY)], DAY),
            "home.home_view": home.home_view([part] * 3),
            "rails.split_message": rails.split_message(bet, [(OWNER, name, 85, text), (OWNER, name, 30, text)]),
            "rails.alone_message": rails.alone_message(bet, f"{name} has been alone on this for 5 weeks"),
            "hindsight.hindsight_message": hindsight.hindsight_message(bet, decision, ZONE),
            "hindsight.judged_message": hindsight.judged_message(bet, decision, "right", ZONE),
            "help.help_message": help.help_message([("list [all]", "the bets")] * 30),
            "help.word_answer": help.word_answer("list [all]", "the bets"),
            "help.open_form_answer": help.open_form_answer(CHANNEL, text, "1.0"),
            "kit.refusal_answer": bot.render.kit.refusal_answer(f"I do not know {line}"),
            "kit.unfit_answer": bot.render.kit.unfit_answer(text),
            "kit.notice_modal": bot.render.kit.notice_modal(
                Modal.NOTICE, "Done", bet_forms.edited_line(bet, ["title"])
            ),
            "portfolio.summary_message": portfolio.summary_message(page, LINK),
            "portfolio.shared_message": portfolio.shared_message(page, name, picture),
            "portfolio.chart_message": portfolio.chart_message("The chart", picture),
            "portfolio.scoping_message": portfolio.scoping_message([idea] * 30, 30),
            "portfolio.empty_message": portfolio.empty_message(Filter(tag=line[:40]), True),
            "portfolio.empty_message owner": portfolio.empty_message(
                Filter(user=OWNER, tag=line[:40]), True, owner=Person(OWNER, name)
            ),
            "portfolio.empty_message nobody": portfolio.empty_message(Filter(user=name), True),
            "teams.set_up_answer": teams.set_up_answer(),
            "teams.welcome_message": teams.welcome_message(),
            "teams.set_up_message": teams.set_up_message(team),
            "teams.set_up_done_answer": teams.set_up_done_answer(team),
            "teams.changed_answer": teams.changed_answer(team),
            "teams.team_modal": teams.team_modal(team.settings, {}),
            "tokens.token_blocks": teams.team_modal(team.settings, {}, token_rows),
            "teams.team_modal set up": teams.team_modal(team.settings, {"team": 1, "version": 1}),
            "teams.paused_answer": teams.paused_answer(DAY, ZONE),
            "teams.resumed_answer": teams.resumed_answer(team),
            "teams.lost_message": teams.lost_message(CHANNEL, "is_archived"),
            "teams.retried_answer": teams.retried_answer(CHANNEL),
            "teams.unposted_message": teams.unposted_message(CHANNEL, "no_text", bot.render.kit.esc(text)),
            "teams.ownerless_message": teams.ownerless_message(name, [(bet.key, bet.title)]),
            "teams.which_team_answer": teams.which_team_answer([CHANNEL], text),
        }
    )


def builders() -> set[str]:
    """Every function of `render` that builds a message or a view, by its name."""
    found = set()
    for module in iter_modules(bot.render.__path__):
        rooms = import_module(f"bot.render.{module.name}")
        for name, function in inspect.getmembers(rooms, inspect.isfunction):
            ours = function.__module__ == rooms.__name__ and not name.startswith("_")
            if ours and name.endswith(("_message", "_modal", "_answer", "_view", "_notice", "_question")):
                found.add(f"{module.name}.{name}")
    return found
