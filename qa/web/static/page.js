// What the page does in the browser: follow a footnote, copy, save, edit in place, find in a document.
() => {
  const one = (selector, under = document) => under.querySelector(selector);
  const all = (selector, under = document) => [...under.querySelectorAll(selector)];
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const show = (element, block = 'center') =>
    element?.scrollIntoView({block, behavior: calm.matches ? 'auto' : 'smooth'});
  let opener = null;

  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // an address that is not secure has no clipboard
      const box = document.body.appendChild(Object.assign(document.createElement('textarea'), {value: text}));
      box.select();
      document.execCommand('copy');
      box.remove();
    }
    const label = button.textContent;
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  function save(turns, kind) {
    const day = new Date().toISOString().slice(0, 10);
    const answers = all('#chat button[data-markdown]').map(button => button.dataset.markdown);
    if (!turns?.length) return;
    const text = kind === 'json' ? JSON.stringify(turns, null, 2)
      : `# Conversation of ${day}\n\n${answers.join('\n')}`;
    const address = URL.createObjectURL(new Blob([text], {type: kind === 'json' ? 'application/json' : 'text/markdown'}));
    const link = Object.assign(document.createElement('a'), {href: address, download: `footnote-${day}.${kind}`});
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  function edit(button, trigger) {
    const question = button.closest('.question');
    const text = one('p', question);
    const form = document.createElement('form');
    const box = Object.assign(document.createElement('textarea'), {value: text.textContent, rows: 2, maxLength: 2000});
    box.setAttribute('aria-label', 'Edit the question');
    const send = Object.assign(document.createElement('button'), {type: 'submit', className: 'leave', textContent: 'Ask again'});
    const leave = Object.assign(document.createElement('button'), {type: 'button', className: 'leave', textContent: 'Cancel'});
    form.append(box, send, leave);
    const end = () => { form.remove(); text.hidden = button.hidden = false; };
    text.hidden = button.hidden = true;
    question.append(form);
    box.focus();
    leave.onclick = () => { end(); button.focus(); };
    box.onkeydown = event => {
      if (event.key === 'Escape') leave.click();
      if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
    };
    form.onsubmit = event => {
      event.preventDefault();
      if (box.value.trim()) trigger({action: 'again', turn: +button.dataset.turn, question: box.value.trim()});
    };
  }

  function act(button, trigger) {
    const data = {...button.dataset};
    if (data.action === 'copy') return copy(data.text ?? data.markdown, button);
    if (data.action === 'link') {
      return copy(`${location.origin}${location.pathname}?q=${encodeURIComponent(data.question)}`, button);
    }
    if (data.action === 'edit') return edit(button, trigger);
    if (data.action === 'remove' && !confirm(`Remove ${data.document} from the folder? You can restore it later.`)) return;
    if (data.action === 'delete all' && !confirm('Delete all past conversations from this browser?')) return;
    if (data.action === 'open') opener = button;
    trigger(data);
  }

  function follow(link) {
    const quote = document.getElementById(link.getAttribute('href').slice(1));
    if (!quote) return;
    const card = quote.closest('.card');
    if (one('#back')?.offsetParent) one('#back').click();
    all('.evidence').forEach(section => section.classList.toggle('chosen', section.contains(card)));
    all('.card, .card mark').forEach(other => other.classList.toggle('lit', other === card || other === quote));
    setTimeout(() => { show(quote); card.focus({preventScroll: true}); }, 50);
  }

  function find(box, forward = true) {
    const article = one('#document .document');
    const told = one('#document .found');
    const wanted = box.value.trim();
    CSS.highlights?.delete('found');
    if (!article || wanted.length < 2) { told.textContent = ''; return; }
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node && found.length < 1000; node = walker.nextNode()) {
      const text = node.textContent.toLowerCase();
      for (let at = text.indexOf(wanted.toLowerCase()); at >= 0; at = text.indexOf(wanted.toLowerCase(), at + 1)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, Math.min(at + wanted.length, node.length));
        found.push(range);
      }
    }
    const at = box.wanted === wanted ? ((box.at ?? 0) + (forward ? 1 : -1) + found.length) % (found.length || 1) : 0;
    Object.assign(box, {wanted, at});
    if (window.Highlight) CSS.highlights.set('found', new Highlight(...found));
    told.textContent = found.length ? `${at + 1} of ${found.length}` : 'not found';
    show(found[at]?.startContainer.parentElement);
  }

  document.addEventListener('click', event => {
    const link = event.target.closest?.('a.footnote, .contents a');
    if (!link) return;
    event.preventDefault();
    if (link.matches('.footnote')) return follow(link);
    const part = document.getElementById(link.getAttribute('href').slice(1));
    show(part, 'start');
    part?.focus({preventScroll: true});
  });
  document.addEventListener('input', event => { if (event.target.closest?.('.find')) find(event.target); });
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.closest?.('.find')) find(event.target, !event.shiftKey);
    if (event.key === 'Escape' && one('#back')?.offsetParent && !event.target.closest('.question')) one('#back').click();
    const writes = event.target.closest?.('input, textarea, [contenteditable]');
    if (event.key === '/' && !writes) { event.preventDefault(); one('#question textarea')?.focus(); }
  });
  document.documentElement.lang = 'en';
  window.footnote = {
    act,
    save,
    back: () => setTimeout(() => opener?.focus(), 150),
    ready: () => {
      document.body.classList.remove('busy');
      const last = all('#chat .turn').at(-1);
      setTimeout(() => show(last, 'nearest'), 50);
    },
    showMark: () => setTimeout(() => {
      const article = one('#document .document');
      const mark = one('.document mark.here');
      if (article && mark) article.scrollTop += mark.getBoundingClientRect().top - article.getBoundingClientRect().top - 90;
      const picture = one('#document .picture');
      const spot = one('.spot', picture ?? document);
      if (picture && spot) picture.scrollTop = spot.offsetTop - 60;
      one('#reader')?.scrollIntoView({block: 'nearest'});
      one('#back')?.focus({preventScroll: true});
    }, 150),
  };
}
