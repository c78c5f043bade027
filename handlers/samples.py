"""Listeners for samples: *Good*, *Bad*, *Weird*, *Judge more*, *Show all*."""

from bot.actions.judging import do_judge, do_show_more, get_more, get_whole
from bot.render.ids import Act
from handlers.judging import Judging
from handlers.routing import Routes

SAMPLES = Judging("sample", "draw", do_judge, do_show_more, get_more, get_whole)


def register(routes: Routes) -> None:
    """The buttons under samples."""
    SAMPLES.register(routes, Act.VOTE, Act.JUDGE_MORE, Act.JUDGE_PAGE, Act.SHOW_ALL)
