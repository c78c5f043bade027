"""A world that lives in another process, with the same methods."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .control import METHODS, revived
from .errors import NotPossible

_KINDS: dict[str, type[Exception]] = {"NotPossible": NotPossible, "KeyError": KeyError, "TypeError": TypeError}


class RemoteWorld:
    """`control_url` is the one that `python -m bot.demo.fake_slack` prints; arguments go by name or in order."""

    api_url: str
    bot_token: str
    app_token: str
    signing_secret: str
    team_id: str
    bot_user_id: str

    def __init__(self, control_url: str) -> None:
        self.control_url = control_url
        for name, value in self._call("facts", {}).items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in METHODS:
            raise AttributeError(name)
        order = _parameters(name)

        def method(*args: Any, **kwargs: Any) -> Any:
            return self._call(name, dict(zip(order, args)) | kwargs)

        return method

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        raw = json.dumps(arguments, default=_encode).encode()
        request = urllib.request.Request(f"{self.control_url}{name}", raw, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return revived(json.load(response)["result"])
        except urllib.error.HTTPError as error:
            with error:
                problem = json.load(error)
            raise _KINDS.get(problem["kind"], ValueError)(problem["error"]) from None


def _parameters(name: str) -> list[str]:
    import inspect

    from .world import World

    return list(inspect.signature(getattr(World, name)).parameters)[1:]


def _encode(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"__bytes__": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be sent to another process")
