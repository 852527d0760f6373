/* An article with its evidence, and its records beside it. Report and review page show both through this file.
 *
 * A classic script without dependencies: one global, `Extractor.article`. Nothing here parses HTML; whatever comes from
 * data becomes a text node or an attribute's value.
 *
 *   offsets(text)              → {unit(point), point(unit)}: code points, in which all data counts, to UTF-16 units and back
 *   marksOf(article, fields)   → marks of all values of `article.records` but a plain no: {id, spans, colour, label}; the id
 *                                of value number v of a field in record number r is `${r}-${field}-${v}`, all from 0
 *   show(root, article, marks) → empties `root` and fills it with the article's text, in <div class="block"> of some lines
 *                                each (a browser lays out only those in view). Each stretch that carries values is
 *                                <mark class="evidence" data-values="id id" data-colour="n">; marks never nest, and the
 *                                shortest span gives the colour (class "passage" if even that is long). A control
 *                                character is <span class="control" data-code="202E">, of as many units as it has in the
 *                                text, so that root.textContent and article.text have equal offsets.
 *   records(root, article, fields) → empties `root` and fills it with a card for each record. A value is
 *                                <button class="value" data-value="id">.
 *   link(scope)                → hovering or focusing a value in `scope` ([data-value]) lights its spans, and the other
 *                                way round (class "lit"); a click or Enter on one brings the other into view. Call it once
 *                                for a scope: it listens to the scope, so what `show` and `records` fill in later is linked.
 *   light(scope, ids)          → lights these values and their spans, and nothing else
 *   span(root, text, range)    → [start, end) in code points of a DOM Range within what `show` filled; null if it is
 *                                empty or outside
 *   element(name, attributes, ...children) → a new element; strings become text nodes
 *
 * `article` and `fields` are as `run_data` in page.py makes them. `mark.colour` is the number of the field; page.css
 * has the colours ([data-colour="n"], n modulo 14). To mark anything else, pass marks of your own with other ids.
 */
"use strict";

