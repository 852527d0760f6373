"""Run LangExtract over a folder of articles, all in one call, as its documentation advises for speed.

Its own defaults hold except the model, temperature 0 and a bound on the length of an answer. The schema
constraint that it derives from the worked example is on. Extractions that it could not place in the text are
dropped, as its README says.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import langextract as lx
from langextract.factory import ModelConfig
from peer_task import (
    DESCRIPTION,
    EXAMPLE_PUBLISHED,
    EXAMPLE_TEXT,
    EXAMPLE_VISITS,
    Article,
    Prediction,
    parser,
    published_line,
    read_articles,
    write_predictions,
)

CLASS = "visit"
# Chunks per batch. LangExtract waits for the slowest answer of a batch, so make it one batch.
NO_BARRIER = 10_000
# The quote is the extraction itself here, not one of its attributes.
TASK = DESCRIPTION.replace("- quote:", f"- {CLASS} (the extraction text):")


@dataclass(frozen=True)
class Options:
    """How LangExtract is called."""

    config: ModelConfig
    workers: int
    buffer: int


def example() -> lx.data.ExampleData:
    """Put the worked example in LangExtract's form, its date told in the text as in the codebook."""
    return lx.data.ExampleData(
        text=f"(published {EXAMPLE_PUBLISHED}) {EXAMPLE_TEXT}",
        extractions=[
            lx.data.Extraction(CLASS, str(v["quote"]), attributes={k: v[k] for k in v if k != "quote"})
            for v in EXAMPLE_VISITS
        ],
    )


def model_config(url: str, key: str, model: str, workers: int, max_tokens: int) -> ModelConfig:
    """LangExtract's OpenAI provider, named outright because it would send other model names elsewhere."""
    settings = {
        "base_url": url,
        "api_key": key,
        "temperature": 0.0,
        "max_workers": workers,
        "max_output_tokens": max_tokens,
    }
    return ModelConfig(model_id=model, provider="OpenAILanguageModel", provider_kwargs=settings)


def annotate(articles: Sequence[Article], options: Options) -> list[lx.data.AnnotatedDocument]:
    """One call of LangExtract for all the articles given; the date goes in as each document's context."""
    documents = [lx.data.Document(a.text, document_id=a.id, additional_context=context(a)) for a in articles]
    return lx.extract(
        documents,
        prompt_description=TASK,
        examples=[example()],
        config=options.config,
        max_workers=options.workers,
        batch_length=NO_BARRIER,
        max_char_buffer=options.buffer,
        show_progress=False,
    )


def context(article: Article) -> str:
    """Tell the date of the article that the last question of the prompt asks about."""
    return "(The article of the last question:) " + published_line(article.published)


def visits(document: lx.data.AnnotatedDocument) -> list[dict[str, Any]]:
    """Make records of the extractions that LangExtract placed in the text."""
    placed = [e for e in document.extractions or [] if e.char_interval is not None]
    return [visit(e) for e in placed if e.extraction_class == CLASS]


def visit(extraction: lx.data.Extraction) -> dict[str, Any]:
    """One extraction as a record; attributes that LangExtract left out are null."""
    attributes = extraction.attributes or {}
    fields = {name: attributes.get(name) for name in ("visitor", "destination", "when", "dates", "status")}
    interval = extraction.char_interval
    span = [interval.start_pos, interval.end_pos] if interval else None
    status = extraction.alignment_status
    return {
        **fields,
        "quote": extraction.extraction_text,
        "span": span,
        "alignment": status.value if status else None,
    }


def predict_all(articles: Sequence[Article], options: Options) -> list[Prediction]:
    """All articles in one call; if that fails, each by itself, so that one failure costs one article."""
    start = time.perf_counter()
    try:
        documents = annotate(articles, options)
    except Exception as error:  # a peer may fail in any way
        warnings.warn(f"one call for all failed, going on one by one: {error}", stacklevel=1)
        return [predict_one(article, options) for article in articles]
    share = (time.perf_counter() - start) / max(len(articles), 1)
    return [Prediction(str(d.document_id), visits(d), share) for d in documents]


def predict_one(article: Article, options: Options) -> Prediction:
    """One article by itself."""
    start = time.perf_counter()
    try:
        found, error = visits(annotate([article], options)[0]), None
    except Exception as failure:  # a peer may fail in any way
        found, error = [], f"{type(failure).__name__}: {failure}"
    return Prediction(article.id, found, time.perf_counter() - start, error)


def main() -> None:
    """Read the arguments, run, write."""
    arguments = parser("LangExtract")
    arguments.add_argument("--max-char-buffer", type=int, default=1000, help="chunk size (default 1000)")
    args = arguments.parse_args()
    articles = read_articles(args.folder, args.only)
    config = model_config(args.url, args.key, args.model, args.workers, args.max_tokens)
    warnings.filterwarnings("ignore", message="With 'config', schema constraints")
    start = time.perf_counter()
    predictions = predict_all(articles, Options(config, args.workers, args.max_char_buffer))
    write_predictions(args.out, predictions, "langextract", time.perf_counter() - start)


if __name__ == "__main__":
    main()
