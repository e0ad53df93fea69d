import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { MAX_ITEMS, MAX_STEPS, variablesIn, type Workflow, WorkflowError, type WorkflowStep } from './workflow-model.ts';
import { orderSteps } from './workflow-order.ts';

export interface WorkflowFile {
  /** As shown in errors, for example 'workflows/blog.yaml'. */
  readonly name: string;
  readonly text: string;
}

const MAX_FILE_CHARS = 1024 * 1024;
const ID = /^[a-zA-Z][\w-]{0,39}$/;
const STEP_KEYS = new Set(['id', 'model', 'prompt', 'template', 'for_each', 'parallel', 'needs', 'format', 'enhance', 'wrap']);
const TOP_KEYS = new Set(['name', 'description', 'steps', 'output']);

/** Tells a problem at a node; loading goes on, so that a person sees all of them at once. */
type Report = (node: unknown, problem: string) => void;

interface RawStep {
  readonly step: WorkflowStep;
  readonly node: YAMLMap;
}

const pairOf = (map: YAMLMap, key: string): Pair | undefined => map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
const nodeOf = (map: YAMLMap, key: string): Node | undefined => (pairOf(map, key)?.value as Node | null | undefined) ?? undefined;

/**
 * Reads workflow files and checks them: known keys, unique ids, steps and variables that exist, no cycle, bounded size.
 * Pure. Throws WorkflowError with every problem as 'file:line: what is wrong'.
 */
export function loadWorkflows(files: readonly WorkflowFile[]): Workflow[] {
  const problems: string[] = [];
  const workflows: Workflow[] = [];
  for (const file of files) {
    const workflow = loadOne(file, problems);
    if (workflow === undefined) continue;
    if (workflows.some(({ name }) => name === workflow.name)) problems.push(`${file.name}:1: there is another workflow named '${workflow.name}'`);
    else workflows.push(workflow);
  }
  if (problems.length > 0) throw new WorkflowError(problems);
  return workflows;
}

function loadOne(file: WorkflowFile, problems: string[]): Workflow | undefined {
  if (file.text.length > MAX_FILE_CHARS) {
    problems.push(`${file.name}:1: expected at most ${MAX_FILE_CHARS} characters, found ${file.text.length}`);
    return undefined;
  }
  const counter = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true });
  const lineOf = (node: unknown): number => {
    const range = typeof node === 'object' && node !== null ? (node as { range?: readonly number[] | null }).range : undefined;
    return counter.linePos(range?.[0] ?? 0).line;
  };
  const before = problems.length;
  const report: Report = (node, problem) => problems.push(`${file.name}:${lineOf(node)}: ${problem}`);
  for (const error of document.errors) problems.push(`${file.name}:${counter.linePos(error.pos[0]).line}: ${error.message}`);
  if (problems.length > before) return undefined;
  const root = document.contents;
  if (!isMap(root)) {
    report(root, 'expected a mapping with name and steps');
    return undefined;
  }
  const workflow = readWorkflow(root as YAMLMap, file, report);
  return problems.length > before ? undefined : workflow;
}

function readWorkflow(root: YAMLMap, file: WorkflowFile, report: Report): Workflow | undefined {
  checkKeys(root, TOP_KEYS, report);
  const fromFile = file.name.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, '');
  const name = textAt(root, 'name', report) ?? fromFile;
  if (!ID.test(name)) report(nodeOf(root, 'name') ?? root, `expected a name of letters, digits, _ or -, found '${name}'`);
  const list = nodeOf(root, 'steps');
  if (!isSeq(list) || list.items.length === 0) {
    report(list ?? root, 'expected steps: a list of at least one step');
    return undefined;
  }
  if (list.items.length > MAX_STEPS) {
    report(list, `expected at most ${MAX_STEPS} steps, found ${list.items.length}`);
    return undefined;
  }
  const raw: RawStep[] = [];
  for (const item of list.items) {
    if (!isMap(item)) report(item, 'expected a step: a mapping with id and prompt');
    else raw.push({ step: readStep(item as YAMLMap, raw, report), node: item as YAMLMap });
  }
  const ids = new Set(raw.map(({ step }) => step.id));
  for (const { step, node } of raw) checkReferences(step, node, ids, report);
  const last = raw.at(-1)?.step.id ?? '';
  const output = textAt(root, 'output', report) ?? last;
  if (!ids.has(output)) report(nodeOf(root, 'output'), `output names '${output}', which is no step`);
  const { ordered, cycle } = orderSteps(raw.map(({ step }) => step));
  if (cycle !== undefined) report(raw.find(({ step }) => step.id === cycle[0])?.node, `steps wait for each other: ${cycle.join(' -> ')}`);
  return { name, description: textAt(root, 'description', report) ?? '', steps: ordered, output };
}

function checkKeys(map: YAMLMap, known: ReadonlySet<string>, report: Report): void {
  for (const { key } of map.items) {
    const name = isScalar(key) ? String(key.value) : '?';
    if (!known.has(name)) report(key, `unknown key '${name}'; expected ${[...known].join(', ')}`);
  }
}

