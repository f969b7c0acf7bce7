// The scope: the documents that questions are limited to, chosen in the picker of the Ask tab or in the library.
(() => {
  const {one, all, call, element, actions, listeners} = footnote;
  const MAX_CHIPS = 6;
  let searched = 0;

  // Paths of documents, and of folders with a slash at their end. The conversation keeps them.
  footnote.scope = [];
  const isChosen = path => footnote.scope.some(chosen => chosen === path || (chosen.endsWith('/') && path.startsWith(chosen)));
  const isPartlyChosen = path => path.endsWith('/') && footnote.scope.some(chosen => chosen !== path && chosen.startsWith(path));

  // The name of a document or folder in the folder around it.
  const nameOf = path => path.replace(/^.*\/(?=.)/, '');

  footnote.setScope = (paths, {isKept = true} = {}) => {
    footnote.scope = Array.isArray(paths) ? paths.filter(path => typeof path === 'string') : [];
    footnote.showScope();
    if (isKept) footnote.saveConversation();
  };

  footnote.showScope = () => {
    const {scope} = footnote;
    for (const box of all('input.pick')) {
      box.checked = isChosen(box.dataset.document);
      box.indeterminate = !box.checked && isPartlyChosen(box.dataset.document);
    }
    const list = one('#scope');
    if (!list) return;
    const number = `${scope.length} chosen`;
    one('#pick span').textContent = scope.length ? number : 'All documents';
    one('#pick').setAttribute('aria-label', `Choose the documents to ask: ${scope.length ? number : 'all documents'}`);
    one('#pick').classList.toggle('limited', scope.length > 0);
    one('#picker [data-action="unscope"]').hidden = !scope.length;
    list.hidden = !scope.length;
    const chips = scope.slice(0, MAX_CHIPS).map(path => {
      const chip = element('button', {type: 'button', className: 'act chip', title: path}, element('span', {textContent: nameOf(path), dir: 'auto'}));
      chip.setAttribute('aria-label', `Stop limiting to ${path}`);
      Object.assign(chip.dataset, {action: 'unchoose', document: path});
      return element('li', {}, chip);
    });
    if (scope.length > MAX_CHIPS) chips.push(element('li', {className: 'quiet', textContent: `and ${scope.length - MAX_CHIPS} more`}));
    const everything = element('button', {type: 'button', className: 'act', textContent: 'Ask all documents'});
    everything.dataset.action = 'unscope';
    list.replaceChildren(element('li', {className: 'quiet', textContent: 'Only:'}), ...chips, element('li', {}, everything));
  };

  // A document that is taken out of a chosen folder leaves the others of the folder chosen.
  async function choose(path, isOn) {
    const isInside = chosen => path.endsWith('/') && chosen.startsWith(path);
    if (isOn) return footnote.setScope([...footnote.scope.filter(chosen => chosen !== path && !isInside(chosen)), path]);
    const around = footnote.scope.filter(chosen => chosen.endsWith('/') && path.startsWith(chosen) && chosen !== path);
    const {paths = []} = around.length ? await call('inside', {folders: around}) : {};
    const others = paths.filter(other => other !== path && !isInside(other));
    footnote.setScope([...new Set([...footnote.scope.filter(chosen => chosen !== path && !isInside(chosen) && !around.includes(chosen)), ...others])]);
  }

  async function showChoices() {
    const number = ++searched;
    const got = await call('choices', {search: one('#picker input[type=search]').value});
    if (number !== searched) return;
    if (got.html === undefined) one('#choices').replaceChildren(element('p', {className: 'problem', textContent: got.problem}));
    else one('#choices').innerHTML = got.html;
    footnote.showScope();
  }

  function open() {
    const picker = one('#picker');
    const at = one('#ask-row').getBoundingClientRect();
    picker.style.setProperty('--right', `${innerWidth - at.right}px`);
    picker.style.setProperty('--bottom', `${Math.max(8, innerHeight - at.top + 6)}px`);
    one('input[type=search]', picker).value = '';
    showChoices();
    picker.showModal();
    one('input[type=search]', picker).focus();
  }

  // The arrow keys go through the search and the checkboxes; Enter checks, or closes if nothing is searched.
  function onKey(event) {
    const stops = [one('#picker input[type=search]'), ...all('#choices input.pick')];
    const at = stops.indexOf(event.target);
    const isSearch = at === 0;
    if (event.key === 'Escape') {  // it closes the picker only, also while there is a text to search
      event.stopPropagation();
      event.preventDefault();
      one('#picker').close();
      return;
    }
    const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: isSearch ? -1 : 1, End: isSearch ? -1 : stops.length - 1}[event.key];
    if (at >= 0 && next >= 0 && next < stops.length) {
      event.preventDefault();
      stops[next].focus();
      stops[next].scrollIntoView({block: 'nearest'});
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      const box = isSearch && event.target.value.trim() ? stops[1] : stops[at];
      if (box?.matches('.pick')) box.click();
      else if (isSearch) one('#picker').close();
    }
  }

  actions.unscope = button => {
    footnote.setScope([]);
    one(button.closest('#picker') ? '#picker input[type=search]' : '#question').focus();
  };
  actions.unchoose = (_, {document: path}) => {
    footnote.setScope(footnote.scope.filter(chosen => chosen !== path));
    (one('#scope .chip') ?? one('#question')).focus();
  };
  actions.done = () => one('#picker').close();

  document.addEventListener('change', event => {
    const box = event.target.closest?.('input.pick');
    if (box) choose(box.dataset.document, box.checked);
  });
  listeners.push((status, before) => {
    if (status.version !== before.version && one('#picker')?.open) showChoices();
  });

  footnote.startScope = root => {
    const picker = one('#picker', root);
    one('#pick', root).onclick = open;
    picker.onkeydown = onKey;
    picker.onclick = event => { if (event.target === picker) picker.close(); };  // beside it
    one('input[type=search]', picker).oninput = showChoices;
    footnote.showScope();
  };
})();
