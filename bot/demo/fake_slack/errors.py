"""What Slack says when it refuses."""

from typing import Any


class SlackError(Exception):
    """An answer with ok:false, in Slack's words."""

    def __init__(
        self,
        code: str,
        messages: list[str] | None = None,
        status: int = 200,
        retry_after: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code if not messages else f"{code}: {'; '.join(messages)}")
        self.code, self.messages, self.status, self.retry_after, self.extra = (
            code,
            messages or [],
            status,
            retry_after,
            extra,
        )

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
            if self.code == "invalid_blocks":
                answer["errors"] = self.messages
        return answer


class NotPossible(ValueError):
    """A person tried in this world what Slack's client would not let them do."""
