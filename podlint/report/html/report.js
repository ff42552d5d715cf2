"use strict";

(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const search = document.getElementById("search");
  if (search === null) return;

  const facets = all(".facet").map((node) => ({ values: all("input", node), chosen: new Set() }));
  const groups = all(".pod").map((node) => {
    const heading = node.querySelector("header").textContent;
    return { node, heading, findings: all(".finding", node).map(finding) };
  });
  const byFile = [...groups];
  let findings = groups.flatMap((group) => group.findings);

  function finding(node) {
    return { node, tags: node.dataset.is.split(" "), words: "" };
  }

  /* What a long page has not parsed yet. */
  const packedIn = (details) => details.querySelector(":scope > noscript");

  const NAMED = { lt: "<", gt: ">", quot: '"', amp: "&" };

  function plain(html) {
    return html
      /* Not what is in all of them. */
      .replace(/<a [^>]*>.*?<\/a>|<dt>.*?<\/dt>|<[^>]*>/g, "")
      .replace(/&(?:#(x?)([0-9a-f]+)|([a-z]+));/gi, (_, hex, code, name) =>
        name ? NAMED[name] ?? "" : String.fromCodePoint(parseInt(code, hex ? 16 : 10)));
  }

  /* All that can be searched of a finding; put together when somebody searches. */
  function wordsOf(one, group) {
    if (one.words === "") {
      const body = packedIn(one.node)?.textContent ?? one.node.querySelector(".body").innerHTML;
      const said = one.node.querySelector("summary").textContent;
      one.words = [group.heading, said, plain(body)].join("\n").toLowerCase();
    }
    return one.words;
  }

  /* Show what has all the words that are searched, and of each facet one of the values that are chosen. */
  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    for (const facet of facets) {
      facet.chosen = new Set(facet.values.filter((input) => input.checked).map((input) => input.value));
    }
    const counts = new Map();
    let shown = 0;
    for (const group of groups) {
      let any = false;
      for (const one of group.findings) {
        const found = words.every((word) => wordsOf(one, group).includes(word));
        const missed = facets.filter(({ chosen }, at) => chosen.size > 0 && !chosen.has(one.tags[at]));
        /* A value is counted as if nothing else of its facet were chosen. */
        one.tags.forEach((tag, at) => {
          if (found && missed.every((facet) => facet === facets[at])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
        });
        one.node.hidden = !found || missed.length > 0;
        any ||= !one.node.hidden;
        shown += one.node.hidden ? 0 : 1;
      }
      group.node.hidden = !any;
    }
    for (const input of facets.flatMap((facet) => facet.values)) {
      const count = counts.get(input.value) ?? 0;
      const row = input.closest("li");
      row.querySelector(".count").textContent = count.toLocaleString("en");
      row.classList.toggle("off", count === 0 && !input.checked);
    }
    tell(shown, words.length > 0 || facets.some((facet) => facet.chosen.size > 0));
  }

  function tell(shown, filtered) {
    const of = findings.length.toLocaleString("en");
    const noun = findings.length === 1 ? "finding" : "findings";
    const status = filtered ? `${shown.toLocaleString("en")} of ${of} ${noun}` : `${of} ${noun}`;
    document.getElementById("status").textContent = status;
    document.getElementById("clear").disabled = !filtered;
  }

  function clear() {
    search.value = "";
    for (const input of facets.flatMap((facet) => facet.values)) input.checked = false;
    filter();
  }

  /* The values of severity are numbered from the worst. */
  const worst = (group) => Math.min(...group.findings.map((one) => Number(one.tags[0].slice(1))));

  function order(event) {
    const ordered = [...byFile];
    if (event.target.value === "severity") ordered.sort((one, other) => worst(one) - worst(other));
    groups.splice(0, groups.length, ...ordered);
    findings = groups.flatMap((group) => group.findings);
    document.getElementById("findings").append(...groups.map((group) => group.node));
  }

  function visible() {
    return findings.filter((one) => !one.node.hidden);
  }

  function setOpen(open) {
    for (const one of visible()) one.node.open = open;
  }

  function unpack(details) {
    const packed = packedIn(details);
    if (packed) packed.outerHTML = packed.textContent;
  }

  /* Bring what a frame is about into sight. */
  function reveal(details) {
    const frame = details.querySelector(".frame");
    const mark = frame?.querySelector("b");
    if (!mark) return;
    const left = mark.offsetLeft - frame.offsetLeft;
    if (left > frame.clientWidth * 0.75) frame.scrollLeft = left - frame.clientWidth * 0.25;
  }

  /* Of thousands that are opened at once, what comes near is shown. */
  const near = new IntersectionObserver((seen) => {
    const details = seen.filter((one) => one.isIntersecting).map((one) => one.target);
    for (const one of details) near.unobserve(one);
    details.forEach(unpack);
    details.forEach(reveal);
  }, { rootMargin: "100% 0%" });

  function toggled(event) {
    if (!event.target.matches(".finding, .picture")) return;
    near.unobserve(event.target);
    if (event.target.open) near.observe(event.target);
  }

  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!(target instanceof HTMLDetailsElement)) return;
    if (target.hidden) clear();
    target.open = true;
    target.scrollIntoView();
    target.querySelector("summary").focus({ preventScroll: true });
  }

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = event.target.matches(".finding > summary") ? event.target.parentElement : null;
    if (step === undefined || at === null || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const nodes = visible().map((one) => one.node);
    const next = nodes[nodes.indexOf(at) + step];
    if (next) {
      event.preventDefault();
      next.querySelector("summary").focus();
    }
  }

  /* Where the filters would stand above the findings, they are closed at first. */
  const narrow = window.matchMedia("(max-width: 60rem)");
  const fold = () => {
    document.querySelector(".facets").open = !narrow.matches;
  };

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 100);
  });
  for (const input of facets.flatMap((facet) => facet.values)) input.addEventListener("change", filter);
  document.getElementById("order").addEventListener("change", order);
  document.getElementById("open").addEventListener("click", () => setOpen(true));
  document.getElementById("close").addEventListener("click", () => setOpen(false));
  document.getElementById("clear").addEventListener("click", clear);
  document.getElementById("findings").addEventListener("keydown", move);
  document.addEventListener("toggle", toggled, true);
  window.addEventListener("beforeprint", () => visible().forEach((one) => unpack(one.node)));
  window.addEventListener("hashchange", follow);
  narrow.addEventListener("change", fold);

  for (const node of all(".script, .facet input")) node.hidden = false;
  fold();
  filter();
  for (const one of findings) if (one.node.open) near.observe(one.node);
  for (const one of groups) one.node.style.containIntrinsicBlockSize = `auto ${5 + 3.7 * one.findings.length}rem`;
  follow();
})();
