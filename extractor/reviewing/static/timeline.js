/* When the events are, in a row for each person or for each pair of countries; drawn by Observable Plot.
 * `show(numbers, width, kind)` returns the figure; kind is "who" or "pair". What is drawn names its event in data-event. */
"use strict";

(function () {
  const { article, charts, eventData } = window.Extractor;
  const { index, label, nameOf, stages, who } = eventData;
  const Plot = window.Plot;
  const MOST = 40; // rows
  const DAY = 864e5;
  const OTHER = "not told";

  const pairOf = (row) => (row.from && row.to ? `${nameOf(row.from)} → ${nameOf(row.to)}` : null);
  const keyOf = { who: (row) => row.who, pair: pairOf };

  /* An event lies on its days; without any, at its first report. */
  function place(number) {
    const row = index.rows[number];
    const known = row.days || (/^\d{4}-\d\d-\d\d$/.test(row.published || "") ? [row.published, row.published, null] : null);
    if (!known) return null;
    const [first, last, sharp] = known;
    return { number, row, sharp, first: new Date(first), last: new Date(last), status: row.status || OTHER };
  }

  /* Events of a row that lie on the same days stand below each other. */
  function lanes(placed) {
    const ends = [];
    for (const one of placed.sort((a, b) => a.first - b.first)) {
      const free = ends.findIndex((end) => end < one.first - 3 * DAY);
      one.lane = free < 0 ? ends.length : free;
      ends[one.lane] = one.last.getTime();
    }
  }

  function rowsOf(numbers, kind) {
    const groups = new Map();
    for (const one of numbers.map(place)) {
      const key = one && keyOf[kind](one.row);
      if (key) groups.set(key, [...(groups.get(key) || []), one]);
    }
    groups.forEach(lanes);
    const most = [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1)).slice(0, MOST);
    const first = ([, placed]) => Math.min(...placed.map((one) => one.first));
    return { groups: most.sort((a, b) => first(a) - first(b)), all: groups };
  }

  const at = (key, lane) => JSON.stringify([key, lane]);
  const shown = (position) => JSON.parse(position)[1] === 0 ? JSON.parse(position)[0] : "";
  const visible = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "·"); // a picture has no badges for these
  const cut = (text) => (text.length > 30 ? `${[...visible(text)].slice(0, 29).join("")}…` : visible(text));

  function draw(groups, width, title) {
    const domain = groups.flatMap(([key, placed]) => {
      const deepest = Math.max(...placed.map((one) => one.lane));
      return Array.from({ length: deepest + 1 }, (_, lane) => at(key, lane));
    });
    const placed = groups.flatMap(([key, some]) => some.map((one) => ({ ...one, y: at(key, one.lane) })));
    const kinds = [...stages, OTHER].filter((kind) => placed.some((one) => one.status === kind));
    const side = Math.min(210, Math.max(...groups.map(([key]) => cut(key).length)) * 6.6 + 16);
    const told = (one) => visible(`${one.row.called.join(" · ")}, ${one.row.when || `reported ${one.row.published}`}, ${one.status}`);
    const common = { y: "y", stroke: "status", title: told, href: (one) => String(one.number) };
    const line = { ...common, x1: "first", x2: "last", strokeWidth: 11, strokeLinecap: "round" };
    const drawn = Plot.plot({
      className: "plot", width, height: 46 + 26 * domain.length, marginLeft: side, marginRight: 16, marginTop: 30,
      ariaLabel: `${title}; the table below says the same`,
      x: { type: "utc", axis: "top", grid: true, label: null, inset: 12, ticks: Math.max(2, Math.floor((width - side) / 110)) },
      y: { domain, label: null, tickFormat: (one) => cut(shown(one)), tickSize: 0 },
      color: { domain: kinds, range: kinds.map((_, place) => `var(--series-${place % charts.series})`) },
      marks: [
        Plot.ruleY(placed.filter((one) => one.sharp === false), { ...line, strokeOpacity: 0.4 }),
        Plot.ruleY(placed.filter((one) => one.sharp), line),
        Plot.dot(placed.filter((one) => one.sharp === null), { ...common, x: "first", r: 5, strokeWidth: 2, fill: "var(--paper)" }),
      ],
    });
    drawn.querySelectorAll("a").forEach((link) => {
      const number = link.getAttribute("href") ?? link.getAttributeNS("http://www.w3.org/1999/xlink", "href");
      for (const child of [...link.children]) child.setAttribute("data-event", number);
      link.replaceWith(...link.childNodes);
    });
    const picture = article.element("div", { class: "picture" }, charts.legend(kinds), charts.clean(drawn));
    return [picture, placed];
  }

  function show(numbers, width, kind) {
    const by = kind === "who" ? who : "countries";
    const title = `Timeline by ${by}`;
    const { groups, all } = rowsOf(numbers, kind);
    if (!groups.length) return charts.figure(title, "None of these events has a day.", "", "");
    const [picture, placed] = draw(groups, width, title);
    const total = [...all.values()].reduce((sum, some) => sum + some.length, 0);
    const rest = all.size > MOST ? ` The ${MOST} rows with most events are drawn.` : "";
    const note = `${total.toLocaleString("en")} of ${numbers.length.toLocaleString("en")} events. Pale: only the month or the year is known. Ring: no date, at the first report.${rest}`;
    const rows = placed.map((one) => [JSON.parse(one.y)[0], one.row.called.join(" · "), one.row.when || `reported ${one.row.published}`, one.status, one.row.articles]);
    return charts.figure(title, note, picture, charts.tableOf([by, "event", "when", label(index.course) || "status", "articles"], rows));
  }

  window.Extractor.timeline = { show };
})();
