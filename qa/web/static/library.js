// The Library tab: the list of files, adding, removing, and undo.
(() => {
  const {one, all, call, element, actions, listeners} = footnote;
  const view = {search: '', order: 'Document', page: 0};
  let asked = 0;

  async function showTable() {
    const number = ++asked;
    const got = await call('table', view);
    if (number !== asked || !one('#table') || got.html === undefined) return;
    one('#table').innerHTML = got.html;
    for (const group of all('#table tbody.group')) fold(group, folded.has(group.dataset.folder));
    footnote.showScope();
  }

  // Folders that are folded stay so when the table is shown again.
  const folded = new Set();
  function fold(group, isFolded) {
    group.classList.toggle('folded', isFolded);
    one('[data-action="fold"]', group).setAttribute('aria-expanded', String(!isFolded));
  }
  actions.fold = (button, {folder}) => {
    if (!folded.delete(folder)) folded.add(folder);
    fold(button.closest('tbody'), folded.has(folder));
  };

  async function showFacts() {
    const got = await call('facts');
    const box = one('#facts');
    if (!box || got.html === undefined || box.dataset.html === got.html) return;
    const open = all('details[open]', box).map(details => details.className);
    box.dataset.html = got.html;
    box.innerHTML = got.html;
    for (const name of open) if (one(`details.${name}`, box)) one(`details.${name}`, box).open = true;
  }

  // One line for each file: what is done with it, then the result.
  function note(text, kind = 'pending') {
    const line = element('li', {className: kind, textContent: text});
    one('#note').append(line);
    while (one('#note').children.length > 12) one('#note').firstChild.remove();
    return line;
  }
  function settle(line, {note: done, problem}) {
    line.className = problem ? 'problem' : 'done';
    line.textContent = problem ?? done;
    if (!problem) setTimeout(() => line.remove(), 30000);
  }

  // What went wrong was seen when the tab is left.
  document.addEventListener('click', event => {
    const tab = event.target.closest?.('[role=tab]');
    if (tab && tab.dataset.tabId !== 'library') for (const line of all('#note .problem')) line.remove();
  });

  // A file that was added is read by a build: its line says what came of it.
  const MAX_CHECKS = 3;
  const added = new Map();  // name -> {line, note, checks}
  async function checkAdded() {
    const {problems = {}} = await call('outcomes', {documents: [...added.keys()]});
    for (const [name, one] of added) {
      const isKnown = name in problems;
      if (!isKnown && ++one.checks < MAX_CHECKS) continue;
      added.delete(name);
      if (problems[name]) settle(one.line, {problem: `${name} was added but cannot be read. ${problems[name]}`});
      else settle(one.line, {note: isKnown ? one.note : `${one.note} It is read at the next update.`});
    }
  }

  // The tab is drawn when it is opened first.
  let drawn;
  const library = new Promise(resolve => { drawn = resolve; });

  async function addFiles(files) {
    footnote.openTab('library');
    await library;
    if (!one('#drop')) return;
    const replace = one('#replace').checked;
    for (const file of files) {
      const line = note(`Adding ${file.name} …`);
      try {
        const {path} = await footnote.upload(file);
        const got = await call('add', {path, name: file.name, replace});
        await showTable();
        if (got.problem) settle(line, got);
        else {
          line.textContent = `${got.note} Reading it …`;
          added.set(file.name, {line, note: got.note, checks: 0});
        }
      } catch {
        settle(line, {problem: `${file.name} could not be uploaded: it may be too large.`});
      }
    }
    footnote.readStatus();
  }

  // Files of a drop, those in folders included.
  async function filesOf(transfer) {
    const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.some(entry => entry.isDirectory)) return [...transfer.files];
    const found = [];
    const walk = async entry => {
      if (entry.isFile) found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
      else {
        const reader = entry.createReader();
        for (let part; (part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length;) {
          for (const child of part) await walk(child);
        }
      }
    };
    for (const entry of entries) await walk(entry);
    return found;
  }

  actions.sort = (_, {order}) => { view.order = order; view.page = 0; showTable(); };
  actions.page = (_, {page}) => { view.page = +page; showTable(); };
  actions.read = (button, {document: path}) => {
    footnote.openTab('ask');
    footnote.openDocument({document: path, quote: '', start: 0}, button);
  };
  actions.remove = async (_, {document: path}) => {
    if (!confirm(`Remove ${path} from the folder? You can restore it.`)) return;
    const line = note(`Removing ${path} …`);
    const got = await call('remove', {document: path});
    await showTable();
    settle(line, got);
    if (got.removed) {
      const undo = element('button', {type: 'button', className: 'act', textContent: 'Undo'});
      undo.setAttribute('aria-label', `Undo: restore ${path}`);
      undo.onclick = async () => {
        const restored = await call('restore', {document: path, removed: got.removed});
        await showTable();
        settle(line, restored);
      };
      line.append(' ', undo);
    }
    footnote.readStatus();
  };
  footnote.showAttention = () => {
    view.order = 'Attention';
    view.page = 0;
    view.search = '';
    if (one('#filter')) one('#filter').value = '';
    showTable();
  };

  listeners.push((status, before) => {
    const watch = one('#watch');
    if (watch) watch.checked = status.watching;
    if (status.version !== before.version || status.building !== before.building) { showTable(); showFacts(); }
    if (added.size && !status.building) checkAdded();
  });

  footnote.startLibrary = root => {
    one('#filter', root).oninput = event => { view.search = event.target.value; view.page = 0; showTable(); };
    const drop = one('#drop input', root);
    if (drop) {
      drop.onchange = () => { addFiles([...drop.files]); drop.value = ''; };
      one('#watch', root).onchange = event => footnote.readStatus('watch', {on: event.target.checked});
    }
    drawn();
    showTable();
    showFacts();
  };

  let isReadOnly = false;
  library.then(() => { isReadOnly = !one('#drop'); });
  for (const name of ['dragenter', 'dragover']) {
    document.addEventListener(name, event => {
      const isElsewhere = event.target.closest?.('[data-testid=file-upload], .file-drop');
      if (isReadOnly || isElsewhere || !event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      document.body.classList.add('dropping');
    });
  }
  document.addEventListener('dragleave', event => { if (!event.relatedTarget) document.body.classList.remove('dropping'); });
  document.addEventListener('drop', async event => {
    if (!document.body.classList.contains('dropping')) return;
    event.preventDefault();
    document.body.classList.remove('dropping');
    addFiles(await filesOf(event.dataTransfer));
  });
})();
