/** A name with one of these words is secret, unless its last word makes it a description. */
const SECRET_WORDS = new Set(
  `password passwd passphrase passcode passkey passwort pwd pswd psw pw secret credential cred bearer jwt jws jwe token
  authorization authorisation authentication auth cookie otp totp hotp mfa 2fa cvv cvc signature sig hmac csrf xsrf dpop
  sessid sid ssn psk privkey mnemonic kubeconfig kennwort wachtwoord contrasena senha motdepasse`.split(/\s+/),
);

/** Words that make the following ordinary word secret: an API key is secret, a primary key is not. */
const SECRET_PAIRS: Readonly<Record<string, ReadonlySet<string>>> = {
  key: new Set(
    `access account activation admin aes api app application auth cipher client consumer crypto decryption deploy
    deployment encryption function functions gpg host license licence master pgp private recovery root rsa secret security
    server service session shared signature signing ssh ssl storage subscription symmetric tls wallet webhook wrapping`.split(
      /\s+/,
    ),
  ),
  code: new Set(
    `access activation auth authorization backup confirmation device factor login mfa oauth pin recovery reset security sms
    unlock verification verify`.split(/\s+/),
  ),
  id: new Set(['session', 'secret']),
  phrase: new Set(['pass', 'recovery', 'seed']),
  answer: new Set(['security', 'secret']),
  verifier: new Set(['code', 'oauth', 'pkce']),
  link: new Set(['magic']),
  assertion: new Set(['client', 'saml']),
  response: new Set(['saml', 'captcha']),
  number: new Set(['card', 'pin', 'security']),
  card: new Set(['credit', 'debit']),
  word: new Set(['pass']),
  wd: new Set(['pass']),
};

/** Words before "pass" and "pin" in names of secrets. "boarding pass" and "map pin" are not among them. */
const BEFORE_PASS = new Set(
  `admin basic confirm current database db email ftp http imap login mail my mysql new old pg proxy redis repeat root smtp
  ssh user wifi`.split(/\s+/),
);
const BEFORE_PIN = new Set(
  'account bank card confirm current device login my new old sim security unlock user'.split(' '),
);
const AFTER_PIN = new Set(['code', 'number', 'hash', 'block', 'value']);

/** Parts of names written as one word, such as `dbpassword` or `accesstoken`. No ordinary word contains them. */
const IN_ONE_WORD =
  /password|passwd|passphrase|credential|authorization|cvv|jwt|pwd|^(api|access|private|secret|signing|encryption|master)key$|^(pin|pass|auth)code$|sessionid$|sessid$|^cardnumber$|^creditcard$|(secret|token|cookie|signature)$|^(my|proxy|basic|http|x)auth$/;

/** Words with an ordinary meaning too: `signatureDish` and `fortuneCookieRecipe` are not secret, `cookieHeader` is. */
const ORDINARY = new Set(['bearer', 'cookie', 'signature']);

/** Words that may follow such a word in a secret name, without a trailing number: they describe its form. */
const FORMS =
  /^(?:auth|b|base|byte|content|data|hash|header|hex|jar|key|payload|raw|secret|string|text|token|v|value|\d+)$/;

/** Last words of names that describe a secret and do not contain it: its length, type, age, origin and so on. */
const DESCRIBES = new Set(
  `age algorithm alg algorithms at banner button by changed config configuration consent count created date enabled
  email endpoint expired expires expiration expiry field flow format group groups host in issuer kind label length limit manager max method
  methods min mode name needed options page placeholder policies policy port provider providers realm required requirements
  role roles rotation rules scheme schema screen server settings size state status strength supported time ttl type types updated uri
  url usage used user username version visible`.split(/\s+/),
);

/** Most characters of a name that are compared. */
const MAX_LOOKED_AT = 256;

/** Cache of results, because most names recur. */
const MAX_REMEMBERED = 2_000;
const remembered = new Map<string, boolean>();

/**
 * Whether the value of a name is a secret, in any spelling: `password_confirmation`, `passwordHash`, `X-Api-Key`,
 * `accesstoken`. Whole words are compared, so `author`, `keyboard`, `monkey`, `tokenCount` and `passenger` are not.
 */
export function isSecretName(name: string): boolean {
  const short = name.slice(0, MAX_LOOKED_AT);
  const known = remembered.get(short);
  if (known !== undefined) return known;
  const secret = isSecret(wordsOf(short));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(short, secret);
  return secret;
}

/** Whether a word can be secret after another word, such as `id` in `session: { id }`. */
export function isSecondWord(name: string): boolean {
  const word = name.toLowerCase();
  return word === 'pass' || Object.hasOwn(SECRET_PAIRS, word);
}

/** Whether a name is plural, so that a number under it is a count. */
export function isPlural(name: string): boolean {
  return /s$/i.test(name);
}

function isSecret(words: readonly string[]): boolean {
  if (words.length > 1 && DESCRIBES.has(words.at(-1) as string)) return false;
  const singular = words.map((word) => (/..[^s]s$/.test(word) && word !== 'pins' ? word.slice(0, -1) : word));
  const holdsOne = (word: string, place: number): boolean => {
    if (ORDINARY.has(word)) return FORMS.test(singular[place + 1] ?? 'value');
    return SECRET_WORDS.has(word) || IN_ONE_WORD.test(word) || isPair(singular, place) || isPassOrPin(singular, place);
  };
  // Also matches odd capitalisation, such as `pAssword`.
  return singular.some(holdsOne) || SECRET_WORDS.has(singular.join(''));
}

function isPair(words: readonly string[], place: number): boolean {
  const [first, before = '', word = ''] = [words[place - 2], words[place - 1], words[place]];
  if (word === 'code' && before === 'time') return first === 'one';
  return Object.hasOwn(SECRET_PAIRS, word) && SECRET_PAIRS[word]?.has(before) === true;
}

function isPassOrPin(words: readonly string[], place: number): boolean {
  const [before, word, after] = [words[place - 1], words[place], words[place + 1]];
  if (word === 'pass') return after === undefined && (before === undefined || BEFORE_PASS.has(before));
  if (word !== 'pin') return false;
  return (before === undefined || BEFORE_PIN.has(before)) && (after === undefined || AFTER_PIN.has(after));
}

/**
 * Splits a name in camel case, snake case, kebab case or any other into lower-case words, without accents and trailing
 * numbers.
 */
function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/(?<=\p{L})\p{N}+$/u, ''))
    .filter((word) => word !== '');
}
