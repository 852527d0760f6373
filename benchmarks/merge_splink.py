"""Measure what plain splink makes of the labelled corpus: no rules for names or status, only its own comparisons.

    pip install splink
    python benchmarks/merge_splink.py

Records of one destination are compared by name (Jaro-Winkler), country and first day; expectation maximisation fits the
weights. The best of several thresholds is what it could reach, as if somebody had known which.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import splink.comparison_library as compare
from merge import SETS, b_cubed, gold, labelled, pairwise
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
SHARE = 0.015  # of all pairs of records of the corpus that are one event


def main() -> None:
    """Print pairwise and B-cubed scores of each set by threshold."""
    for folder in SETS:
        print(f"{folder.name}\n{'':8}{'pairwise P  R  F1':23}B-cubed P  R  F1")
        measure(folder)


def measure(folder: Path) -> None:
    """Print the scores of one set."""
    sources, wanted = labelled(folder), gold(folder=folder)
    places = {f"{article} {number}": (article, number) for article, number in sources}
    rows = [
        {
            "unique_id": name,
            "visitor": sources[place].value("visitor"),
            "visitor_country": sources[place].value("visitor_country"),
            "destination": sources[place].value("destination"),
            "start": str(sources[place].value("dates") or "")[:10] or None,
        }
        for name, place in places.items()
    ]
    with TemporaryDirectory() as place, duckdb.connect() as db:
        path = Path(place, "records.json")
        path.write_text(json.dumps(rows), "utf-8")
        table = DuckDBAPI(connection=db).register(db.read_json(str(path)))
        linker = _trained(Linker(table, _settings(), log_level=logging.ERROR))
        pairs = linker.inference.predict(threshold_match_probability=0.01)
        for threshold in THRESHOLDS:
            clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
                pairs, threshold_match_probability=threshold
            )
            found = {places[row["unique_id"]]: row["cluster_id"] for row in clusters.as_record_list()}
            scores = (*pairwise(wanted, found), *b_cubed(wanted, found))
            print(f"{threshold:<7}", "  ".join(f"{score:.3f}" for score in scores))


def _settings() -> SettingsCreator:
    start = compare.AbsoluteDateDifferenceAtThresholds(
        "start", input_is_string=True, metrics=["day", "day", "month"], thresholds=[1, 7, 2]
    )
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.NameComparison("visitor"), compare.ExactMatch("visitor_country"), start],
        blocking_rules_to_generate_predictions=[block_on("destination")],
        probability_two_random_records_match=SHARE,
    )


def _trained(linker: Linker) -> Linker:
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("destination"))
    return linker


if __name__ == "__main__":
    main()
