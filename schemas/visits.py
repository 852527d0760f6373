"""International visits of officials: who went, goes or may go where, when, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import ValidationInfo, field_validator

from extractor.fields import Choice, Country, Dates, Flag, Office, Party, Person, Place, Quoted, When
from extractor.schema import Example, Schema, field

_GO = r"(?:go|come|travel|fly|head|journey|visit|arrive|leave|return|pay|make|tour|attend|be in|be on|begin|start|hold)"
_TO_DO = rf"to (?:also )?(?:{_GO}|\w+)"


# The words of travel: a sentence without any tells of no visit, and the visitor is who does what they say.
_TRAVEL = (
    r"visit(?!or)\w*", r"trips?\b", r"tours?\b(?! of)", r"touring",
    r"tour of (?:(?:two|three|four|five|six|seven|several) )?(?:[\w-]+ )?(?:countries|nations|states|capitals|cities)",
    r"tour of (?-i:[A-Z]\w+)(?=[,.;]| (?:in|from|on|to|and)\b)", r"travel\w*", r"arriv\w+", r"depart(?!ment)\w*", r"land(?:s|ed)\b",
    r"(?:left|leaves?|leaving|heads?|headed|heading|off|bound|proceeds?|proceeded)(?: \w+)? (?:for|to)\b", r"stop-?overs?", r"stops? in",
    r"(?:flew|fl(?:y|ies|own|ying)|goes|going|go|went|gone|comes|came|coming|come|journeyed|return(?:s|ed|ing)?|back|followed)\b"
    r"(?: \w+){0,2}? (?:to|from|in|on|here|there|home)\b", r"reached", r"never (?:came|went)",
    r"(?:is|was|are|were|be|been|twice)(?: \w+)? (?:in|to|at) (?-i:(?=[A-Z]))", r"(?:is|was|be|been)(?: \w+)? (?:here|there)\b",
    r"(?:is|was|been|are) (?:due|expected|received|welcomed) (?:in|at|on|here|there|tonight|tomorrow|today)\b", r"touch\w* down", r"crossed into", r"in town", r"flies in", r"take part in", r"took part in",
)  # fmt: skip


_SAID = r"(?:said|says|reported|reports|announced|confirmed)\b"
_SOURCE = r"[^,.;:“”\"\n]{2,60}?"


class Status(Choice):
    """What has become of a visit, as of the article's publication."""

    ANNOUNCED = (
        "announced",
        "it will happen, and has not begun",
        (
            rf"(?:will|shall|to)(?: also| then| now| soon)? {_GO}", r"['’]ll (?:\w+ )?" + _GO,
            rf"(?:(?:is|are) )?(?:set|scheduled|due|slated|poised|preparing|readying|ready|about|planning|expected)(?: {_TO_DO}| in)",
            r"(?:expected|upcoming|planned|forthcoming|coming) (?:\w+ ){0,2}(?:visit|trip|tour)", r"is expected (?:tonight|tomorrow|today|on|in)",
            rf"plans? {_TO_DO}", r"(?:leaves?|arrives?|departs?|begins?|starts?|flies|goes|travels) (?:on \w+day|tomorrow|tonight|next|later)",
            rf"(?:is|are) (?:also )?{_TO_DO}", r"will(?: \w+)? (?:go|take|have)",
        ),
        "future",
    )  # fmt: skip
    ONGOING = (
        "ongoing",
        "it has begun and has not ended",
        (
            r"(?:has |have |had )?(?:arrived|landed|touched down|flew in|flown in|reached)", r"(?:has |have )?(?:left|departed|set off|set out) for",
            r"(?:leaves|departs|off) (?:for|to)", r"(?:is|are)(?: \w+)? (?:in|visiting|touring|there|here|back in)", r"is on an? [\w ]{0,30}(?:visit|trip|tour)",
            r"(?:begins?|began|beginning|started|starting|starts|opens|opened) (?:his|her|their|an?|the) [\w -]{0,30}(?:visit|trip|tour)",
            r"left [A-Z]\w+ (?:today|on \w+day)? ?(?:heading )?(?:to|for)",
        ),
        "past",
    )  # fmt: skip
    COMPLETED = (
        "completed",
        "it is over",
        (
            r"(?:has |have |had )?(?:last |recently )?(?:visited|travell?ed|toured)", r"(?:returned|returning|back) (?:home )?from", r"did go",
            r"(?:paid|made) an? [\w ]{0,30}(?:visit|trip)", r"(?:went|came|flew)(?: only| back| home)? (?:to|there|here|in|by)",
            r"(?:was|were|has been|had been)(?: last| also| twice)? (?:in|to|here|there)", r"follow(?:ing|ed) [\w’'. -]{1,60}(?:visit|trip)",
            r"during (?:his|her|their|an?|[\w’'-]+) (?:\w+ )?(?:visit|trip)", r"(?:took|taken) part in",
        ),
        "past",
    )  # fmt: skip
    POSSIBLE = (
        "possible",
        "it may happen; nobody has fixed it",
        (
            rf"(?:may|might|could|would)(?: also| well| then| herself| himself)? {_GO}", r"possible (?:\w+ )?(?:visit|trip|tour|stopover)",
            rf"(?:considering|discussing|mulling|weighing|arranging|hopes?|hoping|wants|ready|willing)(?: \w+){{0,3}} (?:visit|trip|{_TO_DO})",
            rf"(?:accepted|accepting|extended|issued|received) (?:an? |the |his |her |[\w’' -]{{1,40}})?(?:invitation|proposal)(?: {_TO_DO})?",
            rf"invitation {_TO_DO}", rf"(?:has |have |had )?invited(?: \w+){{0,4}}(?: {_TO_DO})?", r"is being (?:discussed|considered|arranged|planned)",
            r"if [^.;]{2,60}, (?:he|she|I|they|we)(?:['’]ll| will| shall) " + _GO,
        ),
        "future",
    )  # fmt: skip
    CANCELLED = (
        "cancelled",
        "it was planned and is off or postponed",
        (
            r"(?:called|calls|calling|call) off", r"postpon(?:ed|es|ing)", r"cancel(?:l?ed|s|l?ing)", r"scrap(?:ped|s|ping)",
            r"put(?:s|ting)? off", r"(?:has been|was|were) dropped", r"(?:was|were) to have \w+", rf"had been (?:due|scheduled|set|expected)(?: {_TO_DO})?",
            rf"will (?:not|no longer) (?:now )?(?:be )?{_GO}", r"won['’]t " + _GO, r"(?:was|were) due",
        ),
    )  # fmt: skip
    NOT_HELD = (
        "not_held",
        "a visit that was proposed or expected earlier did not come about",
        (
            rf"(?:did|does) not(?: \w+)? {_GO}", r"didn['’]t " + _GO, r"nor did \w+(?: \w+){0,2}", r"never (?:came|went|visited|happened|took place|materiali[sz]ed)",
            rf"(?:was|were) (?:supposed|expected)(?: {_TO_DO}| in)?",
        ),
        "past",
    )  # fmt: skip


