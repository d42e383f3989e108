"""Takes a tagged clone through the steps of the release workflow, then installs that release with the action.

    workflows.py CLONE TAG JWTCTL

A step that only another machine can run, or that .ci/run has run already, is named in ELSEWHERE. Any other is run.
"""

import http.server
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

import yaml

CLONE, TAG, JWTCTL = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
VERSION = TAG.removeprefix("v")
SLUG = "example-org/jwtctl"
README = (CLONE / "README.md").read_text()
SCRATCH = pathlib.Path(tempfile.mkdtemp())
BIN = SCRATCH / "bin"
CERTIFICATE, KEY = SCRATCH / "tls.pem", SCRATCH / "tls.key"

# What runs it instead, or the like of it: a file and the words there.
ELSEWHERE = {
    ".ci/checks": (".ci/run", ".ci/checks"),
    "cargo test --locked": ("README.md", "cargo test --locked"),
    "tests/crate/run.sh target/installed": (".ci/run", "tests/crate/run.sh target/installed"),
    "tests/interop/run.sh": (".ci/run", "tests/interop/run.sh"),
    "tests/release/run.sh": (".ci/run", "tests/release/run.sh"),
    'packaging/binary.sh "$TARGET" bin': (".ci/run", "packaging/binary.sh"),
    "JWTCTL_TEST_PROGRAM=$PWD/bin/$TARGET/jwtctl cargo test --locked": ("README.md", "cargo test --locked"),
    "cargo publish --locked": ("tests/crate/run.sh", "cargo publish --dry-run"),
}


def run(command, cwd=CLONE, **environment):
    """Runs a step as GitHub runs `shell: bash`; what it printed, and its exit code."""
    inherited = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": os.environ["HOME"], "CURL_HOME": str(SCRATCH)}
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command], cwd=cwd, text=True,
                          env=inherited | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout, done.returncode


def expanded(values, variables):
    """The environment of a step: an expression that is not among the values is an error."""
    value = lambda match: values[match[1]]
    return {name: re.sub(r"\$\{\{ (.*?) \}\}", value, str(text)) for name, text in (variables or {}).items()}


def last_call_of_gh():
    return json.loads((SCRATCH / "gh.json").read_text().splitlines()[-1])


def program(name, text):
    (BIN / name).write_text(text)
    (BIN / name).chmod(0o755)


