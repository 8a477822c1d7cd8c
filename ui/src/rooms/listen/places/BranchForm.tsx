import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select, Textarea, tell } from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { useProgrammes } from "../data";
import { type Branch, type PlaceDetail, usePlaceActs } from "./data";

function fault(error: unknown, ...fields: string[]): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  const named = error.field?.replace(/^body\./, "");
  return named && fields.includes(named) ? error.message : undefined;
}

const number = (v: string) => (v.trim() === "" ? undefined : Number(v.trim().replace(",", ".")));

// refsOf reads one "network value" a line; an address needs no network.
export function refsOf(text: string): { network: string; value: string }[] {
  return text
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean)
    .map((l) => {
      if (/^https?:\/\//.test(l)) return { network: "url", value: l };
      const cut = l.search(/\s/);
      return cut < 0
        ? { network: l, value: "" }
        : { network: l.slice(0, cut), value: l.slice(cut + 1).trim() };
    });
}

// BranchForm adds a branch by hand, or changes one.
export function BranchForm({
  open,
  onOpenChange,
  of: p,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  of?: PlaceDetail;
}) {
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title={p ? <Trans>Change {p.name}</Trans> : <Trans>Add a branch</Trans>}
    >
      {open && <Form of={p} onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function Form({ of: p, onDone }: { of: PlaceDetail | undefined; onDone: () => void }) {
  const acts = usePlaceActs();
  const go = useNavigate();
  const programmes = useProgrammes(true).data ?? [];
  const [programme, setProgramme] = useState(p?.programme?.id ?? "");
  const act = p ? acts.change : acts.add;
  const known = [
    "name",
    "code",
    "street",
    "city",
    "postcode",
    "region",
    "country",
    "latitude",
    "lat",
    "lon",
    "refs",
    "programme",
    "phone",
  ];
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k) ?? "").trim();
    const lat = number(text("lat"));
    const lon = number(text("lon"));
    const body: Branch = {
      name: text("name"),
      code: text("code"),
      street: text("street"),
      city: text("city"),
      postcode: text("postcode"),
      region: text("region"),
      country: text("country"),
      phone: text("phone"),
      refs: refsOf(String(f.get("refs") ?? "")),
      programme,
      ...(lat !== undefined && lon !== undefined ? { lat, lon } : {}),
    };
    if (p) acts.change.mutate({ id: p.id, ...body }, { onSuccess: onDone });
    else
      acts.add.mutate(body, {
        onSuccess: (b) => {
          onDone();
          tell({ text: t`${b.name} is added. What was said before is looked at again.` });
          void go({ to: "/listen/places/$id", params: { id: b.id } });
        },
      });
  };
  const other = act.error && !fault(act.error, ...known) ? sentenceOf(act.error) : undefined;
  return (
    <form className="touch grid gap-3 sm:grid-cols-6" onSubmit={send}>
      <Field label={<Trans>Name</Trans>} error={fault(act.error, "name") ?? other} className="sm:col-span-4">
        <Input name="name" required maxLength={200} autoFocus defaultValue={p?.name ?? ""} />
      </Field>
      <Field
        label={<Trans>Your number of it</Trans>}
        error={fault(act.error, "code")}
        className="sm:col-span-2"
      >
        <Input name="code" maxLength={200} defaultValue={p?.code ?? ""} />
      </Field>
      <Field label={<Trans>Street</Trans>} className="sm:col-span-6">
        <Input name="street" maxLength={200} defaultValue={p?.street ?? ""} />
      </Field>
      <Field label={<Trans>Postcode</Trans>} className="sm:col-span-2">
        <Input name="postcode" maxLength={200} defaultValue={p?.postcode ?? ""} />
      </Field>
      <Field label={<Trans>City</Trans>} error={fault(act.error, "city")} className="sm:col-span-4">
        <Input name="city" maxLength={200} defaultValue={p?.city ?? ""} />
      </Field>
      <Field label={<Trans>Region</Trans>} className="sm:col-span-3">
        <Input name="region" maxLength={200} defaultValue={p?.region ?? ""} />
      </Field>
      <Field
        label={<Trans>Country</Trans>}
        help={<Trans>Two letters, such as US, or its name.</Trans>}
        error={fault(act.error, "country")}
        className="sm:col-span-3"
      >
        <Input name="country" maxLength={200} defaultValue={p?.country ?? ""} />
      </Field>
      <Field
        label={<Trans>Latitude</Trans>}
        help={<Trans>Left out, the city says where.</Trans>}
        error={fault(act.error, "latitude", "lat")}
        className="sm:col-span-3"
      >
        <Input name="lat" inputMode="decimal" defaultValue={p ? String(p.lat) : ""} />
      </Field>
      <Field label={<Trans>Longitude</Trans>} error={fault(act.error, "lon")} className="sm:col-span-3">
        <Input name="lon" inputMode="decimal" defaultValue={p ? String(p.lon) : ""} />
      </Field>
      <Field label={<Trans>Phone</Trans>} className="sm:col-span-3">
        <Input name="phone" type="tel" maxLength={200} defaultValue={p?.phone ?? ""} />
      </Field>
      <Field label={<Trans>Programme</Trans>} error={fault(act.error, "programme")} className="sm:col-span-3">
        <Select
          value={programme}
          onChange={setProgramme}
          choices={[
            { value: "", label: t`None` },
            ...programmes.map((x) => ({ value: x.id, label: x.name })),
          ]}
        />
      </Field>
      <Field
        label={<Trans>How networks know it</Trans>}
        help={
          <Trans>
            One a line: an address, or the network and its id or handle, such as “google locations/2”. What
            names one of these is tied to this branch.
          </Trans>
        }
        error={fault(act.error, "refs")}
        className="sm:col-span-6"
      >
        <Textarea
          name="refs"
          rows={3}
          defaultValue={(p?.refs ?? [])
            .map((r) => (r.network === "url" ? r.value : `${r.network} ${r.value}`))
            .join("\n")}
        />
      </Field>
      <div className="flex justify-end sm:col-span-6">
        <Button type="submit" look="p" busy={act.isPending}>
          {p ? <Trans>Keep it</Trans> : <Trans>Add it</Trans>}
        </Button>
      </div>
    </form>
  );
}
