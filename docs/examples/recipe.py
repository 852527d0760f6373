"""Recipes: a schema that has nothing to do with news."""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator

from extractor.fields import Choice, Quoted
from extractor.schema import Example, Schema, field


class Course(Choice):
    """When a dish is eaten: value, meaning, and the words that decide for it."""

    STARTER = "starter", "eaten before the main dish", ("starters?", "first course")
    MAIN = "main", "the dish that fills", ("main (?:course|dish)", "for (?:lunch|dinner|supper)")
    DESSERT = "dessert", "sweet, at the end", ("desserts?", "puddings?")


class Recipe(Schema):
    """One dish and how to make it."""

    unit: ClassVar[str] = "recipes"
    rules: ClassVar[tuple[str, ...]] = (
        "A dish that is only mentioned, without a word on how to make it, is no recipe.",
    )

    dish: Quoted = field("what is made, as the recipe calls it", key=True)
    serves: Quoted | None = field("how many people it feeds, with the number")
    time: Quoted | None = field("how long it takes in all, with the unit")
    course: Course | None = field("when it is eaten")
    ingredients: list[Quoted] = field("what goes into it, without amounts")

    @field_validator("time")
    @classmethod
    def _is_measured(cls, time: str | None) -> str | None:
        """A time has a number."""
        if time and not any(letter.isdigit() for letter in time):
            raise ValueError(f"“{time}” gives no number; name how long the recipe says that it takes")
        return time

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Barley broth. A starter for six, ready in 50 minutes. Simmer 200 g of barley with two carrots and a leek.",
            (
                {
                    "dish": "Barley broth",
                    "serves": "six",
                    "time": "50 minutes",
                    "course": "starter",
                    "ingredients": ["barley", "carrots", "leek"],
                },
            ),
        ),
    )
