import { useEffect, useRef, useState, type PointerEvent } from "react";

const OPEN_DELAY_MS = 250;
const CLOSE_DELAY_MS = 200;

/**
 * Opens something when the mouse rests on it, and closes it when the mouse has left for good.
 * Spread `hover` on what counts as "on it"; React counts a popover opened from within as well,
 * though it stands elsewhere in the document. Touch and pen press instead.
 */
export function useHoverIntent() {
  const [isOpen, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const set = (open: boolean) => {
    clearTimeout(timer.current);
    setOpen(open);
  };
  const setLater = (event: PointerEvent, open: boolean, delayMs: number) => {
    clearTimeout(timer.current);
    if (event.pointerType === "mouse") timer.current = setTimeout(() => setOpen(open), delayMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const hover = {
    onPointerEnter: (event: PointerEvent) => setLater(event, true, OPEN_DELAY_MS),
    onPointerLeave: (event: PointerEvent) => setLater(event, false, CLOSE_DELAY_MS),
  };
  return { isOpen, set, hover };
}
