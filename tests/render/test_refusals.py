"""A refusal's own marks stay marks wherever it is shown, and nothing that it quotes of people becomes one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.errors import Refusal, own
from bot.render import kit, predictions

ROOT = Path(__file__).parent.parent.parent
# What only a terminal shows.
TERMINAL = ("import", "cli")
SOURCES = [
    path
    for folder in ("bot/domain", "bot/actions", "bot/work", "bot/reports", "handlers")
    for path in sorted((ROOT / folder).glob("*.py"))
    if not path.name.startswith(TERMINAL)
]


def texts(node: ast.AST) -> Iterator[str]:
    """Every text in an expression that is not handed to `own`."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "own":
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from texts(child)


def refusals(path: Path) -> Iterator[ast.AST]:
    """What the file raises as refusals, and what it complains of in a line."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
        if name in ("Refusal", "BadLines", "complain"):
            yield call


def test_refusals_have_no_mark_but_code_of_their_own() -> None:
    found = [(path.name, text) for path in SOURCES for call in refusals(path) for text in texts(call)]
    assert len(found) > 200
    assert [one for one in found if "`" in one[1] or "*" in one[1]] == []


SENTENCE = "There is no '{}': " + own("use `/bets list` or name the columns `id`, `input`.")
SHOWN = "There is no '{}': use `/bets list` or name the columns `id`, `input`."


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*bold* `rm -rf`", "∗bold∗ ˋrm -rfˋ"),
        ("` <!here> `", "ˋ &lt;!here&gt; ˋ"),
        ("`/bets kill B-1`", "ˋ/bets kill B-1ˋ"),
        ("`<@U1>", "ˋ&lt;@U1&gt;"),
    ],
)
def test_code_is_code_and_what_is_quoted_of_people_is_dead(typed: str, shown: str) -> None:
    refusal, expected = Refusal(SENTENCE.format(typed), "title"), SHOWN.format(shown)
    assert refusal.message == refusal.fields["title"] == str(refusal) == SHOWN.format(typed)
    assert kit.refusal_answer(refusal.marked)["text"] == expected
    assert expected in str(predictions.unfit_message("a.csv", refusal.marked))


def test_a_sentence_too_long_is_cut_and_shows_it() -> None:
    shown = kit.esc_refusal(own("See `/bets list`, there is no ") + "<" * 3_000)
    assert len(shown) <= kit.TEXT and shown.endswith("&lt;…")
