"""Photographs without what cameras and programs hide in them: place, time, serial number, owner, thumbnails, edits.

A picture is decoded and its pixels alone are written anew (Pillow).  What the picture itself shows (a reflection, a
coast line, a mark on a wing) stays: somebody has to look.
"""

from __future__ import annotations

import io

from clearwake.model import UnreadableFileError

JPEG_QUALITY = 92
_KEPT = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG"}
_PLAIN = frozenset({"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression", "srgb",
                    "gamma", "interlace"})  # fmt: skip
"""What a picture says of itself that tells nothing of who made it, when or where."""


def bared(content: bytes, name: str) -> tuple[bytes, str]:
    """Give a photograph with its pixels and nothing else, and the ending of its file name.

    It is turned as its hidden data said it should be shown; JPEG stays JPEG, everything else becomes PNG.

    Args:
        content: The file.
        name: What it is called in an error.

    Raises:
        UnreadableFileError: If it is no picture.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - slow to import, and few releases have photographs

    try:
        with Image.open(io.BytesIO(content)) as opened:
            form = _KEPT.get(opened.format or "", "PNG")
            shown = ImageOps.exif_transpose(opened).convert("RGB" if form == "JPEG" else "RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableFileError(name, _told(error), "a photograph", "give it as JPEG or PNG") from error
    bare = Image.frombytes(shown.mode, shown.size, shown.tobytes())
    written = io.BytesIO()
    bare.save(written, form, **({"quality": JPEG_QUALITY} if form == "JPEG" else {}))
    return written.getvalue(), "jpg" if form == "JPEG" else "png"


def hidden(content: bytes, name: str) -> tuple[str, ...]:
    """Name what a picture carries besides its pixels: ``exif``, ``xmp``, ``photoshop``, ``comment`` ...

    Raises:
        UnreadableFileError: If it is no picture.
    """
    from PIL import Image  # noqa: PLC0415 - as above

    try:
        with Image.open(io.BytesIO(content)) as opened:
            opened.load()
            found = {str(key).split(":")[0] for key in opened.info} - _PLAIN
            found |= {"exif"} if opened.getexif() else set()
            found |= {"other pictures"} if getattr(opened, "n_frames", 1) > 1 else set()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableFileError(name, _told(error), "a photograph", "give it as JPEG or PNG") from error
    ending = {b"\xff\xd8": b"\xff\xd9", b"\x89P": b"IEND\xaeB`\x82"}.get(content[:2])
    if ending is not None and not content.endswith(ending):
        found.add("data after the picture")
    return tuple(sorted(found))


def _told(error: Exception) -> str:
    """Say why a picture could not be read, without what the program calls it inside."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - as above

    if isinstance(error, UnidentifiedImageError):
        return "no picture of a kind that can be read"
    if isinstance(error, Image.DecompressionBombError):
        return "a picture of more pixels than are read"
    return "a damaged picture, or one cut short"
