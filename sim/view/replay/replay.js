// Plays replications on canvases. All sentences and numbers come from the page's data; nothing is computed but where a
// mark stands at a moment.
(async () => {
  "use strict";
  const source = document.getElementById("replay-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const get = (name) => document.getElementById(`replay-${name}`);
  const { ground, messages, days } = data;
  const DAY = 1440, END = days * DAY;
  const BACK = 1, ROAD = 2, AIR = 4, NIGHT = 8, ENDED = 16;  // bits of a party, as in film.py
  const HIT = 0;  // of what a party met, as in film.py
  const FULL = 100, FLASH = 12 * 60;  // tenths of days of use of a full bar; minutes that a road stays lit after an attack
  const format = new Intl.NumberFormat(data.language);
  const plural = new Intl.PluralRules(data.language);
  const number = (value) => format.format(value);
  const fill = (message, values) =>
    message.replace(/\{(\w+)\}/g, (all, name) => Object.hasOwn(values, name) ? values[name] : all);
  const counted = (name, count) =>
    fill(messages[name][plural.select(count) === "one" ? 0 : 1], { count: number(count) });
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = matchMedia("(max-width: 40rem)");  // as in replay.css
  const dark = matchMedia("screen and (prefers-color-scheme: dark)");
  const unserved = new Set(ground.unserved);

  // Films ---------------------------------------------------------------------------------------------------------

  const films = new Map();

  async function unpacked(packed) {
    const bytes = Uint8Array.from(atob(packed.bytes), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const buffer = await new Response(stream).arrayBuffer();
    const types = { u1: Uint8Array, u2: Uint16Array, i4: Int32Array };
    const columns = {};
    let place = 0;
    for (const [name, type, count] of packed.columns) {
      columns[name] = new types[type](buffer, place, count);
      place += columns[name].byteLength;
    }
    return columns;
  }

  function summed(steps) {
    const sums = new Int32Array(steps.length);
    let sum = 0;
    steps.forEach((step, k) => { sums[k] = sum += step; });
    return sums;
  }

  // Rows of a table that belong to each party: from[party] to from[party + 1] of the order.
  function byParty(parties, count) {
    const from = new Int32Array(count + 1), order = new Int32Array(parties.length);
    for (const party of parties) from[party + 1]++;
    for (let k = 0; k < count; k++) from[k + 1] += from[k];
    const next = from.slice();
    parties.forEach((party, row) => { order[next[party]++] = row; });
    return { from, order };
  }

  async function film(pick, alternative) {
    const key = `${pick}-${alternative}`;
    if (!films.has(key)) films.set(key, opened(data.films[pick][alternative]));
    return films.get(key);
  }

  async function opened(packed) {
    const f = await unpacked(packed);
    const count = f.tankers.length;
    f.daylight = packed.daylight;
    f.towns = packed.towns;
    f.departed = summed(f.departed);
    f.met_minute = summed(f.met_minute);
    f.wait_hour = summed(f.wait_hour);
    f.legFrom = new Int32Array(count + 1);
    for (let k = 0; k < count; k++) f.legFrom[k + 1] = f.legFrom[k] + f.roads[k];
    f.last = new Int32Array(count);
    f.until = new Int32Array(count);
    const buckets = Array.from({ length: days + 1 }, () => []);
    for (let k = 0; k < count; k++) {
      f.last[k] = f.departed[k];
      for (let leg = f.legFrom[k]; leg < f.legFrom[k + 1]; leg++) f.last[k] += f.legs[leg];
      f.until[k] = f.bits[k] & BACK ? 2 * f.last[k] - f.departed[k] : f.last[k];
      for (let day = f.departed[k] / DAY | 0; day <= Math.min(days, f.until[k] / DAY | 0); day++) buckets[day].push(k);
    }
    f.active = buckets;
    f.met = byParty(f.met_party, count + 1);  // the last: who left before the scenario's start, and is not drawn
    f.drops = byParty(f.drop_party, count);
    f.hub = f.towns.indexOf(data.hub);
    // Tankers that wait at each place, by hour; who was lost up to each meeting.
    f.waiting = new Map();
    const until = new Map();
    for (let row = f.wait_hour.length - 1; row >= 0; row--) {
      const place = f.wait_place[row], hour = f.wait_hour[row];
      if (!f.waiting.has(place)) f.waiting.set(place, new Int32Array(days * 24 + 1));
      f.waiting.get(place).fill(f.wait_tankers[row], hour, until.get(place));
      until.set(place, hour);
    }
    f.lostBy = summed(f.met_lost);
    return f;
  }

  function size(f, party, minute) {
    let left = f.tankers[party];
    for (let k = f.met.from[party]; k < f.met.from[party + 1]; k++) {
      const row = f.met.order[k];
      if (f.met_minute[row] <= minute) left -= f.met_lost[row] + f.met_back[row];
    }
    for (let k = f.drops.from[party]; k < f.drops.from[party + 1]; k++) {
      const row = f.drops.order[k];
      if (f.drop_minute[row] <= minute) left -= f.drop_tankers[row];
    }
    return left;
  }

  // Minutes of daylight since the start: those who stand at night move by these alone.
  function daylight(f, minute) {
    const [first, last] = f.daylight, day = Math.floor(minute / DAY);
    return (last - first) * day + Math.min(Math.max(minute - DAY * day - first, 0), last - first);
  }

  // Where a party is: [x, y, tankers] in tenths of km, or null if it is not on the road.
  function where(f, party, minute) {
    const start = f.departed[party];
    if (minute < start || minute >= f.until[party]) return null;
    const bits = f.bits[party];
    let moment = minute;
    if (bits & BACK && moment > f.last[party]) moment = 2 * f.last[party] - moment;
    let from = start, leg = f.legFrom[party];
    const end = f.legFrom[party + 1] - 1;
    while (leg < end && from + f.legs[leg] <= moment) from += f.legs[leg++];
    const to = from + f.legs[leg];
    let part = (moment - from) / Math.max(1, to - from);
    if (bits & NIGHT) {
      const whole = daylight(f, to) - daylight(f, from);
      if (whole > 0) part = (daylight(f, moment) - daylight(f, from)) / whole;
    }
    // Where on a road an attack was is not shown: who is lost or turns on it gets to its middle.
    if (leg === end && bits & (BACK | ENDED)) part *= 0.5;
    const nodes = ground.routes[f.route[party]][1], k = leg - f.legFrom[party];
    const a = ground.places[nodes[k]], b = ground.places[nodes[k + 1]];
    return [a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2]), size(f, party, minute)];
  }

  const lostUntil = (f, minute) => {
    let low = 0, high = f.met_minute.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (f.met_minute[middle] <= minute) low = middle + 1; else high = middle;
    }
    return { row: low, lost: low ? f.lostBy[low - 1] : 0 };
  };
  const waitingAt = (f, minute) => {
    let sum = 0;
    for (const counts of f.waiting.values()) sum += counts[Math.min(days * 24, minute / 60 | 0)];
    return sum;
  };
  const isAttack = (f, row) => f.met_what[row] === HIT || f.met_lost[row] > 0;
  const dayOf = (minute) => Math.min(days - 1, minute / DAY | 0);

  // Drawing -------------------------------------------------------------------------------------------------------

  const root = get("player");
  let colours = {}, looks = [];

  function readColours() {
    const style = getComputedStyle(root);
    for (const name of ["ink", "soft", "paper", "panel", "line", "accent", "loss", "good"])
      colours[name] = style.getPropertyValue(`--r-${name}`).trim();
    const painted = (written) => style.getPropertyValue(written.slice("var(".length, -1)).trim();
    looks = data.looks.map((look) => ({
      ...look, line: painted(look.colour), fill: painted(look.signs),
      edge: look.pale && !dark.matches && look.signs === look.colour ? colours.ink : colours.paper,
    }));
  }

  class View {
    constructor(side) {
      this.canvas = get(`map-${side}`);
      this.side = side;
      this.name = get(`name-${side}`);
      this.box = this.canvas.parentElement;
      this.under = document.createElement("canvas");
      this.over = document.createElement("canvas");  // names, above convoys
      this.film = null;
    }

    fit() {
      const [w, h] = ground.size, ratio = devicePixelRatio || 1, room = this.box.clientWidth;
      if (!room) return;
      // On a phone two maps, and the controls above them, stand on one screen.
      // One map alone is no higher than a window.
      const high = shown().length < 2 ? Math.max(300, 0.85 * innerHeight) : narrow.matches ? Math.max(150, 0.3 * innerHeight) : Infinity;
      const wide = Math.min(room, high * w / h);
      this.canvas.style.width = wide < room ? `${Math.round(wide)}px` : "";
      this.canvas.style.height = `${Math.round(wide * h / w)}px`;
      this.canvas.width = this.under.width = this.over.width = Math.round(wide * ratio);
      this.canvas.height = this.under.height = this.over.height = Math.round(wide * h / w * ratio);
      this.ratio = ratio;
      this.scale = wide / w;
      this.unit = Math.max(0.75, Math.min(1.25, wide / 520));
      this.drawUnder();
    }

    get look() { return looks[chosen.sides[this.side]]; }

    spot(place) { return [ground.places[place][1] * this.scale, ground.places[place][2] * this.scale]; }

    middle(road) {
      const [, a, b] = ground.roads[road], [x, y] = this.spot(a), [p, q] = this.spot(b);
      return [(x + p) / 2, (y + q) / 2];
    }

    path(pen, road) {
      const [, a, b] = ground.roads[road];
      pen.moveTo(...this.spot(a));
      pen.lineTo(...this.spot(b));
    }

    drawUnder() {
      const pen = this.under.getContext("2d"), u = this.unit;
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, this.canvas.clientWidth, this.canvas.clientHeight);
      pen.lineJoin = pen.lineCap = "round";
      const lines = (all, dash, width, colour) => {
        pen.beginPath();
        for (const line of all)
          for (let k = 0; k < line.length; k += 2)
            pen[k ? "lineTo" : "moveTo"](line[k] * this.scale, line[k + 1] * this.scale);
        pen.setLineDash(dash);
        pen.lineWidth = width;
        pen.strokeStyle = colour;
        pen.stroke();
        pen.setLineDash([]);
      };
      lines(ground.coasts, [], 1.2, colours.soft);
      lines(ground.borders, [4, 3], 0.9, colours.soft);
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.beginPath();
      for (const road of ground.driven) this.path(pen, road);
      pen.lineWidth = 3.2 * u;
      pen.strokeStyle = colours.line;
      pen.stroke();
      const above = this.over.getContext("2d");
      above.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      above.lineJoin = "round";
      this.labels(above, pen);
    }

    // The hub's name first, then those of towns, of other places and of countries, where they cover nothing earlier.
    labels(pen, under) {
      const u = this.unit, taken = [];
      for (const [, x, y, kind] of ground.places)
        if (kind > 0) taken.push([x * this.scale - 9 * u, y * this.scale - 9 * u, 20 * u, 18 * u]);
      for (const place of new Set(ground.routes.map(([, nodes]) => nodes[0]))) {
        const [x, y] = this.spot(place);
        taken.push([x - 15 * u, y + 9 * u, 30 * u, 14 * u]);
      }
      const [across, down] = [this.canvas.clientWidth, this.canvas.clientHeight];
      const clear = ([x, y, w, h]) => x > 2 && x + w < across - 2 && y > 2 && y + h < down - 2
        && taken.every(([p, q, v, g]) => x + w < p || p + v < x || y + h < q || q + g < y);
      // Names stay off the middles of roads, where attacks and ambushes are told, if they can.
      const middles = ground.driven.map((road) => this.middle(road));
      const aside = ([x, y, w, h]) => middles.every(([p, q]) => p < x - 8 * u || p > x + w + 8 * u || q < y - 8 * u || q > y + h + 8 * u);
      const order = ground.places.map((place, k) => [...place, unserved.has(k)]).sort((a, b) => b[3] - a[3]);
      for (const [name, x, y, kind, pale] of order) {
        if (kind < 0) continue;
        const cx = x * this.scale, cy = y * this.scale;
        if (cx < 0 || cy < 0 || cx > across || cy > down) continue;
        const high = (kind === 2 ? 13 : kind ? 10.5 : 9) * u;
        pen.font = `${kind === 2 ? "bold " : ""}${high}px system-ui, sans-serif`;
        const wide = pen.measureText(name).width, gap = [5, 13, 17][kind] * u;
        const near = 0.75 * gap, spots = [[cx + gap, cy - high / 2], [cx - gap - wide, cy - high / 2],
          [cx - wide / 2, cy - gap - high], [cx - wide / 2, cy + gap], [cx + near, cy - near - high],
          [cx - near - wide, cy - near - high], [cx + near, cy + near], [cx - near - wide, cy + near]];
        const clean = spots.map(([left, top]) => [left, top, wide, high]).filter(clear);
        const free = clean.find(aside) ?? (kind ? clean[0] : undefined);
        if (kind === 0) {
          pen.beginPath();
          pen.arc(cx, cy, 2 * u, 0, 7);
          pen.fillStyle = colours.soft;
          pen.fill();
        }
        if (!free) continue;
        taken.push(free);
        pen.textAlign = "left";
        pen.textBaseline = "top";
        pen.lineWidth = 3;
        pen.strokeStyle = colours.paper;
        pen.strokeText(name, free[0], free[1]);
        pen.fillStyle = kind && !pale ? colours.ink : colours.soft;
        pen.fillText(name, free[0], free[1]);
      }
      under.font = `italic ${12 * u}px system-ui, sans-serif`;
      under.textAlign = "left";
      under.textBaseline = "top";
      for (const [name, x, y] of ground.countries) {
        const wide = under.measureText(name).width, high = 12 * u, cx = x * this.scale - wide / 2, cy = y * this.scale - high / 2;
        const steps = [0, 1, -1, 2, -2, 3, -3].map((step) => step * 14 * u);
        const free = steps.flatMap((up) => steps.map((aside) => [cx + 2 * aside, cy + up, wide, high])).find(clear);
        if (!free) continue;
        taken.push(free);
        under.fillStyle = colours.soft;
        under.fillText(name, free[0], free[1]);
      }
      this.named = taken.map(([x, y, w, h]) => [x + w / 2, y + h / 2, w, h]);
    }

    draw(minute) {
      const f = this.film;
      if (!f || !this.scale) return;
      const pen = this.canvas.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
      pen.drawImage(this.under, 0, 0);
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.lineJoin = "round";
      this.counts = [];
      this.boxes = [...this.named];
      this.drawLaid(pen, f, minute);
      this.drawHits(pen, f, minute);
      this.drawParties(pen, f, minute);
      this.drawTowns(pen, f, minute);
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.drawImage(this.over, 0, 0);
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      this.drawQueues(pen, f, minute);
      this.drawCounts(pen);
    }

    drawLaid(pen, f, minute) {
      const counts = new Map();
      f.laid_road.forEach((road, k) => {
        if (f.laid_from[k] <= minute && minute < f.laid_until[k]) counts.set(road, (counts.get(road) || 0) + 1);
      });
      this.laid = counts;
      pen.beginPath();
      for (const road of counts.keys()) this.path(pen, road);
      pen.setLineDash([5 * this.unit, 5 * this.unit]);
      pen.lineWidth = 4 * this.unit;
      pen.globalAlpha = 0.6;
      pen.strokeStyle = colours.loss;
      pen.stroke();
      pen.setLineDash([]);
      pen.globalAlpha = 1;
      for (const [road, count] of counts) this.write(pen, `${count}`, ...this.middle(road), colours.loss, 10);
    }

    write(pen, words, x, y, colour, high, weight = "bold") {
      pen.font = `${weight} ${high * this.unit}px system-ui, sans-serif`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineWidth = 3;
      pen.strokeStyle = colours.paper;
      pen.strokeText(words, x, y);
      pen.fillStyle = colour;
      pen.fillText(words, x, y);
    }

    // Attacks of the day shown; on other roads those of the day before, with their date, which fade until it is over.
    drawHits(pen, f, minute) {
      const today = dayOf(minute), crosses = new Map();
      for (let k = lostUntil(f, minute).row - 1; k >= 0 && f.met_minute[k] >= (today - 1) * DAY; k--) {
        if (!isAttack(f, k)) continue;
        const age = minute - f.met_minute[k], road = f.met_road[k], day = dayOf(f.met_minute[k]);
        if (!crosses.has(road)) crosses.set(road, { day, lost: 0 });
        if (crosses.get(road).day === day) crosses.get(road).lost += f.met_lost[k];
        if (age >= FLASH) continue;
        pen.beginPath();
        this.path(pen, road);
        pen.lineWidth = 9 * this.unit;
        pen.globalAlpha = 0.75 * (1 - age / FLASH);
        pen.strokeStyle = colours.loss;
        pen.stroke();
        pen.globalAlpha = 1;
      }
      for (const [road, { day, lost }] of crosses) {
        const [x, y] = this.middle(road), r = 6 * this.unit;
        const shade = day === today ? 1 : 0.8 * (1 - (minute - today * DAY) / DAY);
        if (shade <= 0) continue;
        pen.globalAlpha = shade;
        for (const [width, colour] of [[5, colours.paper], [2.6, colours.loss]]) {
          pen.beginPath();
          pen.moveTo(x - r, y - r);
          pen.lineTo(x + r, y + r);
          pen.moveTo(x + r, y - r);
          pen.lineTo(x - r, y + r);
          pen.lineWidth = width * this.unit;
          pen.strokeStyle = colour;
          pen.stroke();
        }
        const count = lost ? `−${number(lost)}` : "", date = day === today ? "" : data.short[day];
        const versions = count && date ? [fill(messages.of_before, { count, date }), count] : [count || date].filter(Boolean);
        if (versions.length) this.counts.push([versions, x, y, 13, colours.loss, 12, shade]);
      }
      pen.globalAlpha = 1;
    }

    drawTowns(pen, f, minute) {
      const day = dayOf(minute), many = f.towns.length;
      f.towns.forEach((place, k) => {
        const [x, y] = this.spot(place), share = f.open[day * many + k] / 1000;
        const r = (place === data.hub ? 9 : 5.5) * this.unit, bar = Math.min(1, f.cover[day * many + k] / FULL);
        pen.beginPath();
        pen.arc(x, y, r + 2.2 * this.unit, 0, 7);
        pen.fillStyle = colours.paper;
        pen.fill();
        pen.globalAlpha = unserved.has(place) ? 0.45 : 1;
        pen.lineWidth = 3.2 * this.unit;
        pen.beginPath();
        pen.arc(x, y, r, 0, 7);
        pen.strokeStyle = colours.line;
        pen.stroke();
        pen.beginPath();
        pen.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
        pen.strokeStyle = share < 0.5 ? colours.loss : colours.good;
        pen.stroke();
        pen.beginPath();
        pen.moveTo(x + r + 4 * this.unit, y + r);
        pen.lineTo(x + r + 4 * this.unit, y + r - 2 * r * bar);
        pen.lineWidth = 2.6 * this.unit;
        pen.strokeStyle = colours.ink;
        pen.stroke();
      });
      pen.globalAlpha = 1;
    }

    drawParties(pen, f, minute) {
      const shapes = [new Path2D(), new Path2D(), new Path2D(), new Path2D()];
      const large = [];
      for (const party of f.active[minute / DAY | 0] || []) {
        const at = where(f, party, minute);
        if (!at || at[2] <= 0) continue;
        const x = at[0] * this.scale, y = at[1] * this.scale, r = (2.6 + 0.7 * Math.sqrt(at[2])) * this.unit;
        if (at[2] >= 20) large.push([x, y, at[2]]);
        const shape = (f.bits[party] & (ROAD | AIR)) >> 1, path = shapes[shape];
        if (shape === 0) {
          path.moveTo(x + r, y);
          path.arc(x, y, r, 0, 7);
        } else if (shape === 1) {
          path.rect(x - r, y - r, 2 * r, 2 * r);
        } else if (shape === 2) {
          path.moveTo(x, y - 1.3 * r);
          path.lineTo(x + 1.2 * r, y + r);
          path.lineTo(x - 1.2 * r, y + r);
          path.closePath();
        } else {
          path.moveTo(x, y - 1.5 * r);
          path.lineTo(x + 1.5 * r, y);
          path.lineTo(x, y + 1.5 * r);
          path.lineTo(x - 1.5 * r, y);
          path.closePath();
        }
      }
      pen.lineWidth = 1;
      for (const path of shapes) {
        pen.fillStyle = this.look.fill;
        pen.fill(path);
        pen.strokeStyle = this.look.edge;
        pen.stroke(path);
      }
      large.sort((a, b) => b[2] - a[2]);
      for (const [x, y, tankers] of large) this.counts.push([[number(tankers)], x, y, 15, colours.ink, 11, 1]);
    }

    // Numbers of tankers above all else, each where it covers no other and no name; one that has no room is left out,
    // but not that of who is lost, which may lie further off, and goes without its date before it covers anything.
    drawCounts(pen) {
      const u = this.unit, across = this.canvas.clientWidth, down = this.canvas.clientHeight;
      const within = ([p, q, w, h]) => p > w / 2 && p < across - w / 2 && q > h / 2 && q < down - h / 2;
      const free = ([p, q, w, h]) => this.boxes.every(([a, b, v, g]) => Math.abs(p - a) * 2 >= w + v || Math.abs(q - b) * 2 >= h + g);
      for (const [versions, x, y, off, colour, high, shade] of this.counts) {
        pen.font = `bold ${high * u}px system-ui, sans-serif`;
        const tells = colour === colours.loss, h = high * u + 2, up = off * u;
        const places = versions.map((words) => {
          const w = pen.measureText(words).width + 3, aside = 10 * u + w / 2;
          const spots = [[0, -up], [0, up], [aside, 0], [-aside, 0]];
          for (const far of tells ? [1, 1.5, 2, 2.5, 3] : [])
            for (let turn = 0; turn < 12; turn++) {
              const angle = turn * Math.PI / 6;
              spots.push([Math.cos(angle) * (up * far + w / 2), Math.sin(angle) * up * far]);
            }
          return spots.map(([p, q]) => [x + p, y + q, w, h, words]).filter(within);
        });
        const spot = places.flat().find(free) ?? (tells ? places.at(-1)[0] : undefined);
        if (!spot) continue;
        this.boxes.push(spot);
        pen.globalAlpha = shade;
        this.write(pen, spot[4], spot[0], spot[1], colour, high);
      }
      pen.globalAlpha = 1;
    }

    drawQueues(pen, f, minute) {
      const hour = Math.min(days * 24, minute / 60 | 0), u = this.unit;
      for (const [place, counts] of f.waiting) {
        const count = counts[hour];
        if (!count) continue;
        const [x, y] = this.spot(place), words = number(count);
        pen.font = `bold ${10 * u}px system-ui, sans-serif`;
        const wide = pen.measureText(words).width + 6 * u, top = y + 9 * u;
        pen.fillStyle = colours.panel;
        pen.strokeStyle = colours.ink;
        pen.lineWidth = 1;
        this.boxes.push([x, top + 6.5 * u, wide + 2, 15 * u]);
        pen.fillRect(x - wide / 2, top, wide, 13 * u);
        pen.strokeRect(x - wide / 2, top, wide, 13 * u);
        pen.fillStyle = colours.ink;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText(words, x, top + 7 * u);
      }
    }
  }

  // The player ----------------------------------------------------------------------------------------------------

  const views = [new View(0), new View(1)];
  const strip = get("strip"), slider = get("time"), button = get("play"), clock = get("clock"), told = get("told"), said = get("said");
  const chosen = { pick: 0, sides: [...data.first] };
  let minute = 0, playing = false, before = 0, rounds = 0, parting = null, toldDay = -1, saidAt = -Infinity, stripUnder = null, drawn = -1;
  const shown = () => views.filter((view) => view.film);
  const sideName = (side) => data.alternatives[chosen.sides[side]];

  // The strategy at the left is not offered beside itself.
  function apart() {
    for (const option of get("right")?.options ?? []) option.hidden = option.disabled = Number(option.value) === chosen.sides[0];
  }

  async function choose() {
    const wanted = { pick: chosen.pick, sides: [...chosen.sides] };
    const loaded = await Promise.all(wanted.sides.map((side) => side < 0 ? null : film(wanted.pick, side)));
    if (wanted.pick !== chosen.pick || wanted.sides.some((side, k) => side !== chosen.sides[k])) return;
    views.forEach((view, k) => {
      view.film = loaded[k];
      view.box.hidden = !view.film;
    });
    const [a, b] = chosen.sides, note = get("parting");
    parting = b < 0 ? null : data.parts[chosen.pick][a < b ? `${a}-${b}` : `${b}-${a}`];
    const [measure, ...values] = data.measures[chosen.pick], names = data.alternatives;
    const value = names.length < 2 ? values[0]
      : chosen.sides.filter((side) => side >= 0).map((side) => fill(messages.value, { value: values[side], name: names[side] })).join(", ");
    get("measure").textContent = fill(messages.worth, { measure, value });
    get("split").hidden = parting === null;
    for (const [side, view] of views.entries()) {
      if (!view.film) continue;
      const look = data.looks[chosen.sides[side]], [line, sign] = view.name.querySelectorAll("path");
      line.setAttribute("stroke", look.colour);
      line.setAttribute("stroke-dasharray", look.dash.join(" "));
      sign.setAttribute("fill", look.colour);
      sign.setAttribute("d", names.length < 2 ? "" : look.marker);
    }
    note.hidden = b < 0;
    if (!note.hidden) note.textContent = parting === null ? messages.same : fill(messages.part, moment(parting));
    if (get("days").open) table();
    toldDay = -1;
    layout();
    announce(true);
  }

  const moment = (at) => ({ date: data.dates[dayOf(at)], hour: String(Math.min(at, END - 60) % DAY / 60 | 0).padStart(2, "0") });

  function layout() {
    readColours();
    views.forEach((view) => view.film && view.fit());
    stripUnder = null;
    drawn = -1;
    draw();
  }

  function draw() {
    for (const [side, view] of views.entries()) {
      if (!view.film) continue;
      view.draw(minute);
      const { lost } = lostUntil(view.film, minute);
      const words = fill(messages.so_far, { name: sideName(side), lost: number(lost), waiting: number(waitingAt(view.film, minute)) });
      const line = view.name.lastElementChild;
      if (line.textContent !== words) line.textContent = words;
    }
    drawStrip();
    tell();
    const none = String(nextAttack() === Infinity), next = get("next");
    if (next.getAttribute("aria-disabled") !== none) next.setAttribute("aria-disabled", none);
    const words = fill(messages.clock, moment(minute));
    if (clock.textContent !== words) {
      clock.textContent = words;
      slider.value = String(Math.round(minute));
      slider.setAttribute("aria-valuetext", words);
    }
  }

  function drawStrip() {
    const wide = strip.clientWidth, high = strip.clientHeight, ratio = devicePixelRatio || 1;
    if (!wide) return;
    const left = 38, right = 8, rows = [[18, high / 2 - 8], [high / 2 + 12, high - 18]];
    const across = (at) => left + (wide - left - right) * at / END;
    if (!stripUnder) {
      strip.width = Math.round(wide * ratio);
      strip.height = Math.round(high * ratio);
      stripUnder = document.createElement("canvas");
      stripUnder.width = strip.width;
      stripUnder.height = strip.height;
      paintStrip(stripUnder.getContext("2d"), ratio, wide, rows, across, left, right);
    }
    const cursor = Math.round(across(minute) * ratio) / ratio;
    if (cursor === drawn) return;
    drawn = cursor;
    const pen = strip.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, strip.width, strip.height);
    pen.drawImage(stripUnder, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.beginPath();
    pen.moveTo(cursor, 12);
    pen.lineTo(cursor, high - 16);
    pen.lineWidth = 2;
    pen.strokeStyle = colours.accent;
    pen.stroke();
  }

  function paintStrip(pen, ratio, wide, rows, across, left, right) {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.font = "11px system-ui, sans-serif";
    const most = Math.max(1, ...shown().flatMap(({ film: f }) => Array.from({ length: days }, (_, day) => f.stock[day * f.towns.length + f.hub])));
    const panels = [[fill(messages.strip_open, data.names), 1000, "open", (v) => `${v / 10} %`], [fill(messages.strip_stock, data.names), most, "stock", (v) => number(Math.round(v / 100) / 10)]];
    panels.forEach(([title, top, column, write], row) => {
      const [above, below] = rows[row], up = (value) => below - (below - above) * value / top;
      pen.strokeStyle = colours.line;
      pen.lineWidth = 1;
      pen.beginPath();
      for (const value of [0, top / 2, top]) {
        pen.moveTo(left, up(value));
        pen.lineTo(wide - right, up(value));
      }
      pen.stroke();
      pen.fillStyle = colours.soft;
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      for (const value of [0, top]) pen.fillText(write(value), left - 4, up(value));
      pen.textAlign = "left";
      pen.textBaseline = "bottom";
      pen.fillStyle = colours.ink;
      pen.fillText(title, left, above - 3, wide - left - right);
      for (const { film: f, look } of shown()) {
        pen.beginPath();
        for (let day = 0; day < days; day++) {
          const y = up(f[column][day * f.towns.length + f.hub]);
          if (!day) pen.moveTo(across(0), y);
          pen.lineTo(across((day + 0.5) * DAY), y);
          if (day === days - 1) pen.lineTo(across(END), y);
        }
        pen.lineWidth = 2;
        pen.setLineDash(look.dash);
        pen.strokeStyle = look.line;
        pen.stroke();
        pen.setLineDash([]);
      }
    });
    pen.fillStyle = colours.soft;
    pen.textBaseline = "top";
    const step = Math.ceil(data.ticks.length * 56 / Math.max(1, wide - left - right));
    data.ticks.forEach(([day, words], k) => {
      if (k % step) return;
      pen.textAlign = across(day * DAY) > wide - 40 ? "right" : "left";
      pen.fillText(words, across(day * DAY), rows[1][1] + 4);
    });
    if (parting !== null) {
      const x = across(parting);
      pen.beginPath();
      pen.setLineDash([2, 3]);
      pen.moveTo(x, rows[0][0]);
      pen.lineTo(x, rows[1][1]);
      pen.lineWidth = 1.5;
      pen.strokeStyle = colours.loss;
      pen.stroke();
      pen.setLineDash([]);
      pen.textBaseline = "middle";
      pen.textAlign = x > wide / 2 ? "right" : "left";
      pen.lineWidth = 4;
      pen.strokeStyle = colours.paper;
      pen.fillStyle = colours.loss;
      for (const act of ["strokeText", "fillText"])
        pen[act](messages.part_mark, x + (x > wide / 2 ? -4 : 4), (rows[0][0] + rows[0][1]) / 2);
    }
  }

  // The day shown, in words.
  function tell() {
    const day = dayOf(minute), lines = [];
    if (day === toldDay) return;
    toldDay = day;
    views.forEach((view, side) => {
      const f = view.film;
      if (!f) return;
      const k = day * f.towns.length + f.hub, { left, arrived, lost } = f;
      const parts = [counted("left", left[day]), counted("arrived", arrived[day])];
      if (lost[day]) parts.push(counted("lost", lost[day]));
      parts.push(counted("waiting", waitingAt(f, (day + 1) * DAY)));
      parts.push(fill(messages.open, { ...data.names, share: number(Math.floor(f.open[k] / 10)) }));
      const use = f.stock[k] && !f.cover[k] ? messages.little : counted("use", f.cover[k] / 10);
      parts.push(fill(messages.stock, { volume: number(f.stock[k]), depot: number(f.depot[k]), use }));
      const of = fill(shown().length > 1 ? messages.side_day : messages.day, { name: sideName(side), date: data.dates[day] });
      lines.push(`${of} ${parts.join(" ")}`);
    });
    told.replaceChildren(...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    mark();
  }

  // Reads the day out; while it plays, only now and then, and where it plays fast not at all.
  function announce(now = false) {
    const time = performance.now();
    if (!now && (Number(get("speed").value) > DAY || time - saidAt < 5000)) return;
    saidAt = time;
    said.textContent = [...told.children].map((line) => line.textContent).join(" ");
  }

  // When the next attack is after the moment shown; never if there is none.
  const nextAttack = () => Math.min(...shown().map(({ film: f }) => {
    let k = lostUntil(f, minute).row;
    while (k < f.met_minute.length && !isAttack(f, k)) k++;
    return k < f.met_minute.length ? f.met_minute[k] : Infinity;
  }));

  function table() {
    const heads = ["day", "left", "arrived", "lost", "waiting", "open", "stock"].map((name) => messages[`head_${name}`]);
    const cell = (kind, words, scope) => {
      const made = document.createElement(kind);
      made.textContent = words;
      if (scope) made.scope = scope;
      return made;
    };
    const tables = views.map((view, side) => {
      const f = view.film;
      if (!f) return null;
      const box = document.createElement("div"), sheet = document.createElement("table");
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", sideName(side));
      sheet.createCaption().textContent = sideName(side);
      sheet.createTHead().insertRow().append(...heads.map((head) => cell("th", head, "col")));
      const body = sheet.createTBody();
      for (let day = 0; day < days; day++) {
        const k = day * f.towns.length + f.hub;
        const values = [f.left[day], f.arrived[day], f.lost[day], waitingAt(f, (day + 1) * DAY),
          Math.floor(f.open[k] / 10), f.stock[k]];
        body.insertRow().append(cell("th", data.dates[day], "row"), ...values.map((value) => cell("td", number(value))));
      }
      box.append(sheet);
      return box;
    });
    get("days").querySelector(".replay-tables").replaceChildren(...tables.filter(Boolean));
    mark();
  }

  function mark() {
    for (const body of get("days").querySelectorAll("tbody"))
      [...body.rows].forEach((row, day) => row.classList.toggle("now", day === dayOf(minute)));
  }

  function seek(to, say = true) {
    minute = Math.max(0, Math.min(END, to));
    draw();
    if (say) announce(true);
  }

  // From the first act on, what changes is read out; not when the page opens.
  const listen = () => said.setAttribute("aria-live", "polite");
  for (const act of ["click", "input", "keydown"]) root.addEventListener(act, listen, { capture: true });

  function play(on) {
    playing = on;
    if (on && minute >= END) minute = 0;
    button.textContent = on ? button.dataset.pause : button.dataset.play;
    before = 0;
    const round = ++rounds;
    if (on) requestAnimationFrame((now) => frame(now, round)); else announce(true);
  }

  function frame(now, round) {
    if (!playing || round !== rounds) return;
    const again = () => requestAnimationFrame((later) => frame(later, round));
    const passed = before ? Math.min(250, now - before) : 0;
    before = now;
    const next = minute + passed / 1000 * Number(get("speed").value);
    if (still.matches) {  // day by day, without motion
      const due = Math.floor(minute / DAY + 1) * DAY;
      window.setTimeout(() => {
        if (!playing || round !== rounds) return;
        seek(due, false);
        announce();
        if (due >= END) play(false); else again();
      }, 1000);
      return;
    }
    player.frames++;
    seek(next, false);
    announce();
    if (next >= END) play(false); else again();
  }

  const step = (by) => { play(false); seek((Math.floor(minute / DAY) + by) * DAY); };
  button.addEventListener("click", () => play(!playing));
  get("back").addEventListener("click", () => step(minute % DAY ? 0 : -1));
  get("on").addEventListener("click", () => step(1));
  const jump = (to) => { if (to === Infinity) return; play(false); seek(to); };
  get("next").addEventListener("click", () => jump(nextAttack()));
  get("split").addEventListener("click", () => jump(parting));
  slider.addEventListener("input", () => { const to = Number(slider.value); if (playing) play(false); seek(to); });
  get("pick").addEventListener("change", (event) => { chosen.pick = Number(event.target.value); choose(); });
  ["left", "right"].forEach((name, side) => get(name)?.addEventListener("change", (event) => {
    const other = chosen.sides[1 - side], last = chosen.sides[side];
    chosen.sides[side] = Number(event.target.value);
    if (chosen.sides[side] === other) {  // no strategy stands beside itself: the two change places
      chosen.sides[1 - side] = last;
      get(side ? "left" : "right").value = String(last);
    }
    apart();
    choose();
  }));
  get("stage").addEventListener("keydown", (event) => {
    const acts = {
      " ": () => play(!playing), ArrowLeft: () => step(minute % DAY ? 0 : -1), ArrowRight: () => step(1),
      Home: () => { play(false); seek(0); }, End: () => { play(false); seek(END - 60); },
    };
    if (!acts[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    acts[event.key]();
  });
  get("days").addEventListener("toggle", () => { if (get("days").open) table(); });
  for (const query of [dark, matchMedia("print")]) query.addEventListener("change", layout);
  new ResizeObserver(layout).observe(get("stage"));

  // What tests and measurements read.
  const player = root.replay = {
    frames: 0, views,
    get minute() { return minute; },
    get playing() { return playing; },
    get parting() { return parting; },
    marks: (side = 0) => (views[side].film.active[minute / DAY | 0] || []).map((party) => where(views[side].film, party, minute)).filter(Boolean),
  };
  try {
    apart();
    await choose();
    root.dataset.ready = "yes";
  } catch (error) {
    get("failed").hidden = false;
    throw error;
  }
})();
