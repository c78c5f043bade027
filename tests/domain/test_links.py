"""Only the plain address of a web page becomes a link."""

import pytest

from bot.domain.errors import Refusal
from bot.domain.links import LONGEST, host_of, is_link, message_link, read_link

GOOD = ["https://demo.example", "http://10.0.0.7:8501/app?a=1&b=2#top", "HTTPS://Demo.Example/ä"]
BAD = [
    "demo.example", "javascript:alert(1)", "slack://x", "ftp://a.example", "https://", "https://?x", "https:///a",
    "https://a.example|<!channel>", "https://a.example/<x>", "https://a.example/a b", "https://slack.com@evil.example",
    "https://[::1", "https://a.example/\u202egpj.exe", "https://a.example/\u200b", 'https://a.example/"x"',
    "https://a.example/\n", "https://a.example/" + "x" * LONGEST, "see https://a.example",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_a_web_page_is_a_link(text: str) -> None:
    assert is_link(text) and read_link(f"  {text} ", "demo_link") == text


@pytest.mark.parametrize("text", BAD, ids=ascii)
def test_anything_else_is_none_and_refused_beside_its_field(text: str) -> None:
    assert not is_link(text)
    if not is_link(text.strip()):
        with pytest.raises(Refusal) as refused:
            read_link(text, "demo_link")
        assert list(refused.value.fields) == ["demo_link"]


def test_nothing_typed_is_no_link() -> None:
    assert read_link("  ", "demo_link") is None


def test_a_link_is_named_by_where_it_leads() -> None:
    assert host_of("https://Demo.example:80/a") == "demo.example"


def test_a_message_is_found_under_the_workspaces_address_and_nowhere_without_one() -> None:
    assert message_link("https://demo.slack.com/", "C1", "12.34") == "https://demo.slack.com/archives/C1/p1234"
    assert message_link("", "C1", "12.34") == message_link("javascript:x", "C1", "12.34") == ""
