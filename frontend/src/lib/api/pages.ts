interface Page<T> {
  items: T[];
  nextCursor?: string | null;
}

/** Reads a list to its end; for lists that a person reads whole and that stay short. */
export async function allPages<T>(
  read: (cursor: { cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await read(cursor ? { cursor } : {});
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}
