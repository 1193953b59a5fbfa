"""A real llama.cpp server in a process of its own, which never outlives the tests."""

import json
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

LISTENING = "listening at "
START_LIMIT_S, STOP_LIMIT_S = 60.0, 5.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the process is told."""

    path: str
    alias: str
    ctx: int
    parallel: int
    api_key: str


class LlamaServer:
    """Serves one model over HTTP on a free loopback port, from `with` to its end.

    Args:
        model: a GGUF file; the server names it by the file's stem.
        ctx: the context window of one request, in tokens.
        parallel: how many requests are answered at the same time.
        api_key: what a request must bear, if anything.
    """

    def __init__(self, model: Path, *, ctx: int = 2048, parallel: int = 2, api_key: str = "") -> None:
        self.model = model.stem
        self.base_url = ""
        self._options = Options(str(model), model.stem, ctx, parallel, api_key)
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Self:
        command = [sys.executable, "-P", __file__, json.dumps(asdict(self._options))]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=self._log, text=True)
        limit = threading.Timer(START_LIMIT_S, self._process.kill)
        limit.start()
        try:
            self.base_url = f"{self._listening_at()}/v1"
        except BaseException:
            self.__exit__(None, None, None)
            raise
        finally:
            limit.cancel()
            limit.join()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.kill()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._log.close()

    def stop(self) -> None:
        """End the server as its own user would; the connections close."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(STOP_LIMIT_S)

    def kill(self) -> None:
        """End the server at once, as a crash would."""
        self._process.kill()
        self._process.wait()

    def _listening_at(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(LISTENING):
                return line.removeprefix(LISTENING).strip()
        self._log.seek(0)
        raise RuntimeError(f"llama.cpp did not start: {self._log.read()[-2000:]}")


def serve(options: Options) -> None:
    """Serve until the process that started this one closes the pipe or dies."""
    import xllamacpp  # noqa: PLC0415 - its 100 MB stay out of the tests' own process

    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias = options.path, {options.alias}
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel = options.ctx * options.parallel, options.parallel
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.n_gpu_layers = 0
    params.use_jinja = params.endpoint_slots = params.endpoint_props = True
    if options.api_key:
        params.api_keys = [options.api_key]
    server = xllamacpp.Server(params)
    print(LISTENING + server.listening_address, flush=True)  # noqa: T201 - read by the process that started this one
    sys.stdin.read()


if __name__ == "__main__":
    serve(Options(**json.loads(sys.argv[1])))
