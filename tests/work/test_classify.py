"""What each answer of Slack means: only what surely never reached it may be sent again as it is."""

import errno
import io
from email.message import Message
from http.client import IncompleteRead, RemoteDisconnected
from socket import gaierror
from ssl import SSLCertVerificationError, SSLError
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.work.classify import classify


def answer(code: Any, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    data = {"ok": False, "error": code} if isinstance(code, str) else code
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,  # type: ignore[arg-type]
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("failed", response)


NOT_APPLIED = [
    URLError(ConnectionRefusedError()),
    URLError(gaierror("no such host")),
    URLError(SSLCertVerificationError("not who it says")),
    URLError(OSError(errno.ENETUNREACH, "no way")),
]
UNCERTAIN = [
    TimeoutError(),
    URLError(TimeoutError()),
    URLError(ConnectionResetError()),
    URLError(SSLError("closed")),
    ConnectionResetError(),
    RemoteDisconnected(),
    IncompleteRead(b"{"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "cut"),
    HTTPError("", 503, "", Message(), io.BytesIO()),
    answer("internal_error"),
    answer("fatal_error"),
    answer("service_unavailable"),
    answer("request_timeout"),
    answer("some_new_code", 503),
    answer("channel_not_found", 500),
    answer("Received a response in a non-JSON format: <html>"),
    answer("", 502),
    answer(None),
]
REFUSED = [
    "channel_not_found", "not_in_channel", "is_archived", "restricted_action", "invalid_blocks", "msg_too_long",
    "no_text", "missing_scope", "user_not_found", "cannot_dm_bot", "token_revoked", "account_inactive", "invalid_auth",
    "message_not_found", "edit_window_closed", "cant_update_message", "messages_tab_disabled", "a_code_of_tomorrow",
]  # fmt: skip


@pytest.mark.parametrize("error", NOT_APPLIED, ids=repr)
def test_what_never_left_this_machine_may_be_sent_again(error: Any) -> None:
    assert classify(error).kind == "not_applied"


@pytest.mark.parametrize("error", UNCERTAIN, ids=repr)
def test_whatever_ends_without_slacks_own_answer_may_have_been_applied(error: Any) -> None:
    assert classify(error).kind == "uncertain"


@pytest.mark.parametrize("code", REFUSED)
def test_any_other_no_is_a_refusal(code: str) -> None:
    assert classify(answer(code)) == classify(answer(code, 400))
    assert (classify(answer(code)).kind, classify(answer(code)).code) == ("refused", code)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (answer("ratelimited", 429, {"Retry-After": "7"}), 7),
        (answer("rate_limited", 429, {"retry-after": "7"}), 7),
        (answer("message_limit_exceeded", 200, {"Retry-After": "2"}), 2),
        (answer("ratelimited", 429), 30),
        (answer("ratelimited", 429, {"Retry-After": "soon"}), 30),
        (answer(None, 429, {"Retry-After": "3"}), 3),
    ],
)
def test_too_fast_means_not_before_what_slack_says(error: SlackApiError, seconds: float) -> None:
    outcome = classify(error)
    assert (outcome.kind, outcome.wait) == ("limited", seconds)
