"""What may stand in a scope's draft, and what it needs before somebody signs it off."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.bets import behind_by, find_wrong, read_due, validate_appetite, validate_title
from bot.domain.errors import Refusal
from bot.domain.records import KillCriterion
from bot.domain.scoping import Document
from bot.domain.words import too_long

TEXT_LIMIT, LINE_LIMIT = 3_000, 500
MOST_ITEMS = 20
_LONG = ("problem", "hypothesis", "inputs", "outputs", "no_data", "success", "metric", "tent", "demo", "out_of_scope")

Wrong = dict[str, str]


def validate_draft(doc: Document, today: date, kept: Collection[str] = (), started: date | None = None) -> Wrong:
    """What is wrong with what was typed, by field, in a sentence each; what is missing is not wrong in a draft.

    `kept` are lines of kill criteria that the bet has already: their dates are not judged again. Weeks in the others
    count from the day on which it `started`, else from today.
    """
    wrong = {name: too_long(getattr(doc, name), TEXT_LIMIT) for name in _LONG}
    if doc.title.strip():
        wrong["title"] = _refused(lambda: validate_title(doc.title))
    if doc.appetite_weeks.strip():
        wrong["appetite_weeks"] = _refused(lambda: validate_appetite(doc.appetite_weeks))
    wrong["sources"] = _sources(doc)
    wrong["assumptions"] = _assumptions(doc)
    wrong["criteria"] = _criteria([line for line in doc.criteria if line not in kept], started or today, today)
    if doc.reviewer and doc.reviewer in doc.owners:
        wrong["reviewer"] = "The technical reviewer must not own the bet: name somebody else, or another owner."
    return {name: sentence for name, sentence in wrong.items() if sentence}


def missing_for_lock(doc: Document, today: date, kept: Collection[str] = (), started: date | None = None) -> Wrong:
    """What the scope lacks before it can be signed off, by field; what is wrong with it (`validate_draft`) included."""
    needs = {
        "title": (doc.title, "Give it a title: what would you say in one breath?"),
        "problem": (doc.problem, "Say in a sentence: whose problem is it, and what is it?"),
        "appetite_weeks": (doc.appetite_weeks, "Say how many weeks you are willing to spend before deciding again."),
        "success": (doc.success, "Say what a user would say if it worked."),
        "owners": ("".join(doc.owners), "Name at least one owner: somebody has to be asked."),
        "reviewer": (doc.reviewer, "Name a technical reviewer who does not own the bet."),
    }
    missing = {name: sentence for name, (said, sentence) in needs.items() if not said.strip()}
    if not any(one.what.strip() for one in doc.sources) and not doc.no_data.strip():
        missing["sources"] = "Add at least one data source, or say why it uses no data."
    if not any(line in kept or is_dated(line, today) for line in doc.criteria):
        missing["criteria"] = (
            "Add at least one kill criterion that ends with its date, such as by 2026-12-11 or week 3."
        )
    return missing | validate_draft(doc, today, kept, started)


def is_dated(line: str, today: date) -> bool:
    """Whether a kill criterion says by when."""
    try:
        return read_due(line, today, today) is not None
    except Refusal:
        return False


def pin_dates(doc: Document, today: date, kept: Iterable[str] = ()) -> Document:
    """The same with the dates of its kill criteria written out (`by friday` becomes `by 2026-12-04`).

    A draft is read for days to come, and then `friday` would be another one. Lines among `kept` stay as they are, and
    so does `by week 3`, which counts from the start.
    """
    as_they_are = set(kept)
    lines = (line if line in as_they_are else _pinned(line, today) for line in doc.criteria)
    return replace(doc, criteria=tuple(lines))


def with_happened(doc: Document, happened: Iterable[str]) -> Document:
    """The same with the kill criteria that `happened` as they were, whatever was typed in their place."""
    lost = (line for line in happened if line not in doc.criteria)
    return replace(doc, criteria=(*lost, *doc.criteria))


def _pinned(line: str, today: date) -> str:
    line, said = " ".join(line.split()), behind_by(line)
    if not said or said.casefold().startswith("week ") or not is_dated(line, today):
        return line
    at = line.rindex(said)
    return line[:at] + str(read_due(line, today, today)) + line[at + len(said) :]


def _criteria(lines: list[str], started: date, today: date) -> str:
    if len(lines) > MOST_ITEMS:
        return f"Keep it to {MOST_ITEMS} kill criteria."
    for line in lines:
        if found := wrong_criterion(line, started, today):
            return found
    return ""


def wrong_criterion(line: str, started: date, today: date) -> str:
    """What is wrong with a kill criterion that somebody just typed, in a sentence; empty when nothing is. Without a
    date it is due with the appetite, whose end is not judged here."""
    if found := too_long(line, LINE_LIMIT):
        return found
    try:
        return find_wrong(KillCriterion(line, read_due(line, started, today) or today), today)
    except Refusal as refusal:
        return refusal.message


def _sources(doc: Document) -> str:
    if len(doc.sources) > MOST_ITEMS:
        return f"Keep it to {MOST_ITEMS} data sources."
    if any(not one.what.strip() for one in doc.sources):
        return "Say of each data source what it is."
    texts = (text for one in doc.sources for text in (one.what, one.where, one.checked_by, one.why))
    return next((found for text in texts if (found := too_long(text, TEXT_LIMIT))), "")


def _assumptions(doc: Document) -> str:
    if len(doc.assumptions) > MOST_ITEMS:
        return f"Keep it to {MOST_ITEMS} assumptions."
    if any(not one.text.strip() for one in doc.assumptions):
        return "Say of each assumption what is assumed."
    for one in doc.assumptions:
        found = too_long(one.text, LINE_LIMIT) or too_long(one.how, TEXT_LIMIT)
        if found:
            return found
    return ""


def validate_check_at(day: date | None, today: date) -> str:
    """What is wrong with the day on which an assumption is checked: it must be today or later, within two years."""
    if day is None or today <= day <= today + timedelta(days=730):
        return ""
    return "That day has passed: choose today or later." if day < today else "Choose a day within the next two years."


def _refused(parse: Callable[[], object]) -> str:
    try:
        parse()
    except Refusal as refusal:
        return refusal.message
    return ""
