import { Download } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";
import { EXPORT_FORMATS, exportUrl } from "@/lib/artifacts/export-url";
import type { Kind } from "@/lib/artifacts/kinds";

interface ExportMenuProps {
  sessionId: string;
  kind: Kind;
  version: number;
  /** Cards are made of definitions; without any there is no deck. */
  hasDefinitions: boolean;
}

/** The notes as files to keep. */
export function ExportMenu({ sessionId, kind, version, hasDefinitions }: ExportMenuProps) {
  const { t } = useTranslation();
  const formats = EXPORT_FORMATS.filter((format) => format !== "anki" || hasDefinitions);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton icon={Download} label={t("versions.export.title")} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={12}
          className="z-50 min-w-44 animate-appear rounded-xl border border-line bg-raised p-1.5 text-sm shadow-raised"
        >
          {formats.map((format) => (
            <DropdownMenu.Item key={format} asChild>
              <a
                href={exportUrl(sessionId, kind, version, format)}
                download
                className="block rounded-lg px-3 py-2 outline-none data-highlighted:bg-sunken"
              >
                {t(`versions.export.${format}`)}
              </a>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
