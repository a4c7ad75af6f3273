/** What `colloquy init` writes. */
export const configTemplate = `# yaml-language-server: $schema=./node_modules/@colloquy/runtime/schema/colloquy.schema.json
# Configuration of Colloquy. Every key, its default and its meaning: docs/reference/config.md
version: 1

# The stages, in order. Options go behind the name: - classify-intent@1: { … }
pipeline:
  - identify-language@1
  - classify-intent@1
  - extract-entities@1
  - score-sentiment@1
  - process-media@1

# Log, database and media of the embedded default.
dataDir: .colloquy

# The same runner on services: npm install kafkajs mongodb
# source: { kind: kafka, brokers: "\${KAFKA_BROKERS:-127.0.0.1:9092}", topic: conversations.inbound }
# store: { kind: mongodb, uri: "\${MONGODB_URI:-mongodb://127.0.0.1:27017/}", database: colloquy }

http:
  host: 127.0.0.1
  port: \${COLLOQUY_PORT:-8080}

# Messages in, annotations out: colloquy pipeline test
tests:
  - name: Spanish is told
    text: Buenas tardes, quería saber cuánto cuesta arreglar una fuga de agua en la cocina
    expect:
      language: { code: es }
  - name: a phone number is found in its international form
    text: Please call me at +52 55 5555 0101 tomorrow morning about the leaking sink
    expect:
      language: { code: en }
      entities: { items: [{ type: phone, value: { e164: "+525555550101" } }] }
`;

export const messagesTemplate = `${[
  { id: 'example-1', conversationId: 'ana', at: '2026-03-02T15:04:05Z', author: { id: 'ana', role: 'customer', name: 'Ana' }, channel: 'whatsapp', text: 'hola buenas, cuánto cuesta que vengan a revisar una fuga de agua?' },
  { id: 'example-2', conversationId: 'ana', at: '2026-03-02T15:04:40Z', author: { id: 'bot', role: 'bot' }, channel: 'whatsapp', direction: 'outbound', text: 'La visita cuesta $350 MXN. ¿Le queda bien mañana a las 10?' },
  { id: 'example-3', conversationId: 'ana', at: '2026-03-02T15:05:12Z', author: { id: 'ana', role: 'customer', name: 'Ana' }, channel: 'whatsapp', text: 'sí, mi número es 55 5555 0101 😊' },
  { id: 'example-4', conversationId: 'joe', at: '2026-03-02T16:20:00Z', author: { id: 'joe', role: 'customer', name: 'Joe' }, channel: 'whatsapp', text: 'The electrician never came and I already paid 120 dollars. I want my money back!' },
  { id: 'example-5', conversationId: 'bia', at: '2026-03-02T17:45:00Z', author: { id: 'bia', role: 'customer', name: 'Bia' }, channel: 'whatsapp', text: 'oi, vocês atendem no sábado? meu email é bia@example.com' },
]
  .map((message) => JSON.stringify(message))
  .join('\n')}\n`;
