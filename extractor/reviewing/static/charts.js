/* When the records happen, and from which country to which they lead; drawn by Observable Plot, each with a table that
 * says the same. `show(root, records, width)` draws rows of `index.records`. */
"use strict";

(function () {
  const { article, data } = window.Extractor;
  const { element, write } = article;
  const { index, columns } = data;
  const Plot = window.Plot;
  const MOST = 20; // countries on each side of the picture
  const LONGEST = 150; // months side by side
  const PALETTE = 8;
  const unit = index.run.unit;
  const label = (name) => index.fields.find((field) => field.name === name).label;
  const nameOf = (code) => index.names[code] || code;

  /* The picture as one thing with one name, and without the styles inside that the policy of the page forbids. */
  function clean(figure) {
    figure.querySelectorAll("style").forEach((style) => style.remove());
    figure.querySelectorAll("g[aria-label]").forEach((group) => group.removeAttribute("aria-label"));
    figure.setAttribute("role", "img");
    return figure;
  }

  function tableOf(heads, rows) {
    const head = element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name)));
    const body = rows.map((row) => element("tr", {}, ...row.map((cell) => write(element("td", {}), String(cell)))));
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
    const wide = element("div", { class: "wide", tabindex: 0, role: "group", "aria-label": heads.join(", ") }, table);
    return element("details", { class: "table" }, element("summary", {}, "As a table"), wide);
  }

  function figure(title, note, drawn, table) {
    return element("figure", {}, element("h2", {}, title), element("p", { class: "note" }, note), drawn, table);
  }

  /* The month, or the year, in which a date begins; null where it says neither. */
  const monthOf = (date) => (/^(\d{4})-(\d\d)/.exec(date || "") || [null])[0];
  const yearOf = (date) => (/^(\d{4})/.exec(date || "") || [null])[0];

  function step(months) {
    const [first, last] = [months[0], months[months.length - 1]];
    const length = (last.slice(0, 4) - first.slice(0, 4)) * 12 + (last.slice(5) - first.slice(5));
    return length > LONGEST ? ["year", yearOf] : ["month", monthOf];
  }

  function timeline(records, width) {
    const dated = index.dated;
    const dates = records.map((row) => (dated ? row[columns[dated]] : index.articles[row[0]][2]));
    const months = dates.map(monthOf).filter(Boolean).sort();
    const title = dated ? `${unit} by ${label(dated)}` : `${unit} by day of publication`;
    if (!months.length) return figure(title, "None of these records has a date.", "", "");
    const [interval, part] = step(months);
    const by = index.chosen[0];
    const order = by ? index.fields.find((field) => field.name === by).choices.map(([value]) => value) : [];
    const counts = new Map();
    records.forEach((row, place) => {
      const when = part(dates[place]);
      const key = JSON.stringify([when, by ? (row[columns[by]] ?? "none") : unit]);
      if (when) counts.set(key, (counts.get(key) || 0) + 1);
    });
    const rows = [...counts].map(([key, count]) => [...JSON.parse(key), count]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const placed = rows.reduce((sum, row) => sum + row[2], 0);
    const highest = Math.max(...window.d3.rollup(rows, (some) => window.d3.sum(some, (row) => row[2]), (row) => row[0]).values());
    const kinds = [...order, "none"].filter((kind) => rows.some((row) => row[1] === kind));
    const domain = by ? kinds : [unit];
    const drawn = Plot.plot({
      className: "plot", width, height: 280, marginLeft: 44, ariaLabel: `${title}; the table below says the same`,
      x: { interval, label: null, type: "utc" },
      y: { grid: true, label: `${unit} in each ${interval}`, tickFormat: "d", ticks: highest < 6 ? window.d3.range(highest + 1) : 6 },
      color: { domain, range: domain.map((_, place) => `var(--series-${place % PALETTE})`) },
      marks: [
        Plot.rectY(rows, { x: (row) => new Date(row[0]), y: (row) => row[2], fill: (row) => row[1], interval, insetLeft: 0.5, insetRight: 0.5,
          order: domain, title: (row) => `${row[0]}, ${row[1]}: ${row[2]}` }),
        Plot.ruleY([0]),
      ],
    });
    const note = `${placed.toLocaleString("en")} of ${records.length.toLocaleString("en")} ${unit} have a date that names the ${interval}.`;
    const picture = element("div", { class: "picture" }, legend(by ? domain : []), clean(drawn));
    return figure(title, note, picture, tableOf([interval, by ? label(by) : "kind", unit], rows));
  }

  function legend(kinds) {
    const items = kinds.map((kind, place) =>
      element("li", {}, element("span", { class: "swatch", "data-series": place % PALETTE }), write(element("bdi", {}), kind)),
    );
    return items.length ? element("ul", { class: "legend", "aria-label": "Colours" }, ...items) : null;
  }

  function top(counts) {
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([code]) => code);
  }

  function pairs(records, width) {
    const [from, to] = index.pair;
    const [counts, starts, ends] = [new Map(), new Map(), new Map()];
    const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
    for (const row of records) {
      const [start, end] = [row[columns[from]], row[columns[to]]];
      if (start && end) [[counts, `${start} ${end}`], [starts, start], [ends, end]].forEach(([map, key]) => add(map, key));
    }
    const title = `${unit} from ${label(from)} to ${label(to)}`;
    const rows = top(counts).map((key) => [...key.split(" "), counts.get(key)]);
    if (!rows.length) return figure(title, "None of these records has both.", "", "");
    const [across, down] = [top(ends), top(starts)];
    const kept = rows.filter((row) => down.indexOf(row[0]) < MOST && across.indexOf(row[1]) < MOST);
    const longest = (codes) => Math.max(...codes.slice(0, MOST).map((code) => nameOf(code).length));
    const side = Math.min(longest(down) * 7 + 14, 190);
    const above = Math.min(longest(across) * 5 + 24, 150);
    const step = Math.max(18, Math.min(52, (width - side - 10) / Math.min(across.length, MOST)));
    const drawn = Plot.plot({
      className: "plot", width: Math.max(280, side + step * Math.min(across.length, MOST) + 60), marginLeft: side, marginTop: above, marginRight: 60,
      height: above + 10 + 30 * Math.min(down.length, MOST), ariaLabel: `${title}; the table below says the same`,
      x: { domain: across.slice(0, MOST), axis: "top", label: null, tickRotate: -40, tickFormat: nameOf, padding: 0.08 },
      y: { domain: down.slice(0, MOST), label: null, tickFormat: nameOf, padding: 0.08 },
      opacity: { range: [0.14, 0.55], type: "sqrt" },
      marks: [
        Plot.cell(kept, { x: (row) => row[1], y: (row) => row[0], fill: "var(--accent)", fillOpacity: (row) => row[2], rx: 3,
          title: (row) => `${nameOf(row[0])} to ${nameOf(row[1])}: ${row[2]}` }),
        Plot.text(kept, { x: (row) => row[1], y: (row) => row[0], text: (row) => String(row[2]), fill: "currentColor" }),
      ],
    });
    const rest = down.length > MOST || across.length > MOST ? ` The ${MOST} most frequent of each are drawn.` : "";
    const all = rows.reduce((sum, row) => sum + row[2], 0).toLocaleString("en");
    const named = rows.map(([start, end, count]) => [nameOf(start), nameOf(end), count]);
    const picture = element("div", { class: "picture", tabindex: 0, role: "group", "aria-label": title }, clean(drawn));
    return figure(title, `${all} of ${records.length.toLocaleString("en")} ${unit} have both.${rest}`, picture,
      tableOf([label(from), label(to), unit], named));
  }

  function show(root, records) {
    const width = Math.max(300, Math.min(root.clientWidth - 40, 1100));
    root.replaceChildren(timeline(records, width), ...(index.pair ? [pairs(records, width)] : []));
  }

  window.Extractor.charts = { show, clean, figure, legend, tableOf, series: PALETTE };
})();
