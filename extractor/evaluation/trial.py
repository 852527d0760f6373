"""The mutation test: change one thing in a true record, run `check` alone, and count what it lets through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractor.article import Article
from extractor.errors import UsageError
from extractor.evaluation.labels import read_labels
from extractor.evaluation.mutations import Case, cases, passages
from extractor.extraction.check import check
from extractor.extraction.records import Candidate
from extractor.fields.base import Group
from extractor.readers import read
from extractor.schema import Schema, fields_of, load


@dataclass(frozen=True)
class Row:
    """How the checks did on one kind of change; `change` is empty for the values that nobody touched.

    `group` is the field type's; the target speaks of "named": people, places, countries, numbers and dates.
    """

    group: Group
    kind: str
    change: str
    n: int
    kept: int

    @property
    def dropped(self) -> int:
        """How many did not come through: caught where something was changed, else falsely refused."""
        return self.n - self.kept


@dataclass(frozen=True)
class Mutations:
    """The rows of the test, once with the evidence of each field alone and once with the record's sentences.

    `stated` judges each value by the words that the labeller marked for it. `passages` judges it by the
    whole sentences that hold the record, as a run does; what these sentences name besides cannot be told
    apart.
    """

    stated: tuple[Row, ...]
    passages: tuple[Row, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the rows of both tests."""
        return {
            "stated": [asdict(row) for row in self.stated],
            "passages": [asdict(row) for row in self.passages],
        }


def mutate(
    folder: str | Path, *, labels: str | Path, schema: str | type[Schema] = "visits", seed: int = 0
) -> Mutations:
    """Run the mutation test over labelled articles.

    >>> done = mutate("seeds", labels="seeds/labels.jsonl")
    >>> sum(row.n for row in done.stated if not row.change) > 100
    True
    """
    schema = load(schema)
    made = made_cases(folder, labels, schema, seed)
    return Mutations(
        _rows((case, kept(case, schema)) for case in made),
        _rows((case, kept(case, schema, whole=True)) for case in made),
    )


def made_cases(folder: str | Path, labels: str | Path, schema: type[Schema], seed: int = 0) -> list[Case]:
    """Read articles and labels, and make the cases of the test.

    Raises:
        UsageError: if there are no labels to change.
    """
    articles = {article.id: article for article in read(folder) if isinstance(article, Article)}
    made = list(cases(articles, read_labels(labels, schema, articles), schema, seed=seed))
    if not made:
        raise UsageError(f"The labels {labels} have no value with evidence, so there is nothing to change.")
    return made


def kept(case: Case, schema: type[Schema], *, whole: bool = False) -> bool:
    """Say whether `check` lets the value of a case through.

    It has the field's own evidence to look at, or with `whole` the sentences of the record, one after the other as
    a run has them: then one of them is enough.
    """
    near = passages(case.article, case.evidence)
    if whole:
        return any(_stands(case, Candidate(case.values, where), schema) for where in near)
    return _stands(case, Candidate(case.values, near[0], case.evidence), schema)


def _stands(case: Case, candidate: Candidate, schema: type[Schema]) -> bool:
    """Say whether a value is in the checked record; if it was complained about or overruled, it is not kept."""
    checked = check(candidate, case.article, schema)
    same = fields_of(schema)[case.field].type.same
    stands = any(same(found.value, case.value) for found in checked.record[case.field])
    return stands and all(complaint.field != case.field for complaint in checked.complaints)


def _rows(outcomes: Iterable[tuple[Case, bool]]) -> tuple[Row, ...]:
    counts: dict[tuple[Group, str, str], list[bool]] = {}
    for case, is_kept in outcomes:
        counts.setdefault((case.group, case.kind, case.change), []).append(is_kept)
    order = {"named": 0, "worded": 1, "judged": 2}
    ordered = sorted(counts.items(), key=lambda item: (order[item[0][0]], item[0]))
    return tuple(Row(*key, len(all_kept), sum(all_kept)) for key, all_kept in ordered)
