import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, Ellipsis, Lock, Merge, PencilLine, Plus, Undo2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  Button,
  Checkbox,
  Chip,
  Dialog,
  DialogClose,
  Empty,
  Field,
  Input,
  Menu,
  MenuItem,
  Select,
  States,
  Switch,
  Table,
  TagChip,
  Textarea,
  tell,
} from "../../kit";
import { api, type Item, ok } from "../../lib/api";
import { count } from "../../lib/format";
import { useMay } from "../../lib/session";
import { fault } from "./data";
import { Frame } from "./Frame";

type Tag = Item<"/api/tags">;
type Color = Tag["color"];
const at = (id: string) => ({ params: { path: { id } } });

function useAllTags() {
  return useQuery({
    queryKey: ["tags", "all"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/tags", { params: { query: { uses: true, all: true } }, signal }))).items ?? [],
  });
}

interface TagBody {
  name: string;
  color: Color;
  about: string;
  guarded: boolean;
}

function useTagActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["tags"] });
    void cache.invalidateQueries({ queryKey: ["conversations"] });
  };
  return {
    keep: useMutation({
      mutationFn: ({ id, ...body }: TagBody & { id?: string | undefined }) =>
        id ? ok(api.PATCH("/api/tags/{id}", { ...at(id), body })) : ok(api.POST("/api/tags", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    archive: useMutation({
      mutationFn: ({ id, archived }: { id: string; archived: boolean }) =>
        ok(api.PATCH("/api/tags/{id}", { ...at(id), body: { archived } })),
      onSuccess,
    }),
    merge: useMutation({
      mutationFn: ({ id, into }: { id: string; into: string }) =>
        ok(api.POST("/api/tags/{id}/merge", { ...at(id), body: { into } })),
      onSuccess,
    }),
    unmerge: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/tags/{id}/unmerge", at(id))),
      onSuccess,
    }),
  };
}

// Tags is the vocabulary of the whole company: what conversations and persons bear.
export function Tags() {
  const may = useMay("govern.write");
  const tags = useAllTags();
  const [editing, setEditing] = useState<Tag | "new">();
  const [old, setOld] = useState(false);
  const add = (
    <Button look="p" size="md" touch onClick={() => setEditing("new")}>
      <Plus className="i s" aria-hidden />
      <Trans>New tag</Trans>
    </Button>
  );
  const hidden = (tags.data ?? []).some((x) => x.archived || x.into);
  return (
    <Frame name={t`Tags`} acts={may ? add : undefined}>
      <p className="max-w-(--measure) pb-4 text-ink-2">
        <Trans>
          One vocabulary for everybody: a tag means the same on a conversation and on a person. Two tags for
          one thing can be merged; nothing is lost, and it can be undone.
        </Trans>
      </p>
      {hidden && (
        <div className="pb-3">
          <Switch label={<Trans>Show archived and merged ones</Trans>} checked={old} onChange={setOld} />
        </div>
      )}
      <States
        of={tags}
        empty={
          <Empty title={<Trans>There are no tags yet.</Trans>} acts={may ? add : undefined}>
            <Trans>A handful is enough: what people would search for, such as “warranty”.</Trans>
          </Empty>
        }
      >
        {(all) => (
          <Table
            label={t`Tags`}
            head={
              <>
                <th>
                  <Trans>Tag</Trans>
                </th>
                <th className="max-md:hidden">
                  <Trans>When it is put on</Trans>
                </th>
                <th className="num">
                  <Trans>Conversations</Trans>
                </th>
                <th className="num max-sm:hidden">
                  <Trans>People</Trans>
                </th>
                <th>
                  <span className="sr-only">
                    <Trans>Acts</Trans>
                  </span>
                </th>
              </>
            }
          >
            {all
              .filter((x) => old || !(x.archived || x.into))
              .map((x) => (
                <Row key={x.id} tag={x} all={all} may={may} onEdit={() => setEditing(x)} />
              ))}
          </Table>
        )}
      </States>
      <Dialog
        open={editing !== undefined}
        onOpenChange={(o) => !o && setEditing(undefined)}
        title={editing === "new" ? <Trans>New tag</Trans> : <Trans>Change the tag</Trans>}
      >
        {editing && <Form tag={editing === "new" ? undefined : editing} done={() => setEditing(undefined)} />}
      </Dialog>
    </Frame>
  );
}

const many = (n: number | undefined) => (n === undefined ? "–" : n >= 1000 ? "999+" : count(n));

function Row({ tag: x, all, may, onEdit }: { tag: Tag; all: Tag[]; may: boolean; onEdit: () => void }) {
  const acts = useTagActs();
  const [merging, setMerging] = useState(false);
  return (
    <tr>
      <td>
        <span className="flex flex-wrap items-center gap-1.5 py-1">
          <TagChip tag={x} archived={x.archived} />
          {x.guarded && (
            <Chip tone="outline" icon={<Lock aria-hidden />}>
              <Trans>managers</Trans>
            </Chip>
          )}
          {x.into && (
            <span className="text-xs text-ink-3">
              <Trans>is {x.into.name} now</Trans>
            </span>
          )}
        </span>
      </td>
      <td className="text-ink-2 max-md:hidden">{x.about}</td>
      <td className="num">{x.into ? "" : many(x.conversations)}</td>
      <td className="num max-sm:hidden">{x.into ? "" : many(x.persons)}</td>
      <td className="w-10">
        {may && (
          <Menu
            align="end"
            trigger={
              <Button look="g" size="sm" square touch aria-label={t`What to do with ${x.name}`}>
                <Ellipsis className="i" aria-hidden />
              </Button>
            }
          >
            {x.into ? (
              <MenuItem icon={<Undo2 className="i" aria-hidden />} onSelect={() => acts.unmerge.mutate(x.id)}>
                <Trans>Undo the merge</Trans>
              </MenuItem>
            ) : (
              <>
                <MenuItem icon={<PencilLine className="i" aria-hidden />} onSelect={onEdit}>
                  <Trans>Change</Trans>
                </MenuItem>
                <MenuItem icon={<Merge className="i" aria-hidden />} onSelect={() => setMerging(true)}>
                  <Trans>Merge into another</Trans>
                </MenuItem>
                <MenuItem
                  icon={
                    x.archived ? (
                      <ArchiveRestore className="i" aria-hidden />
                    ) : (
                      <Archive className="i" aria-hidden />
                    )
                  }
                  onSelect={() => acts.archive.mutate({ id: x.id, archived: !x.archived })}
                >
                  {x.archived ? <Trans>Take it out of the archive</Trans> : <Trans>Into the archive</Trans>}
                </MenuItem>
              </>
            )}
          </Menu>
        )}
        <Dialog open={merging} onOpenChange={setMerging} title={<Trans>Merge “{x.name}” into</Trans>}>
          {merging && (
            <MergeForm
              tag={x}
              others={all.filter((y) => y.id !== x.id && !y.into && !y.archived)}
              done={() => setMerging(false)}
            />
          )}
        </Dialog>
      </td>
    </tr>
  );
}

function MergeForm({ tag, others, done }: { tag: Tag; others: Tag[]; done: () => void }) {
  const acts = useTagActs();
  const [into, setInto] = useState<string | null>(null);
  const name = others.find((x) => x.id === into)?.name ?? "";
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(e) => {
        e.preventDefault();
        if (into)
          acts.merge.mutate(
            { id: tag.id, into },
            {
              onSuccess: () => {
                done();
                tell({ text: t`“${tag.name}” is “${name}” now.`, undo: () => acts.unmerge.mutate(tag.id) });
              },
            },
          );
      }}
    >
      <p className="text-ink-2">
        <Trans>
          What bears it is shown and found as bearing the other one. You can undo this at any time.
        </Trans>
      </p>
      <Field label={<Trans>The tag that stays</Trans>}>
        <Select
          value={into}
          onChange={setInto}
          placeholder={t`choose`}
          choices={others.map((x) => ({
            value: x.id,
            label: x.name,
            icon: <i className="tagdot" data-color={x.color} />,
          }))}
        />
      </Field>
      <div className="touch flex justify-end gap-2">
        <DialogClose
          render={
            <Button look="g" type="button">
              <Trans>Not now</Trans>
            </Button>
          }
        />
        <Button look="p" type="submit" disabled={!into} busy={acts.merge.isPending}>
          <Trans>Merge</Trans>
        </Button>
      </div>
    </form>
  );
}

