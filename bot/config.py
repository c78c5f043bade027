"""Settings from the environment or `.env`; every problem is told at once, and no secret shows in a repr."""

import logging
import math
import re
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.slack_ids import is_user_id
from bot.domain.zones import all_zones

N = TypeVar("N", int, float)

ENV_FILE = ".env"
# A file, without options and without `~`, which no shell would replace here.
_SQLITE = re.compile(r"sqlite:///[^~?][^?]*")
SLACK_API = "https://slack.com/api/"


class SettingsError(Exception):
    """Settings that cannot work; its text lists every problem with its fix.

    `rest` is what can be read nevertheless, with the defaults in place of the settings that are `wrong`.
    """

    def __init__(self, problems: list[str], rest: "Settings | None" = None, wrong: frozenset[str] = frozenset()):
        super().__init__("; ".join(problems))
        self.problems = problems
        self.rest = rest
        self.wrong = wrong


class Settings(BaseSettings):
    """What the operator decided; see the README's table."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", env_ignore_empty=True)

    # First, because what the others may be depends on it.
    slack_api_url: str = SLACK_API
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    database_url: str = ""
    bets_home: Path = Path("data")
    bets_timezone: str = "UTC"
    bets_leads: str = ""
    bets_pace: float = 1.0
    bets_encryption_key: SecretStr = SecretStr("")
    bets_heartbeat_url: str = ""
    host: str = "127.0.0.1"
    port: int = 3000
    log_level: str = "INFO"
    log_format: str = "text"

    @field_validator("*", mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value  # a secret read from a file ends with its line

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _token(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        start = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        simulated = _is_loopback(info.data.get("slack_api_url", SLACK_API))
        if value and not simulated and not value.get_secret_value().startswith(start):
            raise ValueError(f"must begin with {start}: copy it from the app's page at api.slack.com/apps")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not _is_web_address(value):
            raise ValueError("must be a web address that ends in /api/, such as https://slack.com/api/")
        if not value.rstrip("/").endswith("/api"):
            raise ValueError("must end in /api/, such as https://slack.com/api/")
        return value.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value.startswith("postgresql"):
            raise ValueError("PostgreSQL is not supported yet; use sqlite:////path/to/bets.db or leave it out")
        if value and (not _SQLITE.fullmatch(value) or value.endswith(":memory:")):
            raise ValueError("must look like sqlite:////path/to/bets.db, or be left out for BETS_HOME/bets.db")
        return value

    @field_validator("bets_home")
    @classmethod
    def _home(cls, value: Path) -> Path:
        try:
            return value.expanduser()  # a `.env` is read by no shell
        except RuntimeError:
            raise ValueError("names a user this machine does not know; write the folder out") from None

    @field_validator("bets_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in all_zones():
            raise ValueError("is no time zone; use a name such as Europe/Berlin")
        return value

    @field_validator("bets_leads")
    @classmethod
    def _leads(cls, value: str) -> str:
        wrong = [user for user in _split(value) if not is_user_id(user)]
        if wrong:
            raise ValueError("must be Slack user ids with commas between them, such as U012AB3CD,U045EF6GH")
        return value

    @field_validator("bets_pace", mode="before")
    @classmethod
    def _pace(cls, value: object, info: ValidationInfo) -> float:
        pace = _number(value, float, "must be a number of seconds, such as 1")
        if not 0 <= pace < math.inf:
            raise ValueError("must be a number of seconds, such as 1")
        if pace < 1 and "slack_api_url" in info.data and not _is_loopback(info.data["slack_api_url"]):
            raise ValueError("must be 1 or more: Slack refuses more than one message a second in a channel")
        return pace

    @field_validator("bets_heartbeat_url")
    @classmethod
    def _heartbeat(cls, value: str) -> str:
        if value and not _is_web_address(value):
            raise ValueError("must be a web address, such as https://hc-ping.com/your-check")
        return value

    @field_validator("port", mode="before")
    @classmethod
    def _port(cls, value: object) -> int:
        port = _number(value, int, "must be a port number from 0 to 65535")
        if not 0 <= port <= 65535:
            raise ValueError("must be a port number from 0 to 65535")
        return port

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _format(cls, value: str) -> str:
        if value not in ("text", "json"):
            raise ValueError("must be text or json")
        return value

    @cached_property
    def loopback(self) -> bool:
        """Whether Slack is a simulated one on this machine, where the clock may be moved and the pace be changed."""
        return _is_loopback(self.slack_api_url)

    @property
    def bot_token(self) -> str:
        """The token of the bot user."""
        return self.slack_bot_token.get_secret_value()

    @property
    def app_token(self) -> str:
        """The app-level token of Socket Mode."""
        return self.slack_app_token.get_secret_value()

    @property
    def signing_secret(self) -> str:
        """What Slack signs its requests with."""
        return self.slack_signing_secret.get_secret_value()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never stand in a log."""
        key = self.bets_encryption_key.get_secret_value()
        return tuple(value for value in (self.bot_token, self.app_token, self.signing_secret, key) if value)

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.bets_home / 'bets.db'}"

    @property
    def leads(self) -> tuple[str, ...]:
        """Leads of every new team."""
        return _split(self.bets_leads)


def load_settings() -> Settings:
    """The settings, or a SettingsError that names every problem and its fix."""
    logging.getLogger("dotenv").setLevel(logging.ERROR)  # of what it cannot read we speak ourselves
    try:
        problems = _unread_lines()
        settings = Settings()
    except ValidationError as error:
        rest, wrong = _what_is_right(error)
        raise SettingsError(problems + [_sentence(problem) for problem in error.errors()], rest, wrong) from None
    except UnicodeDecodeError:
        raise SettingsError(["the file .env cannot be read: save it as UTF-8 text"]) from None
    except OSError as error:
        raise SettingsError([f"the file .env cannot be read: {error.strerror}"]) from None
    if problems:
        raise SettingsError(problems, settings)
    return settings


def _unread_lines() -> list[str]:
    """A setting in a line that cannot be read would be missed without a word."""
    if not Path(ENV_FILE).is_file():
        return []
    with open(ENV_FILE, encoding="utf-8") as lines:
        unread = [one.original.line for one in parse_stream(lines) if one.error]
    return [f"the file .env, line {line}: write it as NAME=value, or with # before it" for line in unread]


def _what_is_right(error: ValidationError) -> tuple[Settings | None, frozenset[str]]:
    """The settings with defaults for those that are wrong, so that what else is wrong can be told at once."""
    wrong: set[str] = set()
    while len(wrong) < len(Settings.model_fields):
        wrong |= {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        try:
            rest = Settings(**{name: Settings.model_fields[name].default for name in wrong})
        except ValidationError as next_error:  # one was only right because of another
            error = next_error
            continue
        return rest, frozenset(wrong)
    return None, frozenset(wrong)


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)
    name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    return f"{name} {str(problem['msg']).removeprefix('Value error, ').removeprefix('Input ')}"


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _number(value: object, kind: type[N], fix: str) -> N:
    try:
        return kind(str(value))
    except ValueError:
        raise ValueError(fix) from None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # as of a port that no machine has
        return False


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
