/* The records of an article as cards; the open one shows its form.
 *
 *   make(root, act, moved) → {load(data, fields), update(data), step(by), field(by), open(number), focus(), ...}
 *
 * `act(action)` is called with whole actions, `moved()` when another record or field is chosen. `current()` is the number
 * of the open record, or -1, and `chosen()` the name of the field for which words are marked.
 */
"use strict";

(function () {
  const { element, write } = window.Extractor.article;

  function make(root, act, moved) {
    let fields = [];
    let offers = {};
    let data = null;
    let cards = [];
    let current = -1;
    let chosen = null;

    function load(loaded, known) {
      fields = known;
      offers = loaded.offers;
      data = loaded;
      current = -1;
      build();
      open(firstOpen());
    }

    const firstOpen = () => {
      const left = data.records.findIndex((record) => !record.stands);
      return left >= 0 ? left : data.records.length ? 0 : -1;
    };

    function build() {
      cards = data.records.map((_, number) => card(number));
      root.replaceChildren(...cards.map((one) => one.root));
      cards.forEach((one, number) => one.update(data.records[number]));
    }

    /* Show what an action made of the records; forms that stay are left standing, since somebody may be typing. */
    function update(next) {
      const grown = next.records.length - data.records.length;
      data = next;
      if (grown) {
        const wanted = grown > 0 ? data.records.length - 1 : Math.min(current, data.records.length - 1);
        current = -1;
        build();
        open(wanted);
      } else {
        cards.forEach((one, number) => one.update(data.records[number]));
      }
    }

    function card(number) {
      const summary = element("bdi", { class: "summary" });
      const state = element("span", { class: "state" });
      const toggle = element("button", { type: "button", class: "toggle", "aria-expanded": "false" }, `${number + 1} `, summary, " ", state);
      const body = element("div", { class: "body", hidden: true });
      const accept = element("button", { type: "button", class: "accept" }, "Accept ", element("kbd", {}, "a"));
      const drop = element("button", { type: "button", class: "delete" }, "Delete ", element("kbd", {}, "x"));
      const only = element("p", { class: "only" });
      const made = element("section", { class: "record", "aria-label": `Record ${number + 1}` }, element("h3", {}, toggle), only, body);
      let form = null;
      toggle.addEventListener("click", () => (current === number ? toggle.focus() : open(number)));
      accept.addEventListener("click", () => act({ action: "accept", record: number }));
      drop.addEventListener("click", () => act({ action: "delete", record: number }));
      body.addEventListener("focusin", (event) => {
        const name = form.name(event.target);
        if (name && name !== chosen) choose(name);
      });
      body.addEventListener("click", (event) => {
        const name = form.name(event.target);
        if (name && name !== chosen) choose(name);
      });
      return {
        root: made,
        toggle,
        update(draft) {
          summary.replaceChildren();
          write(summary, told(draft));
          state.textContent = stateOf(draft);
          made.dataset.state = draft.stands ? "accepted" : "open";
          only.textContent = draft.only && !draft.settled ? `Only ${draft.only} has this record: accept or delete it.` : "";
          accept.hidden = draft.stands;
          form?.update(draft, data.article.text);
        },
        show(on) {
          if (on && !form) {
            form = window.Extractor.form.make(fields, offers, (action) => act({ record: number, ...action }));
            body.append(element("div", { class: "actions" }, accept, drop), form.root);
            form.update(data.records[number], data.article.text);
          }
          body.hidden = !on;
          toggle.setAttribute("aria-expanded", String(on));
          made.classList.toggle("open", on);
        },
        form: () => form,
      };
    }

    function told(draft) {
      const values = fields.filter((field) => field.required).map((field) => draft.values[field.name]);
      return values.filter((value) => value !== undefined).flat().join(" · ") || "new record";
    }

    function stateOf(draft) {
      if (draft.stands) return "accepted";
      if (Object.keys(draft.undecided).length) return "to decide";
      return draft.settled ? "unfinished" : "to check";
    }

    function open(number) {
      if (number < -1 || number >= cards.length) return;
      current = number;
      cards.forEach((one, at) => one.show(at === number));
      const draft = data.records[number];
      const wrong = draft && Object.keys(draft.problems);
      choose(wrong?.find((name) => fields.some((field) => field.name === name)) || fields[0]?.name);
    }

    function choose(name) {
      chosen = name;
      cards[current]?.form()?.choose(name);
      moved();
    }

    function field(by) {
      const at = fields.findIndex((one) => one.name === chosen);
      choose(fields[(at + by + fields.length) % fields.length].name);
      cards[current]?.root.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
    }

    return {
      load,
      update,
      open,
      field,
      choose,
      step(by) {
        const next = current + by;
        if (next < 0 || next >= cards.length) return;
        open(next);
        cards[next].toggle.focus();
      },
      focus: () => cards[current]?.form()?.focus(chosen),
      toggle: () => cards[current]?.toggle.focus(),
      current: () => current,
      chosen: () => chosen,
      draft: () => data?.records[current],
    };
  }

  window.Extractor.cards = { make };
})();
