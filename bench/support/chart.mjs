// Charts as SVG: few lines or bars, nothing to install.

const WIDTH = 640;
const HEIGHT = 360;
const PLOT = { left: 70, right: 470, top: 40, bottom: 300 };
const COLOURS = ['#1f6feb', '#d1570a', '#2da44e', '#8250df'];

const escaped = (text) => String(text).replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');

const text = (x, y, words, more = '') => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(words)}</text>`;

/** The next number above `value` that is 1, 2 or 5 times a power of ten. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

/** `lines`: [{ name, points: [[x, y], ...] }]; x is drawn by its logarithm, y from zero. */
export function chart({ title, x, y, lines }) {
  const points = lines.flatMap((line) => line.points);
  const xs = [...new Set(points.map(([at]) => at))].sort((a, b) => a - b);
  const top = roundUp(Math.max(...points.map(([, value]) => value)));
  const [low, high] = [Math.log(xs[0]), Math.log(xs.at(-1))];
  const toX = (at) => PLOT.left + ((Math.log(at) - low) / (high - low || 1)) * (PLOT.right - PLOT.left);
  const toY = (value) => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top);
  const drawn = [
    text(PLOT.left, 22, title, 'font-size="15" font-weight="600"'),
    text(PLOT.left, HEIGHT - 14, x),
    text(PLOT.left, PLOT.top - 5, y),
  ];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const at = toY(share * top);
    drawn.push(`<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${at}" y2="${at}" stroke="#d0d7de"/>`);
    drawn.push(text(PLOT.left - 8, at + 4, grouped(Number((share * top).toPrecision(3))), 'text-anchor="end"'));
  }
  for (const at of xs) drawn.push(text(toX(at), PLOT.bottom + 18, grouped(at), 'text-anchor="middle"'));
  lines.forEach(({ name, points: own }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const places = own.map(([at, value]) => [toX(at), toY(value)]);
    const path = places.map((place) => place.map((number) => number.toFixed(1)).join(',')).join(' ');
    drawn.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const [atX, atY] of places) drawn.push(`<circle cx="${atX.toFixed(1)}" cy="${atY.toFixed(1)}" r="3" fill="${colour}"/>`);
    drawn.push(text(PLOT.right + 12, PLOT.top + 10 + index * 20, name, `fill="${colour}"`));
  });
  return svg(HEIGHT, drawn);
}

function svg(height, drawn) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" fill="#24292f">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** `groups`: [{ name, values: one for each of `series`, or undefined }]; a bar of 1 is as long as the plot is wide. */
export function bars({ title, groups, series }) {
  const [left, right, row] = [300, 580, 18];
  const drawn = [text(14, 22, title, 'font-size="15" font-weight="600"')];
  series.forEach((name, index) => drawn.push(text(14 + index * 120, 44, name, `fill="${COLOURS[index]}"`)));
  let y = 64;
  for (const { name, values } of groups) {
    drawn.push(text(left - 10, y + row, name, 'text-anchor="end"'));
    values.forEach((value, index) => {
      if (value === undefined) return;
      const width = Math.max(1, (right - left) * Math.min(value, 1));
      drawn.push(`<rect x="${left}" y="${y + index * row}" width="${width.toFixed(1)}" height="${row - 4}" fill="${COLOURS[index]}"/>`);
      drawn.push(text(left + width + 6, y + index * row + 11, value.toPrecision(2)));
    });
    y += series.length * row + 10;
  }
  drawn.splice(1, 0, `<line x1="${right}" x2="${right}" y1="56" y2="${y}" stroke="#d0d7de"/>`);
  return svg(y + 16, drawn);
}
