"""Whether the database lies where a database can be kept: file systems on which it would be damaged or lost."""

import os
from pathlib import Path

from sqlalchemy import make_url

# Write-ahead logs need shared memory that these do not keep coherent between machines.
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "virtiofs", "9p", "fuse.sshfs", "fuse.grpcfuse", "osxfs"}
PASSING = {"overlay", "tmpfs", "ramfs"}


def find_risk(url: str, mounts: str = "/proc/mounts") -> str:
    """One sentence about what may happen to the database there; empty when nothing is known to."""
    path = Path(make_url(url).database or ".").resolve()
    kind = file_system_of(path, mounts)
    if kind in NETWORK:
        return (
            f"{path} lies on a network file system ({kind}), which damages SQLite databases: move it to a local disk."
        )
    if "DYNO" in os.environ or kind in PASSING:
        where = "this host's disk" if "DYNO" in os.environ else f"a {kind} file system"
        return f"{path} lies on {where}, which is emptied at a restart: set BETS_HOME to a lasting disk."
    return ""


def file_system_of(path: Path, mounts: str) -> str:
    """The type of the file system that holds `path`; empty where that cannot be read."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = [line.split() for line in lines if len(line.split()) > 2]
    points = [(parts[1].replace("\\040", " "), parts[2]) for parts in found]
    holding = [(point, kind) for point, kind in points if path.is_relative_to(point)]
    return max(holding, key=lambda found: len(found[0]), default=("", ""))[1]
