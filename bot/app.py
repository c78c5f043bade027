"""The composition root: builds everything once, and takes what tests must replace."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware

import handlers
from bot.clock import Clock
from bot.config import Settings
from bot.reports import parquet
from bot.runtime import Bot
from bot.slack import Slack
from bot.store.db import open_engine
from handlers import mentions
from handlers.errors import on_error


def build(settings: Settings, clock: Clock | None = None, answers: Executor | None = None) -> Bot:
    """A bot that can take deliveries (`bot.bolt.dispatch`) and be worked (`bot.work`); nothing runs yet."""
    bot = Bot(
        engine=open_engine(settings.database),
        clock=clock or Clock(),
        slack=Slack(settings.bot_token, settings.slack_api_url),
        answers=answers or ThreadPoolExecutor(8, thread_name_prefix="answer"),
        loopback=settings.loopback,
        pace=settings.bets_pace,
        default_zone=settings.bets_timezone,
        default_leads=settings.leads,
        unpack=parquet.unpack,
    )
    bot.bolt = _bolt(bot)
    bot.mention = partial(mentions.listen, bot)
    return bot


def _bolt(bot: Bot) -> App:
    """Bolt, used for routing alone: signatures are checked by the transport, on the raw bytes, before any parsing."""

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=bot.slack.token)

    app = App(
        name="bolt",  # the name of its logger: without one Bolt looks through the whole call stack for a file name
        authorize=authorize,
        client=bot.slack.post,
        process_before_response=True,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        ignoring_self_events_enabled=False,
        token_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    app.use(_GiveBot(bot))

    @app.error
    def answer_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
        # The bot is passed here, since an error may come before the middleware that gives it.
        return on_error(error, body, bot)

    handlers.register(app)
    return app


class _GiveBot(Middleware):
    """Listeners get the bot as `bot`. A class, since for a function Bolt gathers all that it might ask for."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse:
        # An event is kept also while Slack cannot say who the bot is. Who acts needs to know it, and to ask for it
        # inside a transaction would wait for that very transaction.
        if req.body.get("type") != "event_callback":
            _ = self._bot.identity
        req.context["bot"] = self._bot
        next()
        return resp
