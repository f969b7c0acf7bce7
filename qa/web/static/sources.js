// The sources beside the conversation: evidence, the card of a footnote, and the document view.
(() => {
  const {one, all, call, element, reveal, actions} = footnote;
  const MIN_LINE = 13;  // the height of a line of a page on a phone, in pixels
  let opener = null;
  let shown = null;   // the open document: {document, start, end, page}
  let observer = null;

  // Evidence: a section for each turn, one of them shown.
  footnote.putEvidence = (key, html) => {
    footnote.dropEvidence(key);
    one('#evidence').insertAdjacentHTML('beforeend', html);
  };
  footnote.dropEvidence = key => one(`#evidence .evidence[data-turn="${key}"]`)?.remove();
  footnote.choose = key => {
    const sections = all('#evidence .evidence');
    for (const section of sections) section.classList.toggle('chosen', section.dataset.turn === key);
    for (const turn of all('#chat .turn')) turn.classList.toggle('chosen', turn.dataset.turn === key);
    one('#evidence .hint').hidden = Boolean(one('#evidence .evidence.chosen'));
    if (one('#reader').hidden) one('#beside').scrollTop = 0;
  };

  const quoteOf = link => document.getElementById(link.getAttribute('href').slice(1));

  // A quote of several paragraphs, items or cells has a mark in each.
  const partsOf = quote => [quote, ...all(`mark[data-part-of="${quote.id}"]`)];

  function light(quote) {
    const card = quote.closest('.card');
    const parts = partsOf(quote);
    for (const other of all('.card, .card mark')) other.classList.toggle('lit', other === card || parts.includes(other));
    return card;
  }

  // The text of a quote, a line for each paragraph, item and row.
  function textOf(quote) {
    const lines = new Map();
    for (const part of partsOf(quote)) {
      const line = part.closest('tr, li, p, pre, blockquote');
      const text = line.matches('pre') ? part.textContent : part.textContent.replace(/\s+/g, ' ');
      lines.set(line, [...(lines.get(line) ?? []), text]);
    }
    return [...lines].map(([line, texts]) => texts.join(line.matches('tr') ? ' | ' : ' ')).join('\n');
  }

  function follow(link) {
    const quote = quoteOf(link);
    if (!quote) return;
    closeDocument();
    hideCard();
    footnote.choose(quote.closest('.evidence').dataset.turn);
    const card = light(quote);
    openSources();
    reveal(one('#beside'), quote, {margin: 120, smooth: true});
    card.focus({preventScroll: true});
    opener = link;
  }

  // On a phone the sources lie over the conversation; Back returns to it.
  function openSources() {
    if (!footnote.isPhone() || document.body.classList.contains('sources')) return;
    document.body.classList.add('sources');
    one('#back').hidden = false;
    one('#back').textContent = '← Back to answer';
    footnote.enter(() => {
      document.body.classList.remove('sources');
      one('#back').hidden = one('#reader').hidden;
      focusAgain(opener);
    });
  }

  // The card of a footnote: its quote and its place, while the pointer or the focus is on it.
  function showCard(link) {
    const quote = quoteOf(link);
    const box = one('#quote-card');
    if (!quote || !box) return;
    const card = quote.closest('.card');
    const place = [one('.path', card).textContent, one('header .page', card)?.textContent, one('.section', card)?.textContent];
    const text = element('p', {textContent: textOf(quote), dir: 'auto'});
    box.replaceChildren(text, element('small', {textContent: place.filter(Boolean).join(' · '), dir: 'auto'}));
    box.hidden = false;
    const at = link.getBoundingClientRect();
    const {width, height} = box.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(innerWidth - width - 8, at.left - 24))}px`;
    box.style.top = `${at.top > height + 12 ? at.top - height - 8 : at.bottom + 8}px`;
    link.setAttribute('aria-describedby', 'quote-card');
  }
  // Returns the focus to where it was, without the card of a footnote over the answer.
  function focusAgain(target) {
    target?.focus?.({preventScroll: true});
    hideCard();
  }
  function hideCard() {
    const box = one('#quote-card');
    if (box) box.hidden = true;
  }

  // The document view.
  async function openDocument(request, from) {
    const source = opener;
    opener = from;
    const got = await call('open', request);
    shown = {...request, ...got};
    if (got.html) one('#document').innerHTML = got.html;
    else one('#document').replaceChildren(element('p', {className: 'problem', textContent: got.problem}));
    for (const [selector, hidden] of [['#cards', true], ['#reader', false], ['#back', false]]) one(selector).hidden = hidden;
    one('#asking').classList.add('reading');
    const turn = from?.closest?.('[data-turn]')?.dataset.turn;
    if (turn) reveal(one('#scroll'), one(`#chat .turn[data-turn="${turn}"]`), {margin: 8, always: true});
    const fromLibrary = request.quote === '';
    one('#back').textContent = fromLibrary ? '← Back to library' : '← Back to sources';
    document.body.classList.add('sources');
    footnote.enter(() => { leaveDocument(fromLibrary); opener = source; });
    if (got.pictures) await showPages();
    else showQuote();
    one('#back').focus({preventScroll: true});
  }

  function leaveDocument(toLibrary) {
    observer?.disconnect();
    observer = null;
    shown = null;
    CSS.highlights?.delete('found');
    CSS.highlights?.delete('current');
    one('#document').replaceChildren();
    for (const [selector, hidden] of [['#cards', false], ['#reader', true], ['#back', true]]) one(selector).hidden = hidden;
    one('#asking').classList.remove('reading');
    if (toLibrary) {
      document.body.classList.remove('sources');
      if (footnote.isTab('ask')) footnote.openTab('library');
    } else if (footnote.isPhone()) {
      one('#back').hidden = false;
      one('#back').textContent = '← Back to answer';
    } else document.body.classList.remove('sources');
    focusAgain(opener);
  }

  function closeDocument() {
    opener = null;
    footnote.leaveAll();
  }
  footnote.closeDocument = closeDocument;
  footnote.openDocument = openDocument;

  // Parts of a long document get their height when they come into view, so the place is approached in steps.
  function approach(target, options, steps = 4) {
    reveal(container(), target, {...options, always: true});
    if (steps) requestAnimationFrame(() => approach(target, options, steps - 1));
  }

  const container = () => (one('#document .pages') && one('#document .document').hidden ? one('#document .pages') : one('#document .document'));

  function showQuote() {
    const article = one('#document .document');
    if (article && one('mark.here', article)) approach(one('mark.here', article), {margin: 90});
  }

  // Pages: a run of pictures, each drawn when it comes near.
  async function showPages() {
    const pages = one('#document .pages');
    const first = await draw(shown.page);
    if (!first) { setView('text'); showQuote(); return; }
    const figures = [];
    for (let number = 1; number <= first.pages; number++) {
      const figure = element('figure', {className: 'picture'});
      figure.dataset.page = number;
      figure.append(element('div', {}), element('figcaption', {textContent: `page ${shown.page_names[number - 1] ?? `${number} of ${first.pages}`}`}));
      figures.push(figure);
    }
    pages.replaceChildren(...figures);
    place(figures[shown.page - 1], first);
    pages.style.setProperty('--ratio', first.ratio);
    observer = new IntersectionObserver(entries => {
      for (const entry of entries) {
        const figure = entry.target;
        if (!entry.isIntersecting || figure.dataset.drawn) continue;
        figure.dataset.drawn = 'asked';
        draw(+figure.dataset.page).then(picture => {
          if (picture) place(figure, picture);
          else delete figure.dataset.drawn;
        });
      }
    }, {root: pages, rootMargin: '600px'});
    const spot = one('.spot', figures[shown.page - 1]);
    if (spot && footnote.isPhone()) enlarge(pages, spot);
    reveal(pages, spot ?? figures[shown.page - 1], {margin: spot ? 120 : 0, always: true});
    for (const figure of figures) observer.observe(figure);
  }

  // On a phone, the quote is large enough to read, and in view from its left edge.
  function enlarge(pages, spot) {
    const lines = all('.spot', spot.parentElement).map(line => line.getBoundingClientRect());
    const wanted = MIN_LINE / Math.min(...lines.map(line => line.height));
    const fitting = (pages.clientWidth - 24) / Math.max(...lines.map(line => line.width));
    setZoom(pages, Math.max(100, Math.min(300, 100 * wanted, 100 * fitting)));
    pages.scrollLeft += spot.getBoundingClientRect().left - pages.getBoundingClientRect().left - 12;
  }

  async function draw(page) {
    const {document: path, start, end} = shown;
    const picture = await call('page', {document: path, page, start, end});
    if (picture.problem) {
      if (!one('#document .undrawn')) one('#document .bar').after(element('p', {className: 'stale undrawn', textContent: picture.problem}));
      return null;
    }
    const image = element('img', {src: picture.image, alt: `Page ${page}`});
    await image.decode();
    return {...picture, img: image, ratio: image.naturalWidth / image.naturalHeight};
  }

  function place(figure, picture) {
    figure.dataset.drawn = 'yes';
    const sheet = one('div', figure);
    sheet.style.aspectRatio = picture.ratio;
    sheet.replaceChildren(picture.img, ...picture.marks.map(([left, top, right, bottom]) => {
      const spot = element('span', {className: 'spot'});
      Object.assign(spot.style, {left: `${left * 100}%`, top: `${top * 100}%`, width: `${(right - left) * 100}%`, height: `${(bottom - top) * 100}%`});
      return spot;
    }));
  }

  // Text and pages are two views of one place.
  function currentPage() {
    const box = container();
    const top = box.getBoundingClientRect().top + 40;
    const starts = all('[data-page]', box).filter(mark => mark.getBoundingClientRect().top <= top);
    return +(starts.at(-1)?.dataset.page ?? all('[data-page]', box)[0]?.dataset.page ?? 1);
  }
  function setView(name) {
    const pages = one('#document .pages');
    const article = one('#document .document');
    if (!pages) return;
    const page = currentPage();
    pages.hidden = name !== 'pages';
    article.hidden = name === 'pages';
    for (const button of all('#document .view')) button.setAttribute('aria-pressed', button.dataset.view === name);
    const mark = one(name === 'pages' ? '.spot' : 'mark.here', container());
    if (page === shown.page && mark) approach(mark, {margin: 90});
    else goToPage(page);
  }
  function goToPage(page) {
    const target = one(`[data-page="${page}"]`, container());
    if (target) approach(target, {margin: 0});
  }

  const pageOf = node => {
    const marks = all('#document .document [data-page]').filter(mark => mark.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    return +(marks.at(-1)?.dataset.page ?? 1);
  };

  // Shows a place of the text in whichever view is open.
  function goTo(node) {
    const article = one('#document .document');
    if (!article.hidden) approach(node, {margin: 60});
    else goToPage(pageOf(node));
  }

  function find(box, step = 0) {
    const article = one('#document .document');
    const report = one('#document .found');
    const wanted = box.value.trim().toLowerCase();
    CSS.highlights?.delete('found');
    CSS.highlights?.delete('current');
    if (!article || wanted.length < 2) { report.textContent = ''; return; }
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node && found.length < 1000; node = walker.nextNode()) {
      const text = node.textContent.toLowerCase();
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, Math.min(at + wanted.length, node.length));
        found.push(range);
      }
    }
    const at = box.wanted === wanted ? ((box.at ?? 0) + step + found.length) % (found.length || 1) : 0;
    Object.assign(box, {wanted, at});
    if (window.Highlight) {
      CSS.highlights.set('found', new Highlight(...found));
      if (found[at]) CSS.highlights.set('current', new Highlight(found[at]));
    }
    report.textContent = found.length ? `${at + 1} of ${found.length}${found.length === 1000 ? '+' : ''}` : 'not found';
    if (!found[at]) return;
    if (article.hidden) goToPage(pageOf(found[at].startContainer));
    else approach(found[at], {margin: 120});
  }

  function zoom(step) {
    const pages = one('#document .pages');
    const now = +(pages.dataset.zoom ?? 100);
    const {scrollTop, scrollHeight} = pages;
    setZoom(pages, Math.max(50, Math.min(300, now + 25 * step)));
    pages.scrollTop = scrollTop * pages.scrollHeight / scrollHeight;
  }

  function setZoom(pages, percent) {
    pages.dataset.zoom = percent;
    pages.style.setProperty('--zoom', percent / 100);
  }

  function closest(button) {
    closeDocument();
    footnote.choose(button.closest('.turn').dataset.turn);
    openSources();
    opener = button;
    const card = all('.evidence.chosen .card')[+button.dataset.number - 1];
    if (!card) return;
    for (const other of all('.card')) other.classList.toggle('lit', other === card);
    reveal(one('#beside'), card, {margin: 12, smooth: true});
    card.focus({preventScroll: true});
  }

  Object.assign(actions, {
    open: (button, {document: path, quote, start}) => openDocument({document: path, quote, start: +start}, button),
    closest,
    sources: button => {
      closeDocument();
      opener = button;
      footnote.choose(button.closest('.turn').dataset.turn);
      openSources();
    },
  });

  function resize(root) {
    const divider = one('#divider', root);
    const set = share => {
      const width = Math.max(25, Math.min(75, share));
      root.style.setProperty('--beside', `${width}%`);
      divider.setAttribute('aria-valuenow', Math.round(width));
    };
    divider.onpointerdown = event => { divider.setPointerCapture(event.pointerId); event.preventDefault(); };
    divider.onpointermove = event => {
      if (!divider.hasPointerCapture(event.pointerId)) return;
      const outer = one('#asking', root).getBoundingClientRect();
      set((outer.right - event.clientX) / outer.width * 100);
    };
    divider.onkeydown = event => {
      const step = {ArrowLeft: 5, ArrowRight: -5}[event.key];
      if (step) { event.preventDefault(); set(+divider.getAttribute('aria-valuenow') + step); }
    };
  }

  // The tab fills the window below the header and the tabs.
  function fit(root) {
    const measure = () => {
      const asking = one('#asking', root);
      if (asking.offsetParent) document.documentElement.style.setProperty('--above', `${Math.ceil(asking.getBoundingClientRect().top + scrollY)}px`);
    };
    measure();
    new ResizeObserver(measure).observe(one('#top') ?? root);
    addEventListener('resize', measure);
  }

  footnote.startSources = root => {
    fit(root);
    resize(root);
    one('#back', root).onclick = () => footnote.leave();
  };
  document.addEventListener('click', event => {
    const link = event.target.closest?.('a.footnote, .contents a');
    if (link) {
      event.preventDefault();
      if (link.matches('.footnote')) return follow(link);
      one('#document .contents').open = false;
      const part = document.getElementById(link.getAttribute('href').slice(1));
      goTo(part);
      part?.focus({preventScroll: true});
      return;
    }
    const button = event.target.closest?.('#document button');
    if (button?.dataset.view) setView(button.dataset.view);
    if (button?.dataset.zoom) zoom(+button.dataset.zoom);
    if (button?.dataset.find) find(one('#document .find input'), +button.dataset.find);
  });
  document.addEventListener('input', event => { if (event.target.closest?.('.find')) find(event.target); });
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.matches?.('.find input')) find(event.target, event.shiftKey ? -1 : 1);
    if (event.key === 'Escape' && !one('#quote-card')?.hidden) return hideCard();
    if (event.key === 'Escape' && document.body.classList.contains('sources') && footnote.isTab('ask')) footnote.leave();
  });
  for (const [enter, leave] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
    document.addEventListener(enter, event => {
      const link = event.target.closest?.('a.footnote');
      if (link) showCard(link);
    });
    document.addEventListener(leave, event => { if (event.target.closest?.('a.footnote')) hideCard(); });
  }
  document.addEventListener('scroll', hideCard, {capture: true, passive: true});
})();
