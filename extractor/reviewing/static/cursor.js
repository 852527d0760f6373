/* Select words of the article by keyboard: the browser's own selection, moved word by word.
 *
 *   attach(root, mark, leave) → {reset(), restore()}. `mark(start, end)` is called with offsets in UTF-16 units when Enter is
 *                               pressed, `leave()` when Escape is. Arrow keys select the next word; with Shift they
 *                               select more, with Alt one letter (as a reader counts letters) less or more. Call `reset` for another
 *                               article, and `restore` once the text was filled in anew.
 */
"use strict";

(function () {
  const WINDOW = 4000; // units around the cursor in which words are looked for; some articles are one long line

  function attach(root, mark, leave) {
    let anchor = [0, 0];
    let head = [0, 0];

    function words(around, granularity) {
      const text = root.textContent;
      const from = Math.max(0, around - WINDOW);
      const segments = new Intl.Segmenter(undefined, { granularity }).segment(text.slice(from, around + WINDOW));
      const found = [];
      for (const one of segments) {
        if (granularity === "grapheme" || one.isWordLike) found.push([from + one.index, from + one.index + one.segment.length]);
      }
      return found;
    }

    function place(at) {
      let rest = at;
      const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      let last = null;
      while (walk.nextNode()) {
        last = walk.currentNode;
        if (rest <= last.length) return [last, rest];
        rest -= last.length;
      }
      return last ? [last, last.length] : [root, 0];
    }

    function select() {
      const [start, end] = range();
      const selection = getSelection();
      selection.setBaseAndExtent(...place(start), ...place(end));
      const box = selection.getRangeAt(0).getBoundingClientRect();
      if (box.height && (box.top < 80 || box.bottom > innerHeight - 20)) {
        selection.focusNode.parentElement.scrollIntoView({ block: "center" });
      }
    }

    const range = () => [Math.min(anchor[0], head[0]), Math.max(anchor[1], head[1])];

    function beside(by) {
      if (by > 0) return words(head[1], "word").find(([start]) => start >= head[1]);
      return words(head[0], "word").findLast(([start]) => start < head[0]);
    }

    /* The word above or below, by where it stands on the screen. */
    function vertical(by) {
      const here = document.createRange();
      here.setStart(...place(head[0]));
      here.setEnd(...place(head[1]));
      const box = here.getBoundingClientRect();
      const middle = box.left + 2;
      const probe = document.createRange();
      const near = words(head[by > 0 ? 1 : 0], "word").filter(([start]) => (by > 0 ? start >= head[1] : start < head[0]));
      if (by < 0) near.reverse();
      let best = null;
      let top = null;
      for (const word of near) {
        probe.setStart(...place(word[0]));
        probe.setEnd(...place(word[1]));
        const one = probe.getBoundingClientRect();
        if (Math.abs(one.top - box.top) < 4) continue;
        if (top !== null && Math.abs(one.top - top) > 4) break;
        top = one.top;
        if (!best || Math.abs(one.left - middle) < Math.abs(best.left - middle)) best = { word, left: one.left };
      }
      return best?.word;
    }

    function letter(by) {
      const [start, end] = range();
      const all = words(end, "grapheme");
      const next = by > 0 ? all.find(([from]) => from >= end)?.[1] : all.findLast(([, to]) => to < end && to > start)?.[1];
      if (next !== undefined) [anchor, head] = [[start, start], [start, next]];
    }

    root.addEventListener("keydown", (event) => {
      if (event.target !== root || event.ctrlKey || event.metaKey) return;
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        const upright = event.key === "ArrowDown" || event.key === "ArrowUp";
        if (event.altKey) letter(step);
        else {
          const next = upright ? vertical(step) : beside(step);
          if (next) [anchor, head] = [event.shiftKey ? anchor : next, next];
        }
        select();
      } else if (event.key === "Enter") {
        event.preventDefault();
        const [start, end] = range();
        if (start < end) mark(start, end);
      } else if (event.key === "Escape") {
        getSelection().removeAllRanges();
        leave();
      }
    });

    return {
      reset: () => ([anchor, head] = [[0, 0], [0, 0]]),
      restore: () => document.activeElement === root && range()[1] && select(),
    };
  }

  window.Extractor.cursor = { attach };
})();
