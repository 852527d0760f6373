/* The events of the page: `index` has a row for each, the rest is parsed when it is first shown.
 *
 *   event(number)  → the event with its values, history and sources, as `EventsPage` in events_page.py makes them
 *   find(query)    → numbers of the events whose row has all words of the query
 *   stages         → the values that the status of an event may have, in order
 *   who            → what the one whom an event is about is called
 */
"use strict";

(function () {
  const { data } = window.Extractor;
  const index = JSON.parse(document.getElementById("event-index").textContent);
  const chunks = [...document.querySelectorAll("script.event-chunk")];
  const label = (name) => data.index.fields.find((field) => field.name === name)?.label ?? name;
  const nameOf = (code) => index.names[code] || code;
  const folded = index.rows.map((row) =>
    data.fold([row.who, ...row.called, nameOf(row.from), nameOf(row.to), row.when, row.status, row.id, row.more].join("\n")),
  );
  const told = new Set(index.rows.map((row) => row.status).filter(Boolean));
  const course = data.index.fields.find((field) => field.name === index.course);
  const choices = course ? course.choices.map(([value]) => value) : [];
  const stages = [...choices.filter((one) => told.has(one)), ...[...told].filter((one) => !choices.includes(one)).sort()];
  const who = index.keys.length ? label(index.keys[0]) : "event";
  let recent = [-1, []];

  function event(number) {
    const wanted = Math.floor(number / index.chunk);
    if (recent[0] !== wanted) recent = [wanted, JSON.parse(chunks[wanted].textContent)];
    return recent[1][number % index.chunk];
  }

  function find(query) {
    const words = data.terms(query);
    return [...folded.keys()].filter((number) => words.every((word) => folded[number].includes(word)));
  }

  window.Extractor.eventData = { index, event, find, label, nameOf, stages, who };
})();
