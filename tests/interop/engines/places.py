"""Where a recipe runs: a folder with a jwtctl that notes its calls, a watch over command lines, and hosts to reach by
ssh. It knows no recipe."""

import base64
import os
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

SYSTEM = "/usr/local/bin:/usr/bin:/bin"


@dataclass
class Ran:
    code: int
    printed: str
    said: str


def spelled(secret):
    """How a secret might stand on a command line."""
    raw = secret.encode()
    return [secret, raw.hex(), *(base64.b64encode(b"x" * lead + raw)[4:-4].decode() for lead in range(3))]


class Place:
    """A folder to run recipes in. `loses` makes a jwtctl that leaves out a row and ends well all the same."""

    def __init__(self, path, jwtctl, has_jwtctl=True, loses=False):
        self.path = path
        self.bin = path / "bin"
        self.bin.mkdir(parents=True)
        self.log = path / "calls.log"
        self.command_lines = set()
        if has_jwtctl:
            call = f"{shlex.quote(jwtctl)} \"$@\" | sed 1d" if loses else f"exec {shlex.quote(jwtctl)} \"$@\""
            log = shlex.quote(str(self.log))
            self.program("jwtctl", f"printf '%s\\n' \"$*\" >> {log}\n{call}\n")

    def program(self, name, script):
        file = self.bin / name
        file.write_text(f"#!/bin/sh\n{script}")
        file.chmod(0o755)

    def calls(self):
        return [line.split(" ") for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def run(self, script, **variables):
        """Runs a script as a reader would, in bash, and watches all command lines meanwhile."""
        tools = [str(self.bin), os.path.dirname(sys.executable), os.path.dirname(shutil.which("java")), SYSTEM]
        env = {"PATH": ":".join(tools), "HOME": str(self.path), "LANG": "C.UTF-8", **variables}
        done, watch = threading.Event(), threading.Thread(target=lambda: self.watch(done))
        watch.start()
        try:
            call = ["bash", "-c", script]
            ran = subprocess.run(call, cwd=self.path, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
        finally:
            done.set()
            watch.join()
        return Ran(ran.returncode, ran.stdout.decode(errors="replace"), ran.stderr.decode(errors="replace"))

    def watch(self, done):
        while not done.wait(0.05):
            for process in os.listdir("/proc"):
                if process.isdigit() and int(process) != os.getpid():
                    try:
                        with open(f"/proc/{process}/cmdline", "rb") as file:
                            self.command_lines.add(file.read().replace(b"\0", b" ").decode(errors="replace"))
                    except OSError:
                        pass


class Host:
    """A real sshd on this machine under two names, in a place's `hosts.txt`; notes what ssh is called with."""

    def __init__(self, place):
        self.place = place
        self.folder = place.path / "host"
        self.folder.mkdir()
        self.log = self.folder / "ssh.log"

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True)
        os.makedirs("/run/sshd", exist_ok=True)
        config = self.folder / "sshd_config"
        config.write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
            f"AuthorizedKeysFile {self.folder}/user.pub\nPasswordAuthentication no\nMaxStartups 200\n"
            # The login shell's own files may set another path.
            f'ForceCommand env PATH={self.place.bin}:{SYSTEM} sh -c "$SSH_ORIGINAL_COMMAND"\n'
        )
        client = self.folder / "ssh_config"
        client.write_text(
            f"Host one two\nHostName 127.0.0.1\nPort {port}\nIdentityFile {self.folder}/user\nIdentitiesOnly yes\n"
            f"StrictHostKeyChecking no\nUserKnownHostsFile {self.folder}/known\nLogLevel ERROR\n"
        )
        note = f"printf '%s\\037' \"$@\" | tr '\\n' ' ' >> {self.log}\necho >> {self.log}"
        self.place.program("ssh", f"{note}\nexec /usr/bin/ssh -F {client} \"$@\"\n")
        (self.place.path / "hosts.txt").write_text("one\ntwo\n")
        self.daemon = subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", config])
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("sshd does not answer")

    def __exit__(self, *_):
        self.daemon.terminate()
        self.daemon.wait()

    def calls(self):
        """The host and the command line of each call."""
        for line in self.log.read_text().splitlines():
            words = line.split("\x1f")
            host = next((word for word in words if word in ("one", "two")), "")
            # parallel cuts what is long into several arguments.
            yield host, "".join(words)
