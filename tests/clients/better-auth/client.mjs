// better-auth's own client against a running Core. Each line of standard input is a call, each line of standard
// output its answer: {"who", "call", "arguments"} becomes {"data", "error"}. Every `who` is a client of its own.

import { createInterface } from "node:readline";
import { createAuthClient } from "better-auth/client";

const clients = new Map();

function clientOf(who) {
  if (!clients.has(who)) {
    const state = { token: "" };
    state.client = createAuthClient({
      baseURL: process.env.CORE_ORIGIN,
      fetchOptions: {
        headers: { "User-Agent": who },
        auth: { type: "Bearer", token: () => state.token },
        onSuccess: (context) => {
          state.token = context.response.headers.get("set-auth-token") ?? state.token;
        },
      },
    });
    clients.set(who, state);
  }
  return clients.get(who);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { who, call, arguments: given } = JSON.parse(line);
  const state = clientOf(who);
  if (call === "token") {
    console.log(JSON.stringify({ data: state.token, error: null }));
    continue;
  }
  let method = state.client;
  for (const name of call.split(".")) method = method[name];
  const { data, error } = await method(...given);
  console.log(JSON.stringify({ data: data ?? null, error: error ?? null }));
}
