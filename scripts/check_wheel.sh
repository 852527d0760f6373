#!/usr/bin/env bash
# Build the wheel and use it as a stranger would: a new environment, an empty folder, no sources in reach, no dev tools.
#   scripts/check_wheel.sh [PYTHON WITH HATCHLING]
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
builder=${1:-.venv/bin/python}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

"$builder" -m hatchling build -t wheel -d "$place/dist"
"$builder" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index "$place"/dist/*.whl

mkdir "$place/empty"
cp -r seeds cassettes "$place/empty/"
cd "$place/empty"
unset PYTHONPATH
PATH=$place/venv/bin:$PATH
export PYTHONSAFEPATH=1

echo "--- the package is the installed one"
python -c "
import extractor, pathlib, sys
home = pathlib.Path(extractor.__file__).resolve()
assert home.is_relative_to('$place/venv'), home
assert not any('$root' == path for path in sys.path), sys.path
print(home.relative_to('$place'))"
extractor --version
extractor codebook visits | head -5

echo "--- the seeds, replayed"
extractor run seeds/ --schema visits --replay cassettes/ --out seeds.db
extractor show seeds.db --json | python -c "
import json, sys
lines = [json.loads(line) for line in sys.stdin]
assert len(lines) == 5, f'{len(lines)} articles'
assert not any(line['error'] for line in lines), lines
records = [record for line in lines for record in line['records']]
assert records, 'no records'
print(len(lines), 'articles,', len(records), 'records')"
extractor eval seeds.db --labels seeds/labels.jsonl
echo "The wheel works."
