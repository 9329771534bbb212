"""Photographs in and out: found, decoded safely, brought to a size, written with their mark."""

from goodside.images.decoding.decode import read_photo
from goodside.images.decoding.worker import read_photo_guarded, read_photos_guarded
from goodside.images.finding.find import find_photos
from goodside.images.photo import Limits, Photo, from_array
from goodside.images.provenance import SyntheticMark, read_mark
from goodside.images.scaling import fit, resize
from goodside.images.writing.animation import save_animation
from goodside.images.writing.atomic import atomic_write, make_folder
from goodside.images.writing.originals import check_output
from goodside.images.writing.save import encode_image, save_image

__all__ = [
    "Limits",
    "Photo",
    "SyntheticMark",
    "atomic_write",
    "check_output",
    "encode_image",
    "find_photos",
    "fit",
    "from_array",
    "make_folder",
    "read_mark",
    "read_photo",
    "read_photo_guarded",
    "read_photos_guarded",
    "resize",
    "save_animation",
    "save_image",
]
