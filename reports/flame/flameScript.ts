/** What the page runs for its flame graphs: zoom by click or Enter, walk by arrow keys, search, reset. */
export const FLAME_SCRIPT = `
for (const flame of document.querySelectorAll('.flame')) {
  const svg = flame.querySelector('svg'), detail = flame.querySelector('.flame-detail');
  const search = flame.querySelector('input'), reset = flame.querySelector('button');
  const boxes = [...svg.querySelectorAll('g')].map((g) => ({ g, x: +g.dataset.x, w: +g.dataset.w, p: +g.dataset.p, name: g.dataset.n }));
  const width = svg.viewBox.baseVal.width;
  const fit = (name, px) => { const n = Math.floor((px - 8) / 6.4); return n < 3 ? '' : name.length <= n ? name : name.slice(0, n - 1) + '…'; };
  let zoomed = 0;
  function zoom(to) {
    zoomed = to;
    const { x, w } = boxes[to];
    boxes.forEach((box) => {
      const left = Math.max(0, (box.x - x) / w), right = Math.min(1, (box.x + box.w - x) / w);
      const gone = right - left <= 1e-4;
      box.g.style.display = gone ? 'none' : '';
      if (gone) return;
      const [rect, text] = box.g.children;
      rect.setAttribute('x', left * width);
      rect.setAttribute('width', Math.max(0.4, (right - left) * width - 0.6));
      text.setAttribute('x', left * width + 4);
      text.textContent = fit(box.name, (right - left) * width);
    });
    flame.dataset.zoom = to;
    reset.disabled = to === 0;
  }
  function find() {
    const wanted = search.value.trim().toLowerCase();
    boxes.forEach(({ g }) => g.classList.toggle('dim', wanted !== '' && !g.getAttribute('aria-label').toLowerCase().includes(wanted)));
  }
  function focus(to) {
    if (to === undefined || to < 0) return;
    svg.querySelector('g[tabindex="0"]').setAttribute('tabindex', '-1');
    boxes[to].g.setAttribute('tabindex', '0');
    boxes[to].g.focus();
  }
  const shown = (i) => boxes[i].g.style.display !== 'none';
  const siblings = (i) => boxes.flatMap((box, j) => (box.p === boxes[i].p && shown(j) ? [j] : []));
  const indexOf = (target) => boxes.findIndex(({ g }) => g === target.closest('g'));
  const tell = (event) => { const i = indexOf(event.target); if (i >= 0) detail.textContent = boxes[i].g.getAttribute('aria-label'); };
  svg.addEventListener('mouseover', tell);
  svg.addEventListener('focusin', tell);
  svg.addEventListener('click', (event) => { const i = indexOf(event.target); if (i >= 0) { zoom(i); focus(i); } });
  svg.addEventListener('keydown', (event) => {
    const i = indexOf(event.target);
    if (i < 0) return;
    const row = siblings(i);
    const moves = {
      ArrowUp: () => focus(boxes[i].p),
      ArrowDown: () => focus(boxes.findIndex((box, j) => box.p === i && shown(j))),
      ArrowLeft: () => focus(row[row.indexOf(i) - 1]),
      ArrowRight: () => focus(row[row.indexOf(i) + 1]),
      Enter: () => zoom(i),
      Escape: () => zoom(0),
    };
    if (moves[event.key]) { moves[event.key](); event.preventDefault(); }
  });
  search.addEventListener('input', find);
  reset.addEventListener('click', () => { zoom(0); search.value = ''; find(); });
}
`;
