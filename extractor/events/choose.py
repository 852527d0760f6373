"""Choosing: of what the sources of an event say, the value of each field, and where they contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from extractor.events.event import Chosen, Disagreement, Source, Step
from extractor.events.mentions import Mention, window_of
from extractor.fields.dates import sharper
from extractor.schema import FieldSpec, Schema, fields_of

_VERDICTS: Final = {"stated": 1.0, "derived": 0.9, "judged": 0.5}
_HALF: Final = 30  # days after which a report counts for half of a newer one
_UNDATED: Final = 0.5  # what a report of unknown day counts for


class _Reading(NamedTuple):
    """Values of one field that mean the same: the usual form, the articles that have one, and what they weigh."""

    value: Any
    articles: tuple[str, ...]
    weight: float


def choose(mentions: Sequence[Mention], schema: type[Schema]) -> tuple[dict[str, Chosen], tuple[Disagreement, ...]]:
    """Return the values of an event by field, and its disagreements, given its mentions by publication."""
    values: dict[str, Chosen] = {}
    disagreements: list[Disagreement] = []
    words = {spec.of for spec in fields_of(schema).values() if spec.type.dated}
    for spec in fields_of(schema).values():
        readings = _readings(
            mentions, spec, alike=schema.event_actor is not None and spec.name == schema.event_actor.name
        )
        if not readings:
            continue
        of = len({article for reading in readings for article in reading.articles})
        if spec.many:
            count = max(len(reading.articles) for reading in readings)
            values[spec.name] = Chosen([one.value for one in readings], _all_of(of), count, of)
            continue
        if schema.event_course and spec.name == schema.event_course.field:
            values[spec.name] = _furthest(mentions, readings, of, spec.name)
            contrary = readings if _contradicts(mentions) else []
        elif spec.type.dated:
            exact = [one for one in readings if not any(_outdoes(other, one) for other in readings)]
            values[spec.name] = _most(exact, of, "the most exact, " if len(exact) < len(readings) else "")
            contrary = exact
        else:
            values[spec.name] = _most(readings, of)
            contrary = readings if spec.type.group != "worded" and spec.name not in words else []
        if len(contrary) > 1:
            disagreements += [Disagreement(spec.name, one.value, one.articles) for one in contrary]
    return values, tuple(disagreements)


def history(mentions: Sequence[Mention], schema: type[Schema]) -> tuple[Step, ...]:
    """Return how far the event had come by what each article told, in order of publication."""
    if schema.event_course is None:
        return ()
    sources = [mention.source for mention in mentions]
    told = ((source, source.value(schema.event_course.field)) for source in sources)
    return tuple(dict.fromkeys(Step(one.published, value, one.article, one.publisher) for one, value in told if value))


def _readings(mentions: Sequence[Mention], spec: FieldSpec, *, alike: bool) -> list[_Reading]:
    """Group the values of a field by what they mean, the weightiest first; `alike` says that all mean the same."""
    newest = max((mention.day for mention in mentions if mention.day is not None), default=0)
    forms: dict[str, dict[str, float]] = {}
    values: dict[str, Any] = {}
    for mention in mentions:
        recency = _UNDATED if mention.day is None else 0.5 ** ((newest - mention.day) / _HALF)
        for claim in mention.source.claims.get(spec.name, ()):
            text = repr(claim.value)
            values[text] = claim.value
            by_article = forms.setdefault(text, {})
            weight = _VERDICTS.get(claim.verdict, 0.5) * recency
            by_article[mention.source.article] = max(weight, by_article.get(mention.source.article, 0))
    groups: list[list[str]] = []
    for text in sorted(forms, key=lambda text: (-len(text), text)):
        same = (g for g in groups if alike or all(spec.type.same(values[text], values[other]) for other in g))
        group = next(same, None)
        if group is None:
            groups.append([text])
        else:
            group.append(text)
    readings = [_reading(group, forms, values) for group in groups]
    return sorted(readings, key=lambda one: (-round(one.weight, 9), -len(one.articles), repr(one.value)))


def _reading(group: Iterable[str], forms: dict[str, dict[str, float]], values: dict[str, Any]) -> _Reading:
    weights: defaultdict[str, float] = defaultdict(float)
    for text in group:
        for article, weight in forms[text].items():
            weights[article] = max(weight, weights[article])
    usual = min(group, key=lambda text: (-len(forms[text]), -round(sum(forms[text].values()), 9), -len(text), text))
    return _Reading(values[usual], tuple(sorted(weights)), sum(weights.values()))


def _outdoes(one: _Reading, other: _Reading) -> bool:
    """Say whether a date tells exactly what another tells roughly, or holds the day that the other names."""
    if sharper(str(one.value), str(other.value)):
        return True
    whole, part = window_of(str(one.value)), window_of(str(other.value))
    if whole is None or part is None or not (whole.sharp and part.sharp):
        return False
    return whole.first <= part.first and part.last <= whole.last and part.days == 1 < whole.days


def _most(readings: Sequence[_Reading], of: int, why: str = "") -> Chosen:
    first = readings[0]
    count = len(first.articles)
    if all(count > len(other.articles) for other in readings[1:]):
        return Chosen(first.value, why + _share(count, of), count, of)
    return Chosen(first.value, f"{why}{_share(count, of)}, by verdict and recency", count, of)


def _furthest(mentions: Sequence[Mention], readings: Sequence[_Reading], of: int, course: str) -> Chosen:
    """Choose how far the event has come: an end that nothing follows, else the last stage that any article tells."""
    moved = [mention for mention in mentions if mention.stage is not None]
    ended = [mention for mention in mentions if mention.ended]
    last_end = max((mention.day or 0 for mention in ended), default=-1)
    over = ended and not any(one.begun or (one.day or 0) > last_end for one in moved)
    telling = [one for one in ended if (one.day or 0) == last_end] if over else []
    top = max((one.stage for one in moved if one.stage is not None), default=None)
    telling = telling or [one for one in moved if one.stage == top]
    articles = {one.source.article for one in telling}
    told = [one.source.value(course) for one in telling]
    found = next((one for one in readings if articles & set(one.articles) and one.value in told), readings[0])
    why = "nothing follows it" if over else "the furthest that it has come"
    count = len(found.articles)
    return Chosen(found.value, _share(count, of) if len(readings) == 1 else f"{why}, {_share(count, of)}", count, of)


def _contradicts(mentions: Sequence[Mention]) -> bool:
    """Say whether something is told to be over and to go on, or goes back on a later day."""
    if any(one.ended for one in mentions):
        end = min(one.day or 0 for one in mentions if one.ended)
        return any(one.begun or (one.stage is not None and (one.day or 0) > end) for one in mentions)
    dated = sorted((one.day, one.stage, one.begun) for one in mentions if one.day is not None and one.stage is not None)
    return any(earlier[0] < later[0] and earlier[2] and not later[2] for earlier, later in pairwise(dated))


def _share(count: int, of: int) -> str:
    if of == 1:
        return "the only article that tells"
    return f"all {of} articles" if count == of else f"{count} of {of} articles"


def _all_of(of: int) -> str:
    return "the only article that tells" if of == 1 else f"all that any of {of} articles names"


def by_publication(source: Source) -> tuple[str, str, str, int]:
    """Sort sources by the day of publication, those of an unknown day last."""
    return (source.published or "~", source.article, source.run, source.record)
