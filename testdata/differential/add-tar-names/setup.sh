python3 - <<'P'
import io, tarfile
with tarfile.open("a.tar", "w", format=tarfile.GNU_FORMAT) as tar:
    def add(name, data=b"x", kind=tarfile.REGTYPE):
        info = tarfile.TarInfo(name)
        info.type, info.size, info.mtime = kind, len(data), 1000000000
        tar.addfile(info, io.BytesIO(data))
    add("/absolute")
    add("./dot")
    add("a/./b/./c")
    add("no/parents/here")
    add("twice", b"first")
    add("twice", b"second")
    add("l" * 200)
    add("d" * 90 + "/" + "e" * 90 + "/" + "f" * 90)
    add("trailing/", b"", tarfile.DIRTYPE)
P
