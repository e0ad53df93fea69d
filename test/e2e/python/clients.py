"""The Python clients against a gateway: `clients.py URL JSON`. Prints one JSON line per check: {"check": name, "problem": text or null}."""

import json
import sys
import traceback

import anthropic
import ollama
import openai

URL = sys.argv[1]
WANTED = json.loads(sys.argv[2])
SAID, THOUGHT, VECTOR = WANTED["said"], WANTED["thought"], WANTED["vector"]
CITY = {"city": "Seoul"}
QUESTION = [{"role": "user", "content": "What is the capital of France?"}]
THINK = [{"role": "user", "content": "Please think."}]
BREAK = [{"role": "user", "content": "Now break."}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
FUNCTION = {"name": "weather", "description": "The weather in a city", "parameters": SCHEMA}
TOOLS = [{"type": "function", "function": FUNCTION}]

strict = openai.OpenAI(base_url=f"{URL}/v1", api_key="none", max_retries=0, _strict_response_validation=True)
lenient = openai.OpenAI(base_url=f"{URL}/v1", api_key="none", max_retries=0)
native = ollama.Client(host=URL)
claude = anthropic.Anthropic(base_url=URL, api_key="none", max_retries=0, _strict_response_validation=True)


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"got {got!r}, wanted {wanted!r}")


def near(got, wanted):
    same(len(got), len(wanted))
    for a, b in zip(got, wanted):
        if abs(a - b) > 1e-6:
            raise AssertionError(f"got {got!r}, wanted {wanted!r}")


def unit(vector):
    length = sum(x * x for x in vector) ** 0.5
    return [x / length for x in vector]


def raises(kind, call, **fields):
    try:
        call()
    except kind as error:
        for name, value in fields.items():
            same(getattr(error, name), value)
        return
    raise AssertionError(f"no {kind.__name__}")


