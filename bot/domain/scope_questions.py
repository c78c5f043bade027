"""What scoping forgets to ask: each question stands where its answer belongs, until somebody gives it."""

from collections.abc import Callable

from bot.domain.scoping import Document, Source


def open_questions(doc: Document, place: str) -> list[str]:
    """What nobody has answered yet of the list or text `place` (`sources`, `assumptions` or `success`)."""
    return [asked for where, asked, is_answered in _QUESTIONS if where == place and not is_answered(doc)]


def _said(of_source: Callable[[Source], object]) -> Callable[[Document], bool]:
    """Said of every data source; of none where the scope uses no data."""
    return lambda doc: all(map(of_source, doc.sources)) if doc.sources else bool(doc.no_data.strip())


def _assumed(kind: str) -> Callable[[Document], bool]:
    """Written down as an assumption of that kind; without data there is nothing to assume about it."""
    return lambda doc: any(one.kind == kind for one in doc.assumptions) or (not doc.sources and bool(doc.no_data))


_QUESTIONS: tuple[tuple[str, str, Callable[[Document], bool]], ...] = (
    ("sources", "Is it stored at all, and where?", _said(lambda one: one.where and one.exists)),
    ("sources", "Who has looked since when it is there, and where the gaps are?", _said(lambda one: one.checked_by)),
    ("sources", "Why is it stored the way it is, and what was it made for?", _said(lambda one: one.why)),
    ("assumptions", "Who may read it, and who has to agree? (data access)", _assumed("access")),
    ("assumptions", "Does the sample you saw equal the whole? (data matches)", _assumed("matches")),
    ("assumptions", "What does the current system emit, field by field? (inputs/outputs)", _assumed("interface")),
    ("success", "What would a user say if it worked?", lambda doc: bool(doc.success.strip())),
)
