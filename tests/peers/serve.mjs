// Serves the LLM providers' stand-in on a port of the system's choice and prints its address.
import { LLMock } from "@copilotkit/aimock";

const mock = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "warn" });
await mock.start();
console.log(mock.url);
