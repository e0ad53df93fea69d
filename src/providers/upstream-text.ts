const URL_LIKE = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>)]{1,300}/gi;
const IPV4 = /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g;
const IPV6 = /\[(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15}\](?::\d{1,5})?/gi;
const LOCAL = /\blocalhost:\d{1,5}\b/gi;
/** An absolute path of two parts or more; the routes of the APIs are no secret. */
const UNIX_PATH = /(?<![\w/.:-])\/(?!api\/|v1\/)(?:[\w.@+-]{1,64}\/){1,16}[\w.@+~-]{0,128}/g;
const WINDOWS_PATH = /\b[a-z]:\\[^\s"'<>]{1,300}/gi;

/** A host that anyone may know: a name with a dot that is not an address, such as that of a page of documentation. */
function isPublic(url: string): boolean {
  const host = /^[^:]+:\/\/(?:[^@/]{0,200}@)?([^:/?#]{1,253})/.exec(url)?.[1] ?? '';
  return !url.includes('@') && /\.[a-z]{2,24}$/i.test(host) && !/\.(?:local|internal|lan|localhost|svc)$/i.test(host);
}

/** What an upstream says of its failure, without where things lie on its machine: addresses and absolute paths are left out. */
export const withoutPlaces = (text: string): string =>
  text
    .replace(URL_LIKE, (url) => (isPublic(url) ? url : '(address)'))
    .replace(IPV4, '(address)')
    .replace(IPV6, '(address)')
    .replace(LOCAL, '(address)')
    .replace(WINDOWS_PATH, '(path)')
    .replace(UNIX_PATH, '(path)');