def outputs(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def elsewhere(command):
    """Whether something else runs this step, which must then be there."""
    if command not in ELSEWHERE:
        return False
    file, words = ELSEWHERE[command]
    assert words in pathlib.Path(file).read_text(), f"{file} does not have {words}"
    return True


def release(registry, key):
    """The jobs of the release workflow, in order, and the outputs of its last step."""
    jobs = yaml.safe_load((CLONE / ".github/workflows/release.yml").read_text())["jobs"]
    output = SCRATCH / "outputs"
    output.touch()
    values = {"github.ref_name": TAG, "github.token": "a-token", "secrets.MINISIGN_SECRET_KEY": key,
              "steps.crates-io.outputs.token": "another"}
    runner = {"GITHUB_OUTPUT": str(output), "GITHUB_ACTOR": "somebody", "GITHUB_REPOSITORY": "Example-Org/jwtctl",
              "REGISTRY": registry}
    for name, job in jobs.items():
        # For skopeo, which trusts the registry by it.
        trust = {"SSL_CERT_FILE": str(CERTIFICATE)} if name == "publish" else {}
        for matrix in job.get("strategy", {}).get("matrix", {}).get("include", [{}]):
            values |= {f"matrix.{key}": value for key, value in matrix.items()}
            for step in job["steps"]:
                if "run" not in step or elsewhere(step["run"]):
                    continue
                environment = expanded(values, job.get("env")) | expanded(values, step.get("env"))
                printed, code = run(step["run"], **runner, **trust, **environment)
                assert code == 0, f"{name}: {step['run']}: exit code {code}\n{printed}"
                print(f"{name}: {step['run']}")
            if matrix:
                # What binary.sh leaves; every program is this machine's.
                folder = CLONE / "bin" / matrix["target"]
                folder.mkdir(parents=True)
                shutil.copy(JWTCTL, folder / ("jwtctl.exe" if "windows" in matrix["target"] else "jwtctl"))
    return jobs, outputs(output)


def published(jobs, image, public_key):
    dist = CLONE / "dist"
    targets = [entry["target"] for entry in jobs["build"]["strategy"]["matrix"]["include"]]
    call = last_call_of_gh()
    assert call[:4] == ["release", "create", TAG, "--verify-tag"], call
    files = {path for path in call if path.startswith("dist/")}
    assert files == {f"dist/{path.name}" for path in dist.iterdir()}, files
    for target in targets:
        archive = f"jwtctl-{VERSION}-{target}" + (".zip" if "windows" in target else ".tar.gz")
        assert f"dist/{archive}" in files, archive
    links = re.findall(r"https://github\.com/example-org/jwtctl/releases/download/([^\s`]+)", README)
    assert len(links) == 4 and all(f"dist/{link.removeprefix(f'{TAG}/')}" in files for link in links), links
    for check in ("sha256sum --quiet --check SHA256SUMS", f"minisign -V -q -p {public_key} -m SHA256SUMS"):
        printed, code = run(check, cwd=dist)
        assert code == 0, printed
    index, code = run(f"skopeo inspect --raw docker://{image['image']}@{image['digest']}", SSL_CERT_FILE=str(CERTIFICATE))
    assert code == 0, index
    platforms = {entry["platform"]["architecture"] for entry in json.loads(index)["manifests"]}
    assert platforms == {"amd64", "arm64"}, platforms
    assert image["image"].endswith(f"/{SLUG}"), image


class Action:
    """Runs the action's step on a runner."""

    def __init__(self):
        action = yaml.safe_load((CLONE / "action.yml").read_text())
        (self.step,) = action["runs"]["steps"]
        self.defaults = {f"inputs.{name}": input["default"] for name, input in action["inputs"].items()}

    def install(self, os_="Linux", arch="X64", **inputs):
        """The folders that are on the PATH afterwards, what was printed, and the exit code."""
        path = SCRATCH / "path"
        path.write_text("")
        temp = tempfile.mkdtemp(dir=SCRATCH)
        given = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        environment = expanded(self.defaults | given, self.step["env"])
        printed, code = run(self.step["run"], cwd=temp, GITHUB_ACTION_PATH=str(CLONE), GITHUB_PATH=str(path),
                            RUNNER_TEMP=temp, RUNNER_OS=os_, RUNNER_ARCH=arch, **environment)
        return path.read_text().split(), printed, code

    def succeeds(self, **runner):
        folders, printed, code = self.install(**runner)
        assert code == 0 and len(folders) == 1, f"{runner}: exit code {code}\n{printed}"
        (binary,) = (path for path in pathlib.Path(folders[0]).iterdir() if path.stem == "jwtctl")
        assert binary.read_bytes() == JWTCTL.read_bytes()

    def refuses(self, reason, **runner):
        folders, printed, code = self.install(**runner)
        assert code == 1 and not folders, f"{runner}: installed\n{printed}"
        assert f"::error title=Install jwtctl::{reason}" in printed, printed


def serve(folder):
    """Serves a folder over https, and has curl find it under any name."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=folder)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (SCRATCH / ".curlrc").write_text(f'connect-to = "::127.0.0.1:{server.server_port}"\ncacert = "{CERTIFICATE}"\n')


def action():
    www = SCRATCH / "www"
    folder = www / SLUG / "releases/download" / TAG
    shutil.copytree(CLONE / "dist", folder)
    serve(www)
    mirror = f"https://mirror.example/{SLUG}/releases/download"
    print("the action")
    action = Action()
    action.defaults["inputs.token"] = "a-token"

    action.succeeds()
    call = last_call_of_gh()
    archive = f"jwtctl-{VERSION}-x86_64-unknown-linux-musl.tar.gz"
    assert call == ["attestation", "verify", archive, "--repo", SLUG,
                    "--signer-workflow", f"{SLUG}/.github/workflows/release.yml"], call
    (SCRATCH / "gh.code").write_text("1")
    action.refuses(f"{archive} has no valid attestation")
    for os_, arch in [("Linux", "X64"), ("Linux", "ARM64"), ("macOS", "X64"), ("macOS", "ARM64"), ("Windows", "X64"),
                      ("Windows", "ARM64")]:
        action.succeeds(os_=os_, arch=arch, base_url=mirror)
    action.succeeds(version=TAG, base_url=mirror)
    action.refuses("there is no jwtctl for Linux on X86", arch="X86", base_url=mirror)
    action.refuses("not an https URL: http://mirror.example", base_url="http://mirror.example")
    action.refuses("not a version: ../1.2.3", version="../1.2.3", base_url=mirror)
    action.refuses(f"cannot download {mirror}/v9.9.9/SHA256SUMS", version="9.9.9", base_url=mirror)

    sums = folder / "SHA256SUMS"
    whole = sums.read_text()
    sums.write_text("".join(line for line in whole.splitlines(True) if archive not in line))
    action.refuses(f"{archive} is not what SHA256SUMS names", base_url=mirror)
    sums.write_text(whole)
    with open(folder / archive, "r+b") as file:
        file.seek(1000)
        file.write(b"altered")
    action.refuses(f"{archive} is not what SHA256SUMS names", base_url=mirror)


def main():
    BIN.mkdir()
    program("gh", f"""#!{sys.executable}
import json, pathlib, sys
scratch = pathlib.Path({str(SCRATCH)!r})
with open(scratch / "gh.json", "a") as file:
    print(json.dumps(sys.argv[1:]), file=file)
code = scratch / "gh.code"
sys.exit(int(code.read_text()) if code.exists() else 0)
""")
    program("cygpath", '#!/bin/sh\necho "$2"\n')
    for job in yaml.safe_load(pathlib.Path(".github/workflows/ci.yml").read_text())["jobs"].values():
        assert all(elsewhere(step["run"]) for step in job["steps"] if "run" in step), job
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:github.com,DNS:mirror.example",
                    "-keyout", KEY, "-out", CERTIFICATE], check=True, stderr=subprocess.DEVNULL)
    key, public_key = SCRATCH / "minisign.key", SCRATCH / "minisign.pub"
    subprocess.run(["minisign", "-G", "-W", "-p", public_key, "-s", key], check=True, stdout=subprocess.DEVNULL)
    (SCRATCH / "registry.yml").write_text(
        f"version: 0.1\nlog: {{accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {SCRATCH}/registry}}}}\n"
        f"http: {{addr: '127.0.0.1:0', tls: {{certificate: {CERTIFICATE}, key: {KEY}}}}}\n")
    registry = subprocess.Popen(["docker-registry", "serve", SCRATCH / "registry.yml"], stderr=subprocess.PIPE, text=True)
    try:
        port = next(match[1] for line in registry.stderr if (match := re.search(r"listening on 127\.0\.0\.1:(\d+)", line)))
        threading.Thread(target=registry.stderr.read, daemon=True).start()
        address = f"127.0.0.1:{port}"
        jobs, image = release(address, key.read_text())
        published(jobs, image, public_key)
        action()
    finally:
        registry.kill()
        shutil.rmtree(SCRATCH)


main()
