(function () {
  "use strict";
  const page = JSON.parse(document.getElementById("page-data").textContent);
  const tip = document.getElementById("tip");

  function records(columns) {
    const names = Object.keys(columns);
    return columns[names[0]].map((_, row) => Object.fromEntries(names.map((name) => [name, columns[name][row]])));
  }

  // The cell about the nearest day has for its datum the mark of that day, and that has the row.
  function tell(_handler, event, item, value) {
    const row = item && item.datum && item.datum.datum ? item.datum.datum : item && item.datum;
    const text = value && row ? row.t : "";
    if (!text) {
      tip.hidden = true;
      return;
    }
    tip.textContent = text;
    tip.hidden = false;
    const wide = tip.offsetWidth, high = tip.offsetHeight;
    const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - wide - 8);
    const above = event.clientY - high - 12;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = (above > 8 ? above : event.clientY + 18) + "px";
  }

  const options = {
    actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: tell,
    config: page.config, formatLocale: page.formatLocale,
  };

  function draw(box) {
    const chart = page.charts[box.dataset.chart];
    const panel = chart.panels[Number(box.dataset.panel)];
    const spec = Object.assign({}, chart.spec, { datasets: {} });
    for (const name of Object.keys(panel)) spec.datasets[name] = records(panel[name]);
    // The box has the words; what is drawn in it would put others in their place.
    const stage = document.createElement("div");
    stage.setAttribute("aria-hidden", "true");
    box.replaceChildren(stage);
    return window.vegaEmbed(stage, spec, options).catch((error) => {
      box.textContent = page.words.undrawn;
      console.error(error);
    });
  }

  const contents = document.getElementById("contents"), narrow = matchMedia("(max-width: 40rem)");
  const fold = () => { contents.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();

  const boxes = Array.from(document.querySelectorAll(".chart"));
  let queue = Promise.resolve();
  for (const box of boxes) {
    queue = queue.then(() => draw(box)).then(() => new Promise((resolve) => setTimeout(resolve, 0)));
  }
  queue.then(() => document.documentElement.setAttribute("data-drawn", "yes"));

  for (const choice of document.querySelectorAll("select[data-chart]")) {
    const box = document.getElementById("chart-" + choice.dataset.chart);
    choice.addEventListener("change", () => {
      box.dataset.panel = choice.value;
      box.setAttribute("aria-label", box.dataset.label + " " + choice.selectedOptions[0].textContent);
      draw(box);
    });
  }

  const field = document.getElementById("search");
  if (field) {
    const told = document.getElementById("search-count");
    const groups = Array.from(document.querySelectorAll(".numbers"));
    const rows = Array.from(document.querySelectorAll(".numbers tbody tr"));
    const texts = rows.map((row) => row.textContent.toLowerCase());
    let timer = 0;
    const filter = () => {
      const wanted = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      rows.forEach((row, k) => {
        row.hidden = !wanted.every((word) => texts[k].includes(word));
        count += row.hidden ? 0 : 1;
      });
      for (const group of groups) {
        const left = group.querySelectorAll("tbody tr:not([hidden])").length;
        group.hidden = left === 0;
        group.open = wanted.length > 0 && left > 0;
      }
      told.textContent = wanted.length ? page.words.matches.replace("{count}", String(count)) : "";
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(filter, 120);
    });
  }
})();
