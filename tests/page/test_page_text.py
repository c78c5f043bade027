"""How Slack's ways of writing are drawn: each case is text as Slack stores it, and the HTML that stands for it."""

from typing import Any

import pytest

from tests.page.conftest import ANA, TEAM, Desk, Look

pytestmark = pytest.mark.browser

MRKDWN = {
    "*bold* _it_ ~no~ `a*b*`": "<strong>bold</strong> <em>it</em> <s>no</s> <code>a*b*</code>",
    "2*3*4 and snake_case_name": "2*3*4 and snake_case_name",
    "*not closed": "*not closed",
    "* no *": "* no *",
    "*a _b_ c*": "<strong>a <em>b</em> c</strong>",
    "*1*, (*2*).": "<strong>1</strong>, (<strong>2</strong>).",
    "**": "**",
    "a &lt;b&gt; &amp;amp; c": "a &lt;b&gt; &amp;amp; c",
    "one\ntwo": "one<br>two",
    "```x = 1\n*y*```": '<pre tabindex="0">x = 1\n*y*</pre>',
    "&gt; said\n&gt; twice\nafter": "<blockquote>said<br>twice</blockquote>after",
    "<!here> now": '<span class="mention mention-you">@here</span> now',
    "<@U0BEN>": '<span class="mention">@Ben Okafor</span>',
    "<@U0ANA|x>": '<span class="mention mention-you">@Ana Ruiz</span>',
    "<@U0GONE>": '<span class="mention">@U0GONE</span>',
    "<javascript:alert(1)|x>": "<span>x</span>",
    "<https://a.test/?a=1&amp;b=2|A &amp; B>": (
        '<a href="https://a.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">A &amp; B</a>'
    ),
    "<!date^1795000000^{date_num} {time}|x>": '<time title="x">2026-11-18 12:06</time>',
    ":no_such_emoji: 10:30:45": ":no_such_emoji: 10:30:45",
    "\u05e9\u05dc\u05d5\u05dd *\u05d8\u05d5\u05d1*": "\u05e9\u05dc\u05d5\u05dd <strong>\u05d8\u05d5\u05d1</strong>",
    "$100 and $& and \\1": "$100 and $&amp; and \\1",
}
DRAW = """async (texts) => {
  const { mrkdwn } = await import("/static/mrkdwn.js");
  const box = document.createElement("div");
  return texts.map((text) => { box.replaceChildren(...mrkdwn(text)); return box.innerHTML; });
}"""


def test_mrkdwn_is_drawn_as_slack_draws_it(look: Look) -> None:
    drawn = look(ANA).evaluate(DRAW, list(MRKDWN))
    assert dict(zip(MRKDWN, drawn, strict=True)) == MRKDWN


@pytest.mark.full
def test_a_long_text_is_drawn_whole_and_in_time(look: Look) -> None:
    text = "*a _b `c <d ~e " * 2700
    [drawn] = look(ANA).evaluate(DRAW, [text])
    assert len(drawn) >= len(text)


def rich(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


BLOCKS = [
    rich({"type": "rich_text_section", "elements": [{"type": "text", "text": "strong", "style": {"bold": True}}]}),
    rich({"type": "rich_text_quote", "elements": [{"type": "text", "text": "<quoted>"}]}),
    {"type": "markdown", "text": "# Title\n- **one**\n\n`code` and [link](https://a.test/) <b>"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "bet"}], [{"type": "raw_text", "text": "B-1"}]]},
    {"type": "something_new", "text": {"type": "plain_text", "text": "from the future"}},
]
DRAW_BLOCKS = """async (blocks) => {
  const { renderBlock } = await import("/static/render_blocks.js");
  const { makeSurface } = await import("/static/surface.js");
  const surface = makeSurface("test", () => {});
  return blocks.map((block) => renderBlock(block, surface).outerHTML);
}"""


def test_the_other_ways_of_writing_are_drawn_too(look: Look) -> None:
    section, quote, markdown, table, unknown = look(ANA).evaluate(DRAW_BLOCKS, BLOCKS)
    assert "<strong>strong</strong>" in section
    assert "<blockquote>&lt;quoted&gt;</blockquote>" in quote
    assert 'role="heading" aria-level="3">Title' in markdown
    assert "<strong>one</strong>" in markdown
    assert 'href="https://a.test/"' in markdown
    assert "&lt;b&gt;" in markdown
    assert "<th" in table
    assert "B-1</td>" in table
    assert "from the future" in unknown


@pytest.mark.full
def test_a_permalink_leads_to_the_message_inside_the_page(look: Look, desk: Desk) -> None:
    root = desk.post("B-1 the card")
    desk.world.say(ANA, TEAM, "a reply", thread_ts=root)
    link = desk.client.chat_getPermalink(channel=TEAM, message_ts=root)["permalink"]
    desk.client.chat_postMessage(channel=desk.world.open_dm(ANA), text=f"see <{link}|the card>")
    page = look(ANA, query="&at=" + desk.world.open_dm(ANA))
    page.get_by_role("link", name="the card").click()
    page.locator(".message.found", has_text="B-1 the card").wait_for()
