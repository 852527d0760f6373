"""Models: naming, fetching, serving and asking them."""

from extractor.models.client import Answer, Model
from extractor.models.opening import open_model
from extractor.models.pull import pull
from extractor.models.retries import Retries
from extractor.models.server import Endpoint, serve
from extractor.models.spec import ModelSpec
from extractor.models.usage import Usage
from extractor.models.weights import list_models

__all__ = [
    "Answer",
    "Endpoint",
    "Model",
    "ModelSpec",
    "Retries",
    "Usage",
    "list_models",
    "open_model",
    "pull",
    "serve",
]
