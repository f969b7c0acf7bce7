// Written answers: the switch, and sentences as they arrive.
(() => {
  const {one, call, actions} = footnote;
  let writing = '';  // the id of the answer that is being written

  const choice = value => one(`#written input[value=${value}]`);
  footnote.isQuoted = () => choice('quoted')?.checked ?? false;
  footnote.setQuoted = isQuoted => {
    const button = choice(isQuoted ? 'quoted' : 'written');
    if (button) button.checked = true;
  };
  footnote.writes = () => choice('written')?.checked ?? false;

  // Asks for a written answer, and shows each of its sentences while it is wanted.
  footnote.write = async (data, isWanted, show) => {
    const begun = await call('write', data);
    if (!begun.id) return begun;
    writing = begun.id;
    if (!isWanted()) footnote.stopWriting();
    for (let seen = 0; isWanted();) {
      const got = await call('written', {id: begun.id, seen});
      if (got.done || got.problem) return got;
      seen = got.seen;
      if (got.html && isWanted()) show(got.html);
    }
    return {};
  };

  actions.receipt = async button => {
    const turn = footnote.turnOf(button.closest('[data-turn]').dataset.turn);
    const got = await call('receipt', {turn: turn.saved});
    if (got.text) footnote.download('receipt.json', 'application/json', got.text);
    else button.textContent = got.problem;
  };

  footnote.stopWriting = () => {
    if (writing) call('unwrite', {id: writing});
    writing = '';
  };
})();
