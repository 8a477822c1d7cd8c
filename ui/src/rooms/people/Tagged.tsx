import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button, Finder, TagChip } from "../../kit";
import { api, ok } from "../../lib/api";
import { useCommands } from "../../lib/commands";
import { useMay } from "../../lib/session";
import { useTags } from "../../lib/tags";
import type { Full } from "./data";

// Tagged is the tags of a person, the same words as on conversations.
export function Tagged({ of: p }: { of: Full }) {
  const may = useMay("people.write");
  const tags = useTags().data ?? [];
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const put = useMutation({
    mutationFn: (body: { add?: string[]; remove?: string[] }) =>
      ok(api.POST("/api/people/{id}/tags", { params: { path: { id: p.id } }, body })),
    onSuccess: (full) => {
      cache.setQueryData(["person", p.id], full);
      void cache.invalidateQueries({ queryKey: ["people"] });
      void cache.invalidateQueries({ queryKey: ["tags", "all"] });
    },
  });
  const borne = p.tags ?? [];
  const bears = (id: string) => borne.some((x) => x.id === id);
  useCommands(t`Person`, [{ id: "person-tag", label: t`Tags`, keys: "t", run: () => setOpen(true) }], may);
  if (!may && borne.length === 0) return null;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-1.5">
      {borne.map((x) => (
        <TagChip key={x.id} tag={x} onRemove={may ? () => put.mutate({ remove: [x.id] }) : undefined} />
      ))}
      {may && (
        <Button look="g" size="sm" touch onClick={() => setOpen(true)} title={t`Tags (T)`}>
          <Plus className="i s" aria-hidden />
          <Trans>Tag</Trans>
        </Button>
      )}
      <Finder
        open={open}
        onOpenChange={setOpen}
        title={t`Tags`}
        stay
        items={tags.map((x) => ({
          id: x.id,
          label: x.name,
          icon: <i className="tagdot" data-color={x.color} />,
          help: x.about,
          on: bears(x.id),
          off: x.yours ? undefined : t`Only managers put this on.`,
        }))}
        onChoose={(id) => put.mutate(bears(id) ? { remove: [id] } : { add: [id] })}
        empty={<Trans>There are no tags yet. Managers make them under Settings, Tags.</Trans>}
      />
    </div>
  );
}
