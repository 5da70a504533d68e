"""Whom a settings file belongs to: it runs commands, so nobody else may have written it."""

import os
import stat
from pathlib import Path

OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
ROOT_UID = 0


def distrust(path: Path, descriptor: int) -> str | None:
    """Why the opened settings file at `path` must not be used, and what to try; None if it may be.

    It must belong to the user or to root, and nobody else may write it. The same holds for its folder,
    in which others could replace it.
    """
    if not hasattr(os, "geteuid"):  # Windows, where modes mean nothing
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
    if info.st_mode & OTHERS_MAY_WRITE and not is_shared_folder and not is_device:
        return (
            f"others may write {name} (mode {stat.S_IMODE(info.st_mode):03o}), and could make Variorum"
            f" run any command; take that away with `chmod go-w`"
        )
    return None
