"""Every message and view of a scope, built around one text that somebody typed everywhere they could."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.records import Bet
from bot.domain.scope_diff import diff_documents
from bot.domain.scoping import Assumption, AssumptionText, Document, Scope, Source
from bot.render import (
    assumptions,
    checkins,
    scope_changes,
    scope_forms,
    scope_lists,
    scope_prompt,
    scope_steps,
    scopes,
    updates,
)
from bot.render.criteria import AskedCriterion
from bot.render.scope_forms import Clash, Draft
from bot.render.scopes import ScopeFacts

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ZONE, CHANNEL, OWNER, WEEK = "Europe/Berlin", "C0TEAM", "U0OWNER", "2026-W49"
DAY = date(2026, 12, 4)


def document_of(text: str, items: int = 20) -> Document:
    """A scope in which everything is `text`, as long as a draft may hold it."""
    line, long = " ".join(text.split())[:500] or "x", text[:3_000]
    return Document(
        title=line[:150], problem=long, hypothesis=long, inputs=long, outputs=long, success=long, metric=long,
        sources=(Source(long or "x", long, "yes", long, long),) * items, no_data=long, tent=long, demo=long,
        assumptions=(AssumptionText(line, "labels", True, OWNER, DAY, long, "a1"),) * items, appetite_weeks="4",
        criteria=(f"{line[:450]} by 2026-12-04",) * items, out_of_scope=long, owners=(OWNER,), reviewer=OWNER,
    )  # fmt: skip


def scope_of(text: str, **values: Any) -> Scope:
    """A first version with that document."""
    base = Scope(1, 7, 1, "draft", document_of(text), 3, OWNER, "", None, None, None, None, T0, T0)
    return replace(base, **values)


def facts_of(text: str, bet: Bet, **values: Any) -> ScopeFacts:
    """A scope with what its message says beside."""
    line = " ".join(text.split())[:500]
    return ScopeFacts(bet, scope_of(text, **values), ZONE, [line] * 30, ["false"] * 20, {OWNER: text[:80] or "x"})


def assumption_of(text: str) -> Assumption:
    """A critical assumption that was found false."""
    line = " ".join(text.split())[:500] or "x"
    return Assumption(3, 7, "a1", 1, None, 0, line, "labels", True, text, OWNER, DAY, "false", OWNER, T0)


def scope_surfaces(text: str, bet: Bet) -> dict[str, dict[str, Any]]:
    """Each builder with `text` wherever a person could have typed it; the key is module.function."""
    doc, line = document_of(text), " ".join(text.split())[:500] or "x"
    clashes = {name: Clash(text[:3_000], name == "problem") for name in scope_steps.LABELS}
    draft = Draft(
        doc, {"scope": 1, "revision": 3}, bet.key, 2, clashes, here=CHANNEL, note="Saved.", in_review=True, quoted=text
    )
    locked = {"status": "locked", "locked_at": T0, "signed_off_by": OWNER, "version": 2, "reason": text[:3_000]}
    diffs = diff_documents(Document(), doc)
    rest = assumption_of(text)
    asked = [assumptions.AskedAssumption(replace(rest, id=number), line[:80], ZONE) for number in range(9)]
    criteria = [AskedCriterion(replace(bet.kill_criteria[0], id=number), line[:80], ZONE) for number in range(9)]
    many = [replace(bet, id=number) for number in range(10)]
    due = {one.id: [replace(rest, id=10 * one.id + number) for number in range(6)] for one in many}
    fit = many[: updates.count_fitting(many, due, ())]
    return {
        "updates.updates_modal due": updates.updates_modal(updates.UpdatesForm(1, fit, {}, due=due, noted={0: rest})),
        **{
            f"scope_forms.scope_modal {step}".removesuffix(" 1"): scope_forms.scope_modal(draft, step)
            for step in (1, 2, 3)
        },
        "scope_forms.saved_modal": scope_forms.saved_modal(draft, [line] * 30),
        "scope_forms.change_modal": scope_forms.change_modal(bet, {"bet": 7}),
        "scope_lists.source_modal": scope_lists.source_modal(Source(line, line, "no", line[:200], text[:3_000]), {}),
        "scope_lists.assumption_modal": scope_lists.assumption_modal(doc.assumptions[0], {}),
        "scope_lists.criterion_modal": scope_lists.criterion_modal(doc.criteria[0], {}),
        "scopes.scope_message": scopes.scope_message(facts_of(text, bet)),
        "scopes.scope_message review": scopes.scope_message(facts_of(text, bet, status="review")),
        "scopes.scope_message locked": scopes.scope_message(facts_of(text, bet, **locked)),
        "scopes.asked_message": scopes.asked_message(facts_of(text, bet, status="review", requested_by=OWNER)),
        "scopes.answered_message": scopes.answered_message(facts_of(text, bet, **locked)),
        "scopes.answered_message changed": scopes.answered_message(facts_of(text, bet), line[:80]),
        "scopes.locked_message": scopes.locked_message(facts_of(text, bet, **locked)),
        "scopes.dropped_message": scopes.dropped_message(bet, scope_of(text, version=2), text),
        "scopes.passed_message": scopes.passed_message(bet, scope_of(text, status="review"), text),
        "scope_changes.changed_message": scope_changes.changed_message(facts_of(text, bet, **locked), diffs),
        "scope_prompt.nothing_new_answer": scope_prompt.nothing_new_answer(False),
        "assumptions.later_modal": assumptions.later_modal(bet, rest, DAY, {"bet": 7}),
        "assumptions.assumption_answer": assumptions.assumption_answer(bet, rest, "false", True),
        "assumptions.false_message": assumptions.false_message(bet, rest, line[:80]),
        "assumptions.false_message corrected": assumptions.false_message(bet, rest, line[:80], line[:80]),
        "checkins.prompt_message with assumptions": checkins.prompt_message(
            bet, 4, WEEK, "What?", [OWNER], criteria, asked
        ),
    }
