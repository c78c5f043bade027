"""What an answer of Slack means for the row that was sent: sent, not applied, refused, or nobody knows."""

import errno
from dataclasses import dataclass
from http.client import HTTPException
from socket import gaierror
from ssl import SSLCertVerificationError
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError, SlackClientError

NO_RETRY_AFTER = 30.0
RATE_LIMITED = {"ratelimited", "rate_limited", "message_limit_exceeded"}
WORKSPACE_GONE = {
    "token_revoked",
    "token_expired",
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "org_login_required",
}
# The token is taken, but not for this: somebody has to install the app again, or to allow it.
NOT_ALLOWED = {
    "missing_scope",
    "not_allowed_token_type",
    "no_permission",
    "access_denied",
    "accesslimited",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "team_access_not_granted",
}
CHANNEL_GONE = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "is_inactive",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
}
BAD_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "invalid_attachments"}
# The person cannot be written to: other words would not help.
PERSON_GONE = {
    "user_not_found",
    "user_disabled",
    "user_not_visible",
    "users_not_found",
    "cannot_dm_bot",
    "cannot_dm_app",
    "messages_tab_disabled",
    "as_user_not_supported",
}
THREAD_GONE = {
    "thread_not_found",
    "message_not_found",
    "invalid_thread_ts",
    "restricted_action_thread_locked",
    "cannot_reply_to_message",
}
TRANSIENT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
# The answer says that what was wanted is so already.
ALREADY = {
    "react": ("already_reacted", "message_not_found"),
    "unreact": ("no_reaction", "message_not_found"),
    "delete": ("file_not_found", "file_deleted"),
}
# Nothing left this machine: the body had no way to go.
NOT_APPLIED = (ConnectionRefusedError, gaierror, SSLCertVerificationError)
NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}


@dataclass(frozen=True)
class Outcome:
    """`kind` is `not_applied`, `limited`, `refused` or `uncertain`; `code` says why, `wait` is in seconds."""

    kind: str
    code: str
    wait: float = 0.0


def classify(error: SlackClientError | OSError | HTTPException | ValueError) -> Outcome:
    """The outcome behind an exception of a call that changes something.

    Only what surely never reached Slack may be sent again as it is; everything that ended without Slack's own JSON
    answer is uncertain, because it may have been applied.
    """
    if isinstance(error, SlackApiError):
        return _of_answer(error)
    if isinstance(error, HTTPError):
        return Outcome("uncertain", f"http_{error.code}")
    reason = error.reason if isinstance(error, URLError) else None
    if isinstance(reason, NOT_APPLIED) or (isinstance(reason, OSError) and reason.errno in NO_WAY):
        return Outcome("not_applied", type(reason).__name__)
    return Outcome("uncertain", type(error).__name__)


def _of_answer(error: SlackApiError) -> Outcome:
    response = error.response
    status = getattr(response, "status_code", 200)
    code = str(response.get("error") or "") if isinstance(getattr(response, "data", None), dict) else ""
    if status == 429 or code in RATE_LIMITED:
        return Outcome("limited", code or "ratelimited", _retry_after(response.headers))
    # A body that is no JSON comes from slack_sdk as an error text of its own, with blanks in it.
    if status >= 500 or code in TRANSIENT or not code or " " in code:
        return Outcome("uncertain", code if code and " " not in code else f"http_{status}")
    return Outcome("refused", code)


def _retry_after(headers: dict[str, str]) -> float:
    value = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if value.isdigit() else NO_RETRY_AFTER
