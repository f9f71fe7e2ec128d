"""Those who build: each loads the bases into a store of its own below a working directory and builds a case there."""
import json
import os
import re
import shlex
import subprocess
import time

import images

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = 180


class Unusable(Exception):
    """A peer that is not there or does not start."""


def run(command, env=None):
    """-> (exit code, output)"""
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def must(command, env=None):
    code, output = run(command, env)
    if code != 0:
        raise Unusable("%s: %s" % (" ".join(command), output[-600:]))
    return output


class Jbuild:
    label = "jbuild"

    def __init__(self, command, work):
        self._command = shlex.split(command)
        self._work = work
        self._env = dict(os.environ, JBUILD_STORE=work + "/jbuild")

    def load(self, name, archive):
        must(self._command + ["load", "-i", archive], self._env)

    def build(self, case, buildfile, context, options):
        """-> an image, or None; and what was said"""
        out = "%s/%s.jbuild.tar" % (self._work, case)
        code, said = run(self._command + ["build", "--progress=plain", "-f", buildfile, "-t", case, "--output", "type=oci,dest=" + out] + options + [context], self._env)
        return _result(code, said, out, images.read_archive)

    def close(self):
        pass


def _result(code, said, out, read):
    if code != 0:
        return None, said
    return read(out), said


class _Peer:
    def __init__(self, root, work):
        self._work = work
        self._enter = [HERE + "/peer-root.sh", "enter", root, work] if root else []
        self._env = dict(os.environ, HOME=work)

    def _run(self, *command):
        return run(self._enter + list(command), self._env)

    def _must(self, *command):
        return must(self._enter + list(command), self._env)

    def close(self):
        pass


class Buildah(_Peer):
    def __init__(self, root, work):
        super().__init__(root, work)
        self.label = "buildah-" + _version(self._must("buildah", "--version"))
        store = work + "/" + self.label
        with open(store + ".conf", "w") as file:
            file.write('[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s-run"\n' % (store, store))
        with open(work + "/policy.json", "w") as file:
            json.dump({"default": [{"type": "insecureAcceptAnything"}]}, file)
        self._env["CONTAINERS_STORAGE_CONF"] = store + ".conf"
        self._buildah = ["buildah", "--signature-policy", work + "/policy.json"]

    def load(self, name, archive):
        self._must(*self._buildah, "pull", "--quiet", "docker-archive:" + archive)

    def build(self, case, buildfile, context, options):
        out = "%s/%s.%s" % (self._work, case, self.label)
        # The limits, because a child of a child may not raise those that it has.
        fixed = ["--layers", "--format", "docker", "--network", "host", "--isolation", "oci", "--runtime", "runc", "--pull=never"]
        limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"]
        name = "case-" + case
        code, said = self._run(*self._buildah, "bud", *fixed, *limits, "-f", buildfile, "-t", name, *options, context)
        if code == 0:
            os.makedirs(out, exist_ok=True)
            self._must(*self._buildah, "push", "--quiet", "--format", "v2s2", name, "dir:" + out)
        return _result(code, said, out, images.read_folder)


class BuildKit(_Peer):
    """The BuildKit inside dockerd, with containerd's image store, whose layers are BuildKit's own."""

    def __init__(self, root, work):
        super().__init__(root, work)
        self.label = "dockerd-" + _version(self._must("dockerd", "--version"))
        self._env["DOCKER_HOST"] = "unix://%s/docker.sock" % work
        with open(work + "/daemon.json", "w") as file:
            json.dump({"features": {"containerd-snapshotter": True}}, file)
        data = ["--data-root", work + "/docker", "--exec-root", work + "/docker-run", "-p", work + "/docker.pid"]
        network = ["--iptables=false", "--ip6tables=false", "--bridge=none"]
        command = ["dockerd", "--config-file", work + "/daemon.json", "-H", self._env["DOCKER_HOST"]]
        self._log = open(work + "/dockerd.log", "wb")
        self._daemon = subprocess.Popen(self._enter + command + data + network, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        try:
            self._wait()
        except Unusable:
            self.close()
            raise

    def _wait(self):
        until = time.monotonic() + 40
        while self._run("docker", "version")[0] != 0:
            if self._daemon.poll() is not None or time.monotonic() > until:
                with open(self._log.name, errors="replace") as log:
                    raise Unusable("dockerd does not start: " + log.read()[-600:])
            time.sleep(0.2)

    def load(self, name, archive):
        self._must("docker", "load", "--quiet", "-i", archive)

    def build(self, case, buildfile, context, options):
        out = "%s/%s.buildkit.tar" % (self._work, case)
        fixed = ["docker", "buildx", "build", "--network", "host", "--progress", "plain", "--provenance=false", "--output", "type=oci,dest=" + out]
        code, said = self._run(*fixed, "-f", buildfile, *options, context)
        return _result(code, said, out, images.read_archive)

    def close(self):
        self._daemon.terminate()
        self._daemon.wait()
        self._log.close()


def _version(text):
    """major.minor"""
    return re.search(r"\d+\.\d+", text).group()
