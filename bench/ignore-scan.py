#!/usr/bin/env python3
"""What an ignore file costs: COPY . of a context of 200,000 files of which most are ignored, with nothing changed, beside one find.

usage: ignore-scan.py [ROUNDS [FILES [FOLDERS]]]   as root; everything is made and removed in a temporary directory
  PEERS="buildah dockerd"   whom to compare with; empty for jbuild alone
  DOCKER=docker             the client, one that can use BuildKit

Printed in milliseconds, medians of the rounds, as wall/CPU: find of the whole tree, jbuild, and jbuild less a cached build of a Buildfile that
copies nothing, which is what the scan costs. CPU is that of the process and its children, and of dockerd itself.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

DOCKER = os.environ.get("DOCKER", "docker")
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JBUILD = os.environ.get("JBUILD", HOME + "/jbuild")
RULES = {
    "prune": ["node_modules"],
    "allow": ["*", "!src/**"],
    "keep": ["node_modules", "!**/keep.txt"],
    "allow-keep": ["*", "!src/**", "!**/keep.txt"],
    "names": ["**/*.js", "!src/**"],
}


def daemon_cpu(pid):
    """Milliseconds that a process has used up to now."""
    if pid is None:
        return 0
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def timed(command, env=None, daemon=None):
    daemon_before = daemon_cpu(daemon)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(command), done.stdout.decode(errors="replace")[-2000:]))
    own = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
    return wall * 1000, own + daemon_cpu(daemon) - daemon_before


class Jbuild:
    name = "jbuild"
    pid = None

    def __init__(self, work):
        self.store = work + "/store"

    def command(self, context, file):
        return [JBUILD, "--store", self.store, "build", "-q", "-t", "scan", "-f", file, context], None

    def stop(self):
        pass


class Buildah:
    name = "buildah"
    pid = None

    def __init__(self, work):
        self.work = work
        conf = work + "/storage.conf"
        with open(conf, "w") as file:
            file.write('[storage]\ndriver = "overlay"\ngraphroot = "%s/buildah"\nrunroot = "%s/run"\n' % (work, work))
        self.env = dict(os.environ, CONTAINERS_STORAGE_CONF=conf)

    def command(self, context, file):
        return ["buildah", "bud", "--layers", "-q", "-t", "scan", "-f", file, context], self.env

    def stop(self):
        subprocess.run(["umount", self.work + "/buildah/overlay"], stderr=subprocess.DEVNULL)


class Dockerd:
    name = "dockerd"

    def __init__(self, work):
        self.socket = "unix://%s/docker.sock" % work
        self.log = open(work + "/dockerd.log", "w")
        self.daemon = subprocess.Popen(
            ["dockerd", "--iptables=false", "--ip6tables=false", "--bridge=none", "--data-root", work + "/docker",
             "--exec-root", work + "/docker-run", "-p", work + "/docker.pid", "-H", self.socket],
            stdout=self.log, stderr=subprocess.STDOUT)
        self.pid = self.daemon.pid
        for _ in range(100):
            if subprocess.run([DOCKER, "-H", self.socket, "version"], capture_output=True).returncode == 0:
                return
            if self.daemon.poll() is not None:
                break
            time.sleep(0.2)
        self.stop()
        raise RuntimeError("dockerd does not start here")

    def command(self, context, file):
        env = dict(os.environ, DOCKER_BUILDKIT="1")
        return [DOCKER, "-H", self.socket, "build", "-q", "-t", "scan", "-f", file, context], env

    def stop(self):
        if self.daemon.poll() is None:
            self.daemon.terminate()
            self.daemon.wait()


def peers(work):
    tools = []
    for make in (Jbuild, Buildah, Dockerd):
        wanted = make is Jbuild or make.name in os.environ.get("PEERS", "buildah dockerd").split()
        if wanted and (make is Jbuild or shutil.which(make.name)):
            try:
                os.makedirs(work + "/" + make.name)
                tools.append(make(work + "/" + make.name))
            except RuntimeError as e:
                print("%s is left out: %s" % (make.name, e), file=sys.stderr)
        elif wanted:
            print("%s is not installed: left out" % make.name, file=sys.stderr)
    return tools


def medians(command, env, rounds, daemon=None):
    samples = [timed(command, env, daemon) for _ in range(rounds)]
    return statistics.median(s[0] for s in samples), statistics.median(s[1] for s in samples)


def show(pair):
    return "%.0f/%.0f" % pair


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    files, folders = (sys.argv[2:4] + ["200000", "25000"])[:2] if len(sys.argv) > 3 else ("200000", "25000")
    work = tempfile.mkdtemp()
    context, empty, tools = work + "/context", work + "/empty", []
    try:
        os.mkdir(empty)
        subprocess.run([HOME + "/bench/make-ignored-tree.py", context, files, folders], check=True)
        for name, text in (("copies", "FROM scratch\nCOPY . /x\n"), ("nothing", "FROM scratch\nENV A=b\n")):
            with open(work + "/" + name, "w") as file:
                file.write(text)
        tools = peers(work)
        print("%s files in %s folders, %d rounds; wall/CPU ms" % (files, folders, rounds))
        for name, lines in RULES.items():
            with open(context + "/.dockerignore", "w") as file:
                file.write("\n".join(lines) + "\n")
            find = medians(["find", context], None, rounds)
            row = ["%-10s %-34s find %s" % (name, " ".join(lines), show(find))]
            for tool in tools:
                command, env = tool.command(context, work + "/copies")
                nothing, _ = tool.command(empty, work + "/nothing")
                try:
                    timed(command, env)
                    timed(nothing, env)
                    whole, base = (medians(each, env, rounds, tool.pid) for each in (command, nothing))
                except RuntimeError as e:
                    print("%s: %s" % (tool.name, e), file=sys.stderr)
                    continue
                scan = whole[0] - base[0], whole[1] - base[1]
                row.append("%s %s, scan %s (%.1f/%.1f x find)" % (tool.name, show(whole), show(scan), scan[0] / find[0], scan[1] / find[1]))
            print("; ".join(row), flush=True)
    finally:
        for tool in tools:
            tool.stop()
        shutil.rmtree(work, ignore_errors=True)


main()
