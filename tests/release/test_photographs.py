from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from clearwake.model import UnreadableFileError
from clearwake.release import bared, hidden

PIXELS = np.linspace(0, 255, 24 * 32 * 3).reshape(24, 32, 3).astype(np.uint8)
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def photograph(form: str, orientation: int = 1) -> bytes:
    """Take a photograph with a camera that tells its maker, its place and its owner's remark."""
    picture, exif = Image.fromarray(PIXELS), Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "canary cameras", orientation
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (29.0, 52.0, 35.0)
    written = io.BytesIO()
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "canary")
    told.add_itxt("XML:com.adobe.xmp", "<x>canary</x>")
    more = (
        {"pnginfo": told} if form == "PNG" else {"comment": b"canary", "xmp": b"<x>canary</x>", "quality": 95}
    )
    picture.save(written, form, exif=exif, **more)
    return written.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_what_a_camera_hid_is_gone_and_the_picture_is_not(form: str) -> None:
    taken = photograph(form)
    assert b"canary" in taken
    assert "exif" in hidden(taken, "taken")
    bare, ending = bared(taken, "taken")
    assert b"canary" not in bare
    assert hidden(bare, "bare") == ()
    assert ending == {"JPEG": "jpg", "PNG": "png"}[form]
    seen = np.asarray(Image.open(io.BytesIO(bare)).convert("RGB"), dtype=np.int16)
    assert np.abs(seen - PIXELS).mean() < (3.0 if form == "JPEG" else 0.5)


def test_a_picture_stands_as_its_hidden_data_said_it_should() -> None:
    bare, _ = bared(photograph("PNG", orientation=6), "taken")
    assert Image.open(io.BytesIO(bare)).size == (24, 32)


def test_what_is_glued_to_a_picture_is_found_and_left_behind() -> None:
    glued = photograph("JPEG") + b"canary"
    assert "data after the picture" in hidden(glued, "glued")
    assert b"canary" not in bared(glued, "glued")[0]


def test_what_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(UnreadableFileError, match=r"^item:1: no picture of a kind that can be read\n"):
        bared(b"no picture", "item:1")
    with pytest.raises(UnreadableFileError, match=r"^item:1: a damaged picture, or one cut short\n"):
        bared(photograph("PNG")[:-40], "item:1")
    with pytest.raises(UnreadableFileError, match="a photograph"):
        hidden(photograph("PNG")[:60], "item:1")
