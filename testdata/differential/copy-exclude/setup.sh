mkdir -p tree/sub/deep
touch tree/a.o tree/keep.c tree/sub/x.c tree/sub/x.o tree/sub/deep/y.o
