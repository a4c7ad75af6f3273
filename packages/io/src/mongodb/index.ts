export { openMongodb, type Mongodb, type MongodbOptions } from './open-mongodb.js';
