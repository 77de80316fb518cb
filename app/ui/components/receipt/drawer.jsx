// A drawer at the right of a page: a modal dialog, so that the browser keeps the focus in it,
// closes it on Escape and gives the focus back. While it is open it asks for news.

import { useEffect, useRef, useState } from "react";

const OPEN = "open-drawer";
const SAID_FOR = 2000;

export function DrawerTrigger({ children, className, title }) {
  return (
    <button
      type="button"
      className={className}
      title={title}
      aria-haspopup="dialog"
      onClick={() => window.dispatchEvent(new Event(OPEN))}
    >
      {children}
    </button>
  );
}

function useOpening(dialog, onRefresh) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const show = () => {
      if (dialog.current.open) return;
      dialog.current.showModal();
      setOpen(true);
      onRefresh();
    };
    window.addEventListener(OPEN, show);
    return () => window.removeEventListener(OPEN, show);
  }, []);
  return [open, setOpen];
}

export function Drawer({ label, title, every, onRefresh, children }) {
  const dialog = useRef(null);
  const [open, setOpen] = useOpening(dialog, onRefresh);
  useEffect(() => {
    if (!open) return undefined;
    const again = setInterval(() => document.hidden || onRefresh(), every);
    return () => clearInterval(again);
  }, [open]);
  const close = () => dialog.current.close();
  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-label={label}
      onClose={() => setOpen(false)}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <header className="drawer-head">
        <h2>{title}</h2>
        <button type="button" className="button" onClick={() => onRefresh()}>
          Refresh
        </button>
        <button type="button" className="icon-button" aria-label="Close" onClick={close}>
          <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
          </svg>
        </button>
      </header>
      <div className="drawer-body" tabIndex={-1}>
        {open && children}
      </div>
    </dialog>
  );
}

export function CopyJson({ href }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      const answer = await fetch(href);
      if (!answer.ok) throw new Error(answer.statusText);
      await navigator.clipboard.writeText(JSON.stringify(await answer.json(), null, 2));
      setSaid("Copied");
    } catch {
      // No clipboard without a secure connection, no answer without a network.
      setSaid("Not copied");
    }
  };
  return (
    <>
      <button type="button" className="button" onClick={copy}>
        {said || "Copy JSON"}
      </button>
      <span className="for-readers" role="status">
        {said}
      </span>
    </>
  );
}
