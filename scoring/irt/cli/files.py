"""How does a result reach its file whole or not at all?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from scoring.irt.cli.problems import Problem


def check_writable(path: Path) -> None:
    """Raises Problem if nothing can be written at `path`: to be asked before a long calculation."""
    folder = path.resolve().parent
    if path.is_dir():
        raise Problem(f"{path}: is a folder; give the name of a file")
    if not folder.is_dir():
        raise Problem(f"{path}: there is no folder {folder}; make it first")
    if not os.access(folder, os.W_OK):
        raise Problem(f"{path}: nothing may be written into the folder {folder}")


def check_outputs(outputs: Sequence[Path | None], *, inputs: Sequence[Path | None]) -> None:
    """Raises Problem unless each output can be written and is neither an input nor another output.

    None stands for a file that was not asked for.
    """
    read = [path for path in inputs if path is not None]
    written: list[Path] = []
    for path in outputs:
        if path is None:
            continue
        check_writable(path)
        if any(_same_file(path, other) for other in read):
            raise Problem(f"{path}: is an input of this run and would be overwritten; give another name")
        if any(_same_file(path, other) for other in written):
            raise Problem(f"{path}: is named for two outputs; give each a file of its own")
        written.append(path)


def _same_file(one: Path, other: Path) -> bool:
    """Also by way of a link, or where a file system does not tell capitals from small letters."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def write_text(path: Path, parts: str | Iterable[str]) -> None:
    """Writes UTF-8 text beside `path` and then moves it there, so that no reader sees half a file."""
    check_writable(path)
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.writelines([parts] if isinstance(parts, str) else parts)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(_permissions(target))
        beside.replace(target)
    except OSError as error:
        raise Problem(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)


def _permissions(target: Path) -> int:
    """Those of the file that is replaced, or what a new file gets here; a temporary one is for its owner."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def read_text(path: Path) -> str:
    """The UTF-8 text of a file, without a byte order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Problem(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeError:
        raise Problem(f"{path}: not UTF-8 text") from None