(function () {
  const COLOURS = 14;
  const LONG = 60; // code points; what is longer is a passage rather than a value's words
  const BLOCK = 2000; // units
  const SURROGATES = /[\ud800-\udfff]/;

  /* What steers the direction of writing, has no width, or is no text, but for what joins emoji and Persian letters. */
  const CONTROL =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  function offsets(text) {
    if (!SURROGATES.test(text)) return { unit: (point) => point, point: (unit) => unit };
    const units = [];
    let unit = 0;
    for (const character of text) {
      units.push(unit);
      unit += character.length;
    }
    units.push(unit);
    const last = units.length - 1;
    return {
      unit: (point) => units[Math.max(0, Math.min(point, last))],
      point(wanted) {
        let low = 0;
        let high = last;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (units[middle] < wanted) low = middle + 1;
          else high = middle;
        }
        return low;
      },
    };
  }

  function marksOf(article, fields) {
    const marks = [];
    article.records.forEach((record, r) => {
      fields.forEach((field, colour) => {
        (record.values[field.name] || []).forEach((value, v) => {
          if (value.value === false) return;
          marks.push({ id: `${r}-${field.name}-${v}`, spans: value.spans, colour, label: field.label });
        });
      });
    });
    return marks;
  }

  /* Where blocks begin, in units: after a line end, or within a line that a browser would take minutes to lay out. */
  function blocks(text) {
    const starts = [];
    for (let start = 0; start < text.length; ) {
      starts.push(start);
      let end = text.indexOf("\n", start + BLOCK) + 1 || text.length;
      if (end - start > 2 * BLOCK) end = text.lastIndexOf("\n", start + BLOCK) + 1;
      start = end > start ? end : cut(text, start + BLOCK);
    }
    return starts;
  }

  /* Cut a long line at its next space, else between two letters. */
  function cut(text, at) {
    const space = text.indexOf(" ", at) + 1;
    if (space && space - at < BLOCK) return space;
    const joined = /[\udc00-\udfff\u200d\ufe0f\p{M}]/u;
    let end = at;
    while (end < at + 64 && joined.test(text[end])) end += 1;
    return end;
  }

  /* Cut the text where a block, or any span, begins or ends, so that marks never nest: [start, end, spans, boilerplate]
   * in units. */
  function pieces(article, marks, starts) {
    const { unit } = offsets(article.text);
    const turns = new Map([...starts, article.text.length].map((at) => [at, []]));
    const note = (at, on) => (turns.has(at) ? turns.get(at).push(on) : turns.set(at, [on]));
    const add = ([start, end], mark) => {
      const on = { mark, length: end - start, from: unit(start), to: unit(end) };
      if (on.from < on.to) [on.from, on.to].forEach((at) => note(at, on));
    };
    for (const mark of marks) for (const span of mark.spans) add(span, mark);
    for (const span of article.boilerplate || []) add(span, null);
    const places = [...turns.keys()].sort((a, b) => a - b);
    const open = new Set();
    const found = [];
    places.forEach((start, place) => {
      for (const on of turns.get(start)) {
        if (on.from === start) open.add(on);
        else open.delete(on);
      }
      const end = places[place + 1];
      const on = [...open].filter((one) => one.mark).sort((a, b) => a.length - b.length);
      if (end > start) found.push([start, end, on, [...open].some((one) => !one.mark)]);
    });
    return found;
  }

  /* Append text with its control characters shown as badges. */
  function write(parent, text) {
    let end = 0;
    for (const match of text.matchAll(CONTROL)) {
      parent.append(text.slice(end, match.index));
      const code = match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      const badge = element("span", { class: "control", "data-code": code, title: `U+${code}` });
      badge.append("\u00b7".repeat(match[0].length));
      parent.append(badge);
      end = match.index + match[0].length;
    }
    parent.append(text.slice(end));
    return parent;
  }

  function show(root, article, marks) {
    const starts = blocks(article.text);
    const fresh = new Set(starts);
    const all = [];
    const begun = new Set();
    for (const [start, end, on, boilerplate] of pieces(article, marks, starts)) {
      if (fresh.has(start)) all.push(element("div", { class: "block" }));
      const block = all[all.length - 1];
      const within = boilerplate ? element("span", { class: "boilerplate" }) : block;
      const text = article.text.slice(start, end);
      if (on.length) within.append(write(marked(on, begun), text));
      else write(within, text);
      if (boilerplate) block.append(within);
    }
    root.replaceChildren(...all);
  }

  /* The mark of a piece; the first of each value's spans can be reached by Tab. */
  function marked(on, begun) {
    const fresh = on.some((one) => !begun.has(one));
    on.forEach((one) => begun.add(one));
    const kinds = ["evidence", on.length > 1 && "shared", on[0].length > LONG && "passage"];
    return element("mark", {
      class: kinds.filter(Boolean).join(" "),
      "data-values": [...new Set(on.map((one) => one.mark.id))].join(" "),
      "data-colour": on[0].mark.colour % COLOURS,
      title: [...new Set(on.map((one) => one.mark.label))].join(", "),
      tabindex: fresh ? 0 : null,
      role: fresh ? "button" : null,
    });
  }

  function records(root, article, fields) {
    root.replaceChildren(...article.records.map((record, r) => card(record, r, fields)));
  }

  function card(record, r, fields) {
    const heading = element("h4", {}, `Record ${r + 1}`);
    if (record.confidence !== null) {
      heading.append(element("span", { class: "confidence" }, `confidence ${record.confidence.toFixed(2)}`));
    }
    const list = element("dl", {});
    fields.forEach((field, colour) => {
      const values = record.values[field.name] || [];
      if (values.every((value) => value.value === false)) return;
      list.append(element("dt", { title: field.description || null }, field.label));
      const cell = element("dd", {});
      values.forEach((value, v) => {
        if (value.value !== false) cell.append(button(value, `${r}-${field.name}-${v}`, colour));
      });
      list.append(cell);
    });
    return element("article", { class: "record", "data-record": r, "aria-label": `Record ${r + 1}` }, heading, list);
  }

  function button(value, id, colour) {
    const words = write(element("bdi", { class: "words" }), value.shown);
    const made = element("button", { type: "button", class: "value", "data-value": id, "data-colour": colour % COLOURS }, words);
    if (value.meaning) made.append(" ", element("bdi", { class: "meaning" }, value.meaning));
    if (value.verdict !== "stated") made.append(" ", element("span", { class: "verdict" }, value.verdict));
    if (value.rule) made.append(write(element("bdi", { class: "rule" }), value.rule));
    return made;
  }

  function idsOf(target) {
    const one = target instanceof Element ? target.closest("[data-value], [data-values]") : null;
    if (!one) return [];
    return one.dataset.value ? [one.dataset.value] : one.dataset.values.split(" ");
  }

  function light(scope, ids) {
    const wanted = new Set(ids);
    for (const one of scope.querySelectorAll("[data-value], [data-values]")) {
      one.classList.toggle("lit", idsOf(one).some((id) => wanted.has(id)));
    }
  }

  function link(scope) {
    let focused = [];
    scope.addEventListener("pointerover", (event) => light(scope, idsOf(event.target).length ? idsOf(event.target) : focused));
    scope.addEventListener("pointerleave", () => light(scope, focused));
    scope.addEventListener("focusin", (event) => light(scope, (focused = idsOf(event.target))));
    scope.addEventListener("focusout", () => light(scope, (focused = [])));
    scope.addEventListener("click", (event) => bring(scope, event.target));
    scope.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.target instanceof Element) || !event.target.matches("mark.evidence")) return;
      event.preventDefault();
      bring(scope, event.target);
    });
  }

  /* Bring the counterpart of a value, or of a mark, into view. */
  function bring(scope, target) {
    const [id] = idsOf(target);
    if (!id) return;
    const other = target.closest("[data-value]") ? `[data-values~="${CSS.escape(id)}"]` : `[data-value="${CSS.escape(id)}"]`;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scope.querySelector(other)?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  function span(root, text, range) {
    if (range.collapsed || !root.contains(range.commonAncestorContainer)) return null;
    const before = document.createRange();
    before.setStart(root, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = before.toString().length;
    const { point } = offsets(text);
    return [point(start), point(start + range.toString().length)];
  }

  window.Extractor = window.Extractor || {};
  window.Extractor.article = { element, offsets, marksOf, show, records, link, light, span, write };
})();
