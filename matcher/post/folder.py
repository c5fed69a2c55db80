"""A folder of ``.eml`` files instead of a mail server: for the demo and for trying out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from matcher.post.outgoing import Outgoing, Unreachable, as_mail


class FolderSender:
    """Writes each message to a file of its own; the same message again is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, outgoing: Outgoing) -> None:
        """Writes the file whole or not at all; Unreachable when the folder cannot be used."""
        try:
            # Links in messages open something, so nobody else on the machine may read them.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".writing-")
            with os.fdopen(handle, "wb") as stream:
                stream.write(as_mail(outgoing))
            os.replace(name, self._folder / f"{outgoing.key}.eml")
        except OSError as error:
            raise Unreachable(f"the folder cannot be written: {type(error).__name__}") from error
