mkdir -p tree/sub/deep
touch a.txt b.txt tree/a.c tree/a.h tree/sub/b.c tree/sub/deep/c.c
