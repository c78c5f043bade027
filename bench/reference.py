"""The reference: bare Bolt that puts one row into SQLite before it acknowledges.

`python -m bench.reference http PORT FOLDER` or `... socket FOLDER`; secrets and addresses come as the bot's do.
"""

import os
import re
import sys
import time
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Text, create_engine, event, insert

rows = Table("rows", MetaData(), Column("id", Integer, primary_key=True), Column("who", String), Column("said", Text))


def open_database(folder: str) -> Engine:
    engine = create_engine(f"sqlite:///{folder}/reference.db")

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    rows.metadata.create_all(engine)
    return engine


def create_app(folder: str) -> App:
    engine = open_database(folder)
    token, secret = os.environ["SLACK_BOT_TOKEN"], os.environ.get("SLACK_SIGNING_SECRET", "")
    client = WebClient(token, base_url=os.environ["SLACK_API_URL"])
    app = App(
        client=client, signing_secret=secret, process_before_response=True, request_verification_enabled=bool(secret)
    )

    def keep(who: str, said: str) -> None:
        with engine.begin() as connection:
            connection.execute(insert(rows).values(who=who, said=said))

    @app.command("/bets")
    def on_command(ack: Any, body: dict[str, Any]) -> None:
        keep(body["user_id"], body["text"])
        ack("ok")

    @app.action(re.compile(".*"))
    def on_press(ack: Any, body: dict[str, Any]) -> None:
        keep(body["user"]["id"], body["actions"][0]["action_id"])
        ack()

    return app


def serve_http(port: str, folder: str) -> None:
    from gunicorn.app.base import BaseApplication
    from slack_bolt.adapter.wsgi import SlackRequestHandler

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options = {"bind": f"127.0.0.1:{port}", "worker_class": "gthread", "threads": 8, "workers": 1}
            for name, value in (options | {"loglevel": "critical", "control_socket_disable": True}).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return SlackRequestHandler(create_app(folder), path="/slack/events")

    Server().run()


def serve_socket(folder: str) -> None:
    from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

    SocketModeHandler(create_app(folder), os.environ["SLACK_APP_TOKEN"], web_client=None).connect()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    if sys.argv[1] == "http":
        serve_http(*sys.argv[2:])
    else:
        serve_socket(*sys.argv[2:])
