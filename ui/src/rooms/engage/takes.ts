import { t } from "@lingui/core/macro";
import { bytes } from "../../lib/format";

// Takes is what files a network takes.
export interface Takes {
  types: string[] | null;
  most: number;
  size: number;
  sum?: number;
  shrinks?: number;
  words?: number; // characters of the words that files go with
  alt: number;
  video?: { types: string[] | null; size: number };
}

interface Going {
  name: string;
  type: string;
  size: number;
}

// misfit says why files do not go along, in a sentence.
export function misfit(
  takes: Takes | undefined,
  files: readonly Going[],
  network: string,
  words = "",
): string | undefined {
  if (files.length === 0) return undefined;
  if (!takes) return t`${network} takes no files this way.`;
  const length = takes.words ?? 0;
  if (length > 0 && words.length > length)
    return t`With files the words may have ${length} characters on ${network}.`;
  const film = files.find((f) => takes.video?.types?.includes(f.type));
  if (film && takes.video) {
    const name = film.name;
    const most = bytes(takes.video.size);
    if (files.length > 1) return t`On ${network} a video goes alone.`;
    if (film.size > takes.video.size)
      return t`${name} is larger than ${most}, the most that ${network} takes.`;
    return undefined;
  }
  const n = takes.most;
  if (files.length > n)
    return n === 1
      ? t`${network} takes one file with a message.`
      : t`${network} takes at most ${n} files with a message.`;
  for (const f of files) {
    const name = f.name;
    if (takes.types?.length && f.type && !takes.types.includes(f.type))
      return t`${network} does not show files such as ${name}.`;
    const most = bytes(takes.size);
    if (f.size > takes.size) return t`${name} is larger than ${most}, the most that ${network} takes.`;
  }
  const sum = bytes(takes.sum ?? 0);
  if (takes.sum && files.reduce((s, f) => s + f.size, 0) > takes.sum)
    return t`Together the files are larger than ${sum}, the most that ${network} takes.`;
  return undefined;
}

// accepts is what a picker of files offers.
export const accepts = (takes: Takes) =>
  takes.types?.length ? [...takes.types, ...(takes.video?.types ?? [])].join(",") : undefined;

const short = (types: readonly string[] | null) =>
  (types ?? []).map((x) => x.slice(x.indexOf("/") + 1).toUpperCase()).join(", ");

// limits says in a line what goes along.
export function limits(takes: Takes): string {
  const n = takes.most;
  const size = bytes(takes.size);
  const kinds = short(takes.types);
  const small = bytes(takes.shrinks ?? 0);
  let line = kinds
    ? t`Up to ${n} pictures (${kinds}), each up to ${size}`
    : t`Up to ${n} files, each up to ${size}`;
  if (takes.shrinks) line += ` · ${t`above ${small} they go smaller`}`;
  if (takes.video) {
    const films = short(takes.video.types);
    const most = bytes(takes.video.size);
    line += ` · ${t`or one video (${films}) up to ${most}`}`;
  }
  return line;
}
