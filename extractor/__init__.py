"""News articles in, rows you can trust out: every value is checked against the words of the article."""
