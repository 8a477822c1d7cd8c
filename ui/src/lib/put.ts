import { key } from "./api";
import { fromBody, unreachable } from "./problem";

// PutFile is a file as the server keeps it.
export interface PutFile {
  id: string;
  name: string;
  type: string;
  size: number;
  width?: number;
  height?: number;
  url: string;
  shown: boolean;
}

// mostBytes is how large a file may be.
export const mostBytes = 25 * 1024 * 1024;

// put sends a file to the server and tells how far it has come. A file that is stopped is undefined.
export function put(
  file: File,
  onDone: (share: number) => void,
): { file: Promise<PutFile | undefined>; stop: () => void } {
  const x = new XMLHttpRequest();
  const promise = new Promise<PutFile | undefined>((resolve, reject) => {
    x.open("POST", `/api/files?name=${encodeURIComponent(file.name || "picture.png")}`);
    x.setRequestHeader("Content-Type", "application/octet-stream");
    x.setRequestHeader("Idempotency-Key", key());
    x.responseType = "json";
    x.upload.onprogress = (e) => e.lengthComputable && onDone(e.loaded / e.total);
    x.onload = () =>
      x.status < 300 ? resolve(x.response as PutFile) : reject(fromBody(x.status, x.response as unknown));
    x.onerror = () => reject(unreachable());
    x.onabort = () => resolve(undefined);
    x.send(file);
  });
  return { file: promise, stop: () => x.abort() };
}
