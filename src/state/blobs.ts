/** Bytes being written under an id; they appear whole on commit, or never. */
export interface BlobWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Syncs, and answers how many bytes there are. */
  commit(): Promise<number>;
  abort(): Promise<void>;
}

/** Bytes by server-made id. Never given an id that did not come from the database. */
export interface Blobs {
  /** @throws GatewayError 'unavailable' when the disk is full or fails, from here and from the writer. */
  create(id: string): Promise<BlobWriter>;
  /** @throws GatewayError 'not-found' when the bytes are gone. */
  read(id: string, range?: { readonly offset: number; readonly length: number }): AsyncIterable<Uint8Array>;
  remove(id: string): Promise<void>;
  /** Removes what no id stands for: the remains of a crash. */
  sweep(known: ReadonlySet<string>): Promise<void>;
}
