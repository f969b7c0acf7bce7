// The conversation: its turns, the questions that wait, and what browser storage keeps.
(() => {
  const {one, all, call, element, reveal, actions, listeners} = footnote;
  const MAX_TURNS = 50;
  const MAX_PAST = 20;
  const MAX_CONTEXT = 12;
  const PREFIX = 'footnote:';
  const SEARCHING = 'Searching your documents …';
  const AFTER_ANOTHER = 'Your question will be answered after the one before it …';
  const random = () => Math.random().toString(36).slice(2, 12) || '0';
  let id = '';
  let turns = [];      // {key, question, standalone, asTyped, everywhere, state: waiting | asking | done, saved}
  let isAsking = false;
  let drafts = [];     // questions asked before, for the Up key
  let draft = 0;

  // Storage: a conversation for each tab, so that two tabs do not overwrite each other.
  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  }
  function write(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* storage is full or forbidden */ }
  }
  function past() {
    return Object.keys(localStorage)
      .filter(name => name.startsWith(PREFIX) && name !== PREFIX + id)
      .map(name => ({name, ...read(name)}))
      .filter(saved => saved.turns?.length)
      .sort((a, b) => b.updated - a.updated);
  }
  function save() {
    const done = turns.filter(turn => turn.saved).slice(-MAX_TURNS).map(turn => ({...turn.saved, key: turn.key}));
    const only = footnote.scope;
    sessionStorage.setItem('footnote scope', JSON.stringify({id, only}));  // before the first turn, there is nothing else to save
    if (done.length) write(PREFIX + id, {updated: Date.now(), turns: done, only, quoted: footnote.isQuoted()});
    else localStorage.removeItem(PREFIX + id);
    for (const old of past().slice(MAX_PAST)) localStorage.removeItem(old.name);
  }
  // Questions without an answer yet are asked again when the page is loaded again.
  let isLeaving = false;  // the calls of a page that is left fail
  addEventListener('beforeunload', () => { isLeaving = true; setTimeout(() => { isLeaving = false; }, 3000); });
  function saveWaiting() {
    if (isLeaving) return;
    const waiting = turns.filter(turn => turn.state !== 'done')
      .map(({question, standalone, asTyped, everywhere, only}) => ({question, standalone, asTyped, everywhere, only}));
    sessionStorage.setItem('footnote waiting', JSON.stringify({id, waiting}));
  }
  function askWaiting() {
    const saved = JSON.parse(sessionStorage.getItem('footnote waiting') ?? '{}');
    if (saved.id === id) for (const {question, ...options} of saved.waiting) add(question, options);
  }
  function begin(name = random()) {
    id = name;
    sessionStorage.setItem('footnote', id);
  }

  const turnOf = key => turns.find(turn => turn.key === key);
  const article = turn => one(`#chat .turn[data-turn="${turn.key}"]`);
  const keyOf = within => within.closest('[data-turn]')?.dataset.turn;

  function context(before) {
    const earlier = before === undefined ? turns : turns.slice(0, before);
    return earlier.filter(turn => turn.saved?.reply).slice(-MAX_CONTEXT).map(({saved: {question, reply}}) => ({
      question: reply.question ?? question,
      answer: reply.citations.map(cited => cited.quote).join(' ').slice(0, 20000),
      places: reply.citations.map(({document, start, end, section}) => ({document, start, end, section})),
    }));
  }

  function showBusy() {
    document.title = turns.length ? `${turns.at(-1).question.slice(0, 60)} – Footnote` : 'Footnote';
    const busy = turns.some(turn => turn.state !== 'done');
    document.body.classList.toggle('busy', busy);
    one('#stop').hidden = !busy;
  }

  function add(question, options = {}) {
    const turn = {key: random(), question, state: 'waiting', only: footnote.scope, ...options};
    turns.push(turn);
    const shown = element('article', {className: 'turn'});
    shown.dataset.turn = turn.key;
    const edit = element('button', {type: 'button', className: 'act', textContent: 'Edit', title: `Edit and ask again: ${question}`});
    edit.dataset.action = 'edit';
    edit.setAttribute('aria-label', edit.title);
    const text = element('p', {textContent: question, dir: 'auto'});
    shown.append(element('div', {className: 'question'}, text, edit), element('div', {className: 'reply', dir: 'auto'}));
    one('#chat').append(shown);
    one('#asking').classList.remove('empty');
    showWorking(turn, turns.some(other => other !== turn && other.state !== 'done') ? AFTER_ANOTHER : SEARCHING);
    foldQuestion(shown);
    reveal(one('#scroll'), shown, {margin: 8, always: true});
    showBusy();
    saveWaiting();
    run();
  }

  // A long question is shown by its first lines, so that the answer is in view.
  function foldQuestion(shown) {
    const text = one('.question p', shown);
    if (text.scrollHeight <= text.clientHeight + 2) return;
    const whole = element('button', {type: 'button', className: 'act', textContent: 'Show all'});
    whole.dataset.action = 'whole';
    whole.setAttribute('aria-expanded', 'false');
    one('.question', shown).after(whole);
  }

  function showWorking(turn, text) {
    const reply = one('.reply', article(turn));
    if (one('.working span', reply)?.textContent === text) return;
    reply.replaceChildren(element('p', {className: 'working', role: 'status'}, element('i'), element('span', {textContent: text})));
  }

  // Asks the questions that wait, one after the other.
  async function run() {
    if (isAsking) return;
    isAsking = true;
    for (let turn; (turn = turns.find(other => other.state === 'waiting'));) {
      turn.state = 'asking';
      showWorking(turn, SEARCHING);
      try {
        await answer(turn);
      } catch {
        if (turn.state === 'asking') fail(turn, 'The server did not answer. Check that it is running, then ask again.');
      }
    }
    isAsking = false;
    showBusy();
    saveWaiting();
  }

  async function answer(turn) {
    const data = {key: turn.key, question: turn.question, context: turn.standalone ? [] : context(turns.indexOf(turn)), only: turn.only,
      as_typed: Boolean(turn.asTyped), everywhere: Boolean(turn.everywhere)};
    const reply = () => footnote.writes()
      ? footnote.write(data, () => turn.state === 'asking', html => { one('.reply', article(turn)).innerHTML = html; })
      : call('ask', data);
    let got = await reply();
    while (got.waiting && turn.state === 'asking') {
      const waiting = `${got.waiting} Your question will be answered when that’s done.`;
      for (const other of turns.filter(({state}) => state !== 'done')) showWorking(other, waiting);
      await new Promise(resolve => setTimeout(resolve, 700));
      if (turn.state === 'asking') got = await reply();
    }
    for (const other of turns.filter(({state}) => state === 'waiting')) showWorking(other, AFTER_ANOTHER);
    if (turn.state !== 'asking' || !turns.includes(turn)) return;  // it was stopped
    if (got.problem) return fail(turn, got.problem);
    turn.saved = got.saved;
    turn.state = 'done';
    const wasAtEnd = turns.at(-1) === turn;
    show(turn, got);
    if (wasAtEnd) footnote.choose(turn.key);
    one('#announced').innerHTML = got.announced;
    save();
    saveWaiting();
    showBusy();
    suggest(turn);
  }

  function show(turn, got) {
    one('.reply', article(turn)).innerHTML = got.html;
    footnote.putEvidence(turn.key, got.evidence);
  }

  function fail(turn, text) {
    turn.state = 'done';
    const again = element('button', {type: 'button', className: 'act', textContent: 'Ask again'});
    again.dataset.action = 'again';
    one('.reply', article(turn)).replaceChildren(element('p', {className: 'problem', textContent: text}), again);
    saveWaiting();
    showBusy();
  }

  function stop() {
    for (const turn of turns.filter(other => other.state !== 'done')) {
      const wasAsking = turn.state === 'asking';
      fail(turn, 'Stopped.');
      if (wasAsking) { isAsking = false; footnote.stopWriting(); }
    }
    one('#question').focus();
  }

  async function suggest(turn) {
    const got = await call('suggest', {turn: {...turn.saved, key: turn.key}, context: context(turns.indexOf(turn))});
    const last = turns.at(-1) === turn && article(turn);
    const related = last && one('.related', last);
    if (related && got.html) related.innerHTML = got.html;
  }

  // Removes a turn and those after it.
  function cut(key) {
    const number = turns.findIndex(turn => turn.key === key);
    for (const turn of turns.splice(Math.max(number, 0))) {
      article(turn)?.remove();
      footnote.dropEvidence(turn.key);
      turn.state = 'done';
    }
  }

  function clear() {
    footnote.stopWriting();
    for (const turn of turns) { turn.state = 'done'; footnote.dropEvidence(turn.key); }
    turns = [];
    isAsking = false;
    one('#chat').replaceChildren();
    one('#asking').classList.add('empty');
    footnote.choose('');
    showBusy();
  }

  async function load(name) {
    begin(name);
    const kept = read(PREFIX + name);
    const chosen = JSON.parse(sessionStorage.getItem('footnote scope') ?? '{}');
    footnote.setScope(chosen.id === name ? chosen.only : kept?.only, {isKept: false});
    const saved = kept?.turns?.slice(-MAX_TURNS) ?? [];
    footnote.setQuoted(kept?.quoted ?? false);
    const got = saved.length ? await call('show', {turns: saved}) : {turns: []};
    for (const turn of got.turns ?? []) {
      if (turnOf(turn.key)) continue;
      turns.push({key: turn.key, question: '', state: 'done', saved: saved.find(other => other.key === turn.key)});
      turns.at(-1).question = turns.at(-1).saved?.question ?? '';
      one('#chat').insertAdjacentHTML('beforeend', turn.turn);
      show(turns.at(-1), turn);
      foldQuestion(article(turns.at(-1)));
    }
    if (!turns.length) return;
    one('#asking').classList.remove('empty');
    const last = turns.at(-1);
    footnote.choose(last.key);
    reveal(one('#scroll'), article(last), {margin: 8, always: true});
    suggest(last);
  }

  function listPast() {
    const list = one('#archive .older');
    const saved = past();
    list.replaceChildren(...saved.map(({name, turns: kept}) => {
      const asked = String(kept[0].question);
      const question = asked.length > 120 ? `${asked.slice(0, 119)}…` : asked;
      const open = element('button', {type: 'button', className: 'act', textContent: question, title: `Open: ${question}`});
      open.setAttribute('aria-label', open.title);
      const remove = element('button', {type: 'button', className: 'act', textContent: 'Delete', title: `Delete: ${question}`});
      remove.setAttribute('aria-label', remove.title);
      for (const [button, action] of [[open, 'reopen'], [remove, 'delete']]) Object.assign(button.dataset, {action, name});
      const number = element('span', {className: 'quiet', textContent: `${kept.length} question${kept.length === 1 ? '' : 's'}`});
      return element('li', {}, open, number, remove);
    }));
    one('#archive [data-action="delete all"]').hidden = !saved.length;
    one('#archive .quiet').textContent = saved.length ? '' : 'Past conversations are stored in this browser only.';
  }

  function edit(button) {
    const question = button.closest('.question');
    const text = one('p', question);
    const form = element('form');
    const box = element('textarea', {value: text.textContent, rows: 2, maxLength: one('#question').maxLength});
    box.setAttribute('aria-label', 'Edit the question');
    const send = element('button', {type: 'submit', className: 'act', textContent: 'Ask again'});
    const cancel = element('button', {type: 'button', className: 'act', textContent: 'Cancel'});
    form.append(box, send, cancel);
    text.hidden = button.hidden = true;
    question.append(form);
    box.focus();
    cancel.onclick = () => { form.remove(); text.hidden = button.hidden = false; button.focus(); };
    box.onkeydown = event => {
      if (event.key === 'Escape') { event.stopPropagation(); cancel.click(); }
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
    };
    form.onsubmit = event => {
      event.preventDefault();
      const asked = box.value.trim();
      if (!asked) return;
      cut(keyOf(question));
      add(asked);
    };
  }

  function again(button, changes) {
    const key = keyOf(button);
    const turn = turnOf(key);
    if (!turn) return;
    const {question, standalone, asTyped, everywhere} = turn;
    cut(key);
    add(question, {standalone, asTyped, everywhere, ...changes});
  }

  function ask(question) {
    footnote.closeDocument();
    footnote.openTab('ask');
    const asked = question.trim().slice(0, one('#question').maxLength);
    if (asked) add(asked);
  }

  function grow(box) {
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight + 2, innerHeight / 3)}px`;
  }

  function submit() {
    const box = one('#question');
    if (!box.value.trim()) return;
    drafts = [...drafts, box.value.trim()].slice(-50);
    draft = drafts.length;
    const question = box.value;
    box.value = '';
    grow(box);
    ask(question);
  }

  function onKey(event) {
    const box = event.target;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
    const isRecalled = box.value === '' || box.value === drafts[draft];
    if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && isRecalled && drafts.length) {
      event.preventDefault();
      draft = Math.max(0, Math.min(drafts.length, draft + (event.key === 'ArrowUp' ? -1 : 1)));
      box.value = drafts[draft] ?? '';
      grow(box);
    }
  }

  async function welcome() {
    const got = await call('welcome');
    if (got.html) one('#welcome').innerHTML = got.html;
    else {
      one('#welcome .summary').textContent = got.problem;
      one('#welcome .welcome').classList.remove('pending');
    }
  }

  // Marks the quotes whose documents have changed since.
  async function recheck() {
    const quotes = turns.flatMap(turn => turn.saved?.reply?.citations.map(cited => ({turn, cited})) ?? []);
    if (!quotes.length) return;
    const {current, problem} = await call('recheck', {quotes: quotes.map(({cited: {document, quote}}) => ({document, quote}))});
    if (problem) return;
    const changed = quotes.filter((_, number) => !current[number]);
    for (const note of all('[data-stale]')) note.hidden = true;
    for (const link of all('a.footnote.changed')) link.classList.remove('changed');
    for (const {turn, cited} of changed) {
      const note = one('[data-stale]', article(turn));
      if (note.hidden) one('span', note).textContent = `${cited.document} has changed since this answer.`;
      note.hidden = false;
      one(`a.footnote[href="#quote-${turn.key}-${cited.number}"]`)?.classList.add('changed');
      const card = document.getElementById(`quote-${turn.key}-${cited.number}`)?.closest('.card');
      if (card) one('[data-stale]', card).hidden = false;
    }
  }

  function exportAs(kind) {
    const day = new Date().toISOString().slice(0, 10);
    const done = turns.filter(turn => turn.saved).map(turn => turn.saved);
    const answers = all('#chat button[data-markdown]').map(button => button.dataset.markdown);
    if (kind === 'json') footnote.download(`footnote-${day}.json`, 'application/json', JSON.stringify(done, null, 2));
    else footnote.download(`footnote-${day}.md`, 'text/markdown', `# Conversation of ${day}\n\n${answers.join('\n')}`);
  }

  Object.assign(actions, {
    edit,
    whole: button => {
      const isWhole = button.previousElementSibling.classList.toggle('whole');
      button.textContent = isWhole ? 'Show less' : 'Show all';
      button.setAttribute('aria-expanded', String(isWhole));
    },
    ask: (_, {question}) => ask(question),
    again: button => again(button, {}),
    standalone: button => again(button, {standalone: true}),
    astyped: button => again(button, {asTyped: true}),
    everywhere: button => again(button, {everywhere: true}),
    link: button => footnote.copy(
      `${location.origin}${location.pathname}?q=${encodeURIComponent(turnOf(keyOf(button)).question)}`, button),
    export: (_, {kind}) => exportAs(kind),
    reopen: (_, {name}) => { footnote.closeDocument(); clear(); load(name.slice(PREFIX.length)); },
    delete: (_, {name}) => { localStorage.removeItem(name.startsWith(PREFIX) ? name : ''); listPast(); },
    'delete all': () => {
      if (!confirm('Delete all past conversations from this browser?')) return;
      for (const {name} of past()) localStorage.removeItem(name);
      listPast();
    },
  });

  listeners.push((status, before) => {
    const isSame = status.version === before.version && status.built === before.built;
    if (isSame && Boolean(status.waiting) === Boolean(before.waiting)) return;
    if (turns.length) recheck();
    else welcome();
  });

  listeners.push(status => {
    const summary = status.waiting && one('#welcome .summary');
    if (summary) summary.textContent = status.waiting;
  });

  footnote.start = root => {
    const box = one('#question', root);
    footnote.turnOf = turnOf;
    footnote.saveConversation = save;
    one('#ask-row', root).onsubmit = event => { event.preventDefault(); submit(); };
    box.onkeydown = onKey;
    box.oninput = () => grow(box);
    one('#stop', root).onclick = stop;
    one('#new', root).onclick = () => {
      clear();
      footnote.closeDocument();
      begin();
      footnote.setScope([]);
      welcome();
      box.focus();
    };
    one('#archive', root).ontoggle = listPast;
    footnote.startSources(root);
    footnote.startScope(root);
    const asked = new URLSearchParams(location.search).get('q')?.trim();
    load(sessionStorage.getItem('footnote') ?? random()).then(() => {
      askWaiting();
      if (asked) history.replaceState(history.state, '', location.pathname);  // a reload does not ask again
      if (asked && turns.at(-1)?.question !== asked) ask(asked);
      welcome();
      if (!footnote.isPhone()) box.focus();
    });
  };
})();
