/* Where the events lead: arrows between countries on an outline of the world that is in the page; no tiles, no network.
 * `show(numbers, width)` returns the figure. What is drawn names its countries in data-find. */
"use strict";

(function () {
  const { article, charts, eventData } = window.Extractor;
  const { index, label, nameOf } = eventData;
  const { Plot, topojson } = window;
  let world = null;

  function outlines() {
    if (!world) {
      const topology = JSON.parse(document.getElementById("world").textContent);
      world = { countries: topojson.feature(topology, topology.objects.countries).features, points: topology.points };
    }
    return world;
  }

  function flowsOf(numbers) {
    const counts = new Map();
    for (const number of numbers) {
      const { from, to } = index.rows[number];
      const key = JSON.stringify([from, to]);
      if (from && to) counts.set(key, (counts.get(key) || 0) + 1);
    }
    return [...counts].map(([key, count]) => ({ from: JSON.parse(key)[0], to: JSON.parse(key)[1], count })).sort((a, b) => b.count - a.count);
  }

  function draw(flows, width, title) {
    const { countries, points } = outlines();
    const arrivals = new Map();
    for (const one of flows) arrivals.set(one.to, (arrivals.get(one.to) || 0) + one.count);
    const ends = [...arrivals].map(([code, count]) => ({ code, count, at: points[code] }));
    const find = (...codes) => codes.map((code) => `"${nameOf(code)}"`).join(" ");
    const drawn = Plot.plot({
      className: "plot", width, height: Math.round(width * 0.5), margin: 2, ariaLabel: `${title}; the table below says the same`,
      projection: { type: "equal-earth", rotate: [-11, 0] },
      r: { range: [3, 9], type: "sqrt", domain: [1, Math.max(2, ...ends.map((one) => one.count))] },
      marks: [
        Plot.sphere({ fill: "var(--sunken)", stroke: "var(--line)" }),
        Plot.geo(countries, { fill: (one) => (arrivals.has(one.id) ? "var(--reached)" : "var(--sheet)"), stroke: "var(--line)", strokeWidth: 0.6 }),
        Plot.arrow(flows.filter((one) => one.from !== one.to), {
          x1: (one) => points[one.from][0], y1: (one) => points[one.from][1], x2: (one) => points[one.to][0], y2: (one) => points[one.to][1],
          bend: 24, headLength: 7, insetEnd: 8, stroke: "var(--accent)", strokeOpacity: 0.75, strokeWidth: (one) => 1 + Math.min(4, Math.log2(one.count)),
          title: (one) => `${nameOf(one.from)} to ${nameOf(one.to)}: ${one.count}`, href: (one) => find(one.from, one.to),
        }),
        Plot.dot(ends, { x: (one) => one.at[0], y: (one) => one.at[1], r: "count", fill: "var(--accent)", fillOpacity: 0.85, stroke: "var(--sheet)",
          title: (one) => `${nameOf(one.code)}: ${one.count}`, href: (one) => find(one.code) }),
      ],
    });
    drawn.querySelectorAll("a").forEach((link) => {
      const words = link.getAttribute("href") ?? link.getAttributeNS("http://www.w3.org/1999/xlink", "href");
      for (const child of [...link.children]) child.setAttribute("data-find", words);
      link.replaceWith(...link.childNodes);
    });
    return charts.clean(drawn);
  }

  function show(numbers, width) {
    const [from, to] = index.pair;
    const title = `Map from ${label(from)} to ${label(to)}`;
    const flows = flowsOf(numbers);
    if (!flows.length) return charts.figure(title, "None of these events has both.", "", "");
    const { points } = outlines();
    const placed = flows.filter((one) => points[one.from] && points[one.to]);
    const sum = (some) => some.reduce((total, one) => total + one.count, 0);
    const off = sum(flows) - sum(placed);
    const note = `${sum(placed).toLocaleString("en")} of ${numbers.length.toLocaleString("en")} events, between the middles of the countries.`;
    const unplaced = off ? ` ${off.toLocaleString("en")} more lead from or to an organisation, or to a country of the past.` : "";
    const picture = article.element("div", { class: "picture" }, draw(placed, width, title));
    const rows = flows.map((one) => [nameOf(one.from), nameOf(one.to), one.count]);
    return charts.figure(title, note + unplaced, picture, charts.tableOf([label(from), label(to), "events"], rows));
  }

  window.Extractor.map = { show };
})();
