"""Files beside a pushed file, such as the images that its rows name."""

import os
import stat
from pathlib import Path

from bot.domain.errors import Refusal

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
# A pipe of that name must not be waited for.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def read_beside(folder: Path, name: str, most: int) -> bytes:
    """The file `name` in `folder` or below it, at most `most` bytes; a Refusal for any name that leads elsewhere.

    Each step is opened from the one before it and no link is followed, so nothing that changes meanwhile leads out.
    """
    steps = [step for step in name.split("/") if step != "."]
    if not steps or not all(steps) or ".." in steps or "\0" in name:
        raise Refusal(f"its image '{name[:60]}' is no file in the folder of the pushed file")
    opened = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY)]
    try:
        for step in steps[:-1]:
            opened.append(os.open(step, _FOLDER, dir_fd=opened[-1]))
        opened.append(os.open(steps[-1], _FILE, dir_fd=opened[-1]))
        if not stat.S_ISREG(os.fstat(opened[-1]).st_mode):
            raise Refusal(f"its image '{name[:60]}' is no plain file")
        with open(opened.pop(), "rb") as file:
            return file.read(most)
    except OSError as error:
        why = "no such file, or it is a link" if error.errno != 13 else "it may not be read"
        raise Refusal(f"its image '{name[:60]}' cannot be read beside the pushed file: {why}") from None
    finally:
        for one in opened:
            os.close(one)
