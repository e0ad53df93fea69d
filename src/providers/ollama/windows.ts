/** What Ollama gives a model on a machine with little video memory when nobody asks for a window, tokens. */
const SMALLEST_DEFAULT = 4_096;
/** Largest window asked for where the model's own maximum is unknown, tokens. */
const LARGEST_GUESS = 1 << 20;

export interface WindowFacts {
  /** What the model was trained for, tokens. */
  readonly max?: number;
  /** num_ctx of its Modelfile. */
  readonly initial?: number;
}

/**
 * One num_ctx per model: Ollama reloads a model whenever the number changes, and cuts a prompt that is longer. It only grows, by
 * powers of two, when a request needs more; every request then says the same number.
 */
export function createWindows() {
  const decided = new Map<string, number>();
  const facts = new Map<string, WindowFacts>();
  let loaded: ReadonlyMap<string, number> = new Map();

  const current = (model: string): number => Math.max(decided.get(model) ?? 0, loaded.get(model) ?? 0);
  const maxOf = (model: string): number => facts.get(model)?.max ?? LARGEST_GUESS;

  const raise = (model: string, tokens: number): number => {
    const window = Math.min(maxOf(model), 2 ** Math.ceil(Math.log2(Math.max(2, Math.min(tokens, LARGEST_GUESS)))));
    decided.set(model, window);
    return window;
  };

  return {
    learn: (model: string, known: WindowFacts): void => void facts.set(model, known),
    /** Windows of the models in memory now. */
    running: (windows: ReadonlyMap<string, number>): void => {
      loaded = windows;
    },
    /**
     * The num_ctx to send for a request of `tokens` (prompt and room for the answer); undefined leaves it to the host, which then
     * has at least that much. What a client asks for can only raise it.
     */
    choose(model: string, tokens: number, asked: number | undefined): number | undefined {
      const now = current(model);
      const wanted = Math.max(tokens, asked ?? 0);
      const enough = now > 0 ? now : (facts.get(model)?.initial ?? SMALLEST_DEFAULT);
      if (wanted > enough && enough < maxOf(model)) return raise(model, wanted);
      return now > 0 ? now : undefined;
    },
    /** The host says that a prompt did not fit into `window`. False when no larger one is possible. */
    grow(model: string, window: number | undefined, tokens: number | undefined): boolean {
      const had = Math.max(window ?? SMALLEST_DEFAULT, current(model));
      if (had >= maxOf(model)) return false;
      return raise(model, Math.max(had * 2, tokens ?? 0)) > had;
    },
    /** The model left memory: the next load starts afresh. */
    forget: (model: string): void => void decided.delete(model),
  };
}

export type Windows = ReturnType<typeof createWindows>;
