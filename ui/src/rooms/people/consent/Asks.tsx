import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import {
  AsidePart,
  Button,
  Chip,
  Dialog,
  DialogClose,
  Field,
  HoldLine,
  Input,
  PlaceHold,
  Select,
} from "../../../kit";
import { api, ok } from "../../../lib/api";
import { day } from "../../../lib/format";
import { requestKind, requestState, requestTone } from "../../../lib/privacy";
import { useMay } from "../../../lib/session";

type Kind = "export" | "erasure";
const at = (id: string) => ({ params: { path: { id } } });

// Asks is what somebody asked of us about themselves, and what keeps them from being erased.
export function Asks({ id, name }: { id: string; name: string }) {
  const may = useMay("privacy.write");
  const holds = useMay("privacy.hold");
  const cache = useQueryClient();
  const go = useNavigate();
  const [opens, setOpens] = useState<"ask">();
  const found = useQuery({
    queryKey: ["privacy", "person", id],
    queryFn: ({ signal }) => ok(api.GET("/api/people/{id}/privacy", { ...at(id), signal })),
    enabled: may,
  }).data;
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["privacy"] });
  const ask = useMutation({
    mutationFn: (body: { kind: Kind; how: string }) =>
      ok(
        api.POST("/api/people/{id}/privacy/requests", { ...at(id), body: { ...body, asked_by: "customer" } }),
      ),
    onSuccess: (r) => {
      onSuccess();
      void go({ to: "/settings/privacy", search: { request: r.id } });
    },
  });
  const [kind, setKind] = useState<Kind>("export");
  if (!may || !found) return null;
  const word = (e: FormEvent<HTMLFormElement>, field: string) => {
    e.preventDefault();
    return String(new FormData(e.currentTarget).get(field) ?? "").trim();
  };
  return (
    <AsidePart title={<Trans>Privacy</Trans>}>
      <ul className="flex flex-col gap-2">
        {(found.holds ?? []).map((h) => (
          <HoldLine key={h.id} of={h} may={holds} />
        ))}
        {(found.requests ?? []).map((r) => (
          <li key={r.id} className="flex items-center gap-2">
            <Link
              to="/settings/privacy"
              search={{ request: r.id }}
              className="min-w-0 flex-1 truncate hover:underline"
            >
              {requestKind(r.kind)}
            </Link>
            <Chip tone={requestTone(r)}>
              {r.closed_at ? requestState(r.state) : r.late ? t`late` : t`due ${day(r.due_at)}`}
            </Chip>
          </li>
        ))}
      </ul>
      <div className="touch mt-2 flex flex-wrap gap-2">
        <Button size="sm" onClick={() => setOpens("ask")}>
          <Trans>They ask</Trans>
        </Button>
        {holds && (found.holds ?? []).length === 0 && <PlaceHold kind="person" on={id} name={name} />}
      </div>
      <Dialog
        open={opens === "ask"}
        onOpenChange={(o) => !o && setOpens(undefined)}
        title={<Trans>What {name} asks of us</Trans>}
        text={<Trans>It is due thirty days from today, and carried out in Settings, Privacy.</Trans>}
      >
        <form className="flex flex-col gap-3" onSubmit={(e) => ask.mutate({ kind, how: word(e, "how") })}>
          <Field label={<Trans>What</Trans>}>
            <Select
              value={kind}
              onChange={setKind}
              choices={[
                { value: "export" as Kind, label: requestKind("export") },
                { value: "erasure" as Kind, label: requestKind("erasure") },
              ]}
            />
          </Field>
          <Field
            label={<Trans>How they asked</Trans>}
            help={<Trans>And how you know that it is they.</Trans>}
          >
            <Input name="how" maxLength={1000} autoComplete="off" />
          </Field>
          <Ends busy={ask.isPending} label={<Trans>Write it down</Trans>} />
        </form>
      </Dialog>
    </AsidePart>
  );
}

function Ends({ busy, label }: { busy: boolean; label: React.ReactNode }) {
  return (
    <div className="touch flex justify-end gap-2">
      <DialogClose
        render={
          <Button look="g" type="button">
            <Trans>Not now</Trans>
          </Button>
        }
      />
      <Button look="p" type="submit" busy={busy}>
        {label}
      </Button>
    </div>
  );
}
