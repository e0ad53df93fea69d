/** The parts of an OpenAPI 3.1 document that the page shows. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>>;
}

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Content>>;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly { readonly $ref?: string; readonly name?: string; readonly in?: string; readonly description?: string }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, Content>> };
  readonly responses?: Readonly<Record<string, Answer>>;
}

export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;
/** Schemas inside schemas are shown this deep; deeper ones are named only. */
const MAX_DEPTH = 4;

const safe = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Paragraphs and `code`: all the markup the document uses. */
const prose = (text: string | undefined): string =>
  (text ?? '')
    .trim()
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${safe(paragraph).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
    .join('');

const words = (text: string | undefined): string => safe(text ?? '').replace(/`([^`]+)`/g, '<code>$1</code>');

/** An OpenAPI document as one page to read: no script, no outside resource, light and dark by the reader's setting. */
export function renderApiPage(document: ApiDocument): string {
  const resolve = <T extends { readonly $ref?: string }>(item: T): T => {
    const [, , group, name] = item.$ref?.split('/') ?? [];
    return item.$ref === undefined ? item : ((document.components?.[group ?? '']?.[name ?? ''] as T | undefined) ?? item);
  };

  const typeOf = (schema: Schema): string => {
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    if (schema.items !== undefined) return `${typeOf(resolve(schema.items))}[]`;
    return typeof schema.type === 'string' ? schema.type : (schema.type?.join(' | ') ?? 'any');
  };

  const fields = (written: Schema, depth = 0): string => {
    const schema = resolve(written.items === undefined ? written : written.items);
    if (schema.properties === undefined || depth >= MAX_DEPTH) return '';
    const rows = Object.entries(schema.properties).map(([name, entry]) => {
      const property = resolve(entry);
      const required = schema.required?.includes(name) === true ? ' <b>required</b>' : '';
      const initial = property.default === undefined ? '' : ` <i>default ${safe(JSON.stringify(property.default))}</i>`;
      return `<li><code>${safe(name)}</code> <i>${safe(typeOf(property))}</i>${required}${initial} ${words(property.description)}${fields(property, depth + 1)}</li>`;
    });
    return `<ul>${rows.join('')}</ul>`;
  };

  const block = (value: unknown, caption = ''): string =>
    `${caption === '' ? '' : `<p class="caption">${words(caption)}</p>`}<pre tabindex="0">${safe(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</pre>`;

  const contents = (content: Readonly<Record<string, Content>> | undefined): string =>
    Object.entries(content ?? {})
      .map(([type, { schema, example, examples }]) => {
        const shown =
          examples === undefined ? (example === undefined ? [] : [block(example)]) : Object.values(examples).map((item) => block(item.value, item.summary));
        const listed = schema === undefined ? '' : fields(schema);
        return `<p class="type">${safe(type)}</p>${shown.join('')}${listed === '' ? '' : `<details><summary>fields</summary>${listed}</details>`}`;
      })
      .join('');

  const operation = (path: string, method: string, item: Operation): string => {
    const parameters = (item.parameters ?? [])
      .map(resolve)
      .map(({ name, in: place, description }) => `<li><code>${safe(name ?? '')}</code> <i>${safe(place ?? '')}</i> ${words(description)}</li>`);
    const answers = Object.entries(item.responses ?? {}).map(([status, written]) => {
      const answer = resolve(written);
      const body = contents(answer.content);
      const title = `<b>${safe(status)}</b> ${words(answer.description)}`;
      return body === '' ? `<p>${title}</p>` : `<details${status === '200' ? ' open' : ''}><summary>${title}</summary>${body}</details>`;
    });
    const asked = contents(item.requestBody?.content);
    return `<article id="${safe(item.operationId ?? '')}"><h3><span>${method.toUpperCase()}</span> <code>${safe(path)}</code></h3><p>${words(item.summary)}</p>${prose(item.description)}${
      parameters.length === 0 ? '' : `<h4>Parameters</h4><ul>${parameters.join('')}</ul>`
    }${asked === '' ? '' : `<h4>Request</h4>${asked}`}<h4>Answers</h4>${answers.join('')}</article>`;
  };

  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] === undefined ? [] : [{ path, method, item: item[method] }])),
  );
  const groups = (document.tags ?? []).map(({ name, description }) => ({ name, description, own: operations.filter(({ item }) => item.tags?.includes(name)) }));
  const navigation = groups
    .map(
      ({ name, own }) =>
        `<h2>${safe(name)}</h2><ul>${own.map(({ path, method, item }) => `<li><a href="#${safe(item.operationId ?? '')}"><span>${method.toUpperCase()}</span> ${safe(path)}</a></li>`).join('')}</ul>`,
    )
    .join('');
  const sections = groups
    .map(
      ({ name, description, own }) =>
        `<section><h2>${safe(name)}</h2>${prose(description)}${own.map(({ path, method, item }) => operation(path, method, item)).join('')}</section>`,
    )
    .join('');

  const { title, version, description } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe(title)}: API</title><style>${STYLE}</style></head>
<body><nav aria-label="Routes"><h1>${safe(title)} <small>${safe(version)}</small></h1><p><a href="/openapi.yaml">openapi.yaml</a></p>${navigation}</nav><main>${prose(description)}${sections}</main></body></html>
`;
}

const STYLE = `:root{color-scheme:light dark;--line:light-dark(#d8dce2,#353b45);--dim:light-dark(#5b6470,#a2abb8);--back:light-dark(#f4f6f8,#1a1e24);--link:light-dark(#0b57d0,#8ab4f8)}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif;display:grid;grid-template-columns:19rem minmax(0,1fr);background:light-dark(#fff,#111418);color:light-dark(#1b1f24,#e6e9ee)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem;border-right:1px solid var(--line);background:var(--back)}nav h1{font-size:1.05rem;margin:0}nav h2{font-size:.8rem;text-transform:uppercase;color:var(--dim);margin:1rem 0 .2rem}
nav ul{list-style:none;margin:0;padding:0;font:12.5px/1.7 ui-monospace,monospace}a{color:var(--link);text-decoration:none}a:hover,a:focus{text-decoration:underline}span{color:var(--dim);font-size:.85em}
main{padding:1rem 2rem 4rem;max-width:62rem}article{border-top:1px solid var(--line);padding:.6rem 0 1rem;scroll-margin-top:0}h3{margin:.4rem 0 0;font-size:1.05rem}h4{margin:.8rem 0 .2rem;color:var(--dim)}
code{font:13px ui-monospace,monospace}h3 code{font-size:1.05rem;overflow-wrap:anywhere}pre{background:var(--back);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;overflow:auto;font:12.5px/1.45 ui-monospace,monospace;max-height:26rem}
details{margin:.3rem 0}summary{cursor:pointer}.type,.caption{color:var(--dim);font-size:.85rem;margin:.5rem 0 .1rem}i{color:var(--dim);font-style:normal;font-size:.9em}p{margin:.4rem 0}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto;border:0}main{padding:1rem}}`;
