/** Texts we send to models, from config/prompts. Each is one Markdown file; `{{name}}` stands for what we fill in. */
export interface Prompts {
  /** For the judge of an ensemble. Fills: nonce, language. */
  readonly synthesis: string;
  /** Splits a question. Fills: question. */
  readonly chainPlan: string;
  /** Asks one sub-question. Fills: question, part. */
  readonly chainStep: string;
  /** Joins the answers to the parts. Fills: nonce, language. */
  readonly chainSynthesis: string;
  /** For the checker of an answer. Fills: nonce. */
  readonly check: string;
  /** Asks for a better answer. Fills: nonce, question, answer, problems. */
  readonly repair: string;
  /** Further ways of asking the same, for samples of one model. */
  readonly styles: readonly string[];
  readonly detailed: string;
  readonly concise: string;
  readonly structured: string;
  readonly enhance: string;
}

const FILES: Readonly<Record<Exclude<keyof Prompts, 'styles'>, { readonly file: string; readonly fills: readonly string[] }>> = {
  synthesis: { file: 'synthesis.md', fills: ['nonce', 'language'] },
  chainPlan: { file: 'chain-plan.md', fills: ['question'] },
  chainStep: { file: 'chain-step.md', fills: ['question', 'part'] },
  chainSynthesis: { file: 'chain-synthesis.md', fills: ['nonce', 'language'] },
  check: { file: 'check.md', fills: ['nonce'] },
  repair: { file: 'repair.md', fills: ['nonce', 'question', 'answer', 'problems'] },
  detailed: { file: 'format-detailed.md', fills: [] },
  concise: { file: 'format-concise.md', fills: [] },
  structured: { file: 'format-structured.md', fills: [] },
  enhance: { file: 'enhance.md', fills: [] },
};
const STYLES = 'styles.md';

const withoutComments = (text: string): string => {
  let out = text;
  for (let open = out.indexOf('<!--'); open !== -1; open = out.indexOf('<!--')) {
    const close = out.indexOf('-->', open);
    out = out.slice(0, open) + (close === -1 ? '' : out.slice(close + 3));
  }
  return out.trim();
};

/**
 * Reads the prompts from their files' texts, by file name. HTML comments are for the person who edits them and are not sent.
 * Throws an Error that names the file when one is missing, empty, or lacks something that must be filled in.
 */
export function toPrompts(files: Readonly<Record<string, string>>): Prompts {
  const read = (file: string): string => {
    const text = withoutComments(files[file] ?? '');
    if (text === '') throw new Error(`prompts/${file}: expected a text, found none`);
    return text;
  };
  const prompts = Object.fromEntries(
    Object.entries(FILES).map(([name, { file, fills }]) => {
      const text = read(file);
      for (const fill of fills) if (!text.includes(`{{${fill}}}`)) throw new Error(`prompts/${file}: expected {{${fill}}} to stand in it`);
      return [name, text];
    }),
  ) as Record<keyof typeof FILES, string>;
  const styles = read(STYLES)
    .split(/^---+$/m)
    .map((style) => style.trim())
    .filter((style) => style !== '');
  return { ...prompts, styles };
}

/** Fills a template in one pass: what is filled in is never read again, so it cannot fill anything itself. Unknown names stay. */
export const render = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{\s*([a-zA-Z_][\w.-]*)\s*\}\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] as string) : whole));

/** What a client may ask of the form of an answer on our own routes and in workflows. */
export interface AnswerForm {
  readonly format?: 'detailed' | 'concise' | 'structured';
  /** Also asks for concepts, examples, trade-offs and use. */
  readonly enhance?: boolean;
}

/** The sentences to add to a question for a form; empty when none is asked for. */
export function formText(form: AnswerForm, prompts: Prompts): string {
  const parts = [form.format === undefined ? '' : prompts[form.format], form.enhance === true ? prompts.enhance : ''];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Tells a judge in which language to write. */
export const languageLine = (language: 'en' | 'ko' | 'other'): string =>
  language === 'ko'
    ? 'The question is in Korean: write the whole answer in Korean (한국어로 답하세요), unless the question asks for another language.'
    : 'Write in the language of the question, unless the question asks for another language.';
