import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { HandHelping } from "lucide-react";
import { MenuItem, tell } from "../../../kit";
import { api, ok } from "../../../lib/api";
import { sentenceOf } from "../../../lib/problem";

// AskHive gives a conversation to the hive by hand.
export function AskHive({ id }: { id: string }) {
  const cache = useQueryClient();
  const ask = useMutation({
    mutationFn: () => ok(api.POST("/api/conversations/{id}/hive", { params: { path: { id } } })),
    meta: { quiet: true },
    onSuccess: () => tell({ text: t`The hive asks those who may know.` }),
    onError: (e) => tell({ text: sentenceOf(e), bad: true }),
    onSettled: () => {
      for (const noun of ["hive", "conversations", "counts"])
        void cache.invalidateQueries({ queryKey: [noun] });
      void cache.invalidateQueries({ queryKey: ["conversation", id] });
    },
  });
  return (
    <MenuItem icon={<HandHelping className="i" aria-hidden />} onSelect={() => ask.mutate()}>
      <Trans>Ask the hive</Trans>
    </MenuItem>
  );
}