function textAt(map: YAMLMap, key: string, report: Report): string | undefined {
  const node = nodeOf(map, key);
  if (node === undefined) return undefined;
  if (isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number')) return String(node.value);
  report(node, `expected ${key} to be a text`);
  return undefined;
}

function textsAt(map: YAMLMap, key: string, report: Report): string[] {
  const node = nodeOf(map, key);
  if (node === undefined) return [];
  const items = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => {
    if (isScalar(item) && typeof item.value === 'string') return [item.value];
    report(item, `expected ${key} to be a name or a list of names`);
    return [];
  });
}

function readStep(map: YAMLMap, earlier: readonly RawStep[], report: Report): WorkflowStep {
  checkKeys(map, STEP_KEYS, report);
  const id = textAt(map, 'id', report) ?? '';
  if (!ID.test(id)) report(nodeOf(map, 'id') ?? map, `expected an id of letters, digits, _ or -, found '${id}'`);
  if (earlier.some(({ step }) => step.id === id)) report(nodeOf(map, 'id'), `there is another step '${id}'`);
  const prompt = textAt(map, 'prompt', report);
  const template = textAt(map, 'template', report);
  if ((prompt === undefined) === (template === undefined)) report(map, `step '${id}': expected either a prompt or a template`);
  const model = textAt(map, 'model', report);
  if (template !== undefined && model !== undefined) report(nodeOf(map, 'model'), `step '${id}': a template asks no model`);
  const forEach = readForEach(map, id, report);
  const wrap = textAt(map, 'wrap', report);
  const parallel = readParallel(map, report);
  const format = textAt(map, 'format', report);
  if (format !== undefined && format !== 'detailed' && format !== 'concise' && format !== 'structured') {
    report(nodeOf(map, 'format'), `expected format to be detailed, concise or structured, found '${format}'`);
  }
  const enhance = nodeOf(map, 'enhance');
  if (enhance !== undefined && !(isScalar(enhance) && typeof enhance.value === 'boolean')) report(enhance, 'expected enhance to be true or false');
  const used = [prompt, template, wrap]
    .flatMap((text) => (text === undefined ? [] : variablesIn(text)))
    .flatMap((name) => (name.startsWith('steps.') ? [name.slice(6)] : []));
  const looped = forEach !== undefined && 'step' in forEach ? [forEach.step] : [];
  // A step that is not parallel to others comes after all that stand before it.
  const waits = parallel === false && forEach === undefined ? earlier.map(({ step }) => step.id) : [];
  return {
    id,
    model: model ?? 'auto',
    parallel,
    needs: [...new Set([...textsAt(map, 'needs', report), ...used, ...looped, ...waits])],
    ...(prompt !== undefined && { prompt }),
    ...(template !== undefined && { template }),
    ...(forEach !== undefined && { forEach }),
    ...(wrap !== undefined && { wrap }),
    ...((format === 'detailed' || format === 'concise' || format === 'structured') && { format }),
    ...(isScalar(enhance) && enhance.value === true && { enhance: true }),
  };
}

function readForEach(map: YAMLMap, id: string, report: Report): WorkflowStep['forEach'] {
  const node = nodeOf(map, 'for_each');
  if (node === undefined) return undefined;
  if (isSeq(node)) {
    const items = textsAt(map, 'for_each', report);
    if (items.length === 0 || items.length > MAX_ITEMS) report(node, `step '${id}': expected 1 to ${MAX_ITEMS} items, found ${items.length}`);
    return items;
  }
  const text = textAt(map, 'for_each', report) ?? '';
  return { step: /^\{\{\s*steps\.([\w-]+)\s*\}\}$/.exec(text.trim())?.[1] ?? text.trim() };
}

function readParallel(map: YAMLMap, report: Report): boolean | number {
  const node = nodeOf(map, 'parallel');
  if (node === undefined) return true;
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_ITEMS)) return value;
  report(node, `expected parallel to be true, false or 1 to ${MAX_ITEMS}`);
  return true;
}

function checkReferences(step: WorkflowStep, node: YAMLMap, ids: ReadonlySet<string>, report: Report): void {
  for (const key of ['prompt', 'template', 'wrap'] as const) {
    for (const name of variablesIn(step[key] ?? '')) {
      const inLoop = step.forEach !== undefined && (name === 'item' || name === 'index');
      if (name === 'input' || inLoop || (key === 'wrap' && name === 'result')) continue;
      const at = nodeOf(node, key);
      if (!name.startsWith('steps.')) report(at, `step '${step.id}' uses {{${name}}}, which nothing fills`);
      else if (!ids.has(name.slice(6))) report(at, `step '${step.id}' uses {{${name}}}, but there is no step '${name.slice(6)}'`);
    }
  }
  if (step.forEach !== undefined && 'step' in step.forEach && !ids.has(step.forEach.step)) {
    report(nodeOf(node, 'for_each'), `step '${step.id}' goes over '${step.forEach.step}', which is no step`);
  }
  for (const need of textsAt(node, 'needs', () => undefined)) {
    if (!ids.has(need)) report(nodeOf(node, 'needs'), `step '${step.id}' needs '${need}', which is no step`);
  }
}
