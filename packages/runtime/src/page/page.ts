import { liveFilters } from './filters.js';
import { byId } from './element.js';
import { conversationList } from './conversation-list.js';
import { conversationView } from './conversation-view.js';
import { explainPanel } from './explain-panel.js';
import { liveSocket } from './live-socket.js';

const list = conversationList({ filters: liveFilters(() => list.reload()), open: (id) => show(id) });
const view = conversationView({ explain: explainPanel(), sent: (id) => show(id) });
const panes = byId('panes');

/** The address names what is open, so that the back button and a bookmark work: `#/c/<id>`, `#/new`. */
function show(id: string): void {
  location.hash = `#/c/${encodeURIComponent(id)}`;
}

function route(): void {
  const [, place, id] = /^#\/(c|new)(?:\/(.+))?$/.exec(location.hash) ?? [];
  const openId = place === 'c' && id !== undefined ? decoded(id) : undefined;
  panes.classList.toggle('showing-conversation', place !== undefined);
  list.setOpen(openId);
  if (openId !== undefined) view.open(openId);
  else if (place === 'new') view.openNew();
  else view.close();
}

function decoded(id: string): string | undefined {
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

function connection(state: 'live' | 'offline', text: string): void {
  const status = byId('connection');
  status.className = `connection ${state}`;
  status.textContent = text;
}

byId('new-conversation').addEventListener('click', () => {
  location.hash = '#/new';
});
byId('back').addEventListener('click', () => {
  location.hash = '#/';
});
window.addEventListener('hashchange', route);

liveSocket({
  connected: () => {
    connection('live', 'Live');
    list.reload();
    view.reload();
  },
  disconnected: () => connection('offline', 'Connection lost. Trying again…'),
  messages: (items) => {
    list.arrived(items);
    view.arrived(items);
  },
});
route();
