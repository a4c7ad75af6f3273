import { deadLettersSuite } from './dead-letters-suite.js';
import { memoryDeadLetters } from './memory-dead-letters.js';
import { memoryParking } from './memory-parking.js';
import { memoryStore } from './memory-store.js';
import { parkingSuite } from './parking-suite.js';
import { storeSuite } from './store-suite.js';

storeSuite({
  name: 'memory',
  open: async () => {
    const store = memoryStore();
    await store.open();
    const reopen = async () => {
      await store.close();
      await store.open();
      return store;
    };
    return { store, reopen, close: () => store.close() };
  },
});

parkingSuite({
  name: 'memory',
  open: async () => {
    const parking = memoryParking();
    return { parking, reopen: async () => parking, close: () => parking.close() };
  },
});

deadLettersSuite({
  name: 'memory',
  open: async () => {
    const deadLetters = memoryDeadLetters();
    return { deadLetters, reopen: async () => deadLetters, close: () => deadLetters.close() };
  },
});
