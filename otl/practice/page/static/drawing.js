// The drawings themselves: from a chart and a width to an SVG. Pure but for making elements.

const FONT = 12;
const LETTER = 7.4; // how wide a letter is, about
const GAP = 8;

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.flat(Infinity));
  return element;
}

function sheet(width, height, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "drawing" }, ...children);
}

function words(x, y, text, { anchor = "start", strong = false } = {}) {
  return svg("text", { x, y, "text-anchor": anchor, class: strong ? "strong" : undefined, "font-size": FONT }, String(text));
}

function say(value) {
  return value.toLocaleString("en-GB");
}

function shortened(text, room) {
  const most = Math.max(2, Math.floor(room / LETTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function highest(chart) {
  return Math.max(1, ...chart.series.flatMap(({ data }) => data.map(({ value }) => value)));
}

function values(chart, series) {
  return chart.axis_config.categories.map((category) => series.data.find(({ label }) => label === category)?.value ?? 0);
}

// Bars lie on their side, so that every name and every number can be read at any width.
export function drawBars(chart, width) {
  const { categories } = chart.axis_config;
  const thick = chart.series.length > 1 ? 14 : 20;
  const group = thick * chart.series.length + (chart.series.length > 1 ? 12 : 8);
  const left = Math.min(width * 0.38, Math.max(...categories.map((name) => name.length)) * LETTER + GAP);
  const right = say(highest(chart)).length * LETTER + GAP;
  const long = (value) => Math.max(value > 0 ? 2 : 0, ((width - left - right) * Math.max(0, value)) / highest(chart));
  const rows = chart.series.map((series) => values(chart, series));
  return sheet(width, categories.length * group,
    categories.map((name, place) => {
      const top = place * group;
      const middle = top + (thick * chart.series.length) / 2;
      return [
        words(left - GAP, middle + FONT / 3, shortened(name, left - GAP), { anchor: "end" }),
        rows.map((row, number) => {
          const y = top + number * thick;
          return [
            svg("rect", { x: left, y: y + 1, width: long(row[place]), height: thick - 2, rx: 3, class: `tone-${number}` }),
            words(left + long(row[place]) + 6, y + thick / 2 + FONT / 3, say(row[place]), { strong: true }),
          ];
        }),
      ];
    }));
}

const HEIGHT = 200;
const TOP = 18;
const BOTTOM = 26;

export function drawLines(chart, width) {
  const { categories } = chart.axis_config;
  const ticks = rungs(highest(chart));
  const most = ticks.at(-1);
  const left = say(most).length * LETTER + GAP + 4;
  const right = 14;
  const floor = HEIGHT - BOTTOM;
  const step = (width - left - right) / Math.max(1, categories.length - 1);
  const x = (place) => left + (categories.length > 1 ? place * step : (width - left - right) / 2);
  const y = (value) => floor - ((floor - TOP) * value) / most;
  const every = Math.ceil((Math.max(...categories.map((name) => name.length)) * LETTER + GAP) / step);
  const isShown = (place) => place % every === 0;
  const dense = chart.series.length > 1 || step < say(most).length * LETTER + GAP;
  return sheet(width, HEIGHT,
    ticks.map((tick) => [
      svg("line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), class: "rung" }),
      words(left - GAP, y(tick) + FONT / 3, say(tick), { anchor: "end" }),
    ]),
    categories.filter((_, place) => isShown(place)).map((name, nth) => {
      const place = nth * every;
      const anchor = place === 0 ? "start" : place === categories.length - 1 ? "end" : "middle";
      return words(place === 0 ? x(place) - 6 : x(place) + (anchor === "end" ? 6 : 0), HEIGHT - 6, shortened(name, step * every), { anchor });
    }),
    chart.series.flatMap((series, number) => line(chart, values(chart, series), { number, x, y, floor, dense })));
}

function line(chart, row, { number, x, y, floor, dense }) {
  const points = row.map((value, place) => `${x(place)},${y(value)}`).join(" ");
  const parts = [];
  if (chart.type === "area") parts.push(svg("polygon", { points: `${x(0)},${floor} ${points} ${x(row.length - 1)},${floor}`, class: `area tone-${number}` }));
  parts.push(svg("polyline", { points, class: `line tone-${number} dash-${number % 3}` }));
  for (const [place, value] of row.entries()) {
    parts.push(svg("circle", { cx: x(place), cy: y(value), r: 3.5, class: `point tone-${number}` }));
    if (!dense) parts.push(words(x(place), y(value) - 9, say(value), { anchor: "middle", strong: true }));
  }
  return parts;
}

// Three to five round numbers from nought upwards.
function rungs(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough && (power >= 10 || Number.isInteger(one))) ?? 1;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, place) => place * step);
}

const PIE = 176;

export function drawPie(chart) {
  const total = chart.segments.reduce((sum, { value }) => sum + value, 0) || 1;
  const middle = PIE / 2;
  const radius = middle - 2;
  let from = 0;
  const parts = chart.segments.flatMap(({ value }, place) => {
    const to = from + value / total;
    const slice = value === total ? svg("circle", { cx: middle, cy: middle, r: radius, class: `slice tone-${place}` }) : svg("path", { d: wedge(middle, radius, from, to), class: `slice tone-${place}` });
    const [x, y] = onCircle(middle, radius * 0.72, (from + to) / 2);
    const isWide = value / total > 0.04;
    from = to;
    return value > 0 ? [slice, ...(isWide ? [svg("text", { x, y: y + FONT / 3, "text-anchor": "middle", "font-size": FONT, class: "on-tone" }, String(place + 1))] : [])] : [];
  });
  return sheet(PIE, PIE, parts);
}

function onCircle(middle, radius, turn) {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return [middle + radius * Math.cos(angle), middle + radius * Math.sin(angle)];
}

function wedge(middle, radius, from, to) {
  const [startX, startY] = onCircle(middle, radius, from);
  const [endX, endY] = onCircle(middle, radius, to);
  return `M${middle},${middle} L${startX},${startY} A${radius},${radius} 0 ${to - from > 0.5 ? 1 : 0} 1 ${endX},${endY} Z`;
}
