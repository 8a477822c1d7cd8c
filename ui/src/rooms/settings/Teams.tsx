import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  Button,
  Dialog,
  DialogClose,
  Empty,
  Field,
  Input,
  Select,
  SelectMany,
  Stack,
  States,
  Table,
} from "../../kit";
import { api, type Item, ok } from "../../lib/api";
import { sentenceOf } from "../../lib/problem";
import { useMay, useSession } from "../../lib/session";
import { fault } from "./data";
import { Frame } from "./Frame";

type Team = Item<"/api/teams">;
type Sharing = Team["sharing"];

function useTeamList() {
  return useQuery({
    queryKey: ["counts", "teams"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/teams", { signal }))).items ?? [],
  });
}

interface Body {
  name: string;
  programme?: string;
  sharing: Sharing;
  members: string[];
  archived?: boolean;
}

function useKeepTeam() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Body & { id?: string | undefined }) =>
      id
        ? ok(api.PUT("/api/teams/{id}", { params: { path: { id } }, body }))
        : ok(api.POST("/api/teams", { body })),
    meta: { quiet: true },
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["counts"] }),
  });
}

export function sharingName(s: Sharing): string {
  return s === "turns" ? t`By turns` : s === "load" ? t`Whoever has least` : t`Whoever takes it`;
}

// Teams is to whom conversations can be given together.
export function Teams() {
  const may = useMay("govern.write");
  const reads = useMay("inbox.read");
  const teams = useTeamList();
  const [editing, setEditing] = useState<Team | "new">();
  const add = (
    <Button look="p" size="md" touch onClick={() => setEditing("new")}>
      <Plus className="i s" aria-hidden />
      <Trans>New team</Trans>
    </Button>
  );
  return (
    <Frame name={t`Teams`} may={reads} acts={may ? add : undefined}>
      <p className="max-w-(--measure) pb-4 text-ink-2">
        <Trans>
          A conversation can be given to a team. Its members take what is there, or get it by turns, or
          whoever has the fewest open conversations gets the next.
        </Trans>
      </p>
      <States
        of={teams}
        empty={
          <Empty title={<Trans>There are no teams yet.</Trans>} acts={may ? add : undefined}>
            <Trans>Such as “second line”, or “shop Porto”.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={t`Teams`}
            head={
              <>
                <th>
                  <Trans>Team</Trans>
                </th>
                <th>
                  <Trans>Members</Trans>
                </th>
                <th className="max-sm:hidden">
                  <Trans>Who gets the next</Trans>
                </th>
                <th className="num">
                  <Trans>Open</Trans>
                </th>
              </>
            }
          >
            {rows.map((x) => (
              <tr key={x.id}>
                <td>
                  <span className="block py-1">
                    {may ? (
                      <button type="button" className="link font-medium" onClick={() => setEditing(x)}>
                        {x.name}
                      </button>
                    ) : (
                      <span className="font-medium">{x.name}</span>
                    )}
                    <span className="block text-xs text-ink-3">
                      {x.programme?.name ?? <Trans>The whole company</Trans>}
                    </span>
                  </span>
                </td>
                <td>
                  <span className="flex items-center gap-2">
                    <Stack names={(x.members ?? []).slice(0, 4).map((m) => m.name)} us />
                    <span className="text-xs text-ink-3 max-sm:sr-only">
                      <Plural value={(x.members ?? []).length} one="# member" other="# members" />
                    </span>
                  </span>
                </td>
                <td className="max-sm:hidden">{sharingName(x.sharing)}</td>
                <td className="num">{x.open >= 100 ? "99+" : x.open}</td>
              </tr>
            ))}
          </Table>
        )}
      </States>
      <Dialog
        open={editing !== undefined}
        onOpenChange={(o) => !o && setEditing(undefined)}
        title={editing === "new" ? <Trans>New team</Trans> : <Trans>Change the team</Trans>}
      >
        {editing && (
          <Form team={editing === "new" ? undefined : editing} done={() => setEditing(undefined)} />
        )}
      </Dialog>
    </Frame>
  );
}

function Form({ team, done }: { team: Team | undefined; done: () => void }) {
  const keep = useKeepTeam();
  const programmes = useSession()?.member?.programmes ?? [];
  const [programme, setProgramme] = useState(team?.programme?.id ?? "");
  const [sharing, setSharing] = useState<Sharing>(team?.sharing ?? "hand");
  const [members, setMembers] = useState<readonly string[]>((team?.members ?? []).map((m) => m.id));
  const mates = useQuery({
    queryKey: ["mates", programme],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/mates", { params: { query: programme ? { programme } : {} }, signal })))
        .items ?? [],
  });
  const save = (name: string, archived = false) =>
    keep.mutate(
      {
        id: team?.id,
        name,
        sharing,
        members: [...members],
        ...(programme ? { programme } : {}),
        ...(archived ? { archived } : {}),
      },
      { onSuccess: done },
    );
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    save(String(new FormData(e.currentTarget).get("name") ?? ""));
  };
  const error = keep.error;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={<Trans>Name</Trans>} error={fault(error, "name")}>
        <Input name="name" required maxLength={60} defaultValue={team?.name} />
      </Field>
      <Field label={<Trans>Where it works</Trans>}>
        <Select
          value={programme}
          onChange={setProgramme}
          choices={[
            { value: "", label: t`The whole company` },
            ...programmes.map((p) => ({ value: p.id, label: p.name })),
          ]}
        />
      </Field>
      <Field label={<Trans>Members</Trans>} error={fault(error, "members")}>
        <SelectMany
          value={[...members]}
          onChange={setMembers}
          placeholder={t`nobody yet`}
          choices={(mates.data ?? []).map((m) => ({ value: m.id, label: m.name }))}
        />
      </Field>
      <Field label={<Trans>Who gets the next</Trans>}>
        <Select
          value={sharing}
          onChange={setSharing}
          choices={(["hand", "turns", "load"] as const).map((s) => ({ value: s, label: sharingName(s) }))}
        />
      </Field>
      {Boolean(error) && !fault(error, "name") && !fault(error, "members") && (
        <p className="text-alarm" role="alert">
          {sentenceOf(error)}
        </p>
      )}
      <div className="touch flex flex-wrap justify-end gap-2">
        {team && (
          <Button look="g" type="button" className="me-auto" onClick={() => save(team.name, true)}>
            <Trans>Into the archive</Trans>
          </Button>
        )}
        <DialogClose
          render={
            <Button look="g" type="button">
              <Trans>Not now</Trans>
            </Button>
          }
        />
        <Button look="p" type="submit" busy={keep.isPending}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}
