// The pricing rule in AssemblyScript, with its WASI shim: reads its input crudely, for the host has checked it.

function after(text: string, key: string): string {
  const at = text.indexOf(key);
  if (at < 0) process.exit(99);
  return text.substring(at + key.length).trimStart();
}

const room = new ArrayBuffer(65536);
const length = process.stdin.read(room);
const text = String.UTF8.decode(room.slice(0, <i32>length));

const enterprise = after(text, "\"tier\":").startsWith("\"enterprise\"");
const total = parseFloat(after(text, "\"total\":"));

if (total > 10000.0) {
  process.stdout.write("{\"outcome\":\"exception\",\"name\":\"CartExpired\"}");
  process.exit(10);
} else if (enterprise) {
  process.stdout.write("{\"eligible\":true,\"reason\":\"within the enterprise agreement\"}");
} else if (total < 50.0) {
  process.stdout.write("{\"eligible\":false,\"reason\":\"below the smallest total of standard pricing\"}");
} else {
  process.stdout.write("{\"eligible\":true,\"reason\":\"standard pricing applies\"}");
}
