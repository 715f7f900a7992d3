// better-auth's own server, with its tables in memory. Each line of standard input is a request, each line of standard
// output its answer: {"method", "path", "headers", "body"} becomes {"status", "headers", "body"}. {"reset": email}
// becomes {"token"}, the one of the reset link that would have been mailed.

import { createInterface } from "node:readline";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { bearer } from "better-auth/plugins";

const ORIGIN = process.env.CORE_ORIGIN;
const tokens = new Map();

const auth = betterAuth({
  baseURL: ORIGIN,
  secret: "a secret of the tests, of no use to anybody",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: {
    enabled: true,
    sendResetPassword: async ({ user, token }) => void tokens.set(user.email, token),
    // What is compared is how requests are answered, not how passwords are kept.
    password: { hash: async (text) => text, verify: async ({ hash, password }) => hash === password },
  },
  logger: { disabled: true },
  plugins: [bearer()],
});

async function answer({ method, path, headers, body }) {
  const answered = await auth.handler(new Request(ORIGIN + path, { method, headers, body: body ?? undefined }));
  return {
    status: answered.status,
    headers: Object.fromEntries(answered.headers),
    body: await answered.text(),
  };
}

async function reset(email) {
  await auth.api.requestPasswordReset({ body: { email } });
  return { token: tokens.get(email) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(asked.reset ? await reset(asked.reset) : await answer(asked)));
}
