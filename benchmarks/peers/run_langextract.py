"""Run LangExtract over a folder of articles, as many at a time as there are workers.

Its own defaults hold except the model, temperature 0 and a bound on the length of an answer. The schema
constraint that it derives from the worked example is on. Extractions that it could not place in the text are
dropped, as its README says.
"""

from __future__ import annotations

import time
import warnings
from concurrent.futures import ThreadPoolExecutor
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
    count_calls,
    counted,
    parser,
    published_line,
    read_articles,
    write_predictions,
)

CLASS = "visit"
# The quote is the extraction itself here, not one of its attributes.
TASK = DESCRIPTION.replace("- quote:", f"- {CLASS} (the extraction text):")


def example() -> lx.data.ExampleData:
    """Put the worked example in LangExtract's form, its date told in the text as in the codebook."""
    return lx.data.ExampleData(
        text=f"(published {EXAMPLE_PUBLISHED}) {EXAMPLE_TEXT}",
        extractions=[
            lx.data.Extraction(CLASS, str(v["quote"]), attributes={k: v[k] for k in v if k != "quote"})
            for v in EXAMPLE_VISITS
        ],
    )


def model_config(url: str, key: str, model: str, max_tokens: int) -> ModelConfig:
    """LangExtract's OpenAI provider, named outright because it would send other model names elsewhere."""
    settings = {
        "base_url": url,
        "api_key": key,
        "temperature": 0.0,
        "max_workers": 1,
        "max_output_tokens": max_tokens,
    }
    return ModelConfig(model_id=model, provider="OpenAILanguageModel", provider_kwargs=settings)


def annotate(article: Article, config: ModelConfig, buffer: int) -> lx.data.AnnotatedDocument:
    """One call of LangExtract for one article; the date goes in as the document's context."""
    document = lx.data.Document(article.text, document_id=article.id, additional_context=context(article))
    (annotated,) = lx.extract(
        [document],
        prompt_description=TASK,
        examples=[example()],
        config=config,
        max_workers=1,
        batch_length=1,
        max_char_buffer=buffer,
        show_progress=False,
    )
    return annotated


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


def predict(article: Article, config: ModelConfig, buffer: int) -> Prediction:
    """One article by itself, so that one failure costs one article."""
    with counted() as usage:
        try:
            found, error = visits(annotate(article, config, buffer)), None
        except Exception as failure:  # a peer may fail in any way
            found, error = [], f"{type(failure).__name__}: {failure}"[:500]
    return Prediction(article.id, found, error, usage)


def main() -> None:
    """Read the arguments, run, write."""
    arguments = parser("LangExtract")
    arguments.add_argument("--max-char-buffer", type=int, default=1000, help="chunk size (default 1000)")
    args = arguments.parse_args()
    articles = read_articles(args.folder, args.only)
    config = model_config(args.url, args.key, args.model, args.max_tokens)
    warnings.filterwarnings("ignore", message="With 'config', schema constraints")
    count_calls()
    start = time.perf_counter()
    with ThreadPoolExecutor(args.workers) as pool:
        predictions = list(pool.map(lambda one: predict(one, config, args.max_char_buffer), articles))
    write_predictions(args.out, predictions, "langextract", time.perf_counter() - start)


if __name__ == "__main__":
    main()
