"""International visits of officials: who went, goes or may go where, when, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import ValidationInfo, field_validator

from extractor.fields import Choice, Country, Dates, Flag, Office, Party, Person, Place, Quoted, When
from extractor.fields.goals import posting
from extractor.fields.names import same_person
from extractor.schema import Actor, Course, Example, Schema, field

_GO = r"(?:go|come|travel|fly|head|journey|visit|arrive|leave|return|pay|make|tour|attend|be in|be on|begin|start|hold)"
_GOING = (
    r"(?:going|coming|travell?ing|flying|heading|visiting|arriving|leaving|paying|making|attending|returning|touring)"
)
_TO_DO = rf"to (?:also )?(?:{_GO}|\w+)"


# The words of travel: a sentence without any tells of no visit, and the visitor is who does what they say.
_TRAVEL = (
    r"visit(?!or)\w*", r"visitor to\b", r"trips?\b", r"tours?\b(?! of)", r"touring",
    r"tour of (?:(?:two|three|four|five|six|seven|several) )?(?:[\w-]+ )?(?:countries|nations|states|capitals|cities)",
    r"tour of (?-i:[A-Z]\w+)(?=[,.;]| (?:in|from|on|to|and)\b)", r"travel\w*", r"arriv\w+", r"depart(?:s|ed|ing|ure)?\b", r"(?:to land|land(?:s|ed))\b",
    r"(?:left|leaves?|leaving|heads?|headed|heading|off|bound|proceeds?|proceeded)(?: \w+)? (?:for|to)\b", r"stop-?overs?", r"stop(?:s|ped|ping)? (?:over )?in", r"left (?-i:[A-Z])[\w’-]+(?: (?-i:[A-Z])[\w’-]+)?(?= (?:on|last|late|early|yesterday|today|after)\b)",
    r"(?!going (?:on\b|to (?!the\b)(?-i:[a-z])))(?:flew|fl(?:y|ies|own|ying)|goes|going|go|went|gone|comes|came|coming|come|journeyed|return(?:s|ed|ing)?|back|followed)\b"
    r"(?: \w+){0,2}? (?:to|from|in|on|here|there|home)\b", r"reached (?-i:(?=[A-Z]))", r"never (?:came|went)",
    r"(?:is|was|are|were|be|been|twice)(?: \w+)? (?:in|to|at) (?:the )?(?-i:(?=[A-Z]))", r"(?:is|was|be|been)(?: \w+)? (?:here|there)\b",
    r"(?:is|was|been|are)(?: in turn| also| now)? (?:due|expected|received|welcomed) (?:in|at|on|here|there|tonight|tomorrow|today)\b", r"touch\w* down", r"crossed into", r"invitation to (?-i:(?=[A-Z]))", r"(?:an?|two|three|four|five) (?:day|night|week)s? in (?-i:(?=[A-Z]))", r"in town", r"flies in", r"take part in", r"took part in",
)  # fmt: skip


_DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_MONTH = (
    r"(?-i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    r"|Dec(?:ember)?)\b"
)
# What makes of a verb in the present ("arrives", "is visiting") something to come.
_COMING = (
    rf"(?:(?:on|this|next) (?:\w+ )?{_DAY}|(?:on|from) (?:the )?(?:\d{{1,2}} )?{_MONTH}|on the \d|tomorrow|tonight"
    r"|next (?:week|month|year)|later (?:today|this|on|in)|this (?:evening|afternoon|weekend|summer|autumn|spring|winter))"
)
_STAY = r"(?:(?:an?|the|his|her|their|its) )?(?:[\w’'-]+ ){0,5}(?:visit|trip|tour|stay|mission|journey)"
_OFF = r"(?:called(?: it)? off|cancel\w+|postponed|scrapped|put(?: it)? off|shelved|dropped)"
_THERE = r"(?:(?: to| in| of)?(?: the)?(?: (?-i:[A-Z])[\w’-]+){1,3})?"
_ENDS = (
    r"(?:leaves?|leaving|departs?|departing)(?! for\b| to\b)(?: (?-i:[A-Z])[\w’'-]+)?",
    rf"(?:goes|go|going|flies|fly|flying|heads?|heading|returns?|returning|travels?)(?: back)? home(?: to{_THERE})?", r"(?:returns?|returning)", r"(?:left(?: \w+)? for|returned) home",
    rf"(?:ends?|ending|concludes?|concluding|finishes|winds? up|wraps? up)(?: {_STAY}{_THERE})?",
    rf"(?P<over>(?:ended|concluded|finished|completed|wound up|wrapped up)(?: {_STAY}{_THERE})?|returned)",
    rf"the (?:last|final) day of {_STAY}", rf"at the (?:end|close|conclusion) of {_STAY}{_THERE}",
)  # fmt: skip


_SAID = r"(?:\w+ly )?(?:said|says|reported|reports|announced|confirmed|confirms|tells us|told reporters|can confirm|(?:was|were) quoted as saying)\b"
_PAPER = r"(?:the |an? |his |her |their )?(?:schedule|plan|program|report|statement|itinerary|reports)\b"
_SOURCE = r"[^,.;:“”\"]{2,60}?"
_NAMED = r"(?: (?:of|on|for)(?: the)?(?! \w+day\b)(?: (?-i:[A-Z])[\w-]*)+(?: and(?: (?-i:[A-Z])[\w-]*)+)?)*"
_EVENT = (
    r"(?!news|press)(?:(?!(?:at|in|the|to|an?|on|with|from)\b)[\w’'().-]+ ){0,8}?"
    rf"(?:summit|forum|conference|congress|assembly|ceremon(?:y|ies)|parade|seminar|session|gala|anniversary)\b{_NAMED}|meeting of [\w ]{{3,40}}(?=[,.;]|$)"
)
_MEETING = r"(?:visits?|trips?|tours?|mission|talks|meetings?|discussions)\b[^.;:]{0,90}?"
_AIM = (
    r"(?:further |also |jointly )?(?:discuss|strengthen|deepen|open|press|sign|negotiate|boost|promote|mend|repair|restore|seek|explore"
    r"|expand|improve|enhance|explain|persuade|urge|secure|inspect|launch|inaugurate|mediate|close|broker|review|reassure|rally"
    r"|reaffirm|advance|finali[sz]e|push|speak for|lobby|drum up|shore up|study|coordinate|cement|consolidate|bolster|resolve|settle"
    r"|attract|oversee|hold (?:\w+ )?(?:talks|discussions|consultations) on) "
)


_OUT_OF_OFFICE = re.compile(
    r"\b(?:former|ex|late|opposition|mayor|city councillor|cllr|spokes\w+|press secretary)\b", re.IGNORECASE
)


class Status(Choice):
    """What has become of a visit, as of the article's publication."""

    ANNOUNCED = (
        "announced",
        "it will happen, and has not begun",
        (
            rf"(?:will|shall)(?: also| then| now| soon| later| first)? (?:{_GO}|be {_GOING})", r"['’]ll (?:\w+ )?" + _GO,
            rf"(?:(?-i:[A-Z])[\w’'-]+ to(?: also)? {_GO}|to(?: also)? (?:visit|travel|attend|come|go|fly|return|arrive|pay {_STAY}))",
            rf"(?:(?:is|are) )?(?:set|scheduled|due|slated|poised|preparing|readying|ready|about|planning|expected)(?: {_TO_DO}| in| here| there)",
            r"(?:expected|upcoming|planned|forthcoming|coming) (?:\w+ ){0,2}(?:visit|trip|tour)", r"is expected (?:tonight|tomorrow|today|on|in)",
            rf"(?:plans?|agreed|decided|intends?) {_TO_DO}", rf"(?:pledged|vowed) to (?:also )?{_GO}", rf"(?:is|are) (?:also )?{_TO_DO}", r"will(?: \w+)? (?:go|take|have)",
            rf"(?:leaves?|arrives?|departs?|begins?|starts?|opens?|flies|goes|travels|attends|comes|lands|returns|pays an?|makes an?"
            rf"|heads (?:to|for)|(?:visits|tours) (?=the\b|(?-i:[A-Z])))\b(?:[^.,;:“”\"]{{0,60}}?) {_COMING}",
            rf"(?:is|are) (?:also )?{_GOING}[^.,;:“”\"]{{0,60}}? {_COMING}", rf"to {_GO}[^.,;:“”\"]{{0,60}}? {_COMING}",
            r"(?<!that )(?<!which )(?:was|were) (?:also |then )?(?:due|expected|scheduled|set|slated) (?:to|in|at|on)\b"
            rf"[^.;:“”\"]{{0,70}}? (?:{_DAY}|today|tomorrow|tonight|later|next)\b(?![^.;]*\b(?:but|call|cancel|postpon|scrap|drop|put off))",
            rf"said(?: (?:on )?\w+day)?(?: that)? (?:he|she|they|the \w+|(?-i:[A-Z])[\w’'. -]{{1,30}}) would (?:also )?(?:{_GO}|be {_GOING})"
            r"(?![^.;]*\b(?:if|provided|unless|were)\b)", r"rescheduled (?:for|to)",
            rf"(?:will|would) be the (?:[\w’'-]+ ){{1,7}}to {_GO}",
            rf"will [^.;“”\"]{{1,80}} (?:during|at the end of|on) (?:[\w’'. -]{{1,40}}[’']s? )?{_STAY}",
            r"(?:tour|trip|visit|journey),?[^.;]{0,30} (?:that|which) (?:will |would |is to )?(?:also )?(?:includes?|covers?|takes? (?:him|her|them))",
            r"(?:will|would) [^.;]{1,100} before (?:leaving|flying|heading|travell?ing|going|moving|departing|continuing)(?: on)? (?:for|to)",
        ),
        "future",
    )  # fmt: skip
    ONGOING = (
        "ongoing",
        "it has begun and has not ended",
        (
            r"(?:has |have |had )?(?:arrived|landed|touched down|flew in(?:to)?|flown in(?:to)?|reached)", r"(?:has |have )?(?:left|departed|set off|set out) for",
            r"(?:arrives|lands|touches down)(?= (?:in|at|on|for)\b)", r"(?:has|have) (?:flown|gone|headed) to",
            r"(?:currently|now) (?:in|visiting|touring)",
            r"(?:leaves|departs|off) (?:for|to)",
            r"(?<!while he )(?<!while she )(?<!while they )(?<!when he )(?<!when she )(?<!when they )(?:is|are)(?: (?!due|expected)\w+)? (?:in|visiting|touring|there|here|back in)",
            r"(?:has|have) been (?:in|here|there)\b[^.;“”\"]{0,60}? since",
            rf"(?:is|are)(?: \w+)? (?:on|making|paying) {_STAY}", rf"(?:the (?:first|second|third|fourth|opening) day|at the start) of {_STAY}",
            r"(?:begins?|began|begun|beginning|started|starting|starts|opens|opened|kicked off) (?:his|her|their|an?|the) [\w -]{0,30}(?:visit|trip|tour)",
            r"left (?:here|home|[A-Z]\w+)(?: today| yesterday| on \w+day)?(?: by \w+)?(?: heading)? (?:to|for)",
        ),
        "past",
    )  # fmt: skip
    COMPLETED = (
        "completed",
        "it is over",
        (
            r"(?:has |have |had )?(?:last |recently )?(?:visited|travell?ed|toured)", r"(?:returned|returning|back)(?: home)?(?: on \w+day)? from", r"did go",
            rf"(?:paid|made) {_STAY}", r"(?:went|came|flew)(?: only| back| home)? (?:to|there|here|in|by)", r"back home", rf"back [\w ]{{0,20}}after {_STAY}",
            r"(?:was|were|has been|had been)(?: last| also| twice)? (?:in|to|here|there)", r"follow(?:ing|ed) [\w’'. -]{1,60}(?:visit|trip)",
            r"during (?:his|her|their|an?|[\w’'-]+) (?:\w+ )?(?:visit|trip)", r"(?:took|taken) part in", r"followed (?=in\b|on\b)",
            rf"(?:was|became) the (?:first|last|only) (?:[\w’'-]+ ){{0,7}}to {_GO}",
            rf"the (?:last|final|closing) day of {_STAY}", rf"at the (?:end|close|conclusion) of {_STAY}",
            rf"(?:concluded|ended|wrapped up|completed|wound up|finished|rounded off|cut short|broke off) {_STAY}",
            r"(?:has|have|had|having) been(?: \w+)? (?:twice|once|before|\w+ times)", r"(?:has|have|had)(?: already| also)? taken (?:him|her|them) to",
            r"where (?:he|she|they) had (?:also |earlier |just )?(?:\w+ed|taken|held|met|spoken|spent|been)", r"after (?:\w+ ){1,2}(?:days?|nights?|weeks?) in", r"spent (?:\w+ ){1,3}(?:days?|nights?|hours?|weeks?) in",
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
            r"(?:unclear|uncertain|undecided|not clear|not known) (?:if|whether) [^.,;]{1,40} (?:would|will) " + _GO,
            rf"invitation {_TO_DO}", rf"(?:has |have |had )?invited(?: \w+){{0,4}}(?: {_TO_DO})?", r"is being (?:discussed|considered|arranged|planned)",
            r"if [^.;]{2,60}, (?:he|she|I|they|we)(?:['’]ll| will| shall) " + _GO, r"in the works", rf"promis(?:ed|es|ing) {_TO_DO}",
        ),
        "future",
    )  # fmt: skip
    CANCELLED = (
        "cancelled",
        "it was planned and is off or postponed",
        (
            rf"(?:planned |scheduled |expected )?(?:visit|trip|tour)\b[^.;“”\"]{{0,80}}? (?:was|were|is|has been|had been) {_OFF}",
            rf"(?:was|were|had been) (?:due|set|scheduled|expected|supposed|to)\b[^.;“”\"]{{0,90}}? (?:but|until|before) (?:\w+ ){{0,3}}{_OFF}",
            r"(?:called|calls|calling|call)(?: it)? off", r"postpon(?:ed|es|ing)", r"cancel(?:l?ed|s|l?ing)", r"scrap(?:ped|s|ping)",
            r"put(?:s|ting)? off", r"(?:has been|was|were) (?:dropped|shelved)", r"(?:was|were) to have \w+", rf"had been (?:due|scheduled|set)(?: {_TO_DO})?",
            rf"(?:will (?:not|no longer)|won['’]t) (?:now )?(?:{_GO}|be {_GOING})", r"(?:was|were) due", rf"would have been the (?:[\w’'-]+ ){{1,7}}to {_GO}", r"would have (?:been|\w+ed|gone|come|taken|begun)",
            r"(?:is|are|was|were) (?:now )?off(?! to\b| for\b)", rf"delay(?:ed|s|ing) {_STAY}", r"pull(?:ed|s|ing) out of",
        ),
    )  # fmt: skip
    NOT_HELD = (
        "not_held",
        "a visit that was proposed or expected earlier did not come about",
        (
            rf"(?:did|does) not(?: \w+)? {_GO}", r"didn['’]t " + _GO, r"nor did \w+(?: \w+){0,2}", r"never (?:came|went|visited|happened|took place|materiali[sz]ed)",
            rf"(?:was|were|had been) (?:supposed|expected|meant)(?: {_TO_DO}| in)?", r"stayed (?:at home|home|away)",
            rf"(?:refused|declined) to {_GO}", r"(?:declin(?:ed|es|ing)|turn(?:ed|s|ing) down) (?:\w+ ){0,3}(?:invitation|invite)"
            rf"(?: {_TO_DO})?",
        ),
    )  # fmt: skip


