import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Goal, HandHeart } from "lucide-react";
import { Button, tell } from "../../kit";
import { api, ok } from "../../lib/api";
import { useMay } from "../../lib/session";
import type { Message, TalkFull } from "./data";

// Keep takes what stands in a message to the person in one press: their words
// as a goal, ours as a promise.
export function Keep({ m, talk }: { m: Message; talk: TalkFull | undefined }) {
  const may = useMay("people.write");
  const cache = useQueryClient();
  const person = talk?.author.person;
  const theirs = m.kind === "theirs";
  const fresh = () => {
    for (const noun of ["card", "timeline"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  const undo = useMutation({
    mutationFn: (id: string) => {
      const where = { params: { path: { id } } };
      return ok(theirs ? api.DELETE("/api/goals/{id}", where) : api.DELETE("/api/promises/{id}", where));
    },
    onSuccess: fresh,
  });
  const keep = useMutation({
    mutationFn: async () => {
      const where = { params: { path: { id: person ?? "" } } };
      const body = { text: m.text.slice(0, 1000), conversation: talk?.id ?? "", message: m.id };
      return theirs
        ? ok(api.POST("/api/people/{id}/goals", { ...where, body }))
        : ok(api.POST("/api/people/{id}/promises", { ...where, body }));
    },
    onSuccess: (made) => {
      fresh();
      tell({
        text: theirs
          ? t`Kept as what ${m.author.name} wants.`
          : t`Kept as a promise; on their page you can say until when.`,
        undo: () => undo.mutate(made.id),
      });
    },
  });
  if (!may || !person || !m.text || m.deleted_at) return null;
  return (
    <Button
      look="g"
      size="sm"
      square
      className="!size-6 self-center"
      busy={keep.isPending}
      aria-label={theirs ? t`Keep as what they want` : t`Keep as a promise`}
      title={theirs ? t`Keep as what they want` : t`Keep as a promise`}
      onClick={() => keep.mutate()}
    >
      {theirs ? (
        <Goal className="i s !size-3.5" aria-hidden />
      ) : (
        <HandHeart className="i s !size-3.5" aria-hidden />
      )}
    </Button>
  );
}
