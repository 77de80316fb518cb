// A link to a place of this page; choosing it goes there and copies the address.

import { useEffect, useState } from "react";

const SAID_FOR = 2000;

export function CopyLink({ anchor, label }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    const { origin, pathname } = window.location;
    // Without a secure connection there is no clipboard; the address bar has the link in any case.
    navigator.clipboard?.writeText(`${origin}${pathname}#${anchor}`).then(
      () => setCopied(true),
      () => {},
    );
  };
  return (
    <a className="copy-link" href={`#${anchor}`} aria-label={label} onClick={copy}>
      {copied ? <span role="status">copied</span> : "#"}
    </a>
  );
}
