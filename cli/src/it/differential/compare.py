"""Two images, entry by entry. A difference is one line of text, the same in every run, so that it can be written down."""
import re

CONFIG = ["Env", "Cmd", "Entrypoint", "WorkingDir", "User", "Labels", "ExposedPorts", "Volumes", "Healthcheck", "OnBuild", "Shell", "StopSignal"]

NOW = "now"


def differences(ours, theirs, begin, keywords_only):
    """Lines that say how two images differ.

    begin: seconds; a later time is `now`, and one now is as good as another.
    keywords_only: of the history compare which instructions made which layers, not their text.
    """
    return sorted(_config(ours.config, theirs.config)) + _history(ours.history, theirs.history, keywords_only) + _trees(ours.tree, theirs.tree, begin)


def _config(ours, theirs):
    for key in "os", "architecture", "variant", "author":
        if (ours.get(key) or "") != (theirs.get(key) or ""):
            yield "config %s: %r, there %r" % (key, ours.get(key), theirs.get(key))
    a, b = (dict(c.get("config") or {}) for c in (ours, theirs))
    for config in a, b:
        labels = {k: v for k, v in (config.get("Labels") or {}).items() if not k.startswith("io.buildah.")}
        config["Labels"] = labels
    for key in CONFIG:
        if (a.get(key) or None) != (b.get(key) or None):
            yield "config %s: %s, there %s" % (key, _value(a.get(key)), _value(b.get(key)))


def _value(value):
    return repr(dict(sorted(value.items()))) if isinstance(value, dict) else repr(value)


def _history(ours, theirs, keywords_only):
    a, b = (list(_meaning(h, keywords_only)) for h in (ours, theirs))
    lines = []
    for number in range(max(len(a), len(b))):
        x, y = (h[number] if number < len(h) else "nothing" for h in (a, b))
        if x != y:
            lines.append("history %d: %s, there %s" % (number, x, y))
    return lines


def _meaning(history, keywords_only):
    for entry in history:
        text = entry.get("created_by", "")
        text = re.sub(r" # buildkit$", "", text)
        if keywords_only:
            text = _keyword(text)
        yield text + (" (no layer)" if entry.get("empty_layer") else "")


def _keyword(text):
    """Of `RUN …`, `/bin/sh -c #(nop) WORKDIR …`, or the bare command line of a RUN."""
    noted = re.search(r"#\(nop\) *(\S+)", text)
    if noted:
        return noted[1].upper()
    word = text.split(" ")[0]
    return word if re.fullmatch("[A-Z]{3,}", word) or word == "base" else "RUN"


def _trees(ours, theirs, begin):
    lines = []
    for path in sorted(set(ours) | set(theirs)):
        name = path.encode("utf-8", "backslashreplace").decode()
        a, b = ours.get(path), theirs.get(path)
        if a is None or b is None:
            lines.append("%s: %s" % (name, "not here, there " + _told(b) if a is None else "%s, not there" % _told(a)))
            continue
        for key in sorted(set(a) | set(b)):
            x, y = (_field(f, key, begin) for f in (a, b))
            if x != y:
                kind = "directory's " if key == "mtime" and a["type"] == "dir" else ""
                lines.append("%s: %s%s %s, there %s" % (name, kind, key, x, y))
    return lines


def _told(fields):
    return "a %s %s" % (fields["type"], fields.get("mode", fields.get("link")))


def _field(fields, key, begin):
    value = fields.get(key)
    return NOW if key == "mtime" and value is not None and value >= begin else value
