/**
 * Does something at once when asked, and again after `intervalMs` if it was asked meanwhile: the
 * last question is never left out.
 */
export function everySoOften(intervalMs: number, act: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsked = false;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked) ask();
    }, intervalMs);
  };
  function ask(): void {
    if (timer !== undefined) {
      isAsked = true;
      return;
    }
    isAsked = false;
    act();
    rest();
  }
  return { ask, stop: () => clearTimeout(timer) };
}
