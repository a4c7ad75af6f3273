// npm run services: starts Kafka and a MongoDB-protocol server, prints the two environment lines, and ends both on Ctrl-C.
import { addressVariables, type Service, type ServiceName } from './service.js';
import { startKafka } from './start-kafka.js';
import { startMongodb } from './start-mongodb.js';

console.error('Starting Kafka and a MongoDB-protocol server; the first time this downloads about 100 MB …');
const names: readonly ServiceName[] = ['kafka', 'mongodb'];
const outcomes = await Promise.allSettled([startKafka(), startMongodb()]);
const services: Service[] = [];
outcomes.forEach((outcome, index) => {
  const name = names[index] as ServiceName;
  if (outcome.status === 'rejected') return console.error(`No ${name}: ${(outcome.reason as Error).message}`);
  services.push(outcome.value);
  console.log(`export ${addressVariables[name]}='${outcome.value.address}'`);
});
const stopAll = () => Promise.all(services.map(({ stop }) => stop()));
if (services.length < names.length) {
  await stopAll();
  process.exit(1);
}
console.error('Both run until Ctrl-C. What they store is deleted then.');
const onSignal = () => void stopAll().then(() => process.exit(0));
process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
