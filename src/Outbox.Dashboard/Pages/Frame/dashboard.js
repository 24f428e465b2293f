// What is nicer with JavaScript; everything works without it.
'use strict';

// A page that changes by itself is read again while somebody sees it, and nobody types or has marked something.
const every = Number(document.body.dataset.refresh) * 1000;
const isBusy = () => document.hidden
  || document.activeElement?.matches('input, textarea, select, button')
  || !getSelection().isCollapsed;
if (every > 0) {
  const again = () => setTimeout(() => isBusy() ? again() : location.replace(withoutNotice()), every);
  again();
}

// What was said after an act is said once.
function withoutNotice() {
  const here = new URL(location.href);
  here.searchParams.delete('did');
  return here;
}

// A form is sent once.
document.addEventListener('submit', event => {
  if (event.target.dataset.sent) {
    event.preventDefault();
  }
  if (event.target.method === 'post') {
    event.target.dataset.sent = 'yes';
  }
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));

// Commands are copied by a button.
if (navigator.clipboard) {
  for (const code of document.querySelectorAll('code.copy')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    });
    code.after(button);
  }
}

// "/" goes to the search.
document.addEventListener('keydown', event => {
  if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches('input, textarea, select')) {
    event.preventDefault();
    document.getElementById('q')?.focus();
  }
});
