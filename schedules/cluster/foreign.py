"""Dask reads pickles of other machines. Here they may hold values, but name no class and no function.

A pickle runs code by naming something to call. Dask's protocol has many places that read one: the first message of a
connection, results, errors and warnings. None of them can be switched off. So Python's own audit of unpickling
refuses every name but two, whoever sends it, in everything that Dask reads in this process.
"""

import logging
import sys
from functools import cache
from types import FrameType
from typing import Any

DASK_PACKAGES = ("distributed", "dask")
# Dask names the types of what it carries. Calling these makes nothing but a tuple or bytes.
HARMLESS_NAMES = (("builtins", "tuple"), ("builtins", "bytes"))


class ForeignObjectError(TypeError):
    """A pickle of another machine names a class or a function."""


@cache  # a hook stays for good, so there is one
def refuse_foreign_objects() -> None:
    """From now on, what Dask unpickles in this process is plain values."""
    sys.addaudithook(_refuse_names)


def quiet_dask_loggers() -> None:
    """Leave what Dask logs to our own log, which escapes it: it quotes other machines."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in (*DASK_PACKAGES, "tornado"):
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.setLevel(logging.NOTSET)  # the level is that of our own log
            logger.propagate = True


def _refuse_names(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "pickle.find_class" or arguments in HARMLESS_NAMES:
        return
    if _is_called_by_dask(sys._getframe(1)):
        raise ForeignObjectError(f"a pickle of the cluster names {arguments[0]}.{arguments[1]}")


def _is_called_by_dask(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] in DASK_PACKAGES:
            return True
        frame = frame.f_back
    return False
