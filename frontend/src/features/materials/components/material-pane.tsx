import clsx from "clsx";
import { ClipboardPaste, Upload as UploadIcon } from "lucide-react";
import { useCallback, useState } from "react";
import { useDropzone } from "react-dropzone";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";

import { useDeleteMaterial, useMaterials } from "../api/use-materials";
import { useUploads } from "../api/use-uploads";

import { MaterialRow } from "./material-row";
import { PasteDialog } from "./paste-dialog";
import { UploadRow } from "./upload-row";

interface MaterialPaneProps {
  sessionId: string;
  onOpen: (materialId: string) => void;
}

function MaterialList({ sessionId, onOpen }: MaterialPaneProps) {
  const materials = useMaterials(sessionId);
  const remove = useDeleteMaterial(sessionId);
  if (materials.data === undefined) {
    return (
      <li className="flex h-14 flex-col justify-center gap-2 px-3">
        <Skeleton className="h-4 w-3/5" />
        <Skeleton className="h-3 w-2/5" />
      </li>
    );
  }
  return materials.data.map((material) => (
    <li key={material.id}>
      <MaterialRow
        material={material}
        onOpen={() => onOpen(material.id)}
        onDelete={() => remove.mutate(material.id)}
      />
    </li>
  ));
}

/** A session's material. Files may be dropped anywhere on it. */
export function MaterialPane({ sessionId, onOpen }: MaterialPaneProps) {
  const { t } = useTranslation();
  const materials = useMaterials(sessionId);
  const [isPasting, setPasting] = useState(false);
  const [news, setNews] = useState("");
  const tellAdded = useCallback(
    (title: string) => setNews(t("materials.added", { title })),
    [t],
  );
  const { uploads, add, again, dismiss } = useUploads(sessionId, tellAdded);
  const drop = useDropzone({
    onDrop: (files: File[]) => add(files.map((file) => ({ file }))),
    noClick: true,
    noKeyboard: true,
  });
  return (
    <section
      {...drop.getRootProps({ role: "region" })}
      aria-labelledby="material-title"
      className={clsx(
        "flex flex-col gap-3 rounded-2xl border bg-surface p-5 transition-colors",
        drop.isDragActive ? "border-accent bg-accent-soft" : "border-line",
      )}
    >
      <div className="flex items-baseline gap-2">
        <h2 id="material-title" className="text-base font-semibold">
          {t("materials.title")}
        </h2>
        {materials.data && materials.data.length > 1 && (
          <span className="text-sm text-muted tabular-nums">{materials.data.length}</span>
        )}
      </div>
      {/* With many of them the ways to add another, and the work, stay within reach. */}
      <ul className="-mx-3 flex max-h-[60dvh] flex-col gap-1 overflow-y-auto">
        <MaterialList sessionId={sessionId} onOpen={onOpen} />
      </ul>
      <ul className="-mx-3 flex flex-col gap-1 empty:hidden">
        {uploads.map((upload) => (
          <li key={upload.id}>
            <UploadRow upload={upload} onAgain={again} onDismiss={dismiss} />
          </li>
        ))}
      </ul>
      <div className="flex flex-col items-center gap-1 rounded-xl border border-dashed border-line-strong px-4 py-6 text-center">
        <p className="text-sm font-medium">
          {drop.isDragActive ? t("materials.dropNow") : t("materials.drop")}
        </p>
        <p className="text-xs text-balance text-muted">{t("materials.dropHint")}</p>
        <input {...drop.getInputProps({ "aria-hidden": true })} />
        <div className="mt-3 flex flex-wrap justify-center gap-2">
          <Button size="sm" onClick={drop.open}>
            <UploadIcon aria-hidden size={16} />
            {t("materials.choose")}
          </Button>
          <Button size="sm" onClick={() => setPasting(true)}>
            <ClipboardPaste aria-hidden size={16} />
            {t("materials.paste")}
          </Button>
        </div>
      </div>
      <p aria-live="polite" className="sr-only">
        {news}
      </p>
      <PasteDialog
        open={isPasting}
        onOpenChange={setPasting}
        onPaste={(title, text) => add([{ title, text }])}
      />
    </section>
  );
}
