/** A service for tests. What it stores lives in a temporary folder that `stop` deletes. */
export interface Service {
  /** Broker `host:port`, or a connection string. */
  readonly address: string;
  readonly pid: number;
  /** Ends the process but keeps address and data, for `restart`. `hard` is SIGKILL. */
  pause(options?: { readonly hard?: boolean }): Promise<void>;
  /** Starts it again at the same address with the same data. */
  restart(): Promise<void>;
  /** Ends the process and deletes its data. */
  stop(): Promise<void>;
}

export type ServiceName = 'kafka' | 'mongodb';

/** The environment variable that names a service the user runs. */
export const addressVariables = { kafka: 'KAFKA_BROKERS', mongodb: 'MONGODB_URI' } as const satisfies Record<ServiceName, string>;
