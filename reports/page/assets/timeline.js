"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const colours = ["--k0", "--k3", "--k2", "--k6", "--k7", "--k1"];
  const labels = 190, high = 16, axis = 22;

  document.querySelectorAll(".timeline").forEach(box => {
    const t = data.timelines[Number(box.dataset.timeline)];
    const canvas = box.querySelector("canvas"), now = box.querySelector(".now"), c = canvas.getContext("2d");
    // Rows of bars in the order of their beginnings; latest[i] is the last end among the bars up to i.
    const rows = t.rows.map(() => ({bars: [], latest: []}));
    let end = 1;
    t.bars.forEach((b, i) => {
      const r = rows[b[0]];
      r.bars.push(i);
      r.latest.push(Math.max(b[1] + b[2], r.latest.length ? r.latest[r.latest.length - 1] : 0));
      end = Math.max(end, b[1] + b[2]);
    });
    const all = {from: -end * 0.01, to: end * 1.01};
    let view = {from: all.from, to: all.to}, chosen = -1, width = 0, pending = false, drag = null;

    const x = at => labels + (at - view.from) / (view.to - view.from) * (width - labels);
    const at = px => view.from + (px - labels) / (width - labels) * (view.to - view.from);
    function stamp(us) {
      if (!t.dated) return ((t.start * 1000 + us) / 1e6).toFixed(3) + " s";
      return new Date(t.start + us / 1000).toISOString().replace("T", " ").replace("Z", "");
    }
    function long(us) {
      return us < 1e3 ? us + " \u00b5s" : us < 1e6 ? +(us / 1e3).toPrecision(3) + " ms" : +(us / 1e6).toPrecision(4) + " s";
    }
    // The first bar of a row that ends at or after a time.
    function first(r, from) {
      let lo = 0, hi = r.latest.length;
      while (lo < hi) {
        const mid = (lo + hi) >> 1;
        if (r.latest[mid] < from) lo = mid + 1; else hi = mid;
      }
      return lo;
    }
    function later() {
      if (pending) return;
      pending = true;
      requestAnimationFrame(() => { pending = false; draw(); });
    }
    function draw() {
      const style = getComputedStyle(document.documentElement), colour = name => style.getPropertyValue(name).trim();
      const ratio = window.devicePixelRatio || 1, height = axis + rows.length * high + 4;
      width = box.querySelector(".drawing").clientWidth;
      canvas.style.width = width + "px";
      canvas.style.height = height + "px";
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      c.clearRect(0, 0, width, height);
      c.font = "12px system-ui, sans-serif";
      c.textBaseline = "middle";
      // The axis: steps of 1, 2 or 5, about 120 pixels wide.
      const room = (view.to - view.from) * 120 / Math.max(1, width - labels);
      const ten = Math.pow(10, Math.floor(Math.log10(room)));
      const step = [1, 2, 5, 10].map(n => n * ten).find(n => n >= room);
      c.strokeStyle = colour("--rule");
      c.fillStyle = colour("--faint");
      for (let at = Math.ceil(view.from / step) * step; at < view.to; at += step) {
        c.beginPath();
        c.moveTo(x(at), axis - 4);
        c.lineTo(x(at), height);
        c.stroke();
        const s = stamp(Math.round(at));
        c.fillText(t.dated ? s.slice(11, step < 1e6 ? 23 : 19) : s, x(at) + 3, axis / 2);
      }
      const bad = colour("--bad");
      rows.forEach((r, n) => {
        const y = axis + n * high, row = t.rows[n];
        if (row.n) {
          c.strokeStyle = colour("--rule");
          c.beginPath();
          c.moveTo(0, y);
          c.lineTo(width, y);
          c.stroke();
          c.fillStyle = colour("--ink");
          c.save();
          c.beginPath();
          c.rect(0, y, labels - 6, high);
          c.clip();
          c.fillText(row.n, 0, y + high / 2);
          c.restore();
        }
        const plain = colour(colours[row.k]);
        let drawn = labels;
        for (let i = first(r, view.from); i < r.bars.length; i++) {
          const b = t.bars[r.bars[i]];
          if (b[1] > view.to) break;
          const from = Math.max(labels, x(b[1])), to = Math.min(width, Math.max(x(b[1] + b[2]), from + 1));
          if (to <= drawn && r.bars[i] !== chosen) continue; // under what is there already
          c.globalAlpha = b[7] & 1 ? 0.55 : 1;
          c.fillStyle = b[7] & 2 ? bad : plain;
          c.fillRect(from, y + 2, to - from, high - 4);
          c.globalAlpha = 1;
          drawn = Math.max(drawn, to);
          if (r.bars[i] === chosen) {
            c.strokeStyle = colour("--focus");
            c.lineWidth = 2;
            c.strokeRect(from - 1, y + 1, to - from + 2, high - 2);
            c.lineWidth = 1;
          }
          if (to - from > 60) {
            c.fillStyle = colour("--ground");
            c.save();
            c.beginPath();
            c.rect(from, y, to - from - 2, high);
            c.clip();
            c.fillText(t.texts[b[3]], from + 4, y + high / 2);
            c.restore();
          }
        }
      });
    }
    function zoom(by, around) {
      const least = 10, from = around - (around - view.from) * by, to = around + (view.to - around) * by;
      if (to - from < least) return;
      view = to - from > all.to - all.from ? {from: all.from, to: all.to} : {from, to};
      later();
    }
    function move(part) {
      const by = (view.to - view.from) * part;
      view = {from: view.from + by, to: view.to + by};
      later();
    }
    function line(file, n) {
      const quoted = document.getElementById("l" + file + "-" + n);
      if (!quoted) {
        const s = document.createElement("span");
        s.textContent = (data.files[file] || "") + ":" + n;
        return s;
      }
      const a = document.createElement("a");
      a.href = "#l" + file + "-" + n;
      a.textContent = "line " + n;
      return a;
    }
    function choose(i, show) {
      chosen = i;
      now.textContent = "";
      if (i >= 0) {
        const b = t.bars[i];
        if (show && (b[1] + b[2] < view.from || b[1] > view.to)) {
          const half = (view.to - view.from) / 2, middle = b[1] + Math.min(b[2] / 2, half);
          view = {from: middle - half, to: middle + half};
        }
        const how = b[7] & 2 ? "waited in vain for " : b[7] & 1 ? "had not ended after " : "for ";
        now.append(t.texts[b[3]] + ", since " + stamp(b[1]) + ", " + how + long(b[2]) + " ");
        if (b[5] > 0) now.append(line(b[4], b[5]));
        if (b[6] > 0 && b[6] !== b[5]) now.append(" to ", line(b[4], b[6]));
      }
      later();
    }
    // The next or the previous bar in time, of the same row once one is chosen.
    function walk(by) {
      if (t.bars.length === 0) return;
      if (chosen < 0) return choose(by > 0 ? 0 : t.bars.length - 1, true);
      const r = rows[t.bars[chosen][0]], i = r.bars.indexOf(chosen) + by;
      if (i >= 0 && i < r.bars.length) choose(r.bars[i], true);
    }
    function hit(px, py) {
      const r = rows[Math.floor((py - axis) / high)];
      if (!r || px < labels) return -1;
      const slack = (view.to - view.from) / Math.max(1, width - labels) * 2, when = at(px);
      let best = -1;
      for (let i = first(r, when - slack); i < r.bars.length; i++) {
        const b = t.bars[r.bars[i]];
        if (b[1] > when + slack) break;
        if (best < 0 || b[2] > t.bars[best][2]) best = r.bars[i];
      }
      return best;
    }
    const middle = () => (view.from + view.to) / 2;
    const deeds = {
      in: () => zoom(0.5, middle()), out: () => zoom(2, middle()), left: () => move(-0.25), right: () => move(0.25),
      all: () => { view = {from: all.from, to: all.to}; later(); }, previous: () => walk(-1), next: () => walk(1),
    };
    const keys = {"+": "in", "=": "in", "-": "out", "ArrowLeft": "left", "ArrowRight": "right", "0": "all", "p": "previous", "n": "next"};
    box.querySelectorAll("[data-do]").forEach(b => b.addEventListener("click", () => deeds[b.dataset.do]()));
    canvas.addEventListener("keydown", e => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.key === "Enter") {
        const a = now.querySelector("a");
        if (a) a.click();
      } else if (keys[e.key]) {
        e.preventDefault();
        deeds[keys[e.key]]();
      }
    });
    canvas.addEventListener("wheel", e => {
      if (!e.ctrlKey) return;
      e.preventDefault();
      zoom(e.deltaY > 0 ? 1.25 : 0.8, at(e.offsetX));
    }, {passive: false});
    canvas.addEventListener("dblclick", e => zoom(0.25, at(e.offsetX)));
    canvas.addEventListener("pointerdown", e => {
      drag = {x: e.offsetX, view, moved: false};
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener("pointermove", e => {
      if (!drag) return;
      const by = (drag.x - e.offsetX) / Math.max(1, width - labels) * (drag.view.to - drag.view.from);
      drag.moved = drag.moved || Math.abs(drag.x - e.offsetX) > 3;
      view = {from: drag.view.from + by, to: drag.view.to + by};
      later();
    });
    canvas.addEventListener("pointerup", e => {
      if (drag && !drag.moved) choose(hit(e.offsetX, e.offsetY), false);
      drag = null;
    });
    window.addEventListener("resize", later);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
    draw();
  });
})();
