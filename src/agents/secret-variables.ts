import type { Environment } from '../kernel/home.ts';

/** Shorter ones are switches and counts; and every word that shares six characters with a key is taken out. */
const SHORTEST_KEY = 12;

/**
 * The values of an environment that are keys. A variable that only says where something lies is none: every path that
 * shares a folder's name with it would vanish from what a program says. In doubt a value is a key.
 */
export const secretsIn = (env: Environment): string[] =>
  Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= SHORTEST_KEY && isSecretName(name) && !tellsPlace(name, value)
      ? [value]
      : [],
  );

/** `OPENAI_API_KEY`, `MY_APIKEY`, `authToken2`, `PGPASSWORD`; not `GNOME_KEYRING_CONTROL`. */
const isSecretName = (name: string): boolean => SECRET_NAME.test(name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_'));

const SECRET_NAME = /SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|(?:KEY|TOKEN)S?(?![a-z])/i;

const tellsPlace = (name: string, value: string): boolean =>
  (PLACE_NAME.test(name) && PATH_OR_FILE.test(value)) || KNOWN_PATH.test(value) || isPlainUrl(value);

const PLACE_NAME = /_(?:PATH|FILE|DIR|DIRECTORY|FOLDER|CONTROL|SOCK|SOCKET)$/i;
const PATH_OR_FILE = /^(?:(?:~|\.{1,2})?[/\\]|[A-Za-z]:[/\\])\S*$|^[\w./\\-]+\.[a-z]{2,4}$/;
/** Not just any slash: one in 64 keys in base64 begins with it. */
const KNOWN_PATH =
  /^(?:~[/\\]|[A-Za-z]:\\|\/(?:home|Users|root|run|var|etc|tmp|private|opt|usr|mnt|media|srv|Library|Volumes)\/)[^\r\n]*$/;

/** Nothing in it that could be a key: no user, no query, and only words in its path. */
function isPlainUrl(value: string): boolean {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return false;
  const { username, password, search, hash, hostname, pathname } = new URL(value);
  return (
    [username, password, search, hash].every((part) => part === '') &&
    hostname.split('.').every((label) => label.length < 20) &&
    pathname.split('/').every((part) => /^(?:[a-z._-]{0,20}|v\d{1,2})$/.test(part))
  );
}
