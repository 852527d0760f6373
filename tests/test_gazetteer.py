"""The gazetteer: every country is known, mentions stand where they should, and nowhere else."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from extractor.fields.gazetteer import Kind, code_of, kinds, mentions, name_of
from extractor.fields.phrases import load

# Text, then what is found in it: "words=CODE", in order.
COUNTRIES = """
President Putin will visit North Korea. | North Korea=PRK
the Democratic People's Republic of Korea said | Democratic People's Republic of Korea=PRK
the DPRK's envoy and the ROK's | DPRK=PRK ROK=KOR
N.Korean minister leaves for S. Korea | N.Korean=PRK S. Korea=KOR
N. Korea and S.Korea | N. Korea=PRK S.Korea=KOR
He left the U.S. for the UK | U.S.=USA UK=GBR
U.S.-Russia talks | U.S.=USA Russia=RUS
the U.S.A. and the U.A.E. | U.S.A.=USA U.A.E.=ARE
a visit to the US. He said | US=USA
Britain's king in America | Britain=GBR America=USA
Burma, Ceylon and Siam | Burma=MMR Ceylon=LKA Siam=THA
Swaziland and Ivory Coast | Swaziland=SWZ Ivory Coast=CIV
Côte d’Ivoire, Cote d'Ivoire | Côte d’Ivoire=CIV Cote d'Ivoire=CIV
the Czech Republic (Czechia) | Czech Republic=CZE Czechia=CZE
Bosnia-Herzegovina, Bosnia & Herzegovina | Bosnia-Herzegovina=BIH Bosnia & Herzegovina=BIH
Guinea and Guinea-Bissau | Guinea=GIN Guinea-Bissau=GNB
Equatorial Guinea and Papua New Guinea | Equatorial Guinea=GNQ Papua New Guinea=PNG
Niger and Nigeria | Niger=NER Nigeria=NGA
Sudan and South Sudan | Sudan=SDN South Sudan=SSD
Dominica and the Dominican Republic | Dominica=DMA Dominican Republic=DOM
Samoa and American Samoa | Samoa=WSM American Samoa=ASM
Ireland and Northern Ireland | Ireland=IRL Northern Ireland=GBR
the Congo, whose capital is Kinshasa | Congo=COD Kinshasa=COD
the Congo, whose capital is Brazzaville | Congo=COG Brazzaville=COG
the Congo |
DR Congo and the Republic of the Congo | DR Congo=COD Republic of the Congo=COG
the DRC's minister | DRC=COD
Kosovo and Taiwan | Kosovo=XKX Taiwan=TWN
the West Bank, the Gaza Strip, the State of Palestine | West Bank=PSE Gaza Strip=PSE State of Palestine=PSE
the Holy See and the Vatican | Holy See=VAT Vatican=VAT
the Soviet Union, East Germany and Czechoslovakia | Soviet Union=SUN East Germany=DDR Czechoslovakia=CSK
West Germany and Yugoslavia | West Germany=DEU Yugoslavia=YUG
St. Kitts and Nevis; Saint Kitts & Nevis | St. Kitts and Nevis=KNA Saint Kitts & Nevis=KNA
São Tomé and Príncipe | São Tomé and Príncipe=STP
Sao Tome and Principe | Sao Tome and Principe=STP
TÜRKİYE, Türkiye and TURKEY | TÜRKİYE=TUR Türkiye=TUR TURKEY=TUR
Việt Nam, Vietnam, VIET NAM | Việt Nam=VNM Vietnam=VNM VIET NAM=VNM
Hong Kong and Macau | Hong Kong=HKG Macau=MAC
the Gambia; The Gambia | Gambia=GMB Gambia=GMB
Timor-Leste, or East Timor | Timor-Leste=TLS East Timor=TLS
Cabo Verde, Cape Verde | Cabo Verde=CPV Cape Verde=CPV
the People's Republic of China | People's Republic of China=CHN
the Republic of China on Taiwan | Republic of China=TWN Taiwan=TWN
"""
DEMONYMS = """
French President Emmanuel Macron | French=FRA
the Dutch, the Swiss and the Danes | Dutch=NLD Swiss=CHE Danes=DNK
Filipinos met the Philippine president | Filipinos=PHL Philippine=PHL
Burkinabè, Burkinabé and Burkinabe | Burkinabè=BFA Burkinabé=BFA Burkinabe=BFA
a Nigerien and a Nigerian | Nigerien=NER Nigerian=NGA
the Lao president | Lao=LAO
Kosovar, Emirati and Qatari envoys | Kosovar=XKX Emirati=ARE Qatari=QAT
the Dominican minister |
the Dominican minister left Santo Domingo | Dominican=DOM Santo Domingo=DOM
Congolese troops |
Congolese troops in Goma | Congolese=COD Goma=COD
a Korean president |
North Koreans and South Koreans | North Koreans=PRK South Koreans=KOR
the polish on his shoes |
Polish shoes | Polish=POL
Sino-Russian ties | Sino=CHN Russian=RUS
a Bissau-Guinean and an Equatorial Guinean | Bissau-Guinean=GNB Equatorial Guinean=GNQ
he said in Russian. |
he spoke French, and she English |
French-speaking Belgians | Belgians=BEL
in Russian territory | Russian=RUS
Ni-Vanuatu and I-Kiribati | Ni-Vanuatu=VUT I-Kiribati=KIR
Soviet leader Mikhail Gorbachev | Soviet=SUN
Germán Vargas |
BRAZILIAN MINISTER MEETS SWISS OFFICIALS | BRAZILIAN=BRA SWISS=CHE
Israelis and Palestinians | Israelis=ISR Palestinians=PSE
Frenchmen, Irishmen and Welshmen | Frenchmen=FRA Irishmen=IRL Welshmen=GBR
"""
PLACES = """
Moscow's Foreign Ministry | Moscow=RUS
the Kremlin and the White House | Kremlin=RUS White House=USA
the Élysée, the Elysee Palace | Élysée=FRA Elysee Palace=FRA
10 Downing Street; the Knesset | Downing Street=GBR Knesset=ISR
the Blue House in Seoul | Blue House=KOR Seoul=KOR
MOSCOW, BERLIN, HÀ NỘI | MOSCOW=RUS BERLIN=DEU HÀ NỘI=VNM
Chișinău, Chişinău and Chisinau | Chișinău=MDA Chişinău=MDA Chisinau=MDA
Kiev or Kyiv | Kiev=UKR Kyiv=UKR
in N'Djamena and N’Djamena | N'Djamena=TCD N’Djamena=TCD
Nuku’alofa and Port-au-Prince | Nuku’alofa=TON Port-au-Prince=HTI
Astana, once Nur-Sultan | Astana=KAZ Nur-Sultan=KAZ
a summit in Vladivostok | Vladivostok=RUS
Isfahan, Mumbai and Jeddah | Isfahan=IRN Mumbai=IND Jeddah=SAU
St. Petersburg, St Petersburg and Saint Petersburg | St. Petersburg=RUS St Petersburg=RUS Saint Petersburg=RUS
talks in Davos, Geneva and Sharm el-Sheikh | Davos=CHE Geneva=CHE Sharm el-Sheikh=EGY
in Honolulu, Hawaii | Honolulu=USA Hawaii=USA
flew to Sochi | Sochi=RUS
Washington, D.C., and New York | Washington, D.C.=USA New York=USA
at Camp David | Camp David=USA
from Ürümqi to Kashgar in Xinjiang | Ürümqi=CHN Kashgar=CHN Xinjiang=CHN
Scotland, Wales and Catalonia | Scotland=GBR Wales=GBR Catalonia=ESP
Tibet and the Russian Far East | Tibet=CHN Russian Far East=RUS
San José, Costa Rica | San José=CRI Costa Rica=CRI
San Jose |
in London, Ontario | Ontario=CAN
in Paris, Texas |
Brussels sprouts in Brussels | Brussels=BEL
a nice day in Nice | Nice=FRA
the Maldives, in Male | Maldives=MDV Male=MDV
Male voters |
Simferopol in Crimea |
"""
ORGANISATIONS = """
UN Secretary-General | UN=UN
the U.N. and the E.U. | U.N.=UN E.U.=EU
the International Atomic Energy Agency (IAEA) | International Atomic Energy Agency=IAEA IAEA=IAEA
NATO, Nato and the Arab League | NATO=NATO Nato=NATO Arab League=LAS
ECOWAS, ASEAN and the African Union | ECOWAS=ECOWAS ASEAN=ASEAN African Union=AU
the WHO asks who | WHO=WHO
WHO WILL VISIT US NEXT |
the European Central Bank | European Central Bank=ECB
the Shanghai Cooperation Organisation | Shanghai Cooperation Organisation=SCO
the World Bank and the IMF | World Bank=WB IMF=IMF
G7 and G-20 leaders | G7=G7 G-20=G20
"""
NOT_MEANT = """
the South China Sea and the Sea of Japan |
the Gulf of Mexico and the Persian Gulf |
the Indian Ocean and the Taiwan Strait |
Korean Central News Agency |
the Moscow Times and the Washington Post |
the Times of India and Radio Tuvalu |
the Bank of China |
the Warsaw Pact, the Geneva Conventions, the Paris Agreement |
the Treaty of Rome and Bretton Woods |
a Manila envelope, a Panama hat, Brazil nuts and a guinea pig |
West Indian cricket; New Mexico | New Mexico=USA
Latin America and South America |
the Prince of Wales |
US$5 million and 500 US dollars |
Michael Jordan and Jordan Peterson |
Israel Katz met Georgia Meloni |
President Lagos met Ricardo Lagos in Lagos | Lagos=NGA
Florence Parly and Victoria Nuland |
when Santiago Peña met Sofia Loren |
he read Jack London and heard Carlos Lima |
to see Prime Minister Holland |
Chad Smith and Paris Hilton |
Patricia Scotland and Denzel Washington |
Miguel de la Madrid |
turkey, china, jordan and chad |
russians, moscow |
@Israel said https://example.org/Russia and www.Russia.example |
Germanytown, Chinatown, Nigerlike |
Indiana Jones |
the North Sea and the North Atlantic near North Korea | North Korea=PRK
"""
IN_CONTEXT = """
Jordan's king is in Jordan | Jordan=JOR Jordan=JOR
He met Putin. Jordan said so | Jordan=JOR
he saw Mr. Jordan and M. Jordan |
Israel Defense Minister Israel Katz | Israel=ISR
In Georgia, the prime minister | Georgia=GEO
Chad and Israel agreed | Chad=TCD Israel=ISR
the North's media, the South and Pyongyang | North=PRK South=KOR Pyongyang=PRK
the North's media and the South of France | France=FRA
the north of North Korea | North Korea=PRK
in Paris Tuesday | Paris=FRA
Macron Visits Paris After Berlin Talks | Paris=FRA Berlin=DEU
"""
HOSTILE = """
Rus\u00adsia and Mos\u200bcow | Rus\u00adsia=RUS Mos\u200bcow=RUS
\ufeffRussia\u200b's envoy | Russia=RUS
Chis\u0326ina\u0306u | Chis\u0326ina\u0306u=MDA
Vie\u0323\u0302t Nam | Vie\u0323\u0302t Nam=VNM
North\u00a0Korea, North\u202fKorea | North\u00a0Korea=PRK North\u202fKorea=PRK
Rus\u202esia |
\u202eRussia\u202c | Russia=RUS
\u2067Russia\u2069 | Russia=RUS
Ｒｕｓｓｉａ | Ｒｕｓｓｉａ=RUS
Мoscow |
Russia|China/Iran—Cuba_Peru | Russia=RUS China=CHN Iran=IRN Cuba=CUB Peru=PER
"Russia"and 'China' | Russia=RUS China=CHN
\U0001f600 Russia | Russia=RUS
Oman'i Yemen's Yemen’s | Yemen=YEM Yemen=YEM
"""


def cases(table: str) -> list[tuple[str, str]]:
    rows = [row.rpartition("|") for row in table.strip().splitlines()]
    return [(text.removesuffix(" "), found.strip()) for text, _, found in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [c for t in (COUNTRIES, DEMONYMS, PLACES, ORGANISATIONS, NOT_MEANT, IN_CONTEXT, HOSTILE) for c in cases(t)],
)
def test_mentions_are_exactly_those(text: str, expected: str) -> None:
    found = mentions(text)
    assert " ".join(f"{m.span.of(text)}={m.code}" for m in found) == expected
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


def test_a_phrase_may_be_broken_by_a_line_but_not_by_a_paragraph() -> None:
    assert [m.code for m in mentions("North\nKorea; South\r\nKorea")] == ["PRK", "KOR"]
    assert [m.code for m in mentions("New\n\nYork")] == []


CODES = """
North Korea=PRK; the Democratic People's Republic of Korea=PRK; PRK=PRK; KP=PRK; north korea=PRK
Russian=RUS; Moscow=RUS; the Kremlin=RUS; Brussels=BEL; russia=RUS; Russia's=RUS;   Viet Nam =VNM
The Hague=NLD; the Netherlands=NLD; UN=UN; US=USA; us=; IT=ITA; it=
Congo=; the North=; Narnia=; Gulf of Mexico=; =
"""


@pytest.mark.parametrize("case", CODES.strip().replace("\n", "; ").split("; "))
def test_a_whole_phrase_has_a_code(case: str) -> None:
    words, _, code = case.partition("=")
    assert code_of(words) == (code or None)


def test_every_code_has_a_name_that_leads_back_to_it() -> None:
    codes = {code for entry in load().entries.values() for code in entry.codes}
    assert len(codes) > 330
    assert [code for code in codes if code_of(name_of(code) or "") != code] == []


UNINHABITED = {"ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "SJM", "UMI"}
GONE = {"ANT", "CSK", "DDR", "SCG", "SUN", "YUG"}
WITHOUT_PEOPLE_OF_ITS_NAME = {"ANT", "BES", "BLM", "MAF", "SCG", "SPM", "VAT"}
WITHOUT_CAPITAL = {"ATA", "BES", "BVT", "HMD", "TKL", "UMI"}
CAPITAL_BEARS_ITS_NAME = {"GIB", "HKG", "MAC", "SMR", "VAT"}
CAPITAL_BEARS_ANOTHERS_NAME = {"NFK"}  # Kingston is in Jamaica


def test_every_country_has_a_code_a_name_people_and_a_capital() -> None:
    countries = set(load().iso.values())
    entries = load().entries.values()
    peoples = {code for entry in entries if entry.kind == "demonym" for code in entry.codes}
    capitals = {code for entry in entries if entry.kind == "capital" for code in entry.codes}
    assert len(countries) == 249 + len(GONE | {"XKX"})
    assert [code for code in countries if code_of(code) != code or not name_of(code)] == []
    assert countries - peoples <= UNINHABITED | WITHOUT_PEOPLE_OF_ITS_NAME
    assert countries - capitals <= GONE | WITHOUT_CAPITAL | CAPITAL_BEARS_ITS_NAME | CAPITAL_BEARS_ANOTHERS_NAME


def test_only_names_and_acronyms_are_stated() -> None:
    assert {kind for kind, support in kinds.items() if support.verdict == "stated"} == {"name", "acronym"}
    assert all((support.rule is None) == (support.verdict == "stated") for support in kinds.values())


KINDS: dict[str, Kind] = {
    "Russia": "name",
    "Russian": "demonym",
    "Moscow": "capital",
    "Kremlin": "metonym",
    "UK": "acronym",
    "NATO": "acronym",
    "Vladivostok": "city",
    "Texas": "city",
    "European Commission": "metonym",
}


@pytest.mark.parametrize(("words", "kind"), KINDS.items())
def test_a_mention_tells_its_kind(words: str, kind: Kind) -> None:
    assert [m.kind for m in mentions(words)] == [kind]


def test_five_megabytes_in_one_line_take_seconds() -> None:
    sentence = "The minister of the small country said on Monday that Russian guests would go to Oman soon. "
    begun = time.process_time()
    assert len(mentions(sentence * (5_000_000 // len(sentence)))) > 100_000
    assert time.process_time() - begun < 20  # two on a machine at rest


@pytest.mark.parametrize(
    "unit", ["A" * 1000 + " ", "North ", "a\u0301", "U.S. ", "Congo's ", "Guinea-", "\u200b", "A.", " \n"]
)
def test_the_time_grows_with_the_length_whatever_the_text(unit: str) -> None:
    begun = time.process_time()
    mentions(unit * (500_000 // len(unit)))
    assert time.process_time() - begun < 10
