"""Whom a settings file belongs to: it runs commands, so nobody else may have written it."""

import os
import stat
from pathlib import Path

try:
    import grp
    import pwd
except ImportError:  # Windows, where modes mean nothing
    pass

ROOT_UID = 0


def distrust(path: Path, descriptor: int) -> str | None:
    """Why the opened settings file at `path` must not be used, and what to try; None if it may be.

    It must belong to the user or to root, and nobody else may write it. The same holds for its folder,
    in which others could replace it.
    """
    if not hasattr(os, "geteuid"):
        return None
    opened = os.fstat(descriptor)
    if problem := _problem(opened, str(path)):
        return problem
    if not stat.S_ISREG(opened.st_mode):  # a pipe, as of the shell's <(…), is in no folder
        return None
    folders = {Path(os.path.abspath(path)).parent, Path(os.path.realpath(path)).parent}
    problems = (_problem(folder.stat(), f"the folder {folder}") for folder in sorted(folders))
    return next(filter(None, problems), None)


def _problem(info: os.stat_result, name: str) -> str | None:
    user = os.geteuid()
    if info.st_uid not in (user, ROOT_UID):
        return (
            f"{name} belongs to user {info.st_uid}, who could make Variorum run any command;"
            f" take it over with `chown`, or run Variorum as that user"
        )
    is_shared_folder = stat.S_ISDIR(info.st_mode) and info.st_mode & stat.S_ISVTX
    is_device = not (stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode))
    if _may_others_write(info, user) and not is_shared_folder and not is_device:
        return (
            f"others may write {name} (mode {stat.S_IMODE(info.st_mode):03o}), and could make Variorum"
            f" run any command; take that away with `chmod go-w`"
        )
    return None


def _may_others_write(info: os.stat_result, user: int) -> bool:
    if info.st_mode & stat.S_IWOTH:
        return True
    return bool(info.st_mode & stat.S_IWGRP) and not is_private_group(info.st_gid, user)


def is_private_group(gid: int, user: int) -> bool:
    """Whether a group has nobody in it but a user: the one of their own that many systems give to each.

    There the umask is 002, so that what users make is writable for their group. Root has no such group.
    """
    try:
        account, group = pwd.getpwuid(user), grp.getgrgid(gid)
    except KeyError:
        return False
    is_own = group.gr_gid == account.pw_gid and group.gr_name == account.pw_name
    return user != ROOT_UID and is_own and set(group.gr_mem) <= {account.pw_name}
