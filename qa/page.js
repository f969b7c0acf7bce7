// A footnote link chooses its answer's evidence and brings its quote into view.
() => document.addEventListener('click', event => {
  const link = event.target.closest('a.footnote');
  if (!link) return;
  event.preventDefault();
  const quote = document.getElementById(link.getAttribute('href').slice(1));
  if (!quote) return;
  const card = quote.closest('.card');
  const back = document.querySelector('#back');
  if (back && back.offsetParent) back.click();
  document.querySelectorAll('.evidence').forEach(section => section.classList.toggle('chosen', section.contains(card)));
  document.querySelectorAll('.card, .card mark').forEach(
    other => other.classList.toggle('lit', other === card || other === quote));
  setTimeout(() => { quote.scrollIntoView({block: 'center'}); card.focus({preventScroll: true}); }, 50);
})
