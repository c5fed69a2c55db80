"""An artefact's content as skops bytes: the same content gives the same bytes, and nothing but
text and plain arrays can come back out.

Skops writes the addresses of objects and the time of day into its file; both are replaced here.
What may be loaded is pinned to three types. A file that names any other is refused before it is
opened, and ``get_untrusted_types`` is never trusted back.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.refusals import ArtefactRefused

PINNED_TYPES: Final = ("builtins.dict", "builtins.str", "numpy.ndarray")
_PINNED_LOADERS: Final = {
    "DictNode": "builtins.dict",
    "JsonNode": "builtins.str",
    "NdArrayNode": "numpy.ndarray",
    # The list of the types of a dictionary's keys: lists and the type str, no values of our own.
    "ListNode": "builtins.list",
    "TypeNode": "builtins.str",
}
SCHEMA: Final = "schema.json"
UNPACKED_MAXIMUM: Final = 64 * 1024 * 1024
PARTS_MAXIMUM: Final = 64
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)

Content = Mapping[str, str | NDArray[Any]]
"""Named texts and arrays of numbers."""


def content_bytes(content: Content) -> bytes:
    """`content` as a skops file; a function of the content alone."""
    import skops.io

    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(dict(content)))) as archive:
        schema = json.loads(archive.read(SCHEMA))
        parts = {name: archive.read(name) for name in archive.namelist() if name != SCHEMA}
    renamed: dict[str, str] = {}
    for number, node in enumerate(_nodes(schema)):
        node["__id__"] = number
        if "file" in node:
            renamed[node["file"]] = node["file"] = f"{number}.npy"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for old, new in sorted(renamed.items(), key=lambda pair: pair[1]):
            archive.writestr(zipfile.ZipInfo(new, _LONG_AGO), parts[old], zipfile.ZIP_DEFLATED)
        text = json.dumps(schema, sort_keys=True)
        archive.writestr(zipfile.ZipInfo(SCHEMA, _LONG_AGO), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def content_of(data: bytes, name: str) -> dict[str, Any]:
    """The texts and arrays in skops bytes; `ArtefactRefused` before anything foreign is loaded."""
    _check_types(data, name)
    import skops.io

    try:
        found = skops.io.loads(data, trusted=[])
    except Exception as error:
        # Whatever a damaged archive makes a reader say, the answer is one: it is not used.
        raise ArtefactRefused("incoherent", name=name, found=type(error).__name__) from None
    if not isinstance(found, dict):
        raise ArtefactRefused("incoherent", name=name, found="no dictionary")
    for value in found.values():
        if isinstance(value, np.ndarray) and value.dtype.hasobject:
            raise ArtefactRefused("malicious", name=name, found="an array of objects")
    return found


def _check_types(data: bytes, name: str) -> None:
    """Refuses by the archive's table of contents and schema alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            too_many = len(parts) > PARTS_MAXIMUM or len(names) != len(parts)
            if too_many or sum(part.file_size for part in parts) > UNPACKED_MAXIMUM:
                raise ArtefactRefused("oversized", name=name)
            if SCHEMA not in names:
                raise ArtefactRefused("not_skops", name=name)
            schema = json.loads(archive.read(SCHEMA))
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError):
        raise ArtefactRefused("not_skops", name=name) from None
    for node in _nodes(schema):
        found = f"{node.get('__module__')}.{node.get('__class__')}"
        if _PINNED_LOADERS.get(str(node.get("__loader__"))) != found:
            raise ArtefactRefused("malicious", name=name, found=found)
        if node["__loader__"] == "NdArrayNode" and node.get("type") != "numpy":
            raise ArtefactRefused("malicious", name=name, found="an array of objects")


def _nodes(schema: object) -> Iterator[dict[str, Any]]:
    """Every node of a schema that says how something is loaded, outermost first."""
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "__loader__" in item or "__class__" in item:
                yield item
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            waiting.extend(reversed(item))
