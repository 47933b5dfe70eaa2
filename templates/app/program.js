// What the page asks of the program, and where: every address is below the page's own, which holds the token.

/** The project that is looked at; `null` for the list. */
let project = null;

export function choose(id) {
  project = id;
}

export const chosen = () => project;

/** Whether the program may open a file of the project in the system's own program. */
let opensFiles = false;

export function allowOpening(allowed) {
  opensFiles = allowed;
}

export const canOpenFiles = () => opensFiles;

/** The address of something of the project. */
export const addressOf = (path) => `projects/${project}/${path.split("/").map(encodeURIComponent).join("/")}`;

/** Something of the project as JSON; `null` if it isn't there, or not any more. */
export async function read(path) {
  const answer = await fetch(addressOf(path));
  return answer.ok ? answer.json() : null;
}

/** What the program is doing for this page. */
const pending = new Set();

/** Waits until everything that was ordered is done. */
export async function settled() {
  while (pending.size > 0) await Promise.allSettled([...pending]);
}

/** An answer that is awaited before the page goes. */
function awaited(answer) {
  pending.add(answer);
  answer.finally(() => pending.delete(answer)).catch(() => {});
  return answer;
}

/** Has the program do something; `null` if it didn't, with the number of the answer in `refused`. */
export async function order(path, request, refused = () => {}) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await awaited(fetch(addressOf(path), { method: "POST", headers, body: JSON.stringify(request) }));
    if (answer.ok) return answer.json();
    refused(answer.status);
  } catch {
    refused(0);
  }
  return null;
}

/** Gives the project a file for one of its folders; `null` if the program didn't answer. */
export async function give(folder, file) {
  try {
    const answer = await awaited(fetch(addressOf(`files/${folder}/${file.name}`), { method: "POST", body: file }));
    return answer.ok ? answer.json() : null;
  } catch {
    return null;
  }
}
