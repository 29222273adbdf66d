"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const scenarios = Array.from(document.querySelectorAll("details.scenario"));
  const filter = document.getElementById("filter");
  const counts = Array.from(document.querySelectorAll("button.count"));
  let outcome = "";

  // The filter: every word must occur somewhere in the scenario, and its outcome must be the chosen one.
  const texts = scenarios.map(s => (s.id + " " + s.querySelector(".body").textContent).toLowerCase());
  function apply() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    scenarios.forEach((s, i) => {
      s.hidden = (outcome !== "" && s.dataset.outcome !== outcome) || !words.every(w => texts[i].includes(w));
      if (!s.hidden) shown++;
    });
    document.querySelectorAll("section.suite").forEach(suite => {
      const all = Array.from(suite.querySelectorAll("details.scenario"));
      suite.hidden = all.length > 0 && all.every(s => s.hidden);
    });
    document.getElementById("nothing").hidden = shown > 0 || scenarios.length === 0;
    document.getElementById("shown").textContent = shown === scenarios.length ? "" : shown + " of " + scenarios.length + " shown";
  }
  function only(chosen) {
    outcome = chosen;
    counts.forEach(c => c.setAttribute("aria-pressed", String(c.dataset.outcome === chosen)));
    apply();
  }
  filter.addEventListener("input", apply);
  counts.forEach(b => b.addEventListener("click", () => only(b.dataset.outcome)));
  document.getElementById("clear").addEventListener("click", () => {
    filter.value = "";
    only("");
    filter.focus();
  });
  document.getElementById("open-all").addEventListener("click", () => scenarios.forEach(s => { s.open = !s.hidden || s.open; }));
  document.getElementById("close-all").addEventListener("click", () => scenarios.forEach(s => { s.open = false; }));
  // On paper stands what is not as expected, and one line for the rest.
  window.addEventListener("beforeprint", () => scenarios.forEach(d => { d.open = d.dataset.outcome !== "expected"; }));

  function element(tag, text, className) {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = text;
    if (className) e.className = className;
    return e;
  }

  // The whole state after k steps, from the start and the changes.
  function stateAt(run, k) {
    const values = new Map(run.start);
    const held = run.threads.map(() => []);
    const locals = run.threads.map(() => []);
    for (const step of run.steps.slice(0, k)) {
      for (const [name, value] of step.c || []) values.set(name, value);
      held[step.t - 1] = step.h || [];
      locals[step.t - 1] = step.v || [];
    }
    return {values, held, locals, waits: k > 0 ? run.steps[k - 1].w || [] : []};
  }

  // What a thread does next after k steps, and where that is.
  function nextOf(run, thread, k) {
    for (const step of run.steps.slice(k)) {
      if (step.t === thread) return {text: step.a, fn: step.fn, f: step.f, l: step.l, o: step.o};
    }
    const end = run.end[thread - 1];
    return {text: end.n === "" ? "(finished)" : end.n, fn: end.fn, f: end.f, l: end.l, o: end.o};
  }

  function place(at) {
    return at.f < 0 || !at.l ? at.fn : at.fn + " " + data.files[at.f].split("/").pop() + ":" + at.l;
  }

  // The lines around a step, and around each call that leads to it, the thread's own function first.
  function showSource(box, at, jump, go) {
    box.textContent = "";
    for (const caller of at.o || []) quote(box, caller, jump, go);
    quote(box, at, jump, go);
    box.hidden = box.textContent === "";
  }

  function quote(box, at, jump, go) {
    if (at.f < 0 || !at.l) return;
    box.append(element("div", data.files[at.f] + ":" + at.l + " in " + at.fn, "where"));
    const lines = data.sources[at.f];
    for (let n = at.l - 3; n <= at.l + 3; n++) {
      if (lines[n] === undefined) continue;
      const row = element("div", undefined, n === at.l ? "at" : "");
      if (n === at.l) row.setAttribute("aria-current", "true");
      const text = element("span", lines[n].trimStart());
      row.append(element("i", String(n)), lines[n].slice(0, lines[n].length - text.textContent.length));
      const to = jump ? jump(at.f, n) : 0;
      if (to) {
        text.className = "jump";
        text.title = "step " + to;
        text.addEventListener("click", () => go(to));
      }
      row.append(text);
      box.append(row);
    }
  }

  const walkers = []; // one for each interleaving
  function attach(section) {
    const run = data.runs[Number(section.dataset.run)];
    const scenario = section.closest("details.scenario");
    const lanes = section.querySelector(".lanes");
    const stepper = section.querySelector(".stepper");
    const rows = Array.from(section.querySelectorAll(".swim .row"));
    const buttons = Array.from(stepper.querySelectorAll("[data-go]"));
    const last = run.steps.length;
    let k = 0;
    let timer = 0;

    // The next step that is taken on a line, round the end; 0: none is.
    function jump(file, line) {
      for (let i = 1; i <= last; i++) {
        const n = (k + i - 1) % last;
        if (run.steps[n].f === file && run.steps[n].l === line) return n + 1;
      }
      return 0;
    }
    function show() {
      const now = stateAt(run, k);
      const step = k > 0 ? run.steps[k - 1] : null;
      const text = step ? "Step " + k + " of " + last + ": T" + step.t + " " + run.threads[step.t - 1] + ": " + step.a + (step.x ? " \u2014 FAILS: " + step.x : "")
        : "Before the first of " + last + " steps";
      stepper.querySelector(".now").textContent = text;
      const threads = stepper.querySelector(".threads tbody");
      threads.textContent = "";
      run.threads.forEach((name, i) => {
        const at = nextOf(run, i + 1, k);
        const tr = element("tr", undefined, step && step.t === i + 1 ? "moved" : "");
        const head = element("th", "T" + (i + 1) + " " + name);
        head.scope = "row";
        const next = element("td", at.text);
        next.append(element("br"), element("span", place(at), "faint"));
        for (const [local, value] of now.locals[i]) next.append(element("br"), element("span", local + " = " + value, "faint"));
        const wait = now.waits.find(w => w.t === i + 1);
        const waits = element("td", wait ? wait.r + (wait.h ? " (T" + wait.h + ")" : " (nobody can give it)") : "", wait ? "blocked" : "");
        const holds = element("td", now.held[i].join(", "));
        next.dataset.label = "Next";
        holds.dataset.label = "Holds";
        waits.dataset.label = "Waits for";
        tr.append(head, next, holds, waits);
        threads.append(tr);
      });
      const state = stepper.querySelector(".state tbody");
      state.textContent = "";
      const changed = new Set(step ? (step.c || []).map(c => c[0]) : []);
      for (const [name, value] of now.values) {
        const tr = element("tr", undefined, changed.has(name) ? "changed" : "");
        const head = element("th", name);
        head.scope = "row";
        tr.append(head, element("td", value));
        state.append(tr);
      }
      showSource(stepper.querySelector(".source"), step || nextOf(run, run.steps.length ? run.steps[0].t : 1, 0), jump, walk);
      rows.forEach(r => r.classList.toggle("on", Number(r.dataset.step) === k));
      const on = rows.find(r => Number(r.dataset.step) === k);
      if (on && lanes.clientHeight > 0) { // scroll the lanes, never the page
        const row = on.getBoundingClientRect(), box = lanes.getBoundingClientRect();
        if (k === last) lanes.scrollTop = lanes.scrollHeight;
        else if (row.top < box.top) lanes.scrollTop -= box.top - row.top + 24;
        else if (row.bottom > box.bottom) lanes.scrollTop += row.bottom - box.bottom + 24;
      }
      for (const b of buttons) {
        // aria-disabled, not disabled: a disabled button loses the focus.
        b.setAttribute("aria-disabled", String(b.dataset.go === "first" || b.dataset.go === "back" ? k === 0 : k === last));
      }
    }
    function go(to) {
      k = Math.max(0, Math.min(last, to));
      show();
    }
    // What a reader does is kept in the address: a link to it leads back to this step.
    function walk(to) {
      go(to);
      const link = "#" + encodeURIComponent(scenario.id) + "@" + section.dataset.run + "." + k;
      try { history.replaceState(null, "", link); } catch (e) { /* a page from a file may not be allowed to */ }
    }
    const play = section.querySelector(".play");
    function stop() {
      clearInterval(timer);
      timer = 0;
      play.setAttribute("aria-pressed", "false");
      play.textContent = "Play";
    }
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (k === last) go(0);
      play.setAttribute("aria-pressed", "true");
      play.textContent = "Stop";
      timer = setInterval(() => { walk(k + 1); if (k === last) stop(); }, 900);
    });
    const moves = {first: () => 0, back: () => k - 1, next: () => k + 1, last: () => last};
    const keys = {ArrowLeft: "back", ArrowUp: "back", ArrowRight: "next", ArrowDown: "next", Home: "first", End: "last"};
    buttons.forEach(b => b.addEventListener("click", () => { stop(); walk(moves[b.dataset.go]()); }));
    stepper.addEventListener("keydown", e => {
      const own = e.target === stepper || e.target.closest(".buttons");
      if (!own || !keys[e.key] || e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      stop();
      walk(moves[keys[e.key]]());
    });
    rows.forEach(r => r.addEventListener("click", () => { stop(); walk(Number(r.dataset.step)); }));
    scenario.addEventListener("toggle", () => { if (scenario.open) show(); });
    stepper.hidden = false;
    go(last);
    walkers.push({section, run: section.dataset.run, go, move: by => { stop(); walk(k + by); }});
  }
  document.querySelectorAll("section.run").forEach(attach);

  // The address may name a scenario, and behind @ one of its interleavings and a step.
  function openTarget() {
    const [id, at] = location.hash.slice(1).split("@");
    const target = document.getElementById(decodeURIComponent(id));
    if (!target || !target.matches("details.scenario")) return;
    target.open = true;
    const [run, step] = (at || "").split(".");
    const walker = walkers.find(w => w.run === run && target.contains(w.section));
    if (walker) walker.go(Number(step) || 0);
    (walker ? walker.section : target).scrollIntoView();
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();

  // The interleaving that a reader looks at: the one around the focus, else the first one in view.
  function current() {
    const near = document.activeElement.closest("section.run");
    return walkers.find(w => w.section === near) || walkers.find(w => {
      const box = w.section.getBoundingClientRect();
      return box.height > 0 && box.bottom > 120 && box.top < innerHeight;
    });
  }
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.matches("input, textarea, select")) return;
    if (e.key === "/") {
      e.preventDefault();
      filter.focus();
    } else if (e.key === "j" || e.key === "k") {
      const walker = current();
      if (walker) walker.move(e.key === "j" ? 1 : -1);
    }
  });

  document.querySelectorAll("button.copy").forEach(b => b.addEventListener("click", async () => {
    const code = b.parentElement.querySelector("code");
    let copied = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied = true;
    } catch (e) { // a page from a file may not be allowed to: then at least select it
      const range = document.createRange();
      range.selectNodeContents(code);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      copied = document.execCommand("copy");
    }
    b.textContent = copied ? "Copied" : "Selected";
    setTimeout(() => { b.textContent = "Copy"; }, 1500);
  }));
})();