class Kind(Choice):
    """What the article calls a visit."""

    STATE = "state", "the article calls it a state visit", (r"(?<!\bof )state visits?",)
    OFFICIAL = "official", "the article calls it an official visit", (r"official (?:[\w-]+ )?(?:visit|trip)s?",)
    WORKING = "working", "the article calls it a working visit", (r"working (?:[\w-]+ )?(?:visit|trip)s?",)
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
    cues: ClassVar[tuple[str, ...]] = _TRAVEL
    prevailing: ClassVar[tuple[str, ...]] = ("ongoing", "not_held")  # what an article says outright: has arrived
    lenient: ClassVar[str | None] = "implied"
    # Fitted to 161 records of 55 labelled articles by benchmarks/confidence.py; docs/accuracy.md has the cross-check.
    weights: ClassVar[Mapping[str, float]] = {
        "base": -0.36,
        "apart": -0.45,
        "support": 0.63,
        "judged": 0.05,
        "derived": -0.33,
    }
    least_confidence: ClassVar[float] = 0.5
    event_course: ClassVar[Course | None] = Course(
        "status", order=("possible", "announced", "ongoing", "completed"), ends=("cancelled", "not_held")
    )
    event_actor: ClassVar[Actor | None] = Actor("visitor", country="visitor_country", office="visitor_role")
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
        "the country or organisation that the traveller represents", of="visitor", asked=False, unlike="destination"
    )
    destination: Country = field("the country visited, never the traveller's own", key=True, does=_TRAVEL)
    places: list[Place] = field(
        "cities, regions, sites and venues of the visit, by their proper names", of="destination", onward=True
    )
    when: When | None = field(
        "the words that date the visit, preposition included", of="destination", by="visitor", does=_TRAVEL
    )
    dates: Dates | None = field(
        "those words resolved against the day of publication", of="when", lead=_ENDS, onward=True
    )
    status: Status | None = field(
        "what has become of the visit, as of publication", of="destination", by="visitor", does=_TRAVEL
    )
    kind: Kind | None = field("what the article calls the visit", of="destination", asked=False)
    occasion: Quoted | None = field(
        "the summit, forum, ceremony or conference that the visitor attends",
        of="destination",
        onward=True,
        lead=(
            rf"(?:attend(?:s|ed|ing)?|join(?:s|ed|ing)?|take part in|taking part in|took part in|taken part in) (?:the |an? )?(?P<value>{_EVENT})",
            rf"(?:for|at|to address|participat\w+ in|opening of|delegation to) (?:the|an?) (?P<value>{_EVENT})",
        ),
    )  # fmt: skip
    invited_by: Party | None = field(
        "who invites or hosts: a name without title, else the office or body", of="destination",
        onward=True,
        lead=(
            r"at the invitation of (?:the )?", r"as (?:the )?guests? of (?:the )?", r"invited by (?:the )?", r"invitation (?:from|by) (?:the )?",
            rf"at (?:the )?(?P<value>{_SOURCE})['’]s? (?:\w+ )?invitation", rf"accept(?:ed|s|ing) (?:the )?(?P<value>{_SOURCE})['’]s? (?:\w+ )?(?:invitation|proposal)",
            r"(?P<value>(?:(?-i:[A-Z])[\w’'.-]* ?){1,8}), at whose invitation",
            rf"(?:^|(?<=[,;] ))(?P<value>{_SOURCE})(?<!was)(?<!were)(?<!been)(?<!is) (?:has |have |had )?(?:invited|(?:offered|extended) (?:the|an) invitation)",
        ),
    )  # fmt: skip
    meets: list[Person] = field(
        "people whom the visitor met or will meet on this trip", of="visitor", onward=True,
        lead=(
            r"(?<!not )(?:meets?|met)(?: (?:with|separately with))?", r"(?:meetings?|talks|lunch|dinner|breakfast|audience|sits? down|sat down)(?: (?:is|are|was|were) (?:planned|scheduled|held))? with",
            r"(?:was|is|be|been) received (?:[^.;,]{2,50} )?by", r"calls? on|called on", r"discuss(?:ed|es|ing)? [^.;:“”]{2,100} with",
        ),
    )  # fmt: skip
    purpose: Quoted | None = field(
        "the stated aim or agenda, the shortest span that carries it", of="destination",
        onward=True,
        lead=(
            rf"(?<!agreed )(?<!pledged )(?<!vowed )(?<!promised )(?<!continue )(?<!effort )(?<!efforts )to (?={_AIM})", r"for (?=(?:[\w’-]+ ){0,4}(?:talks|discussions|consultations|negotiations)\b(?! with (?:(?-i:[A-Z])|his|her|the|its)))",
            rf"{_MEETING} aimed at ", rf"{_MEETING} focus(?:es|ed|ing)? on ", r"in a bid to ", r"in order to ",
            r"topics (?:of [\w’ ]+ )?(?:are|will be|include) (?P<value>[^.;:“”]{4,160})",
            r"(?:goal|aim|purpose) of [^.;:,]{2,60} (?:is|was) (?:to )?", r"views [^.;:,]{0,60}?on (?P<value>[^.;:“”]{4,120}?)(?=, the|\.|$)",
            r"talks with [^.;:,“]{2,60} “?on (?P<value>[^.;:,“”]{4,120})",
        ),
    )  # fmt: skip
    reported_by: Party | None = field(
        "whom the article credits with the news of this visit", of="destination",
        lead=(
            rf"[,”\";] (?:the |an? )?(?P<value>{_SOURCE}) (?:has |have )?{_SAID}", rf"according to (?!{_PAPER})(?:the |an? )?",
            rf"^(?!according)(?:the |an? )?(?P<value>{_SOURCE}) {_SAID}(?: on \w+day)?(?: that)?",
        ),
    )  # fmt: skip
    implied: Flag = field(
        "true where the article only tells of a meeting or attendance abroad, without a word of travel",
        of="destination",
        lead=_TRAVEL,
    )

    @field_validator("visitor")
    @classmethod
    def _in_office(cls, visitor: str, info: ValidationInfo) -> str:
        """Who held an office once, stands for one, or speaks for another is no official."""
        roles = (info.context or {}).get("record", {}).get("visitor_role", ())
        if any(_OUT_OF_OFFICE.search(role.value) for role in roles):
            raise ValueError(f"{visitor} is {roles[0].value}, no official who counts; name the official who travels")
        return visitor

    @field_validator("destination")
    @classmethod
    def _abroad(cls, destination: str, info: ValidationInfo) -> str:
        """A traveller visits neither home nor, as an ambassador, the country where he is posted."""
        if destination == info.data.get("visitor_country"):
            raise ValueError(
                f"{info.data.get('visitor')} represents {destination}, so {destination} cannot be the country visited; "
                "name the foreign country that the passage says the traveller goes to"
            )
        known = info.context or {}
        for name in (span for found in known.get("record", {}).get("visitor", ()) for span in found.spans):
            if posting(known["article"].text, name) == destination:
                raise ValueError(
                    f"{info.data.get('visitor')} is posted in {destination} and does not visit it; "
                    "name the country that the passage says the traveller goes to"
                )
        return destination

    @field_validator("invited_by")
    @classmethod
    def _by_another(cls, host: str | None, info: ValidationInfo) -> str | None:
        """Nobody is his own guest."""
        if host and same_person(host, info.data.get("visitor", "")):
            raise ValueError(f"{host} is the guest, not the host; name who invites, or nobody")
        return host

    @classmethod
    def same_record(cls, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """One trip may be told as announced, possible and ongoing, but not as both past and to come.

        That nothing came of it is told of a plan with a date, and has none of its own.
        """
        pairs = ((one, other), (other, one))
        groups: tuple[set[str], ...] = (
            {"announced", "possible", "ongoing"},
            {"ongoing", "completed"},
            {"cancelled", "announced"},
            {"not_held", "cancelled"},
        )
        if any(plan.get("when") and end.get("status") == "not_held" and not end.get("when") for plan, end in pairs):
            groups = (*groups, {"not_held", "announced"}, {"not_held", "possible"})
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
