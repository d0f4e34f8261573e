// multipart/form-data by hand (RFC 7578), as strict as OSS: fields behind the file are not read.

export interface MultipartForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly file?: { readonly name: string; readonly bytes: Buffer };
}

/** Undefined where the body is not what its content type says. */
export function parseMultipart(contentType: string, body: Buffer): MultipartForm | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const fence = Buffer.from(`\r\n--${boundary}`);
  const whole = Buffer.concat([Buffer.from('\r\n'), body]); // the first fence has no line end before it
  const fields: Record<string, string> = {};
  let at = whole.indexOf(fence);
  while (at >= 0) {
    const start = at + fence.length;
    if (whole.toString('latin1', start, start + 2) === '--') return { fields };
    const end = whole.indexOf(fence, start);
    const part = end < 0 ? undefined : parsePart(whole.subarray(start, end));
    if (!part) return undefined;
    if (part.name === 'file') return { fields, file: { name: part.fileName ?? '', bytes: part.bytes } };
    fields[part.name] = part.bytes.toString('utf8');
    at = end;
  }
  return undefined;
}

function parsePart(part: Buffer): { name: string; fileName: string | undefined; bytes: Buffer } | undefined {
  const split = part.indexOf('\r\n\r\n');
  if (split < 0) return undefined;
  const head = part.toString('utf8', 0, split);
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1] ?? '';
  const name = /\bname="([^"]*)"/.exec(disposition)?.[1];
  const fileName = /\bfilename="([^"]*)"/.exec(disposition)?.[1];
  return name === undefined ? undefined : { name, fileName, bytes: part.subarray(split + 4) };
}