class Checks:
    """Every method that does not begin with an underscore is a check; each runs once per model."""

    def __init__(self, model, embedder):
        self._model, self._embedder = model, embedder

    def _ask(self, messages=QUESTION, **more):
        return strict.chat.completions.create(model=self._model, messages=messages, **more)

    def openai_chat_whole(self):
        answer = self._ask()
        same((answer.choices[0].message.content, answer.choices[0].finish_reason), (SAID, "stop"))
        same(answer.usage.total_tokens, 17)

    def openai_chat_streamed(self):
        chunks = list(self._ask(stream=True, stream_options={"include_usage": True}))
        same("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), SAID)
        same(chunks[-1].usage.total_tokens, 17)

    def openai_tool_whole_and_streamed(self):
        message = self._ask(tools=TOOLS).choices[0].message
        same(json.loads(message.tool_calls[0].function.arguments), CITY)
        result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "Sunny"}
        same(self._ask([*QUESTION, message.model_dump(exclude_none=True), result], tools=TOOLS).choices[0].message.content, SAID)
        with strict.chat.completions.stream(model=self._model, messages=QUESTION, tools=TOOLS) as stream:
            final = stream.get_final_completion()
        same(json.loads(final.choices[0].message.tool_calls[0].function.arguments), CITY)

    def openai_reasoning(self):
        same(self._ask(THINK, reasoning_effort="high").choices[0].message.reasoning, THOUGHT)

    def openai_structured_output(self):
        format = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": SCHEMA}}
        same(json.loads(self._ask(response_format=format).choices[0].message.content), CITY)

    def openai_completions_whole_and_streamed(self):
        same(strict.completions.create(model=self._model, prompt="The capital").choices[0].text, SAID)
        # Its type of a streamed chunk has no null finish_reason, which OpenAI itself sends: lenient here.
        chunks = lenient.completions.create(model=self._model, prompt="The capital", stream=True)
        same("".join(c.choices[0].text for c in chunks if c.choices), SAID)

    def openai_responses_whole_and_streamed(self):
        same(strict.responses.create(model=self._model, input="The capital?").output_text, SAID)
        with strict.responses.stream(model=self._model, input="The capital?") as stream:
            same(stream.get_final_response().output_text, SAID)

    def openai_embeddings_base64_and_float(self):
        # It asks for base64 by default and validates before it decodes, so no server's answer passes strictly: lenient there.
        for client, more in ((lenient, {}), (strict, {"encoding_format": "float"})):
            data = client.embeddings.create(model=self._embedder, input=["one", "two"], **more).data
            same(len(data), 2)
            for item in data:
                near(item.embedding, VECTOR)

    def openai_models(self):
        same(self._model in [m.id for m in strict.models.list()], True)
        same(strict.models.retrieve(self._model).id, self._model)

    def openai_unknown_model(self):
        for stream in (False, True):
            raises(openai.NotFoundError, lambda: strict.chat.completions.create(model="nobody", messages=QUESTION, stream=stream), code="model_not_found")

    def openai_bad_field(self):
        raises(openai.BadRequestError, lambda: self._ask(temperature="hot"), param="temperature")

    def openai_broken_stream(self):
        raises(openai.APIError, lambda: list(self._ask(BREAK, stream=True)))

    def ollama_chat_whole(self):
        answer = native.chat(self._model, messages=QUESTION)
        same((answer.message.content, answer.done_reason, answer.eval_count), (SAID, "stop", 5))

    def ollama_chat_streamed(self):
        parts = list(native.chat(self._model, messages=QUESTION, stream=True))
        same("".join(p.message.content or "" for p in parts), SAID)
        same(parts[-1].done, True)

    def ollama_generate_whole_and_streamed(self):
        same(native.generate(self._model, prompt="The capital").response, SAID)
        same("".join(p.response for p in native.generate(self._model, prompt="The capital", stream=True)), SAID)

    def ollama_tool(self):
        message = native.chat(self._model, messages=QUESTION, tools=TOOLS).message
        same(dict(message.tool_calls[0].function.arguments), CITY)
        result = {"role": "tool", "tool_name": "weather", "content": "Sunny"}
        same(native.chat(self._model, messages=[*QUESTION, message, result], tools=TOOLS).message.content, SAID)

    def ollama_structured_output(self):
        same(json.loads(native.chat(self._model, messages=QUESTION, format=SCHEMA).message.content), CITY)

    def ollama_embed(self):
        for vector in native.embed(self._embedder, input=["one", "two"]).embeddings:
            near(vector, unit(VECTOR))
        near(native.embeddings(self._embedder, prompt="one").embedding, VECTOR)

    def ollama_list_show_ps(self):
        same(any(self._model in m.model for m in native.list().models), True)
        same("completion" in native.show(self._model).capabilities, True)
        native.ps()

    def ollama_unknown_model(self):
        raises(ollama.ResponseError, lambda: native.chat("nobody", messages=QUESTION), status_code=404)
        raises(ollama.ResponseError, lambda: list(native.chat("nobody", messages=QUESTION, stream=True)), status_code=404)

    def ollama_broken_stream(self):
        raises(ollama.ResponseError, lambda: list(native.chat(self._model, messages=BREAK, stream=True)))

    def anthropic_chat_whole(self):
        answer = claude.messages.create(model=self._model, max_tokens=100, messages=QUESTION)
        same((answer.content[0].text, answer.stop_reason, answer.usage.output_tokens), (SAID, "end_turn", 5))

    def anthropic_chat_streamed(self):
        with claude.messages.stream(model=self._model, max_tokens=100, messages=QUESTION) as stream:
            same("".join(stream.text_stream), SAID)
            same(stream.get_final_message().usage.output_tokens, 5)

    def anthropic_tool_whole_and_streamed(self):
        asked = {"model": self._model, "max_tokens": 100, "messages": QUESTION, "tools": [{"name": "weather", "input_schema": SCHEMA}]}
        answer = claude.messages.create(**asked)
        same((answer.content[0].input, answer.stop_reason), (CITY, "tool_use"))
        with claude.messages.stream(**asked) as stream:
            same(stream.get_final_message().content[0].input, CITY)
        result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": answer.content[0].id, "content": "Sunny"}]}
        turns = [*QUESTION, {"role": "assistant", "content": answer.content}, result]
        same(claude.messages.create(**{**asked, "messages": turns}).content[0].text, SAID)

    def anthropic_thinking(self):
        thinking = {"type": "enabled", "budget_tokens": 1024}
        answer = claude.messages.create(model=self._model, max_tokens=4000, messages=THINK, thinking=thinking)
        same((answer.content[0].thinking, answer.content[1].text), (THOUGHT, SAID))

    def anthropic_counts_tokens_and_lists_models(self):
        same(claude.messages.count_tokens(model=self._model, messages=QUESTION).input_tokens > 0, True)
        same(self._model in [m.id for m in claude.models.list()], True)

    def anthropic_unknown_model(self):
        raises(anthropic.NotFoundError, lambda: claude.messages.create(model="nobody", max_tokens=100, messages=QUESTION), status_code=404)

    def anthropic_broken_stream(self):
        def read():
            with claude.messages.stream(model=self._model, max_tokens=100, messages=BREAK) as stream:
                stream.get_final_message()

        raises(anthropic.APIError, read)


for model in WANTED["models"]:
    checks = Checks(model["model"], model["embedder"])
    for name in [name for name in vars(Checks) if not name.startswith("_")]:
        problem = None
        try:
            getattr(checks, name)()
        except Exception:
            problem = traceback.format_exc(limit=-3)
        print(json.dumps({"check": name, "model": model["model"], "problem": problem}), flush=True)
