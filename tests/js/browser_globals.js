// What browsers have and older versions of Node keep to themselves. Import first.

import { webcrypto } from "node:crypto";

if (!globalThis.crypto) globalThis.crypto = webcrypto;
