"""What a person types is stored as Slack stores it."""

import pytest

from bot.demo.fake_slack import World
from bot.demo.fake_slack.entities import encode

TYPED = [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("<!channel> and <@U0ADA>", "&lt;!channel&gt; and &lt;@U0ADA&gt;"),
    ("thanks @bob.", "thanks <@U0BOB>."),
    ("@Bets summary", "<@U0000BETS> summary"),
    ("mail ada@bob.org", "mail ada@bob.org"),
    ("@nobody here", "@nobody here"),
    ("@here look", "<!here> look"),
    ("see #team and #nothing", "see <#C0TEAM|team> and #nothing"),
    ("https://x.org/a?b=1&c=@bob.", "<https://x.org/a?b=1&amp;c=@bob>."),
    ("*bold* $100 _x_ שלום 🙂", "*bold* $100 _x_ שלום 🙂"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "stored"), TYPED)
def test_typed_text_is_encoded(world: World, typed: str, stored: str) -> None:
    assert encode(world, typed) == stored


def test_commands_name_what_they_mention(world: World) -> None:
    assert encode(world, "@bob in #team", with_name=True) == "<@U0BOB|bob> in <#C0TEAM|team>"


def test_raw_text_is_taken_as_it_is(world: World) -> None:
    world.say("U0ADA", "C0TEAM", "<@U0BOB> &amp;", raw=True)
    assert world.messages("C0TEAM")[0]["text"] == "<@U0BOB> &amp;"
