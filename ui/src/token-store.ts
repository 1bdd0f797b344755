const kKey = "atrium.token";
const kSignedOut = "";

// Each tab keeps its own token, so that tabs may be different users and a reload keeps the user. The last token is kept for
// the whole browser as well: a new tab starts with it. A tab that signed out stays out, whatever other tabs do.

export function readToken(): string | null {
  const own = sessionStorage.getItem(kKey);
  if (own === kSignedOut) return null;
  return own ?? localStorage.getItem(kKey);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(kKey, token);
  localStorage.setItem(kKey, token);
}

export function forgetToken(): void {
  if (readToken() === localStorage.getItem(kKey)) localStorage.removeItem(kKey);
  sessionStorage.setItem(kKey, kSignedOut);
}
