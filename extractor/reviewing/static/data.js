/* The data of the report: an index of everything that lists, filters and charts need, and the articles in chunks that
 * are parsed when one of them is first shown or searched.
 *
 *   index              → as `_Index` in report.py makes it
 *   article(number)    → one article, whole
 *   find(query, rules) → {articles: numbers of what matches, records: rows of `index.records` that do}
 *   whenSearchable(f)  → calls f once every text can be searched; until then `find` knows titles, ids and key values
 */
"use strict";

(function () {
  const chunks = [...document.querySelectorAll("script.chunk")];
  const index = JSON.parse(document.getElementById("index").textContent);
  const folded = index.articles.map(() => null);
  const short = index.articles.map(([id, title, , publisher]) => fold([id, title, publisher || ""].join("\n")));
  const columns = Object.fromEntries(index.columns.map((name, place) => [name, place + 4]));
  const recent = new Map();
  const waiting = [];
  let next = 0;

  for (const row of index.records) short[row[0]] += "\n" + fold(row[3]);

  /* Letters without case, accents and ligatures, so that "perez" finds "Pérez". */
  function fold(text) {
    if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
    return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  }

  function chunk(number) {
    if (recent.has(number)) return recent.get(number);
    const parsed = JSON.parse(chunks[number].textContent);
    recent.set(number, parsed);
    if (recent.size > 4) recent.delete(recent.keys().next().value);
    return parsed;
  }

  const article = (number) => chunk(Math.floor(number / index.chunk))[number % index.chunk];

  function searchable(one) {
    const values = one.records.flatMap((record) =>
      Object.values(record.values).flatMap((found) => found.map((value) => `${value.shown} ${value.meaning || ""}`)),
    );
    const rejected = one.rejected.map((value) => `${value.value} ${value.reason}`);
    return fold([one.text, ...values, ...rejected, one.error || ""].join("\n"));
  }

  function foldNext() {
    JSON.parse(chunks[next].textContent).forEach((one, place) => {
      folded[next * index.chunk + place] = searchable(one);
    });
    next += 1;
  }

  /* Get the texts ready in small steps, so that the page answers meanwhile. */
  function prepare() {
    const until = performance.now() + 12;
    while (next < chunks.length && performance.now() < until) foldNext();
    if (next < chunks.length) setTimeout(prepare, 8);
    else waiting.splice(0).forEach((f) => f());
  }

  const isSearchable = () => next >= chunks.length;

  function whenSearchable(f) {
    if (isSearchable()) f();
    else waiting.push(f);
  }

  /* Words must all be there, in any order; what stands in quotes must be there as it is. */
  function terms(query) {
    return [...query.matchAll(/"([^"]+)"|(\S+)/g)].map((match) => fold(match[1] || match[2])).filter(Boolean);
  }

  const tests = {
    any: () => true,
    records: (number, counts) => counts[number] > 0,
    none: (number, counts) => counts[number] === 0,
    rejected: (number) => index.articles[number][4] > 0,
    failed: (number) => index.articles[number][5] > 0,
  };
  const counts = new Array(index.articles.length).fill(0);
  for (const row of index.records) counts[row[0]] += 1;

  function find(query, rules) {
    const words = terms(query);
    const chosen = Object.entries(rules.choices).filter(([, value]) => value);
    const strict = chosen.length > 0 || rules.verdict || rules.least > 0;
    const told = (number, word) => short[number].includes(word) || (folded[number] || "").includes(word);
    const kept = index.articles.map(
      (_, number) => tests[rules.kind](number, counts) && words.every((word) => told(number, word)),
    );
    const records = index.records.filter(
      (row) =>
        kept[row[0]] &&
        (!rules.least || row[1] === null || row[1] >= rules.least) &&
        (!rules.verdict || row[2].includes(rules.verdict)) &&
        chosen.every(([name, value]) => row[columns[name]] === value),
    );
    const having = strict ? new Set(records.map((row) => row[0])) : null;
    const articles = [];
    kept.forEach((keep, number) => {
      if (keep && (!having || having.has(number))) articles.push(number);
    });
    return { articles, records };
  }

  window.Extractor.data = { index, article, columns, counts, find, fold, isSearchable, prepare, terms, whenSearchable };
})();
