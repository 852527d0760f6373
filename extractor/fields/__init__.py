"""Field types: what a value is, and how it is asked for, located, resolved and compared."""

from extractor.fields.base import FieldType, Found, Verdict, View
from extractor.fields.choice import Choice
from extractor.fields.country import Country, Place
from extractor.fields.flag import Flag
from extractor.fields.person import Office, Person
from extractor.fields.quoted import Party, Quoted
from extractor.fields.when import Dates, When

__all__ = [
    "Choice", "Country", "Dates", "FieldType", "Flag", "Found", "Office", "Party", "Person", "Place", "Quoted",
    "Verdict", "View", "When",
]  # fmt: skip
