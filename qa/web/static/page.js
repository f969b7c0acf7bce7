// The page's foundation: calls to the server, buttons, tabs, the browser's Back, the header's status.
window.footnote = (() => {
  const one = (selector, under = document) => under.querySelector(selector);
  const all = (selector, under = document) => [...under.querySelectorAll(selector)];
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const isPhone = () => matchMedia('(max-width: 800px)').matches;
  const actions = {};   // what a button.act does, by its data-action
  const listeners = []; // called with the status whenever it was read
  let server = null;
  let upload = null;
  let isConnected;
  const connected = new Promise(resolve => { isConnected = resolve; });
  let status = {version: null, building: false, built: true};
  let timer = 0;

  // Calls a handler of the server by its name.
  async function call(name, data = {}) {
    await connected;
    const got = await server[`do_${name}`](data);
    if (!got) throw new Error('The server did not answer.');
    return got;
  }

  function connect(functions, sender) {
    server = functions;
    upload = sender;
    isConnected();
    readStatus();
  }

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // Scrolls a container, and nothing around it, so that an element is in view.
  function reveal(container, target, {margin = 24, smooth = false, always = false} = {}) {
    if (!container || !target) return;
    const outer = container.getBoundingClientRect();
    const inner = target.getBoundingClientRect();
    const isVisible = inner.top >= outer.top && inner.bottom <= outer.bottom;
    if (isVisible && !always) return;
    const behavior = smooth && !calm.matches && Math.abs(inner.top - outer.top) < 3000 ? 'smooth' : 'instant';
    container.scrollTo({top: container.scrollTop + inner.top - outer.top - margin, behavior});
  }

  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // a page without HTTPS has no clipboard
      const box = document.body.appendChild(element('textarea', {value: text}));
      box.select();
      document.execCommand('copy');
      box.remove();
    }
    const label = button.textContent;
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  function download(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], {type}));
    element('a', {href: address, download: name}).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  function click(event) {
    const button = event.target.closest?.('button.act');
    if (!button || button.disabled) return;
    const action = actions[button.dataset.action];
    const menu = button.closest('details.menu');
    if (menu && !button.dataset.action.startsWith('delete')) menu.open = false;
    if (action) action(button, button.dataset);
  }

  function openTab(name) {
    one(`[role=tab][data-tab-id="${name}"]`)?.click();
  }

  const isTab = name => one(`[role=tab][data-tab-id="${name}"]`)?.getAttribute('aria-selected') === 'true';

  // One step of the browser's history for each view that can be left: Back leaves it.
  const views = [];
  function enter(leave) {
    views.push(leave);
    if ((history.state?.view ?? 0) < views.length) history.pushState({view: views.length}, '');
  }
  function leave() {
    if (views.length) history.back();
  }
  // Leaves at once and keeps the browser's step, which the next view uses.
  function leaveAll() {
    while (views.length) views.pop()();
  }
  // Back returns from the other tabs to the first.
  const leaveTab = () => openTab('ask');
  function followTab(event) {
    const tab = event.target.closest?.('[role=tab]');
    if (!tab) return;
    const isLeft = tab.dataset.tabId === 'ask' && views.includes(leaveTab);
    if (tab.dataset.tabId !== 'ask' && !views.includes(leaveTab)) enter(leaveTab);
    else if (isLeft && event.isTrusted && views.at(-1) === leaveTab) leave();
    else if (isLeft) views.splice(views.indexOf(leaveTab), 1);
  }
  window.addEventListener('popstate', event => {
    for (const leaveView of views.splice(event.state?.view ?? 0).reverse()) leaveView();  // which may enter another
  });

  // Says why the server does not answer: its sentence, if it refuses the page's host name.
  async function explain() {
    const shown = one('#status [role=status]');
    if (!shown) return;
    let text = 'The server does not answer. Check that it is running.';
    const root = window.gradio_config?.root ?? location.origin;
    if (!root.startsWith(location.origin)) {
      text = `The proxy of this page must pass its host name on, in nginx with “proxy_set_header Host $host;”. The server was asked as ${new URL(root).host}.`;
    } else try {
      const answer = await fetch('gradio_api/component_server/', {method: 'POST', body: '{}'});
      if (answer.status === 403) text = await answer.text();
      else if (answer.status === 401) return location.reload();
    } catch { /* it is away */ }
    shown.dataset.html = '';
    shown.replaceChildren(element('span', {className: 'problem', textContent: text, title: text}));
    const summary = one('.welcome .summary');
    if (summary) summary.textContent = text;
    one('.welcome')?.classList.remove('pending');
  }

  // Reads or saves which documents that need attention were looked at.
  function seen(key) {
    try {
      if (key) localStorage.setItem('footnote-attention', key);
      return localStorage.getItem('footnote-attention');
    } catch { return null; }  // storage is forbidden
  }

  async function readStatus(name = 'status', data = {}) {
    clearTimeout(timer);
    try {
      const read = await call(name, data);
      const shown = one('#status [role=status]');
      if (shown && shown.dataset.html !== read.html) {
        shown.dataset.html = read.html;
        shown.innerHTML = read.html;
      }
      // Documents that need attention are named until they were looked at, and again if others do.
      const attention = shown && one('[data-action=attention]', shown);
      if (attention) attention.hidden = seen() === attention.dataset.key;
      const before = status;
      status = read;
      for (const listener of listeners) listener(read, before);
    } catch { explain(); }
    clearTimeout(timer);
    timer = setTimeout(readStatus, document.hidden ? 15000 : status.building ? 500 : 2500);
  }

  document.addEventListener('click', followTab);
  document.addEventListener('click', event => {
    if (event.target.closest('#result')) return;  // its own listener
    click(event);
    for (const menu of all('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) readStatus(); });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      const menu = one('details.menu[open]');
      if (menu) { menu.open = false; one('summary', menu).focus(); event.stopImmediatePropagation(); }
    }
    const writes = event.target.closest?.('input, textarea, [contenteditable]');
    if (event.key === '/' && !writes) { event.preventDefault(); openTab('ask'); one('#question')?.focus(); }
  });

  actions.copy = (button, data) => copy(data.text ?? data.markdown, button);
  actions.update = () => readStatus('update');
  actions.cancel = () => readStatus('cancel');
  actions.library = () => openTab('library');
  actions.attention = (_, {key}) => {
    if (key) seen(key);
    openTab('library');
    api.showAttention?.();
  };

  document.documentElement.lang = 'en';
  const api = {
    one, all, call, connect, element, reveal, copy, download, click, openTab, isTab, enter, leave, leaveAll, readStatus, isPhone,
    actions, listeners, upload: file => upload(file), get status() { return status; },
  };
  return api;
})();
