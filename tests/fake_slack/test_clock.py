from datetime import timedelta

from bot.demo.fake_slack import Clock

from .conftest import T0


def test_a_clock_that_stands_still_only_moves_when_it_is_moved() -> None:
    clock = Clock(T0, running=False)
    assert clock.now() == clock.now() == T0.timestamp()
    clock.advance(90)
    assert clock.utcnow() == T0 + timedelta(seconds=90)
    clock.move_to(T0 + timedelta(days=7))
    assert clock.utcnow() == T0 + timedelta(days=7)


def test_a_running_clock_goes_on_from_where_it_was_moved_to() -> None:
    clock = Clock(T0)
    clock.move_to(T0 + timedelta(days=1))
    first = clock.now()
    assert first >= (T0 + timedelta(days=1)).timestamp()
    assert clock.now() > first


def test_stopping_a_clock_keeps_its_time() -> None:
    clock = Clock(T0)
    clock.running = False
    stopped = clock.now()
    assert clock.now() == stopped >= T0.timestamp()


def test_whoever_listens_hears_of_every_move() -> None:
    clock, heard = Clock(T0, running=False), []
    clock.on_move(lambda: heard.append(clock.now()))
    clock.advance(1)
    clock.move_to(T0)
    assert heard == [T0.timestamp() + 1, T0.timestamp()]
