// Charts drawn from the tables beneath them: the same numbers, once to look at and once to read.
// Without this file the tables are shown.
const PALETTE = ["--brand", "--star", "--late-ink", "--calm-ink"];
const SHAPES = { line, bar };
const drawn = [];

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Heads and rows of a table: a name and a number (or null) for each cell that has a value. */
function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows].map((row) => ({
    name: row.cells[0].textContent.trim(),
    values: [...row.cells].map(({ dataset }) => (dataset.value ? Number(dataset.value) : null)),
    url: row.querySelector("a")?.href,
  }));
  return { heads: heads.map((cell) => cell.textContent.trim()), shares: shares(heads), rows };
}

const shares = (heads) =>
  heads.flatMap((cell, at) => (cell.dataset.percent === undefined ? [] : [at]));

function common(label) {
  const ink = token("--ink");
  const soft = token("--ink-soft");
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    aria: { enabled: true, label: { general: { withoutTitle: label } }, decal: { show: true } },
    color: PALETTE.map(token),
    textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
    legend: {
      top: 0,
      textStyle: { color: ink },
      icon: "roundRect",
      itemStyle: { borderColor: token("--line-strong"), borderWidth: 1 },
    },
    grid: { left: 8, right: 12, top: 44, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: token("--surface-raised"),
      borderColor: token("--line-strong"),
      textStyle: { color: ink },
    },
    soft,
  };
}

const axis = (more) => ({
  axisLine: { lineStyle: { color: token("--line-strong") } },
  axisLabel: { color: token("--ink-soft"), hideOverlap: true },
  splitLine: { lineStyle: { color: token("--line") } },
  ...more,
});

const percentAxis = (rows, columns) => {
  const low = Math.min(...rows.flatMap(({ values }) => columns.map((at) => values[at] ?? 100)));
  return axis({
    type: "value",
    min: Math.max(0, Math.floor(low / 10) * 10 - 10),
    max: 100,
    axisLabel: { color: token("--ink-soft"), formatter: "{value}%" },
  });
};

function line({ heads, shares: columns, rows }, label) {
  return {
    ...common(label),
    xAxis: axis({ type: "category", data: rows.map(({ name }) => name) }),
    yAxis: [
      percentAxis(rows, columns),
      axis({ type: "value", splitLine: { show: false }, minInterval: 1 }),
    ],
    series: [
      {
        name: heads[1],
        type: "bar",
        yAxisIndex: 1,
        barMaxWidth: 22,
        itemStyle: { color: token("--line"), borderColor: token("--line-strong") },
        data: rows.map(({ values }) => values[1]),
      },
      ...columns.map((at, which) => ({
        name: heads[at],
        type: "line",
        connectNulls: true,
        symbol: ["circle", "rect", "triangle", "diamond"][which],
        symbolSize: 8,
        lineStyle: { width: 2.5, type: ["solid", "dashed", "dotted", "solid"][which] },
        tooltip: { valueFormatter: (value) => (value === null ? "–" : `${value}%`) },
        data: rows.map(({ values }) => values[at]),
      })),
    ],
  };
}

function bar({ heads, shares: columns, rows }, label) {
  const shown = rows.slice(0, 12).reverse();
  return {
    ...common(label),
    xAxis: percentAxis(shown, columns),
    yAxis: axis({
      type: "category",
      data: shown.map(({ name }) => name),
      axisLabel: { color: token("--ink-soft"), width: 120, overflow: "truncate" },
    }),
    series: columns.map((at) => ({
      name: heads[at],
      type: "bar",
      barMaxWidth: 12,
      tooltip: { valueFormatter: (value) => (value === null ? "–" : `${value}%`) },
      data: shown.map(({ values }) => values[at]),
    })),
  };
}

function draw(place) {
  const table = document.getElementById(place.dataset.table);
  const data = read(table.querySelector("table"));
  place.hidden = false;
  if (place.dataset.chart === "bar") {
    place.classList.toggle("report-chart-tall", data.rows.length > 5);
  }
  const locale = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
  const chart = window.echarts.init(place, null, { renderer: "svg", locale });
  const paint = () => chart.setOption(SHAPES[place.dataset.chart](data, place.dataset.label), true);
  paint();
  new ResizeObserver(() => chart.resize()).observe(place);
  drawn.push(paint);
}

/** Show the chart or its table; the pressed button says which. */
function show(name, asChart) {
  const table = document.getElementById(`${name}-table`);
  const chart = document.querySelector(`[data-table="${name}-table"]`);
  if (!table || !chart) return;
  // Not hidden: on paper there is always the table.
  table.classList.toggle("report-away", asChart);
  chart.hidden = !asChart;
  for (const button of document.querySelectorAll(
    `[data-shows-chart="${name}"], [data-shows-table="${name}"]`,
  )) {
    button.setAttribute("aria-pressed", String("showsChart" in button.dataset === asChart));
  }
}

function start() {
  for (const place of document.querySelectorAll("[data-chart]")) draw(place);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-shows-chart], [data-shows-table]");
    if (button) show(button.dataset.showsChart ?? button.dataset.showsTable, "showsChart" in button.dataset);
    if (target.closest("[data-prints]")) window.print();
  });
  show("trend", true);
  show("rows", false);
  // Another theme has other colours.
  new MutationObserver(() => drawn.forEach((paint) => paint())).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-bs-theme"],
  });
}

if (window.echarts) start();
