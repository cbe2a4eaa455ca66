// Prints a push message in the clear, as a browser reads it (RFC 8291): node decrypt.js FILE PRIVATE_KEY AUTH. The library
// is not the one by which the studio encrypts.

import ece from "http_ece";
import { createECDH } from "node:crypto";
import { readFile } from "node:fs/promises";

const [file, key, authSecret] = process.argv.slice(2);
const privateKey = createECDH("prime256v1");
privateKey.setPrivateKey(key, "base64url");
const message = ece.decrypt(await readFile(file), { version: "aes128gcm", privateKey, authSecret });
process.stdout.write(message);
