/* Search words in the open article, shown without touching its text. `show(root, words)`; browsers that cannot do it show
 * none. */
"use strict";

(function () {
  function ranges(root, words) {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const text = node.data.toLowerCase();
      if (text.length !== node.data.length) continue; // a letter that lower case makes two of would shift the rest
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0 && found.length < 1000; at = text.indexOf(word, at + word.length)) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          found.push(range);
        }
      }
    }
    return found;
  }

  function show(root, words) {
    if (!window.CSS.highlights) return;
    CSS.highlights.delete("search");
    if (root && words.length) CSS.highlights.set("search", new Highlight(...ranges(root, words)));
  }

  window.Extractor.highlight = { show };
})();
