export interface ModelManifest {
  /** `task/name`, such as `intent/service-chat-nlpjs`. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** Which engine reads the files, such as `nlpjs@4`. */
  readonly format: string;
  readonly labels: readonly string[];
  readonly languages: readonly string[];
  /** SHA-256 (hex) of each file, by name. A mismatch is refused. */
  readonly files: Readonly<Record<string, string>>;
}

export interface ModelArtefact {
  readonly manifest: ModelManifest;
  /** The bytes of one file of the manifest, checked against its hash. Throws MODEL_INVALID. */
  read(file: string): Promise<Uint8Array>;
}

export interface ModelStore {
  /** Throws MODEL_NOT_FOUND or MODEL_INVALID. */
  load(name: string): Promise<ModelArtefact>;
}