class Kind(Choice):
    """What the article calls a visit."""

    STATE = "state", "the article calls it a state visit", (r"state visits?",)
    OFFICIAL = "official", "the article calls it an official visit", (r"official (?:\w+ )?(?:visit|trip)s?",)
    WORKING = "working", "the article calls it a working visit", (r"working (?:visit|trip)s?",)
    PRIVATE = "private", "the article calls it private", (r"private (?:visit|trip|holiday)s?",)
    TRANSIT = (
        "transit",
        "a stop on the way to another country",
        (r"stop-?overs?|refuel\w* stop|in transit|layover|stops? over",),
    )


class Visit(Schema):
    """One traveller, one destination country, one trip.

    A visit is made by a named official (head of state or government, minister, deputy minister, special envoy,
    speaker of parliament, military chief, head of an international organisation) who goes, went, will go, may
    go, or was to go and did not, to a country that is not the one they represent.
    """

    unit: ClassVar[str] = "visits"
    cues: ClassVar[tuple[str, ...]] = (*_TRAVEL, r"invit\w+")
    prevailing: ClassVar[tuple[str, ...]] = ("ongoing",)  # an article that says outright: has left, has arrived
    lenient: ClassVar[str | None] = "implied"
    rules: ClassVar[tuple[str, ...]] = (
        "One record per traveller and destination country and trip: two countries are two records, and so are two "
        "trips to one country at different times. Repetition is not a second visit.",
        "Background trips count (“who visited Russia last month”), and so do possible ones (“a possible trip by …”) "
        "and those of third parties (“an expected visit to China by …”).",
        "A meeting is no visit by itself. Where it is placed in a country foreign to a participant, the visit is implied.",
        "Residents do not visit: an ambassador where he is posted, a host at home.",
        "Delegations without a named member, states, companies, warships, spouses and unnamed officials are no travellers.",
        "A trip that nobody planned yields nothing. An invitation declined is not_held.",
        "Text that is not the article (menus, appeals, “read more”, author biographies) yields nothing.",
    )

    visitor: Person = field(
        "the official who travels, by name, without title; not the host, nor who invites or reports",
        key=True,
        of="destination",
        does=_TRAVEL,
    )
    visitor_role: Office | None = field("the traveller's office at the time of the trip", of="visitor")
    visitor_country: Country | None = field(
        "the country or organisation that the traveller represents", of="visitor", asked=False
    )
    destination: Country = field("the country visited, never the traveller's own", key=True, does=_TRAVEL)
    places: list[Place] = field(
        "cities, regions, sites and venues of the visit, by their proper names", of="destination"
    )
    when: When | None = field("the words that date the visit, preposition included", of="destination")
    dates: Dates | None = field("those words resolved against the day of publication", of="when")
    status: Status | None = field("what has become of the visit, as of publication", of="destination")
    kind: Kind | None = field("what the article calls the visit", of="destination", asked=False)
    occasion: Quoted | None = field(
        "the summit, forum, ceremony or conference that the visitor attends",
        of="destination",
        lead=(
            r"(?:to attend|attend(?:s|ed|ing)?|for|to speak at|taking part in|take part in|took part in|to address) (?:the|a|an) (?=(?:[\w’'()-]+ ){0,8}(?:Summit|Forum|Conference|Congress|Assembly|summit|forum|conference|ceremony|parade|seminar|session)\b)",
        ),
    )
    invited_by: Party | None = field(
        "who invites or hosts: a name without title, else the office or body", of="destination",
        lead=(r"at the invitation of (?:the )?", r"as (?:the )?guests? of (?:the )?", r"invited by (?:the )?"),
    )  # fmt: skip
    meets: list[Person] = field(
        "people whom the visitor met or will meet on this trip", of="visitor",
        lead=(r"(?:to |will |also |is to )*(?:meets?|met|meeting)(?: with)?", r"(?:hold|held|holding|for|have) (?:\w+ )?talks with", r"received by", r"call on"),
    )  # fmt: skip
    purpose: Quoted | None = field(
        "the stated aim or agenda, the shortest span that carries it", of="destination",
        lead=(r"in order to ", r"for (?=talks on )", r"to (?=discuss |strengthen |deepen |open |press |sign |negotiate )"),
    )  # fmt: skip
    reported_by: Party | None = field(
        "whom the article credits with the news of this visit", of="destination",
        lead=(
            rf"[,”\"] (?:the |an? )?(?P<value>{_SOURCE}) (?:has |have )?{_SAID}", r"according to (?:the |an? )?",
            rf"(?:^|(?<=[.”\n] ))(?:the |an? )?(?P<value>{_SOURCE}) {_SAID}(?: on \w+day)?(?: that)?",
        ),
    )  # fmt: skip
    implied: Flag = field(
        "true where the article only tells of a meeting or attendance abroad, without a word of travel",
        of="destination",
        lead=_TRAVEL,
    )

    @field_validator("destination")
    @classmethod
    def _abroad(cls, destination: str, info: ValidationInfo) -> str:
        """A traveller does not visit home."""
        if destination == info.data.get("visitor_country"):
            raise ValueError(
                f"{info.data.get('visitor')} represents {destination}, so {destination} cannot be the country visited; "
                "name the foreign country that the passage says the traveller goes to"
            )
        return destination

    @classmethod
    def same_record(cls, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """One trip may be told as announced, possible and ongoing, but not as both past and to come."""
        groups = (
            {"announced", "possible", "ongoing"},
            {"ongoing", "completed"},
            {"cancelled", "announced"},
            {"not_held", "cancelled"},
        )
        statuses = {value for value in (one.get("status"), other.get("status")) if value}
        return (len(statuses) < 2 or any(statuses <= group for group in groups)) and super().same_record(one, other)

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Kenya's foreign minister, Grace Wanjiru, arrived in Cairo on Monday at the invitation of Egyptian President Tarek Mansour.",
            ({"visitor": "Grace Wanjiru", "destination": "Cairo", "when": "on Monday", "status": "ongoing"},),
        ),
        Example(
            "Grace Wanjiru and Tarek Mansour spoke by telephone about trade with Ghana before the visit, her office said.",
            (),
        ),
        Example(
            "The announcement comes after Peruvian President Luis Quispe visited Brazil last month amid fears in Chile of a new alliance.",
            ({"visitor": "Luis Quispe", "destination": "Brazil", "when": "last month", "status": "completed"},),
        ),
        Example(
            "Quispe will also travel to Spain and Italy in May, ahead of an expected trip to Lima by Spanish Prime Minister Elena Roca.",
            (
                {"visitor": "Quispe", "destination": "Spain", "when": "in May", "status": "announced"},
                {"visitor": "Quispe", "destination": "Italy", "when": "in May", "status": "announced"},
                {"visitor": "Elena Roca", "destination": "Lima", "when": None, "status": "announced"},
            ),
        ),
        Example(
            "Roca called off a trip to Ghana planned for Tuesday, but may go to Togo next year.",
            (
                {"visitor": "Roca", "destination": "Ghana", "when": "for Tuesday", "status": "cancelled"},
                {"visitor": "Roca", "destination": "Togo", "when": "next year", "status": "possible"},
            ),
        ),
        Example(
            "Talks with Mansour were expected to focus on trade, but he never came to Accra.",
            ({"visitor": "Mansour", "destination": "Accra", "when": None, "status": "not_held"},),
        ),
    )
