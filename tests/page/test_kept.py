"""The demo's workspace is kept between two runs, for its user alone."""

from datetime import UTC, datetime
from pathlib import Path

from bot.demo import keep
from bot.demo.fake_slack import Clock, World

T0 = datetime(2026, 11, 30, 9, tzinfo=UTC)


def world_of_two() -> World:
    world = World(Clock(T0, running=False), pace=0)
    world.add_user("U0ADA", "ada")
    world.add_channel("C0TEAM", "team", members=["U0ADA", world.bot_user_id])
    return world


def test_what_was_said_is_there_again_and_nobody_else_on_the_machine_reads_it(tmp_path: Path) -> None:
    path, world = tmp_path / "slack.json", world_of_two()
    world.say("U0ADA", "C0TEAM", "first thought")
    path.with_suffix(".part").touch(mode=0o644)  # what a killed run leaves
    for _ in range(2):
        keep.save(world, path)
        assert path.stat().st_mode & 0o777 == 0o600 and list(tmp_path.iterdir()) == [path]
    again = world_of_two()
    assert keep.load(again, path) == T0.timestamp()
    assert [message["text"] for message in again.messages("C0TEAM")] == ["first thought"]