function colorName(c: Color): string {
  switch (c) {
    case "red":
      return t`Red`;
    case "orange":
      return t`Orange`;
    case "yellow":
      return t`Yellow`;
    case "green":
      return t`Green`;
    case "teal":
      return t`Teal`;
    case "blue":
      return t`Blue`;
    case "violet":
      return t`Violet`;
    case "pink":
      return t`Pink`;
    default:
      return t`Grey`;
  }
}
const colors: readonly Color[] = [
  "grey",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "violet",
  "pink",
];

function Form({ tag, done }: { tag: Tag | undefined; done: () => void }) {
  const acts = useTagActs();
  const [color, setColor] = useState<Color>(tag?.color ?? "blue");
  const [guarded, setGuarded] = useState(tag?.guarded ?? false);
  const error = acts.keep.error;
  const save = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    acts.keep.mutate(
      {
        id: tag?.id,
        name: String(form.get("name") ?? ""),
        about: String(form.get("about") ?? ""),
        color,
        guarded,
      },
      { onSuccess: done },
    );
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <Field label={<Trans>Name</Trans>} error={fault(error, "name")}>
        <Input name="name" required maxLength={40} defaultValue={tag?.name} />
      </Field>
      <Field label={<Trans>Colour</Trans>}>
        <Select
          value={color}
          onChange={setColor}
          choices={colors.map((c) => ({
            value: c,
            label: colorName(c),
            icon: <i className="tagdot" data-color={c} />,
          }))}
        />
      </Field>
      <Field
        label={<Trans>When it is put on</Trans>}
        help={<Trans>One line, so that everybody means the same.</Trans>}
        error={fault(error, "about")}
      >
        <Textarea name="about" maxLength={300} rows={2} defaultValue={tag?.about} />
      </Field>
      <Checkbox
        label={<Trans>Only managers put it on and take it away</Trans>}
        checked={guarded}
        onChange={setGuarded}
      />
      {Boolean(error) && !fault(error, "name") && !fault(error, "about") && (
        <p className="text-alarm" role="alert">
          {(error as Error).message}
        </p>
      )}
      <div className="touch flex justify-end gap-2">
        <DialogClose
          render={
            <Button look="g" type="button">
              <Trans>Not now</Trans>
            </Button>
          }
        />
        <Button look="p" type="submit" busy={acts.keep.isPending}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}
