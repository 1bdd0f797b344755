export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 24 26" width="22" height="24" aria-hidden="true">
        <path d="M2 25V12a10 10 0 0 1 20 0v13h-4.4V12a5.6 5.6 0 0 0-11.2 0v13z" fill="currentColor" />
        <circle className="brand-light" cx="12" cy="22" r="3" />
      </svg>
      Atrium
    </span>
  );
}
